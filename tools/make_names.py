"""Writes the WordNet names of an ImageNet classifier's classes and of a detector's objects.

    python3 tools/make_names.py imagenet_synsets.txt models/beholder/config.json > models/beholder/names.json

The first file lists the 1,000 classes' WordNet ids ("n01440764") in the classifier's order, as PyPI's timm
1.0.31 carries it (timm/data/_info); of the second `photo_objects.names` is read. WordNet 3.0's noun files
are read from /usr/share/wordnet (Debian's wordnet-base).

Of each synset are written its words, each with the place of this meaning among the word's meanings ("crane":
the machine is its 4th, the bird its 5th), its hypernyms, and how many of WordNet's kinds lie below it and
have none below themselves (itself, if it has none).
"""

import argparse
import json
import pathlib
import sys

# Which of a word's meanings the detector's name has, where it is not the first, or which other word says it.
OBJECT_SENSES = {
    "stop sign": ("signboard", 1), "kite": ("kite", 3), "skis": ("ski", 1), "sports ball": ("ball", 1),
    "wine glass": ("wineglass", 1), "banana": ("banana", 2), "broccoli": ("broccoli", 2), "hot dog": ("hot dog", 2),
    "cake": ("cake", 3), "toilet": ("toilet", 2), "tv": ("television receiver", 1), "mouse": ("mouse", 4),
    "microwave": ("microwave", 2), "toaster": ("toaster", 2), "book": ("book", 2), "potted plant": ("pot plant", 1),
    "cell phone": ("cellular telephone", 1), "hair drier": ("hand blower", 1), "bowl": ("bowl", 3),
}


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


def count_leaves(synsets):
    above_some = {above for _, hypernyms in synsets.values() for above in hypernyms}
    leaves = {offset: 0 for offset in synsets}
    for offset in synsets:
        if offset in above_some:
            continue
        reached, todo = set(), [offset]
        while todo:
            at = todo.pop()
            if at not in reached:
                reached.add(at)
                todo += synsets[at][1]
        for at in reached:
            leaves[at] += 1
    return leaves


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("classes", type=pathlib.Path)
    parser.add_argument("config", type=pathlib.Path)
    parser.add_argument("--wordnet", type=pathlib.Path, default=pathlib.Path("/usr/share/wordnet"))
    options = parser.parse_args()
    synsets = read_data(options.wordnet / "data.noun")
    senses = read_index(options.wordnet / "index.noun")
    leaves = count_leaves(synsets)
    classes = [line.strip().lstrip("n") for line in options.classes.read_text().split()]
    unknown = [c for c in classes if c not in synsets]
    if unknown:
        sys.exit(f"{options.classes}: {unknown[0]} is no noun of {options.wordnet}")
    objects = {}
    for name in json.loads(options.config.read_text())["photo_objects"]["names"]:
        word, rank = OBJECT_SENSES.get(name, (name, 1))
        found = senses.get(word.replace(" ", "_"))
        if not found:
            sys.exit(f"{options.config}: '{name}' is no noun of {options.wordnet}; say in OBJECT_SENSES what it is")
        objects[name] = found[rank - 1]
    order, place = [], {}

    def add(offset):
        if offset in place:
            return
        for above in synsets[offset][1]:
            add(above)
        place[offset] = len(order)
        order.append(offset)

    for offset in classes + list(objects.values()):
        add(offset)
    rows = []
    for offset in order:
        words = [[word.replace("_", " "), senses[word.lower()].index(offset) + 1] for word in synsets[offset][0]]
        rows.append({"words": words, "kind_of": [place[above] for above in synsets[offset][1]],
                     "leaves": leaves[offset]})
    lines = ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in rows)
    print('{"classes": ' + json.dumps([place[c] for c in classes], separators=(",", ":")))
    print(', "objects": ' + json.dumps({name: place[offset] for name, offset in objects.items()}))
    print(', "synsets": [\n' + lines + "\n]}")


if __name__ == "__main__":
    main()
