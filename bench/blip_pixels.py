#!/usr/bin/env python3
"""How far the pixels that a published model sees lie from the reference's, in 8-bit levels.

    pip install pillow==12.2.0 numpy
    python bench/blip_pixels.py build/release/bench/blip_pixels PHOTO.jpg...

First from the same RGB (PNG files of random sizes, from 1 pixel to 1,400, upright and across), which
must be equal; then from JPEG files, where the decoders' own differences are all that is left.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

SIZE = 384


def compare(program, paths):
    """Largest difference of each picture, and the share of pixels that differ."""
    raw = subprocess.run([program, str(SIZE), *map(str, paths)], check=True, capture_output=True).stdout
    got = numpy.frombuffer(raw, numpy.uint8).reshape(len(paths), SIZE, SIZE, 3).astype(int)
    wanted = numpy.stack([numpy.asarray(Image.open(p).convert("RGB").resize((SIZE, SIZE), Image.BICUBIC))
                          for p in paths]).astype(int)
    difference = numpy.abs(got - wanted)
    return difference.max(axis=(1, 2, 3)), (difference > 0).mean()


def main():
    program, photos = sys.argv[1], sys.argv[2:]
    random = numpy.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i in range(200):
            width, height = (int(s) for s in numpy.exp(random.uniform(0, numpy.log(1400), 2)))
            noise = random.integers(0, 256, (height, width, 3), dtype=numpy.uint8)
            paths.append(pathlib.Path(folder) / f"{i}_{width}x{height}.png")
            Image.fromarray(noise).save(paths[-1])
        largest, share = compare(program, paths)
        print(f"{len(paths)} pictures of random sizes, the same RGB: largest difference {largest.max()} levels, "
              f"{100 * share:.4f} % of the values differ")
    largest, share = compare(program, photos)
    print(f"{len(photos)} JPEG files: largest difference {largest.max()} levels, "
          f"{100 * share:.2f} % of the values differ")


if __name__ == "__main__":
    main()
