"""Pictures in: paths, bytes, Pillow images and numpy arrays; pictures out: with boxes, as PNG."""

from __future__ import annotations

import array
import functools
import io
import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Union

from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps

from . import _core
from ._errors import UsageError
from ._results import Box, Timing

if TYPE_CHECKING:
    import numpy

    ImageSource = Union["Picture", str, os.PathLike[str], os.PathLike[bytes], bytes, bytearray, memoryview,
                        Image.Image, "numpy.ndarray[Any, Any]"]

_COLOURS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#9a6324", "#808000")


class Picture:
    """A picture that an engine has encoded: ask about it any number of times for little.

    It belongs to the engine that made it and may be used from any thread.
    """

    def __init__(self, handle: _core.Picture, source: Any) -> None:
        self._handle = handle
        self._source = source

    @property
    def width(self) -> int:
        """Of the upright original, in pixels."""
        return self._handle.width

    @property
    def height(self) -> int:
        """Of the upright original, in pixels."""
        return self._handle.height

    @property
    def timing(self) -> Timing:
        """What decoding and the vision encoder took; zeros for a picture found in the cache."""
        return Timing(**self._handle.timing)

    def __repr__(self) -> str:
        return f"Picture({self.width} x {self.height})"

    def pixels(self) -> Image.Image:
        """The upright picture as an RGB Pillow image in sRGB, read again from where it came from."""
        source = self._source
        if isinstance(source, Image.Image):
            return upright_rgb(source)
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            return upright_rgb(image)

    def draw(self, boxes: list[tuple[str, Box]]) -> bytes:
        """The picture with labelled boxes, as PNG."""
        image = self.pixels()
        canvas = ImageDraw.Draw(image)
        line = max(2, round(max(image.size) / 300))
        for number, (label, box) in enumerate(boxes):
            colour = _COLOURS[number % len(_COLOURS)]
            canvas.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), outline=colour, width=line)
            # Above the box where there is room, else inside it.
            left, top, right, bottom = canvas.textbbox((box.left, 0), label)
            height = bottom - top + 4
            y = box.top - height if box.top >= height else box.top
            canvas.rectangle((left, y, right + 4, y + height), fill=colour)
            canvas.text((left + 2, y + 2 - top), label, fill="white")
        return to_png(image)

    def draw_heat(self, rows: int, columns: int, weights: Sequence[float]) -> bytes:
        """The picture under a map of weights, from blue (least) to red (most), as PNG."""
        image = self.pixels()
        most = max(weights) or 1.0
        grey = Image.frombytes("L", (columns, rows), bytes(round(255 * w / most) for w in weights))
        heat = grey.resize(image.size, Image.Resampling.BICUBIC)
        colours = Image.merge("RGB", [heat.point([min(255, max(0, 2 * v - 153)) for v in range(256)]),
                                      heat.point([255 - abs(2 * v - 255) for v in range(256)]),
                                      heat.point([max(0, 255 - 2 * v) for v in range(256)])])
        share = heat.point([round(255 * (0.15 + 0.45 * v / 255)) for v in range(256)])
        return to_png(Image.composite(colours, image, share))

    def _repr_png_(self) -> bytes:
        return to_png(self.pixels())


def to_png(image: Image.Image) -> bytes:
    """The file's bytes."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def upright_rgb(image: Image.Image, color_management: bool = True) -> Image.Image:
    """A copy as the engine sees it: turned upright by its EXIF orientation, transparency over white, 8-bit RGB.

    Integers of 16 bits keep their high byte. Those of 32 bits (mode I) are taken for 16-bit values, or, where none
    is above 255 and they do not come from a file, for 8-bit ones; floats (mode F) for 0..1, or, where one is above 1,
    for 0..255. Numbers beyond that raise UsageError. With `color_management` the profile in `info["icc_profile"]`
    is applied; one that is damaged, or for another kind of picture, is left out of account.

    >>> upright_rgb(Image.new("F", (1, 1), 0.5)).getpixel((0, 0))
    (128, 128, 128)
    """
    profile = image.info.get("icc_profile") if color_management else None
    image = _over_white(_eight_bit(ImageOps.exif_transpose(image) or image))
    if image.mode == "LAB":
        return _in_srgb(image, ImageCms.createProfile("LAB"))
    try:
        if profile and image.mode not in ("L", "RGB", "CMYK"):
            image = image.convert("RGB")
        if profile and not _is_srgb(profile, image.mode):
            return _in_srgb(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (OSError, ImageCms.PyCMSError):
        pass
    return image.convert("RGB")


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    return ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")


@functools.lru_cache(maxsize=8)
def _is_srgb(profile: bytes, mode: str) -> bool:
    """Whether a profile changes no colour by more than three steps, as the engine sees it."""
    if mode not in ("L", "RGB"):
        return False
    steps = range(0, 256, 15)
    values = steps if mode == "L" else (v for r in steps for g in steps for b in steps for v in (r, g, b))
    cube = Image.frombytes(mode, (18, 1 if mode == "L" else 324), bytes(values))
    there = _in_srgb(cube, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    return max(high for _, high in ImageChops.difference(cube.convert("RGB"), there).getextrema()) <= 3


def _eight_bit(image: Image.Image) -> Image.Image:
    """Numbers wider than a byte as 8-bit greys."""
    if image.mode.startswith("I"):
        if "transparency" in image.info:
            raise UsageError("usage", f"a picture of mode {image.mode} in which one value is transparent; convert it to LA")
        wide = image.convert("I")
        low, high = wide.getextrema()
        if low < 0 or high > 65535:
            raise UsageError("usage", f"a picture of mode {image.mode} with values from {low} to {high}; expected 0..65535. "
                                      "Scale them to 0..255 and convert to L")
        eight = image.mode == "I" and image.format is None and high <= 255
        return (wide if eight else wide.point(lambda v: v / 256)).convert("L")
    if image.mode == "F":
        low, high = image.getextrema()
        # A sum tells of NaN, which extremes may leave out.
        if not (math.isfinite(sum(array.array("f", image.tobytes()))) and low >= 0 and high <= 255):
            raise UsageError("usage", f"a picture of mode F with values from {low} to {high}; expected 0..1 or 0..255, all "
                                      "finite. Scale them to 0..255 and convert to L")
        scale = 255 if high <= 1 else 1
        return image.point(lambda v: v * scale + 0.5).convert("L")
    return image


def _over_white(image: Image.Image) -> Image.Image:
    """The picture without its transparency."""
    if image.mode in ("RGBa", "La"):  # colours multiplied with alpha
        image = image.convert(image.mode.upper())
    see_through = image.mode == "P" and image.palette is not None and image.palette.mode == "RGBA"
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info and not see_through:
        return image
    over = image.convert("RGBA")
    image = Image.new("RGBA", over.size, "white")
    image.alpha_composite(over)
    return image.convert("RGB")


def array_image(array: Any) -> Image.Image:
    """A numpy array, or anything with its buffer, as a Pillow image.

    >>> array_image(memoryview(bytes(12)).cast("B", (2, 2, 3))).size
    (2, 2)
    """
    view = memoryview(array)
    if view.format != "B":
        raise UsageError("usage", f"expected an array of 8-bit values (uint8); got elements of format '{view.format}'. "
                                  "Scale to 0..255 and convert: (255 * a).astype('uint8')")
    shape = view.shape or ()
    channels = shape[2] if len(shape) == 3 else 1
    modes = {1: "L", 3: "RGB", 4: "RGBA"}
    if len(shape) not in (2, 3) or channels not in modes or 0 in shape:
        raise UsageError("usage", "expected an array of shape (height, width), (height, width, 3) for RGB or "
                                  f"(height, width, 4) for RGBA, with nothing empty; got {tuple(shape)}")
    return Image.frombytes(modes[channels], (shape[1], shape[0]), view.tobytes())


def encode(engine: _core.Engine, image: ImageSource) -> Picture:
    """Whatever was given, encoded."""
    if isinstance(image, Picture):
        return image
    if isinstance(image, (str, os.PathLike)):
        return Picture(engine.encode_file(os.fsencode(image)), os.fsdecode(image))
    if isinstance(image, (bytes, bytearray)):
        data = bytes(image)
        return Picture(engine.encode_bytes(data, "bytes"), data)
    if isinstance(image, memoryview) and image.ndim == 1:
        return encode(engine, image.tobytes())
    if not isinstance(image, Image.Image):
        try:
            image = array_image(image)
        except TypeError:
            raise UsageError("usage", "expected a path, the bytes of a picture file, a Pillow image, a numpy array or a "
                                      f"Picture; got {type(image).__name__}") from None
    rgb = upright_rgb(image, engine.info()["color_management"])
    return Picture(engine.encode_rgb(rgb.tobytes(), rgb.width, rgb.height), rgb)
