#!/usr/bin/env python3
"""Writes tests/golden/metrics/wups.json: noun similarities of NLTK over Debian's WordNet.

    apt-get install wordnet-base; pip install nltk==3.10.4
    python tools/golden_wups.py tests/golden/metrics/wups.json

The measure takes the greatest Wu-Palmer similarity of any two noun senses, as the authors' own
calculate_wups.py does with NLTK.
"""
import itertools
import json
import pathlib
import shutil
import sys
import tempfile

import nltk
from nltk.corpus.reader.wordnet import WordNetCorpusReader

WORDS = """chair table sofa lamp bed garbage_bin door window_blind television monitor dog cat man woman
child picture wall curtain book bookshelf red brown white two plant bottle cup ball bicycle horse grass
water boat t-shirt night_stand laptop keyboard refrigerator""".split()


class Nouns(WordNetCorpusReader):
    """Without the maps between versions, which need a file that Debian leaves out."""

    def map_wn(self, version="wordnet"):
        return None


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "corpora" / "wordnet"
        shutil.copytree("/usr/share/wordnet", root)
        if not (root / "lexnames").exists():  # names of the files of WordNet's makers; nothing here needs them
            (root / "lexnames").write_text("".join(f"{i:02d}\tfile{i}\t1\n" for i in range(45)))
        nltk.data.path.insert(0, folder)
        wordnet = Nouns(str(root), None)
        senses = {word: wordnet.synsets(word, "n") for word in WORDS}
        rows = []
        for one, other in itertools.combinations(WORDS, 2):
            pairs = [a.wup_similarity(b) or 0.0 for a in senses[one] for b in senses[other]]
            rows.append([one, other, max(pairs, default=0.0)])
    json.dump({"nltk": nltk.__version__, "rows": rows}, open(sys.argv[1], "w"))
    print(len(rows), "pairs")


if __name__ == "__main__":
    main()
