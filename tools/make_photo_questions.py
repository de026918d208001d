#!/usr/bin/env python3
"""Questions about photos with their programs, from templates over a list of object names.

    make_photo_questions.py --names coco.names --num 12000 --seed 5 > photo_questions.jsonl

A row is {"question", "program"}, the program in Polish notation as `beholder ask --explain --json`
shows it. They have no pictures: the reasoner learns from them how people ask about such objects.
"""

import argparse
import json
import random

IRREGULAR = {"person": "people", "mouse": "mice", "knife": "knives", "sheep": "sheep",
             "scissors": "scissors", "skis": "skis", "wine glass": "wine glasses",
             "sandwich": "sandwiches", "couch": "couches", "bench": "benches", "bus": "buses",
             "toothbrush": "toothbrushes"}
SAID = {"person": ["person", "human"], "couch": ["couch", "sofa"],
        "tv": ["tv", "television", "monitor", "screen"],
        "dining table": ["table", "dining table"],
        "cell phone": ["phone", "cell phone"], "potted plant": ["plant", "potted plant"],
        
        "motorcycle": ["motorbike", "motorcycle"], "bicycle": ["bicycle", "bike"],
        "airplane": ["plane", "airplane"],
        "laptop": ["laptop", "computer"], "refrigerator": ["refrigerator", "fridge"],
        "cup": ["cup", "mug"], "sports ball": ["ball"], "donut": ["donut", "doughnut"]}
PEOPLE = {"people": ["people", "persons"]}
SIDES = {"left": ["left of", "to the left of", "on the left side of"],
         "right": ["right of", "to the right of", "on the right side of"],
         "above": ["above", "over"], "below": ["below", "under", "beneath"]}
PLACES = {"filter_side[left]": ["on the left", "on the left side of the picture", "to the left"],
          "filter_side[right]": ["on the right", "on the right side of the picture", "to the right"],
          "filter_level[top]": ["at the top", "at the top of the picture", "in the background"],
          "filter_level[bottom]": ["at the bottom", "at the bottom of the picture",
                                   "in the foreground"],
          "filter_place[middle]": ["in the middle", "in the center of the picture"]}
WHERE = ["", "", " in the picture", " in the image", " in this photo", " here"]


def article(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def plural(noun: str) -> str:
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")


def question(names: list[str]) -> dict[str, str]:
    kind, other = random.sample(names, 2)
    one, two = (random.choice(SAID.get(name, [name])) for name in (kind, other))
    side = random.choice(list(SIDES))
    beside = random.choice(SIDES[side])
    where = random.choice(WHERE)
    find = f"filter_shape[{kind}] scene"
    find_other = f"filter_shape[{other}] scene"
    place, places = random.choice(list(PLACES.items()))
    placed = random.choice(places)
    many = random.choice(PEOPLE.get(plural(one), [plural(one)]))
    forms = [
        (f"How many {many} are there{where}?", f"count {find}"),
        (f"How many {many} are{where or ' there'}?", f"count {find}"),
        (f"How many {many} can you see{where}?", f"count {find}"),
        (f"What is the number of {many}{where}?", f"count {find}"),
        (f"Is there {article(one)}{where}?", f"exist {find}"),
        (f"Are there any {many}{where}?", f"exist {find}"),
        (f"Do you see {article(one)}{where}?", f"exist {find}"),
        (f"Are there more {many} than {plural(two)}{where}?",
         f"greater_than count {find} count {find_other}"),
        (f"Are there fewer {many} than {plural(two)}{where}?",
         f"less_than count {find} count {find_other}"),
        (f"Is there {article(one)} {beside} the {two}?",
         f"exist filter_shape[{kind}] relate[{side}] unique {find_other}"),
        (f"Is the {one} {beside} the {two}?",
         f"exist filter_shape[{kind}] relate[{side}] unique {find_other}"),
        (f"How many {many} are {beside} the {two}?",
         f"count filter_shape[{kind}] relate[{side}] unique {find_other}"),
        (f"Is there {article(one)} or {article(two)}{where}?", f"or exist {find} exist {find_other}"),
        (f"Are there both {article(one)} and {article(two)}{where}?",
         f"and exist {find} exist {find_other}"),
        (f"How many objects are there{where}?", "count scene"),
        (f"Is there no {one}{where}?", f"not exist {find}"),
        (f"Are there no {many}{where}?", f"not exist {find}"),
        (f"Is there not {article(one)}{where}?", f"not exist {find}"),
        (f"Isn't there {article(one)}{where}?", f"exist {find}"),
        (f"Aren't there any {many}{where}?", f"exist {find}"),
        (f"Is the picture without {many}?", f"not exist {find}"),
        (f"Is the {one} {placed}?", f"exist {place} {find}"),
        (f"Is there {article(one)} {placed}?", f"exist {place} {find}"),
        (f"How many {many} are {placed}?", f"count {place} {find}"),
        (f"What is {placed}?", f"query_shape unique {place} scene"),
        (f"Where is the {one}{where}?", f"query_place unique {find}"),
        (f"Is the {one} on the left or on the right?", f"query_side unique {find}"),
        (f"Is the {one} at the top or at the bottom?", f"query_level unique {find}"),
        (f"What is {beside} the {two}?", f"query_shape unique relate[{side}] unique {find_other}"),
    ]
    text, program = random.choice(forms)
    return {"question": text if random.random() < 0.7 else text.lower(), "program": program}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", required=True, help="a name a line")
    parser.add_argument("--num", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    random.seed(options.seed)
    with open(options.names, encoding="utf-8") as lines:
        names = [line.strip() for line in lines if line.strip()]
    for _ in range(options.num):
        print(json.dumps(question(names)))


if __name__ == "__main__":
    main()
