#!/usr/bin/env python3
"""Writes rows for `beholder eval` (docs/data.md, "Objects") from what others publish.

    make_object_rows.py clevr --scenes scenes.json --pictures images > clevr_scenes.jsonl
    make_object_rows.py yolo --labels labels --pictures images --names coco.names > coco128.jsonl

CLEVR's scenes.json is a list, or an object with the list under "scenes". YOLO's labels are a text file a
picture, a line an object: its class and its middle, width and height as shares of the picture. Needs Pillow for
the pictures' sizes; a picture without a label file has no objects.
"""
import argparse
import json
import pathlib
import sys


def clevr(options):
    scenes = json.loads(options.scenes.read_text())
    for scene in scenes["scenes"] if isinstance(scenes, dict) else scenes:
        yield {**scene, "image": str(options.pictures / scene["image_filename"])}


def yolo(options):
    from PIL import Image

    names = options.names.read_text().split("\n")
    for picture in sorted(options.pictures.glob("*.jpg")):
        with Image.open(picture) as image:
            width, height = image.size
        labels = options.labels / (picture.stem + ".txt")
        objects = []
        for line in labels.read_text().splitlines() if labels.exists() else []:
            kind, x, y, w, h = (float(part) for part in line.split()[:5])
            objects.append({
                "name": names[int(kind)].strip(),
                "box": [(x - w / 2) * width, (y - h / 2) * height,
                        (x + w / 2) * width, (y + h / 2) * height],
            })
        yield {"image": str(picture), "width": width, "height": height, "objects": objects}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, needed in ((clevr, ("scenes", "pictures")), (yolo, ("labels", "pictures", "names"))):
        one = kinds.add_parser(kind.__name__)
        one.set_defaults(rows=kind)
        for name in needed:
            one.add_argument("--" + name, type=pathlib.Path, required=True)
    options = parser.parse_args()
    if not options.pictures.is_dir():
        sys.exit(f"{options.pictures}: no such folder of pictures")
    options.pictures = options.pictures.resolve()
    for row in options.rows(options):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
