#!/usr/bin/env python3
"""Writes rows {"image", "question", "answer"} from NLVR's statements, for `beholder eval --data`.

usage: make_statement_rows.py NLVR_FOLDER [--permutations N] > rows.jsonl

NLVR_FOLDER holds dev.json (a JSON object a line) and images/ (Suhr et al. 2017). Each scene has six
pictures, its boxes in another order in each; N of them are named (default 6).
"""
import argparse
import json
import pathlib

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--permutations", type=int, default=6)
options = parser.parse_args()
file = next(options.folder.glob("*.json"))
for line in file.open(encoding="utf-8"):
    row = json.loads(line)
    folder = options.folder / "images" / str(row["directory"])
    for k in range(options.permutations):
        image = folder / f"{file.stem}-{row['identifier']}-{k}.png"
        answer = "yes" if row["label"] == "true" else "no"
        print(json.dumps({"image": str(image), "question": row["sentence"], "answer": answer}))
