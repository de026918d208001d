#!/usr/bin/env python3
"""Boxes of a teacher network, checked against what people say of the same photos.

    check_boxes.py boxes.jsonl --captions captions.jsonl … > checked.jsonl

`boxes.jsonl` is what teach_boxes.py writes, with a low --threshold (0.1). Rows of captions have
{"image", "captions"}. Of a photo with captions a box is kept from a lower confidence on where a
caption names its kind, from a higher one where none does; an animal that no caption names is
called what the captions call the one animal that they do name, or left out. Photos with rare kinds
are repeated, by the square root of how rare they are (Gupta et al. 2019, "LVIS", section 4).

Python's standard library only; nothing that a user runs needs this script.
"""

import argparse
import collections
import json
import math
import pathlib
import re

# Words of captions that mean a kind, beside its own name and plural.
WORDS = {
    "person": "man men woman women boy girl child kid people baby toddler lady guy player crowd "
              "couple adult rider surfer skier snowboarder climber runner biker worker",
    "bicycle": "bike bicyclist cyclist biker", "motorcycle": "motorbike motorcyclist bike dirtbike",
    "car": "vehicle suv taxi automobile jeep van", "airplane": "plane jet aircraft",
    "truck": "pickup lorry", "boat": "canoe kayak raft ship sailboat", "bird": "seagull duck goose "
    "geese pigeon parrot hawk eagle swan penguin", "cat": "kitten", "dog": "puppy puppies poodle "
    "greyhound terrier retriever labrador collie bulldog dalmatian dachshund shepherd",
    "horse": "pony bronco", "sheep": "lamb goat", "cow": "bull calf cattle", "backpack": "bag pack",
    "handbag": "purse bag", "suitcase": "luggage", "frisbee": "disc", "skis": "ski skier skiing",
    "snowboard": "snowboarder snowboarding", "sports ball": "ball football basketball soccer "
    "volleyball tennis baseball", "baseball bat": "bat batter baseball",
    "baseball glove": "glove mitt baseball", "skateboard": "skateboarder skateboarding "
    "skateboarding skater", "surfboard": "surfer surfing surfs surf board wave",
    "tennis racket": "racket racquet tennis", "bottle": "beer drink", "cup": "mug coffee drink",
    "wine glass": "wine glass", "chair": "seat", "couch": "sofa", "potted plant": "plant plants",
    "dining table": "table", "tv": "television screen", "cell phone": "phone cellphone",
    "laptop": "computer", "donut": "doughnut", "bench": "seat", "teddy bear": "stuffed teddy toy",
    "sink": "sink bathroom kitchen", "oven": "stove kitchen", "refrigerator": "fridge kitchen",
    "bowl": "dish", "fire hydrant": "hydrant", "stop sign": "sign", "traffic light": "light",
}
ANIMALS = {"bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe",
           "teddy bear"}
NAMED, PLAIN, UNNAMED = 0.12, 0.25, 0.4  # least confidences
OFTEN = 0.02  # a kind in fewer photos than this share is rare
MOST_TIMES = 4


def named(kind: str, words: set[str]) -> bool:
    own = kind.split() if kind in {"bird", "cat"} else [kind.split()[-1]]
    known = own + WORDS.get(kind, "").split()
    return any(w in words or w + "s" in words or w + "es" in words for w in known)


def overlap(a: list[float], b: list[float]) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def checked(objects: list[dict], words: set[str] | None) -> list[dict]:
    out: list[dict] = []
    animals = [] if words is None else [kind for kind in sorted(ANIMALS) if named(kind, words)]
    for one in objects:
        kind = one["name"]
        least = PLAIN
        if words is not None and kind != "person":
            if kind in ANIMALS and kind not in animals:
                if len(animals) != 1:
                    continue
                kind = animals[0]
            least = NAMED if named(kind, words) else UNNAMED
        if one["confidence"] < least:
            continue
        if any(kind == o["name"] and overlap(one["box"], o["box"]) > 0.5 for o in out):
            continue
        out.append({**one, "name": kind})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("boxes", type=pathlib.Path)
    parser.add_argument("--captions", nargs="*", default=[], type=pathlib.Path)
    options = parser.parse_args()
    words: dict[str, set[str]] = {}
    for source in options.captions:
        for line in source.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            path = str((source.parent / row["image"]).resolve())
            words[path] = set(re.findall(r"[a-z]+", " ".join(row["captions"]).lower()))
    rows = [json.loads(line) for line in options.boxes.read_text(encoding="utf-8").splitlines()]
    counts: collections.Counter = collections.Counter()
    for row in rows:
        row["objects"] = checked(row["objects"], words.get(row["image"]))
        counts.update({one["name"] for one in row["objects"]})
    for row in rows:
        times = max((math.sqrt(OFTEN * len(rows) / counts[one["name"]]) for one in row["objects"]),
                    default=1)
        for _ in range(min(MOST_TIMES, max(1, round(times)))):
            print(json.dumps(row))


if __name__ == "__main__":
    main()
