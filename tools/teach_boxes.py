#!/usr/bin/env python3
"""Boxes of a teacher network on photos, as rows that a detector is trained or measured with.

    teach_boxes.py --config net.cfg --weights net.weights --names coco.names \\
        --pictures a.jsonl b/ … > boxes.jsonl

The teacher is a Darknet network that OpenCV's DNN module (before version 5) reads. `--pictures`
takes JSONL files whose rows have an "image", and folders. A row of the output is
{"image", "width", "height", "objects": [{"name", "box": [left, top, right, bottom],
"confidence"}]}, boxes in pixels, pictures by their absolute paths.

Needs opencv-python-headless below 5 and numpy; nothing that a user runs needs this script.
"""

import argparse
import json
import pathlib
import sys

import cv2
import numpy as np

PICTURES = {".jpg", ".jpeg", ".png"}


def pictures_of(source: pathlib.Path) -> list[pathlib.Path]:
    if source.is_dir():
        return sorted(p for p in source.iterdir() if p.suffix.lower() in PICTURES)
    seen: dict[pathlib.Path, None] = {}
    with open(source, encoding="utf-8") as rows:
        for row in rows:
            seen.setdefault((source.parent / json.loads(row)["image"]).resolve())
    return list(seen)


def detect(net, outputs, names, image, size: int, threshold: float) -> list[dict]:
    height, width = image.shape[:2]
    net.setInput(cv2.dnn.blobFromImage(image, 1 / 255, (size, size), swapRB=True))
    boxes, scores, classes = [], [], []
    for rows in net.forward(outputs):
        for row in rows:
            kind = int(np.argmax(row[5:]))
            score = float(row[5 + kind])
            if score < threshold:
                continue
            x, y, w, h = row[:4] * [width, height, width, height]
            boxes.append([float(x - w / 2), float(y - h / 2), float(w), float(h)])
            scores.append(score)
            classes.append(kind)
    found = []
    for kind in sorted(set(classes)):
        mine = [i for i, other in enumerate(classes) if other == kind]
        kept = cv2.dnn.NMSBoxes([boxes[i] for i in mine], [scores[i] for i in mine], threshold, 0.45)
        for k in np.array(kept).flatten():
            x, y, w, h = boxes[mine[k]]
            found.append({
                "name": names[kind],
                "box": [round(max(0.0, x), 1), round(max(0.0, y), 1),
                        round(min(float(width), x + w), 1), round(min(float(height), y + h), 1)],
                "confidence": round(scores[mine[k]], 3),
            })
    return sorted(found, key=lambda one: -one["confidence"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--names", required=True)
    parser.add_argument("--pictures", nargs="+", required=True, type=pathlib.Path)
    parser.add_argument("--size", type=int, default=320, help="side of the teacher's picture, px")
    parser.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(options.threads)
    net = cv2.dnn.readNetFromDarknet(options.config, options.weights)
    outputs = net.getUnconnectedOutLayersNames()
    with open(options.names, encoding="utf-8") as lines:
        names = [line.strip() for line in lines if line.strip()]
    for source in options.pictures:
        for path in pictures_of(source):
            image = cv2.imread(str(path))
            if image is None:
                print(f"{path}: not a picture that OpenCV reads", file=sys.stderr)
                continue
            row = {"image": str(path), "width": image.shape[1], "height": image.shape[0],
                   "objects": detect(net, outputs, names, image, options.size, options.threshold)}
            print(json.dumps(row))


if __name__ == "__main__":
    main()
