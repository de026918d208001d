"""Writes small pictures of kinds that are easily read wrong, and what Pillow makes of them, as PPM.

    python tools/golden_pixels.py OUT_DIR

Versions and what each list holds are in tests/golden/pixels/README.md.
"""

import io
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401  registers JPEG XL with Pillow
from PIL import Image, ImageCms, ImageOps

from golden_pictures import HEIGHT, WIDTH, encoded, exif, over_white, rgb, rgba

pillow_heif.register_heif_opener()
SAME, ALPHA, LOSSY = (0, 0), (1, 0.6), (3, 0.8)
RGB, RGBA = np.asarray(rgb()), np.asarray(rgba())
GREY = np.asarray(rgb().convert("L"))[..., None]
EXTRA = ((np.mgrid[0:HEIGHT, 0:WIDTH][0] * 16) % 256).astype(np.uint8)[..., None]
CMYK = np.asarray(rgb().convert("CMYK")).copy()
CMYK[..., 3] = EXTRA[..., 0] // 2


# ---- TIFF, written here: Pillow writes few of these kinds ----

SHORT, LONG, UNDEFINED = 3, 4, 7


def packed(type_, values, order):
    if type_ == UNDEFINED:
        return bytes(values)
    return struct.pack(f"{order}{len(values)}{'H' if type_ == SHORT else 'I'}", *values)


def directory(pixels, photometric, order, at, *, extras=(), planar=False, tile=0, tags=(), bits=None,
              format_=None):
    """One directory with its pixels before it. Returns the bytes, which begin at offset `at`, and the
    directory's own offset; the caller writes the next one's at the end."""
    height, width, samples = pixels.shape
    data = pixels.astype(pixels.dtype.newbyteorder(order))
    if tile:
        data = np.pad(data, ((0, -height % tile), (0, -width % tile), (0, 0)))
    planes = [data[..., i : i + 1] for i in range(samples)] if planar else [data]
    if tile:
        parts = [plane[y : y + tile, x : x + tile].tobytes() for plane in planes
                 for y in range(0, height, tile) for x in range(0, width, tile)]
    else:
        parts = [plane.tobytes() for plane in planes]
    body, offsets = b"", []
    for part in parts:
        offsets.append(at + len(body))
        body += part
    fields = {256: (LONG, [width]), 257: (LONG, [height]), 258: (SHORT, [bits or 8 * data.itemsize] * samples),
              259: (SHORT, [1]), 262: (SHORT, [photometric]), 277: (SHORT, [samples]),
              284: (SHORT, [2 if planar else 1])}
    if extras:
        fields[338] = (SHORT, list(extras))
    if format_:
        fields[339] = (SHORT, [format_] * samples)
    if tile:
        fields |= {322: (LONG, [tile]), 323: (LONG, [tile]), 324: (LONG, offsets), 325: (LONG, [len(p) for p in parts])}
    else:
        fields |= {273: (LONG, offsets), 278: (LONG, [height]), 279: (LONG, [len(p) for p in parts])}
    fields |= dict(tags)
    if len(body) % 2:
        body += b"\0"
    entries = b""
    for tag, (type_, values) in sorted(fields.items()):
        value = packed(type_, values, order)
        if len(value) > 4:
            where = struct.pack(order + "I", at + len(body))
            body += value + b"\0" * (len(value) % 2)
        else:
            where = value.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", tag, type_, len(values)) + where
    start = at + len(body)
    return body + struct.pack(order + "H", len(fields)) + entries, start


def tiff(*pages, order="<"):
    """Each page: (pixels, photometric, options)."""
    out = (b"II*\0" if order == "<" else b"MM\0*") + b"\0\0\0\0"
    link = 4
    for pixels, photometric, options in pages:
        body, start = directory(pixels, photometric, order, len(out), **options)
        out = out[:link] + struct.pack(order + "I", start) + out[link + 4 :]
        out += body
        link = len(out)
        out += b"\0\0\0\0"
    return out


def tiff_in_subifd(full, preview):
    """The preview is the first directory, the picture hangs below it (SubIFDs, tag 330)."""
    body, start = directory(full, 2, "<", 8)
    out = b"II*\0\0\0\0\0" + body + b"\0\0\0\0"
    body, first = directory(preview, 2, "<", len(out),
                            tags={254: (LONG, [1]), 330: (LONG, [start])}.items())
    return out[:4] + struct.pack("<I", first) + out[8:] + body + b"\0\0\0\0"


def white_behind(colors, alpha):
    return over_white(Image.fromarray(np.concatenate([colors, alpha], -1)))


def image(array):
    return Image.fromarray(array[..., 0] if array.shape[-1] == 1 else array).convert("RGB")


def inks(array):
    return Image.frombytes("CMYK", (WIDTH, HEIGHT), np.ascontiguousarray(array).tobytes()).convert("RGB")


def lab_pixels():
    """L*, and a* and b* signed, as Pillow gives them out; and what comes back as sRGB."""
    profile = ImageCms.createProfile("sRGB")
    to_lab = ImageCms.buildTransform(profile, ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(rgb(), to_lab)
    back = ImageCms.buildTransform(ImageCms.createProfile("LAB"), profile, "LAB", "RGB")
    return np.frombuffer(lab.tobytes(), np.uint8).reshape(HEIGHT, WIDTH, 3), ImageCms.applyTransform(lab, back)


def tiffs():
    wide = lambda array: array.astype(np.uint16) * 256 + 77  # noqa: E731
    nir = np.concatenate([RGB, EXTRA], -1)
    premultiplied = RGBA.copy()
    premultiplied[..., :3] = (RGBA[..., :3].astype(int) * RGBA[..., 3:] + 127) // 255
    plain, half = rgb(), RGB[::2, ::2] // 2

    def one(pixels, photometric, order="<", **options):
        return tiff((pixels, photometric, options), order=order)

    yield "rgb_nir.tif", one(nir, 2, extras=[0]), SAME, plain
    yield "rgb_nir_big_endian.tif", one(nir, 2, ">", extras=[0]), SAME, plain
    yield "rgb_nir_planar.tif", one(nir, 2, extras=[0], planar=True), SAME, plain
    yield "rgb_nir_tiled.tif", one(nir, 2, extras=[0], tile=16), SAME, plain
    yield "rgb_nir_tiled_planar.tif", one(nir, 2, extras=[0], tile=16, planar=True), SAME, plain
    yield "rgb_two_extras.tif", one(np.concatenate([nir, EXTRA], -1), 2, extras=[0, 0]), SAME, plain
    yield "rgb_nir16.tif", one(wide(nir), 2, extras=[0]), SAME, plain
    yield "rgb_nir16_big_endian.tif", one(wide(nir), 2, ">", extras=[0]), SAME, plain
    yield "rgb16_planar.tif", one(wide(RGB), 2, planar=True), SAME, plain
    yield "rgba_straight.tif", one(RGBA, 2, extras=[2]), ALPHA, over_white(rgba())
    yield "rgba_untagged.tif", one(RGBA, 2), ALPHA, over_white(rgba())
    yield "rgba16.tif", one(wide(RGBA), 2, extras=[2]), ALPHA, over_white(rgba())
    yield "rgba_premultiplied.tif", one(premultiplied, 2, extras=[1]), (2, 1), over_white(rgba())
    yield "grey_extra.tif", one(np.concatenate([GREY, EXTRA], -1), 1, extras=[0]), SAME, image(GREY)
    yield "grey_alpha.tif", one(np.concatenate([GREY, EXTRA], -1), 1, extras=[2]), ALPHA, \
        white_behind(np.repeat(GREY, 3, -1), EXTRA)
    indices, colors = np.asarray(rgb().quantize(16))[..., None], np.zeros((256, 3), int)
    listed = np.frombuffer(bytes(rgb().quantize(16).getpalette()), np.uint8).reshape(-1, 3)
    colors[: len(listed)] = listed
    yield "palette_extra.tif", one(np.concatenate([indices, EXTRA], -1), 3, extras=[0],
                                   tags=[(320, (SHORT, (colors.T * 257).ravel().tolist()))]), SAME, \
        image(colors[indices[..., 0]].astype(np.uint8))
    yield "white_is_zero.tif", one(255 - GREY, 0), SAME, image(GREY)
    yield "white_is_zero16.tif", one(65535 - wide(GREY), 0), SAME, image(GREY)
    yield "bilevel.tif", encoded(rgb().convert("1"), "TIFF", compression="group4"), SAME
    yield "cmyk_black.tif", one(CMYK, 5), SAME, inks(CMYK)
    yield "cmyk_extra.tif", one(np.concatenate([CMYK, EXTRA], -1), 5, extras=[0]), SAME, inks(CMYK)
    yield "cmyk16.tif", one(wide(CMYK), 5), SAME, inks(CMYK)
    yield "ycbcr_jpeg.tif", encoded(rgb(), "TIFF", compression="jpeg", quality=95), (8, 2)
    lab, from_lab = lab_pixels()
    raised = lab.copy()
    raised[..., 1:] ^= 0x80
    yield "lab.tif", one(lab, 8), (1, 0.6), from_lab
    yield "lab_icc.tif", one(raised, 9), (1, 0.6), from_lab
    yield "preview_first.tif", tiff((half, 2, {"tags": [(254, (LONG, [1]))]}), (RGB, 2, {})), SAME, plain
    yield "preview_subifd.tif", tiff_in_subifd(RGB, half), SAME, plain
    yield "turned_long.tif", one(RGB, 2, tags=[(274, (LONG, [6]))]), SAME
    yield "turned_second.tif", tiff((half, 2, {"tags": [(254, (LONG, [1])), (274, (SHORT, [3]))]}),
                                    (RGB, 2, {"tags": [(274, (SHORT, [8]))]})), SAME, \
        rgb().transpose(Image.Transpose.ROTATE_90)
    yield "turned_xmp.tif", one(RGB, 2, tags=[(700, (UNDEFINED, XMP % 6))]), SAME


def refused_tiffs():
    """Kinds without a brightness of their own, or that no reader agrees about."""
    yield "float.tif", tiff(((RGB / 255).astype(np.float32), 2, {"format_": 3}))
    yield "signed16.tif", tiff((GREY.astype(np.int16) - 100, 1, {"format_": 2}))
    yield "signed8.tif", tiff((GREY.astype(np.int8), 1, {"format_": 2}))
    yield "uint32.tif", tiff((GREY.astype(np.uint32) << 24, 1, {}))
    yield "other_inks.tif", tiff((CMYK, 5, {"tags": [(332, (SHORT, [2]))]}))
    yield "camera_raw.tif", tiff((GREY, 32803, {}))


# ---- PNG ----

XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
       b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="%d"/></rdf:RDF></x:xmpmeta>')


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels, *chunks, color_type, cgbi=False):
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15 if cgbi else 15)
    out = b"\x89PNG\r\n\x1a\n" + (chunk(b"CgBI", b"\x50\0\x20\2") if cgbi else b"")
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, color_type, 0, 0, 0)) + b"".join(chunks)
    return out + chunk(b"IDAT", deflate.compress(rows) + deflate.flush()) + chunk(b"IEND", b"")


def raw_profile(kind, content):
    digits = content.hex()
    lines = "\n".join(digits[i : i + 72] for i in range(0, len(digits), 72))
    return f"\n{kind}\n{len(content):8}\n{lines}\n".encode()


def pngs():
    bgra = RGBA[..., [2, 1, 0, 3]].copy()
    bgra[..., :3] = (bgra[..., :3].astype(int) * RGBA[..., 3:] + 127) // 255
    # Pillow refuses CgBI; what it was made from is what it means.
    yield "cgbi_rgba.png", png(bgra, color_type=6, cgbi=True), (1, 0.6), over_white(rgba())
    yield "cgbi_rgb.png", png(RGB[..., ::-1], color_type=2, cgbi=True), SAME, rgb()
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0" + XMP % 6
    yield "turned_xmp.png", png(RGB, chunk(b"iTXt", xmp), color_type=2), SAME
    tags = raw_profile("exif", exif(5))
    yield "turned_raw.png", png(RGB, chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(tags)),
                                color_type=2), SAME
    # Pillow looks for the first of the three names alone.
    turned = rgb().transpose(Image.Transpose.ROTATE_270)
    tags = raw_profile("APP1", exif(6))
    yield "turned_raw_app1.png", png(RGB, chunk(b"tEXt", b"Raw profile type APP1\0" + tags), color_type=2), SAME, turned


# ---- BMP: run lengths, rare headers, fourth bytes without a meaning ----


def bmp(pixels, bits, compression=0, *, size=40, palette=b"", masks=b"", top_down=False, width=WIDTH, height=HEIGHT):
    info = struct.pack("<IiiHHIIiiII", size, width, -height if top_down else height, 1, bits, compression,
                       len(pixels), 0, 0, len(palette) // 4, 0)
    info = (info + (masks if size > 40 else b"")).ljust(size, b"\0") + (b"" if size > 40 else masks) + palette
    offset = 14 + len(info)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + info + pixels


def run_lengths(rows, bits):
    """Encoded runs, and where a row has none, literal pixels."""
    out = b""
    for row in rows:
        x = 0
        while x < len(row):
            run = 1
            while x + run < len(row) and row[x + run] == row[x] and run < 255:
                run += 1
            literal = row[x : x + 5]
            if run == 1 and len(literal) >= 3:
                values = bytes(literal) if bits == 8 else bytes(
                    (literal[i] << 4) | (literal[i + 1] if i + 1 < len(literal) else 0)
                    for i in range(0, len(literal), 2))
                out += bytes([0, len(literal)]) + values + b"\0" * (len(values) % 2)
                x += len(literal)
            else:
                out += bytes([run, row[x] if bits == 8 else row[x] << 4 | row[x]])
                x += run
        out += b"\0\0"
    return out[:-2] + b"\0\1"


def bmps():
    indices = {bits: np.asarray(rgb().quantize(1 << bits)) for bits in (8, 4)}
    for bits in (8, 4):
        colors = np.frombuffer(bytes(rgb().quantize(1 << bits).getpalette()), np.uint8).reshape(-1, 3)
        palette = b"".join(bytes([b, g, r, 0]) for r, g, b in colors)
        runs = run_lengths(indices[bits][::-1].tolist(), bits)
        yield f"rle{bits}.bmp", bmp(runs, bits, 1 if bits == 8 else 2, palette=palette), SAME
        down = run_lengths(indices[bits].tolist(), bits)
        yield f"rle{bits}_top_down.bmp", bmp(down, bits, 1 if bits == 8 else 2, palette=palette, top_down=True), SAME, \
            image(colors[indices[bits]])
    rows = np.ascontiguousarray(RGB[::-1, :, ::-1])
    yield "os2_long.bmp", bmp(rows.tobytes(), 24, size=64), SAME
    junk = np.concatenate([rows, EXTRA], -1)
    yield "rgbx.bmp", bmp(junk.tobytes(), 32), SAME
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0)
    yield "header52.bmp", bmp(junk.tobytes(), 32, 3, size=52, masks=masks[:12]), SAME
    alpha = np.ascontiguousarray(RGBA[::-1][..., [2, 1, 0, 3]])
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    yield "rgba_v4.bmp", bmp(alpha.tobytes(), 32, 3, size=108, masks=masks), ALPHA
    wide = RGB[::-1].astype(np.uint16)
    five = (wide[..., 0] >> 3 << 11) | (wide[..., 1] >> 2 << 5) | wide[..., 2] >> 3
    yield "rgb565.bmp", bmp(five.tobytes(), 16, 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)), (4, 2)
    five = (wide[::-1, :, 0] >> 3 << 10) | (wide[::-1, :, 1] >> 3 << 5) | wide[::-1, :, 2] >> 3
    yield "rgb555_top_down.bmp", bmp(five.tobytes(), 16, top_down=True), (4, 2)


# ---- orientation, JPEG XL, JPEG 2000 ----


def with_app1(jpeg, content):
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(content)) + content + jpeg[2:]


def exif_long(orientation):
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x0112, LONG, 1, orientation) + b"\0\0\0\0"


def others():
    jpeg = encoded(rgb(), "JPEG", quality=95, subsampling=0)
    namespace = b"http://ns.adobe.com/xap/1.0/\0"
    yield "turned_long.jpg", with_app1(jpeg, exif_long(7)), LOSSY
    yield "turned_xmp.jpg", with_app1(jpeg, namespace + XMP % 8), LOSSY
    # The tag of EXIF counts where both are there, even when it says upright.
    yield "turned_twice.jpg", with_app1(with_app1(jpeg, namespace + XMP % 8), exif_long(1)), LOSSY
    yield "turned_xmp.webp", encoded(rgb(), "WEBP", lossless=True, xmp=XMP % 3), SAME
    mpo = io.BytesIO()
    rgb().save(mpo, "MPO", save_all=True, append_images=[rgb(90)], quality=95, subsampling=0)
    yield "two.mpo", mpo.getvalue(), LOSSY
    yield "rgb.jxl", encoded(rgb(), "JXL", lossless=True), SAME, rgb()
    yield "grey.jxl", encoded(rgb().convert("L"), "JXL", lossless=True), SAME, image(GREY)
    yield "rgba.jxl", encoded(rgba(), "JXL", lossless=True), ALPHA, over_white(rgba())
    yield "lossy.jxl", encoded(rgb(), "JXL", quality=95), (4, 1)
    yield "container.jxl", encoded(rgb(), "JXL", lossless=True, use_container=True), SAME, rgb()
    yield "rgb.jp2", encoded(rgb(), "JPEG2000"), SAME, rgb()
    yield "rgb.j2k", encoded(rgb(), "JPEG2000", no_jp2=True), SAME, rgb()
    yield "grey.jp2", encoded(rgb().convert("L"), "JPEG2000"), SAME, image(GREY)
    yield "rgba.jp2", encoded(rgba(), "JPEG2000"), ALPHA, over_white(rgba())
    yield "lossy.jp2", encoded(rgb(), "JPEG2000", irreversible=True, quality_mode="dB", quality_layers=[40]), (1, 0.6)
    grey16 = Image.fromarray((np.mgrid[0:HEIGHT, 0:WIDTH][1] * 2700).astype(np.uint16))
    high = Image.fromarray(((np.asarray(grey16).astype(int) + 128) >> 8).clip(0, 255).astype(np.uint8)).convert("RGB")
    yield "grey16.jp2", encoded(grey16, "JPEG2000"), SAME, high


# ---- colour profiles ----


def curve(gamma):
    return b"curv\0\0\0\0\0\0\0\1" + struct.pack(">H", round(gamma * 256))


def xyz(*values):
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def icc(space, pcs, kind, tags):
    """An ICC profile, version 2 (ICC.1:2001-04)."""
    text = b"desc\0\0\0\0\0\0\0\5test\0".ljust(90, b"\0")
    tags = {b"desc": text, b"cprt": b"text\0\0\0\0none\0", b"wtpt": xyz(0.9642, 1, 0.8249)} | tags
    table, body = struct.pack(">I", len(tags)), b""
    first = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", first + len(body), len(value))
        body += value + b"\0" * (-len(value) % 4)
    header = struct.pack(">I4sI4s4s4s12x4s", first + len(body), b"\0\0\0\0", 0x02400000, kind, space, pcs, b"acsp")
    header += struct.pack(">4sI4s4sQI3i", b"\0\0\0\0", 0, b"\0\0\0\0", b"\0\0\0\0", 0, 0,
                          *(round(v * 65536) for v in (0.9642, 1, 0.8249)))
    return header.ljust(128, b"\0") + table + body


def rgb_profile(red, green, blue, gamma):
    return icc(b"RGB ", b"XYZ ", b"mntr", {
        b"rXYZ": xyz(*red), b"gXYZ": xyz(*green), b"bXYZ": xyz(*blue),
        b"rTRC": curve(gamma), b"gTRC": curve(gamma), b"bTRC": curve(gamma)})


def cmyk_profile():
    """A table of two steps a side: each ink takes its own share of L*, a* and b*."""
    table = b""
    for i in range(16):
        c, m, y, k = i >> 3 & 1, i >> 2 & 1, i >> 1 & 1, i & 1
        lightness = 255 * (1 - 0.4 * c) * (1 - 0.5 * m) * (1 - 0.08 * y) * (1 - 0.9 * k)
        table += bytes([round(lightness), round(128 + (70 * m - 40 * c) * (1 - k)), round(128 + (90 * y - 50 * c) * (1 - k))])
    ramp = bytes(range(256))
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + ramp * 4 + table + ramp * 3
    return icc(b"CMYK", b"Lab ", b"prtr", {b"A2B0": lut})


ADOBE = rgb_profile((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457), 2.19921875)
ROTATED = rgb_profile((0.14306, 0.06061, 0.71393), (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), 2.2)
GREY_LINEAR = icc(b"GRAY", b"XYZ ", b"mntr", {b"kTRC": curve(1.0)})


def srgb_by_table():
    """sRGB as most cameras embed it: a table of 1024 values of each curve."""
    x = np.arange(1024) / 1023
    light = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    table = b"curv\0\0\0\0" + struct.pack(">I1024H", 1024, *np.round(light * 65535).astype(int))
    return icc(b"RGB ", b"XYZ ", b"mntr", {
        b"rXYZ": xyz(0.43607, 0.22249, 0.01392), b"gXYZ": xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": xyz(0.14307, 0.06061, 0.7141), b"rTRC": table, b"gTRC": table, b"bTRC": table})


def in_srgb(picture, profile):
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")


def jxl_with_profile():
    """By cjxl of Debian's libjxl-tools: the plugin for Pillow writes no profile."""
    with tempfile.TemporaryDirectory() as folder:
        png, jxl = pathlib.Path(folder) / "a.png", pathlib.Path(folder) / "a.jxl"
        rgb().save(png, icc_profile=ROTATED)
        subprocess.run(["cjxl", "--quiet", "-d", "0", png, jxl], check=True)
        return jxl.read_bytes()


def managed():
    """Name, bytes, tolerances, the picture in sRGB."""
    jpeg = {"quality": 95, "subsampling": 0}
    for name, profile in (("adobe", ADOBE), ("rotated", ROTATED)):
        meant = in_srgb(rgb(), profile)
        yield f"{name}.png", encoded(rgb(), "PNG", icc_profile=profile), (1, 0.6), meant
        yield f"{name}.tif", encoded(rgb(), "TIFF", icc_profile=profile), (1, 0.6), meant
        yield f"{name}.webp", encoded(rgb(), "WEBP", lossless=True, icc_profile=profile), (1, 0.6), meant
    data = encoded(rgb(), "JPEG", icc_profile=ROTATED, **jpeg)
    yield "rotated.jpg", data, (5, 1.2), in_srgb(Image.open(io.BytesIO(data)), ROTATED)
    half = len(ROTATED) // 2
    parts = b"".join(b"\xff\xe2" + struct.pack(">H", 16 + len(p)) + b"ICC_PROFILE\0" + bytes([n, 2]) + p
                     for n, p in ((2, ROTATED[half:]), (1, ROTATED[:half])))
    bare = encoded(rgb(), "JPEG", **jpeg)
    yield "rotated_parts.jpg", bare[:2] + parts + bare[2:], (5, 1.2), in_srgb(Image.open(io.BytesIO(bare)), ROTATED)
    yield "rotated_turned.jpg", encoded(rgb(), "JPEG", icc_profile=ROTATED, exif=exif(6), **jpeg), (5, 1.2), \
        in_srgb(ImageOps.exif_transpose(Image.open(io.BytesIO(encoded(rgb(), "JPEG", exif=exif(6), **jpeg)))), ROTATED)
    grey = rgb().convert("L")
    yield "grey_linear.png", encoded(grey, "PNG", icc_profile=GREY_LINEAR), (1, 0.6), in_srgb(grey, GREY_LINEAR)
    inks_, profile = rgb().convert("CMYK"), cmyk_profile()
    data = encoded(inks_, "JPEG", icc_profile=profile, **jpeg)
    yield "cmyk.jpg", data, (5, 1.2), in_srgb(Image.open(io.BytesIO(data)), profile)
    data = encoded(inks_, "TIFF", icc_profile=profile)
    yield "cmyk.tif", data, (1, 0.6), in_srgb(inks_, profile)
    yield "rotated.avif", encoded(rgb(), "AVIF", quality=95, subsampling="4:4:4", icc_profile=ROTATED), (8, 2), \
        in_srgb(Image.open(io.BytesIO(encoded(rgb(), "AVIF", quality=95, subsampling="4:4:4"))), ROTATED)
    yield "rotated.jxl", jxl_with_profile(), (1, 0.6), in_srgb(rgb(), ROTATED)
    # Linear light by a gAMA chunk alone, which Pillow leaves out of account.
    linear = rgb_profile((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14306, 0.06061, 0.71393), 1.0)
    yield "gamma.png", png(RGB, chunk(b"gAMA", struct.pack(">I", 100000)), color_type=2), (2, 0.6), in_srgb(rgb(), linear)


def srgb():
    """Profiles that come to sRGB."""
    own = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    own[24:36] = bytes(12)  # the time when it was made
    yield "srgb.png", encoded(rgb(), "PNG", icc_profile=bytes(own)), SAME
    yield "srgb_table.png", encoded(rgb(), "PNG", icc_profile=srgb_by_table()), SAME


def write(out, pictures, name_of_list):
    lines = []
    for name, data, (largest, mean), *result in pictures:
        (out / name).write_bytes(data)
        meant = result[0] if result else over_white(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
        meant.convert("RGB").save(out / f"{name}.ppm")
        lines.append(f"{name} {largest} {mean}\n")
    (out / name_of_list).write_text("".join(lines))


def main(out):
    (out / "managed").mkdir(parents=True, exist_ok=True)
    (out / "refused").mkdir(exist_ok=True)
    write(out, [*tiffs(), *pngs(), *bmps(), *others(), *srgb()], "cases.txt")
    write(out / "managed", managed(), "cases.txt")
    for name, data in refused_tiffs():
        (out / "refused" / name).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
