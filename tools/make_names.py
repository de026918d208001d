"""Writes the names that an ImageNet classifier's classes have in WordNet, with all that they are kinds of.

    python3 tools/make_names.py imagenet_synsets.txt > models/beholder/names.json

The first file lists the 1,000 classes' WordNet ids ("n01440764") in the classifier's order, as PyPI's timm
1.0.31 carries it (timm/data/_info). WordNet 3.0's noun files are read from /usr/share/wordnet (Debian's
wordnet-base). Of each synset its words are written with the place that this meaning has among the
word's own ("crane" is first a bird's name by 5), how often WordNet's texts mean it, and its hypernyms.
"""

import argparse
import json
import pathlib
import sys


def read_data(path):
    synsets = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = fields[4:4 + 2 * count:2]
        at = 4 + 2 * count
        pointers = [fields[at + 1 + 4 * i:at + 5 + 4 * i] for i in range(int(fields[at]))]
        synsets[fields[0]] = (words, [p[1] for p in pointers if p[0] in ("@", "@i") and p[2] == "n"])
    return synsets


def read_index(path):
    senses = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            fields = line.split()
            senses[fields[0]] = fields[-int(fields[2]):]
    return senses


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("classes", type=pathlib.Path)
    parser.add_argument("--wordnet", type=pathlib.Path, default=pathlib.Path("/usr/share/wordnet"))
    options = parser.parse_args()
    synsets = read_data(options.wordnet / "data.noun")
    senses = read_index(options.wordnet / "index.noun")
    classes = [line.strip().lstrip("n") for line in options.classes.read_text().split()]
    unknown = [c for c in classes if c not in synsets]
    if unknown:
        sys.exit(f"{options.classes}: {unknown[0]} is no noun of {options.wordnet}")
    order, place = [], {}

    def add(offset):
        if offset in place:
            return
        for above in synsets[offset][1]:
            add(above)
        place[offset] = len(order)
        order.append(offset)

    for offset in classes:
        add(offset)
    rows = []
    for offset in order:
        words = [[word.replace("_", " "), senses[word.lower()].index(offset) + 1] for word in synsets[offset][0]]
        rows.append({"words": words, "kind_of": [place[above] for above in synsets[offset][1]]})
    lines = ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in rows)
    print('{"classes": ' + json.dumps([place[c] for c in classes], separators=(",", ":")))
    print(', "synsets": [\n' + lines + "\n]}")


if __name__ == "__main__":
    main()
