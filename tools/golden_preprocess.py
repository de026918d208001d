"""Writes what transformers' image processors over Pillow make of the pictures of tests/golden/resize.

    python tools/golden_preprocess.py OUT_DIR                # a folder a case: its file and golden.json
    python tools/golden_preprocess.py OUT_DIR --torchvision  # nothing written: how far those over
                                                             # torchvision are from what is there

Versions and what a case holds are in tests/golden/preprocess/README.md.
"""

import json
import pathlib
import sys

import numpy as np
import transformers
from PIL import Image

PICTURES = pathlib.Path(__file__).parent.parent / "tests/golden/resize"
SAMPLES = 120  # values kept of each picture
ALL = ["53x37", "2x3", "200x5", "3x401", "1x1"]
WIDE = ["53x37"]
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
TILES = {"size": {"longest_edge": 128}, "max_image_size": {"longest_edge": 32}}

# name: processor, what it is made with, pictures
CASES = {
    "clip": ("CLIP", {"size": {"shortest_edge": 24}, "crop_size": {"height": 24, "width": 24}}, ALL),
    "clip_ground": ("CLIP", {"size": {"shortest_edge": 20},
                             "crop_size": {"height": 27, "width": 45}}, ALL),
    "clip_768": ("CLIP", {"size": {"height": 768, "width": 768}, "do_center_crop": False,
                          "crop_size": {"height": 768, "width": 768}, **IMAGENET}, WIDE),
    "clip_lanczos": ("CLIP", {"size": {"height": 31, "width": 18}, "resample": 1,
                              "do_center_crop": False}, ALL),
    "blip": ("Blip", {"size": {"height": 32, "width": 40}}, ALL),
    "vit": ("ViT", {"size": {"height": 24, "width": 24}}, ALL),
    "vit_nearest": ("ViT", {"size": {"height": 29, "width": 33}, "resample": 0}, ALL),
    "vit_bytes": ("ViT", {"do_resize": False, "do_rescale": False, "do_normalize": False}, ALL),
    "vit_pad": ("ViT", {"do_resize": False, "do_pad": True,
                        "pad_size": {"height": 405, "width": 203}}, ALL),
    "vit_bounded": ("ViT", {"size": {"shortest_edge": 20, "longest_edge": 28}},
                    ["53x37", "2x3"]),
    "vit_inside": ("ViT", {"size": {"max_height": 30, "max_width": 50}}, ["53x37", "2x3", "200x5"]),
    "vilt": ("Vilt", {"size": {"shortest_edge": 64}, "size_divisor": 8}, ["53x37", "2x3"]),
    "idefics3": ("Idefics3", TILES, ALL),
    "idefics3_half": ("Idefics3", {**TILES, "size": {"longest_edge": 64}}, WIDE),
    "idefics3_whole": ("Idefics3", {**TILES, "do_image_splitting": False}, ALL),
    "idefics3_odd": ("Idefics3", {"size": {"longest_edge": 111},
                                  "max_image_size": {"longest_edge": 37}}, ALL),
    "smolvlm": ("SmolVLM", {"size": {"longest_edge": 2048},
                            "max_image_size": {"longest_edge": 512}}, WIDE),
}
# Files of older versions, as they are.
OLDER = {
    "clip_older": ("CLIP", {"feature_extractor_type": "CLIPFeatureExtractor", "do_center_crop": True,
                            "crop_size": 21, "do_normalize": True, "do_resize": True,
                            "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.3, 0.4],
                            "resample": 3, "size": 24}, WIDE),
    "vit_older": ("ViT", {"do_normalize": True, "do_resize": True, "image_mean": [0.5, 0.5, 0.5],
                          "image_std": [0.5, 0.5, 0.5], "resample": 2, "size": 24}, WIDE),
}
NESTED = {"vit"}  # saved as newer versions do, within processor_config.json


def processor_class(name, suffix="Pil"):
    kind = getattr(transformers, f"{name}ImageProcessor{suffix}", None)
    if kind is None:
        module = f"transformers.models.{name.lower()}.image_processing_pil_{name.lower()}"
        kind = getattr(__import__(module, fromlist=["x"]), f"{name}ImageProcessor{suffix}")
    return kind


def picture(name):
    return Image.open(PICTURES / f"source_{name}.ppm").convert("RGB")


def prepared(processor, names):
    """Pixels as (images, 3, height, width), their mask, rows and columns of tiles."""
    more = {"return_row_col_info": True} if "max_image_size" in processor.to_dict() else {}
    out = processor([[picture(n)] for n in names] if more else [picture(n) for n in names],
                    return_tensors="np", **more)
    pixels = np.asarray(out["pixel_values"], dtype=np.float32)
    mask = out.get("pixel_attention_mask", out.get("pixel_mask"))
    rows, columns = (out[k][0][0] if more else 0 for k in ("rows", "cols"))
    return pixels, None if mask is None else np.asarray(mask), int(rows), int(columns)


def samples(values):
    flat = values.reshape(-1)
    step = max(1, flat.size // SAMPLES) | 1  # odd: no column or plane is left out
    return step, [float(f"{v:.6g}") for v in flat[::step].astype(np.float64)]


def describe(pixels, rows, columns):
    step, values = samples(pixels)
    return {"shape": list(pixels.shape), "rows": rows, "columns": columns, "step": step,
            "values": values,
            "means": [float(f"{m:.7g}") for m in pixels.mean(axis=(-1, -2), dtype=np.float64).ravel()]}


def images_of(pixels):
    return pixels.reshape(-1, *pixels.shape[-3:])


def golden(processor, names):
    result = {"pictures": []}
    for name in names:
        pixels, _, rows, columns = prepared(processor, [name])
        result["pictures"].append({"picture": name, **describe(images_of(pixels), rows, columns)})
    if processor.to_dict().get("do_pad") and len(names) > 1:
        pixels, mask, _, _ = prepared(processor, names)
        result["batch"] = describe(pixels, 0, 0)
        if mask is not None:  # ones of each mask
            result["batch"]["mask"] = mask.sum(axis=(-1, -2)).ravel().tolist()
    return result


def write(out):
    for name, (kind, settings, pictures) in {**CASES, **OLDER}.items():
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        if name in OLDER:
            (folder / "preprocessor_config.json").write_text(json.dumps(settings) + "\n")
        else:
            processor_class(kind)(**settings).save_pretrained(folder)
        if name in NESTED:
            flat = folder / "preprocessor_config.json"
            (folder / "processor_config.json").write_text(
                json.dumps({"image_processor": json.loads(flat.read_text())}) + "\n")
            flat.unlink()
        processor = processor_class(kind).from_pretrained(folder)
        (folder / "golden.json").write_text(json.dumps(golden(processor, pictures)) + "\n")


def compare(out):
    for name, (kind, _, pictures) in {**CASES, **OLDER}.items():
        slow = processor_class(kind).from_pretrained(out / name)
        fast = processor_class(kind, "").from_pretrained(out / name)
        for one in pictures:
            a, b = prepared(slow, [one])[0], prepared(fast, [one])[0]
            if a.shape != b.shape:
                print(name, one, "shapes", a.shape, b.shape)
                continue
            scale = float(np.min(slow.image_std)) / slow.rescale_factor if slow.do_normalize else 1
            levels = np.abs(a - b) * scale
            print(f"{name} {one}: at most {levels.max():.2f} levels, "
                  f"{(levels > 0.5).mean():.1%} of values differ")


if __name__ == "__main__":
    if "--torchvision" in sys.argv:
        compare(pathlib.Path(sys.argv[1]))
    else:
        write(pathlib.Path(sys.argv[1]))
