"""Writes the golden files of the resampler: Pillow's own results, as binary PPM.

    python tools/golden_resize.py OUT_DIR

Pillow's version is in tests/golden/resize/README.md. A file is named
<filter>_<source>_to_<width>x<height>.ppm, its source source_<source>.ppm.
"""

import pathlib
import sys

import numpy as np
from PIL import Image

FILTERS = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR,
           "lanczos": Image.Resampling.LANCZOS, "nearest": Image.Resampling.NEAREST}
CASES = {
    (53, 37): [(20, 20), (53, 11), (9, 37), (64, 48), (90, 7), (1, 1), (52, 38)],
    (2, 3): [(16, 16), (1, 7)],
    (200, 5): [(7, 7)],
    (3, 401): [(16, 16), (5, 450)],
    (1, 1): [],
}


def source(width, height):
    """A gradient with hard edges and noise, so that overshoot, clamping and rounding all occur."""
    rng = np.random.default_rng(width * 1000 + height)
    y, x = np.mgrid[0:height, 0:width]
    planes = [x * 255 // width, y * 255 // height, ((x // 4 + y // 3) % 2) * 255]
    noise = rng.integers(-40, 41, (height, width, 3))
    return Image.fromarray(np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8))


def main(out):
    for (width, height), targets in CASES.items():
        picture = source(width, height)
        picture.save(out / f"source_{width}x{height}.ppm")
        for name, resample in FILTERS.items():
            for w, h in targets:
                resized = picture.resize((w, h), resample)
                resized.save(out / f"{name}_{width}x{height}_to_{w}x{h}.ppm")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
