#!/usr/bin/env python3
"""How much of what is written in pictures `beholder read` finds, beside the packaged PP-OCRv4 if asked for.

    check_reading.py icdar FOLDER [--every 10] > rows.jsonl        # ICDAR 2015: *training_images, *_gt
    check_reading.py receipts FOLDER [--every 8] > rows.jsonl      # ICDAR 2019 (SROIE): img, box, key
    check_reading.py measure rows.jsonl --program ./beholder [--peer]

A row is {"image", "text": [words or lines], "total"}. Measured are the share of the texts that are found among the
lines read and among their words, with case and blanks ignored; of rows with a "total" how many answers to "what is the
total?" are it; and the milliseconds a picture, decoding included, the model's start and its encoder left out. --peer needs rapidocr-onnxruntime 1.4.4 and runs it on as many threads as cores.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time


def plain(text):
    return "".join(text.lower().split())


def icdar_rows(folder, every):
    pictures = sorted(folder.glob("*training_images/*.jpg"), key=lambda one: int(re.findall(r"\d+", one.stem)[0]))
    for picture in pictures[every - 1::every]:
        truth = next(folder.glob(f"*training*_gt/gt_{picture.stem}.txt"))
        parts = [line.split(",", 8) for line in truth.read_text("utf-8-sig").splitlines()]
        # What people could not read is marked ###.
        yield {"image": str(picture.resolve()), "text": [part[8] for part in parts if len(part) == 9 and part[8] != "###"]}


def receipt_rows(folder, every):
    for picture in sorted(folder.glob("img/*.jpg"))[::every]:
        lines = (folder / "box" / f"{picture.stem}.csv").read_text("utf-8", errors="replace").splitlines()
        parts = [line.split(",", 8) for line in lines]
        key = json.loads((folder / "key" / f"{picture.stem}.json").read_text())
        yield {"image": str(picture.resolve()), "text": [part[8] for part in parts if len(part) == 9],
               "total": re.sub("[^0-9.]", "", key.get("total", ""))}


def found(truth, given):
    """Texts of the truth that are among those given, each once."""
    return sum((collections.Counter(map(plain, truth)) & collections.Counter(map(plain, given))).values())


def batch(program, images, *options):
    """The rows that `beholder caption` writes for the pictures, in order."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "out.jsonl")
        subprocess.run([program, "caption", *images, "-o", out, "--quiet", *options], check=True)
        rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    by_image = {row["image"]: row for row in rows}
    return [by_image[image] for image in images]


def of_program(program, images):
    read = []
    for image in images:  # one picture at a time, as the peer does
        row = json.loads(subprocess.run([program, "read", "--json", image], check=True, capture_output=True).stdout)
        read.append(([line["text"] for line in row["lines"]], row["timing_ms"]["decode"] + row["timing_ms"]["fusion"]))
    return read


def of_peer(images):
    import cv2
    import rapidocr_onnxruntime
    reader, out = rapidocr_onnxruntime.RapidOCR(), []
    reader(cv2.imread(images[0]))
    for image in images:
        start = time.perf_counter()
        lines, _ = reader(cv2.imread(image))
        out.append(([line[1] for line in lines or []], 1000 * (time.perf_counter() - start)))
    return out


def report(name, rows, read):
    wanted = sum(len(row["text"]) for row in rows)
    for what, parts in (("lines", lambda lines: lines), ("words", lambda lines: " ".join(lines).split())):
        hits = sum(found(row["text"], parts(lines)) for row, (lines, _) in zip(rows, read))
        given = sum(len(parts(lines)) for lines, _ in read)
        print(f"{name}: {100 * hits / wanted:.1f} % of {wanted} texts are among its {given} {what}")
    times = sorted(milliseconds for _, milliseconds in read)
    print(f"{name}: {sum(times) / len(times):.0f} ms a picture, median {times[len(times) // 2]:.0f}")


def measure(options):
    rows = [json.loads(line) for line in options.rows.read_text("utf-8").splitlines()]
    images = [row["image"] for row in rows]
    report("beholder", rows, of_program(options.program, images))
    totals = [row for row in rows if row.get("total")]
    if totals:
        answers = batch(options.program, [row["image"] for row in totals], "--task", "answer", "--question",
                        "what is the total?")
        right = sum(answer["answer"] == row["total"] for row, answer in zip(totals, answers))
        print(f"totals: {right} of {len(totals)} right")
    if options.peer:
        report("packaged PP-OCRv4", rows, of_peer(images))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, every in (("icdar", 10), ("receipts", 8)):
        verb = verbs.add_parser(name)
        verb.add_argument("folder", type=pathlib.Path)
        verb.add_argument("--every", type=int, default=every)
    verb = verbs.add_parser("measure")
    verb.add_argument("rows", type=pathlib.Path)
    verb.add_argument("--program", default="./beholder")
    verb.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    if options.verb == "measure":
        return measure(options)
    rows = icdar_rows if options.verb == "icdar" else receipt_rows
    for row in rows(options.folder, options.every):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
