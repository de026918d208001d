"""Writes small pictures of every format, and what Pillow makes of them, as binary PPM.

    python tools/golden_pictures.py OUT_DIR

Versions are in tests/golden/pictures/README.md. For each NAME.EXT there is NAME.EXT.ppm: upright,
8 bits a channel, alpha over white, the first frame or page. cases.txt holds a line a picture:
its name, the largest difference of a byte that the test allows, and the largest mean difference.
"""

import io
import pathlib
import struct
import sys
import zlib

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()
WIDTH, HEIGHT = 24, 16
LOSSLESS, ALPHA, YCC = (0, 0), (1, 0.6), (3, 0.8)


def rgb(shift=0):
    """Smooth colours: the chroma upsampling of two decoders differs at hard edges."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [30 + 8 * x, 240 - 12 * y, (60 + 4 * x + 5 * y + shift) % 256]
    return Image.fromarray(np.stack(planes, -1).astype(np.uint8))


def rgba():
    picture = rgb()
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    picture.putalpha(Image.fromarray(((x * 11 + y * 3) % 256).astype(np.uint8)))
    return picture


def over_white(picture):
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def png16():
    """16-bit RGB, which Pillow reads and cannot write (PNG specification, section 11)."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = np.stack([x * 2700, y * 4000, 65535 - x * 1000], -1).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in planes)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    data += chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return data, Image.fromarray((planes >> 8).astype(np.uint8))


def ppm16():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = np.stack([x * 2700, y * 4000, 65535 - x * 1000], -1).astype(">u2")
    data = b"P6 %d %d 65535\n" % (WIDTH, HEIGHT) + planes.tobytes()
    return data, Image.fromarray((planes >> 8).astype(np.uint8))


def psd():
    """An uncompressed RGB document without layers (Adobe Photoshop file format specification)."""
    planes = np.asarray(rgb()).transpose(2, 0, 1).tobytes()
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, HEIGHT, WIDTH, 8, 3)
    return header + struct.pack(">III", 0, 0, 0) + struct.pack(">H", 0) + planes


def without_adobe(jpeg):
    """The same JPEG without its Adobe APP14 segment."""
    at = jpeg.index(b"\xff\xee")
    return jpeg[:at] + jpeg[at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0] :]


def encoded(picture, format, **options):
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def pictures():
    """Yields name, bytes, tolerances and, where Pillow's own reading is not meant, the result."""
    grey16 = Image.fromarray((np.mgrid[0:HEIGHT, 0:WIDTH][1] * 2700).astype(np.uint16))
    high = Image.fromarray((np.asarray(grey16) >> 8).astype(np.uint8)).convert("RGB")
    palette = rgb().quantize(16)
    cmyk = encoded(rgb().convert("CMYK"), "JPEG", quality=95)
    frames = {"save_all": True, "append_images": [rgb(90)], "duration": 50}

    yield "rgb.jpg", encoded(rgb(), "JPEG", quality=95, subsampling=0), YCC
    yield "subsampled.jpg", encoded(rgb(), "JPEG", quality=90, subsampling=2), (8, 2)
    yield "progressive.jpg", encoded(rgb(), "JPEG", quality=95, subsampling=0, progressive=True), YCC
    yield "restart.jpg", encoded(
        rgb(), "JPEG", quality=95, subsampling=0, restart_marker_blocks=1
    ), YCC
    yield "grey.jpg", encoded(rgb().convert("L"), "JPEG", quality=95), YCC
    yield "cmyk.jpg", cmyk, YCC
    yield "cmyk_unmarked.jpg", without_adobe(cmyk), YCC
    yield "grey.png", encoded(rgb().convert("L"), "PNG"), LOSSLESS
    yield "grey_alpha.png", encoded(rgba().convert("LA"), "PNG"), ALPHA
    yield "rgba.png", encoded(rgba(), "PNG"), ALPHA
    yield "bilevel.png", encoded(rgb().convert("1"), "PNG"), LOSSLESS
    yield "palette.png", encoded(palette, "PNG"), LOSSLESS
    yield "palette_alpha.png", encoded(palette, "PNG", transparency=3), LOSSLESS
    yield "grey16.png", encoded(grey16, "PNG"), LOSSLESS, high
    yield "rgb16.png", png16()[0], LOSSLESS, png16()[1]
    yield "turned.png", encoded(rgb(), "PNG", exif=exif(6)), LOSSLESS
    yield "animated.gif", encoded(palette, "GIF", **frames), LOSSLESS
    yield "transparent.gif", encoded(palette, "GIF", transparency=3), LOSSLESS
    yield "rgb.bmp", encoded(rgb(), "BMP"), LOSSLESS
    yield "palette.bmp", encoded(palette, "BMP"), LOSSLESS
    yield "rgb.tga", encoded(rgb(), "TGA"), LOSSLESS
    yield "run_length.tga", encoded(rgb(), "TGA", compression="tga_rle"), LOSSLESS
    yield "rgba.tga", encoded(rgba(), "TGA"), ALPHA
    yield "grey.tga", encoded(rgb().convert("L"), "TGA"), LOSSLESS
    yield "palette.tga", encoded(palette, "TGA"), LOSSLESS
    yield "rgb.psd", psd(), LOSSLESS
    yield "rgb.ppm", encoded(rgb(), "PPM"), LOSSLESS
    yield "grey.pgm", encoded(rgb().convert("L"), "PPM"), LOSSLESS
    yield "rgb16.ppm", ppm16()[0], LOSSLESS, ppm16()[1]
    yield "lossy.webp", encoded(rgb(), "WEBP", quality=90), (4, 1)
    yield "rgba.webp", encoded(rgba(), "WEBP", lossless=True, exact=True), ALPHA
    yield "turned.webp", encoded(rgb(), "WEBP", lossless=True, exif=exif(8)), LOSSLESS
    yield "animated.webp", encoded(rgb(), "WEBP", lossless=True, **frames), LOSSLESS
    yield "animated_alpha.webp", encoded(rgba(), "WEBP", quality=90, **frames), (6, 1.5)
    yield "lzw.tif", encoded(rgb(), "TIFF", compression="tiff_lzw"), LOSSLESS
    yield "rgba.tif", encoded(rgba(), "TIFF", compression="tiff_adobe_deflate"), ALPHA
    yield "palette.tif", encoded(palette, "TIFF"), LOSSLESS
    yield "grey16.tif", encoded(grey16, "TIFF"), (1, 1), high
    yield "cmyk.tif", encoded(rgb().convert("CMYK"), "TIFF"), (1, 1)
    yield "pages.tif", encoded(rgb(), "TIFF", save_all=True, append_images=[rgb(90)]), LOSSLESS
    yield "turned.tif", encoded(rgb(), "TIFF", tiffinfo={274: 6}), LOSSLESS
    yield "turned_big.tif", encoded(rgb(), "TIFF", big_tiff=True, tiffinfo={274: 5}), LOSSLESS
    yield "chroma444.avif", encoded(rgb(), "AVIF", quality=90, subsampling="4:4:4"), YCC
    yield "limited444.avif", encoded(
        rgb(), "AVIF", quality=90, subsampling="4:4:4", range="limited"
    ), YCC
    # libheif repeats a subsampled chroma value where libavif interpolates.
    yield "chroma420.avif", encoded(rgb(), "AVIF", quality=90, subsampling="4:2:0"), (16, 4)
    yield "turned.avif", encoded(
        rgb(), "AVIF", quality=90, subsampling="4:4:4", exif=exif(6)
    ), YCC
    yield "rgba.avif", encoded(rgba(), "AVIF", quality=90, subsampling="4:4:4"), YCC
    yield "rgb.heic", encoded(rgb(), "HEIF", quality=90), YCC
    yield "turned.heic", encoded(rgb(), "HEIF", quality=90, exif=exif(6)), YCC
    yield "rgba.heic", encoded(rgba(), "HEIF", quality=90), YCC


def main(out):
    cases = []
    for name, data, (largest, mean), *result in pictures():
        (out / name).write_bytes(data)
        if result:
            upright = result[0]
        else:
            upright = over_white(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
        upright.save(out / f"{name}.ppm")
        cases.append(f"{name} {largest} {mean}\n")
    (out / "cases.txt").write_text("".join(cases))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
