#!/usr/bin/env python3
"""Draws the pictures of tests/golden/reading and writes what the packaged PP-OCRv4 makes of them.

    golden_reading.py tests/golden/reading

`expected.json` holds, for each picture, the lines of rapidocr-onnxruntime as {"text", "corners", "score"}, and of the
networks alone: the probabilities of `sign.png`'s upper left 128 x 96 px at every fourth pixel, and the likeliest class
of each place of `word.png` with its probability. Pinned: rapidocr-onnxruntime 1.4.4, onnxruntime 1.32.0, Pillow and
DejaVu's fonts (fonts-dejavu-core 2.37).
"""
import json
import os
import pathlib
import sys

import cv2
import numpy as np
import onnxruntime
import rapidocr_onnxruntime
from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/"
MODELS = pathlib.Path(rapidocr_onnxruntime.__file__).parent / "models"
RECEIPT = [("CORNER STORE", ""), ("12 Mill Road, Leeds", ""), ("Date 14/03/2021", "10:45"), ("Bread 2 x 1.20", "2.40"),
           ("Apples", "3.15"), ("Subtotal", "5.55"), ("TOTAL", "5.55"), ("Cash", "10.00"), ("Change", "4.45")]


def font(name, size):
    return ImageFont.truetype(FONTS + name, size)


def sign():
    """Large words on a plain ground, one line a little turned, one from bottom to top."""
    picture = Image.new("RGB", (1024, 768), (60, 90, 60))
    draw = ImageDraw.Draw(picture)
    draw.text((160, 90), "PARK STREET", (255, 255, 255), font("DejaVuSans-Bold.ttf", 84))
    draw.text((160, 220), "No entry except buses", (255, 255, 255), font("DejaVuSans.ttf", 44))
    for text, place, angle, size in (("turned a little", (180, 330), 12, 48), ("UPWARDS", (840, 300), 90, 60)):
        layer = Image.new("L", (640, 90), 0)
        ImageDraw.Draw(layer).text((8, 8), text, 255, font("DejaVuSerif.ttf", size))
        layer = layer.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        picture.paste((255, 230, 120), place, layer.crop(layer.getbbox()))
    return picture


def receipt():
    """Names to the left, amounts to the right."""
    picture = Image.new("RGB", (768, 960), (250, 250, 246))
    draw = ImageDraw.Draw(picture)
    for row, (name, amount) in enumerate(RECEIPT):
        y = 60 + 94 * row
        draw.text((60, y), name, (20, 20, 20), font("DejaVuSansMono.ttf" if row else "DejaVuSans-Bold.ttf", 40))
        draw.text((700 - draw.textlength(amount, font("DejaVuSansMono.ttf", 40)), y), amount, (20, 20, 20),
                  font("DejaVuSansMono.ttf", 40))
    return picture


def word():
    """One line as the network for lines takes it."""
    picture = Image.new("RGB", (320, 48), (230, 220, 200))
    ImageDraw.Draw(picture).text((6, 4), "Reading 42", (40, 20, 90), font("DejaVuSans.ttf", 34))
    return picture


def session(name):
    return onnxruntime.InferenceSession(str(MODELS / name), providers=["CPUExecutionProvider"])


def planes(picture):
    """BGR from -1 to 1, (1, 3, h, w)."""
    return (np.asarray(picture)[:, :, ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pictures = {"sign.png": sign(), "receipt.png": receipt(), "word.png": word()}
    expected = {"lines": {}}
    reader = rapidocr_onnxruntime.RapidOCR()
    for name, picture in pictures.items():
        picture.save(out / name, optimize=True)
        if name == "word.png":
            continue
        lines, _ = reader(cv2.imread(os.fspath(out / name)))
        expected["lines"][name] = [{"text": text, "corners": corners, "score": round(score, 4)}
                                   for corners, text, score in lines]
    part = pictures["sign.png"].crop((160, 96, 288, 192))
    part.save(out / "part.png", optimize=True)
    probabilities = session("ch_PP-OCRv4_det_infer.onnx").run(None, {"x": planes(part)})[0][0, 0]
    expected["map"] = [[round(float(one), 5) for one in row[::4]] for row in probabilities[::4]]
    places = session("ch_PP-OCRv4_rec_infer.onnx").run(None, {"x": planes(pictures["word.png"])})[0][0]
    expected["places"] = [[int(row.argmax()), round(float(row.max()), 5)] for row in places]
    (out / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
