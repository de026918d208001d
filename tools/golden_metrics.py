#!/usr/bin/env python3
"""Writes tests/golden/metrics/captions.json: BLEU and CIDEr-D of the reference implementation.

    pip install pycocoevalcap==1.2
    python tools/golden_metrics.py tests/golden/metrics/captions.json

The captions are made up from a small grammar; they are already tokenized, so that the tokenizer of
the reference (Java) is not needed.
"""
import json
import random
import sys

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider

WHO = ["a dog", "two dogs", "a man", "a woman in red", "a child", "three people", "a black cat"]
DOES = ["runs", "is running", "jumps", "is sitting", "stands", "plays with a ball", "sleeps"]
WHERE = ["on the grass", "in the snow", "near the water", "on a bench", "in front of a house", "outside"]


def caption(rng):
    words = f"{rng.choice(WHO)} {rng.choice(DOES)} {rng.choice(WHERE)}".split()
    if rng.random() < 0.3:
        words += rng.choice(["at night", "with a friend", "while it rains"]).split()
    return words


def main():
    rng = random.Random(7)
    rows = [{"caption": caption(rng), "references": [caption(rng) for _ in range(rng.randint(1, 5))]}
            for _ in range(24)]
    rows[3]["caption"] = rows[3]["references"][0]  # a perfect one
    rows[4]["caption"] = ["the", "the", "the", "the"]  # repetition
    rows[5]["caption"] = ["umbrella"]  # nothing right, shorter than four words
    truth = {i: [" ".join(r) for r in row["references"]] for i, row in enumerate(rows)}
    given = {i: [" ".join(row["caption"])] for i, row in enumerate(rows)}
    bleu, _ = Bleu(4).compute_score(truth, given, verbose=0)
    cider, per_picture = Cider().compute_score(truth, given)
    with open(sys.argv[1], "w") as out:
        json.dump({"rows": rows, "bleu": [float(b) for b in bleu], "cider": float(cider),
                   "cider_per_picture": [float(c) for c in per_picture]}, out)


if __name__ == "__main__":
    main()
