"""Gathers pictures of known kind for `beholder calibrate --grounds`, with variants of some of them.

    python3 tools/make_ground_rows.py --out runs/grounds --share 0.3 \\
        photo:900:data/flickr8k/captions_train.jsonl shapes:400:runs/world/flat/images \\
        neither:3000:runs/pages neither:500:/usr/share/icons/oxygen

Each source is GROUND:MOST:PLACE, the ground being photo, solids, shapes or neither, the place a folder
(every PNG or JPEG below it, by name) or a JSON Lines file with "image" in its rows; at most MOST of
its pictures are drawn by the seed. A share of them is written once more into the folder `variants`:
as JPEG of low quality, enlarged or shrunk to 64..1024 pixels, without colour, or with a border.
Writes rows.jsonl of {"image", "ground", "kind"}, the kind being the place's name. Needs Pillow.
"""

import argparse
import hashlib
import json
import pathlib
import random

from PIL import Image

GROUNDS = ("photo", "solids", "shapes", "neither")
SUFFIXES = {".png", ".jpg", ".jpeg"}


def pictures_of(place):
    if place.is_dir():
        return [path for path in sorted(place.rglob("*"))
                if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink()]
    with open(place, encoding="utf-8") as lines:
        names = {json.loads(line)["image"] for line in lines if line.strip()}
    return [place.parent / name for name in sorted(names)]


def opened(path):
    """The picture on white; None where Pillow cannot read it or it is of no use."""
    try:
        picture = Image.open(path)
        if max(picture.size) < 12 or picture.width * picture.height > 3e7:
            return None
        picture = picture.convert("RGBA")
    except Exception:  # whatever Pillow throws at damaged files: the picture is left out, and counted
        return None
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return paper.convert("RGB")


def variant(picture, ground, rng):
    kind = rng.choice(["jpeg", "small", "small", "gray", "border"])
    if kind == "small":
        side = rng.choice([64, 96, 128, 200, 300, 500, 800, 1024])
        # Solids and boxes that nobody could tell apart teach nothing.
        least = 96 if ground == "solids" else 200 if picture.width > 3 * picture.height else 0
        factor = max(side, least) / max(picture.size)
        size = tuple(max(16, round(v * factor)) for v in picture.size)
        ways = [Image.BILINEAR, Image.LANCZOS, Image.NEAREST if factor > 1 else Image.BOX]
        return picture.resize(size, rng.choice(ways)), kind
    if kind == "gray":
        return picture.convert("L").convert("RGB"), kind
    if kind == "border":
        wide = max(1, round(max(picture.size) * rng.uniform(0.02, 0.12)))
        tone = rng.choice([(255,) * 3, (0,) * 3, (128,) * 3, tuple(rng.randrange(256) for _ in range(3))])
        framed = Image.new("RGB", (picture.width + 2 * wide, picture.height + 2 * wide), tone)
        framed.paste(picture, (wide, wide))
        return framed, kind
    return picture, kind


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="+", metavar="GROUND:MOST:PLACE")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--share", type=float, default=0.3, help="of pictures with a variant")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    variants = options.out / "variants"
    variants.mkdir(parents=True, exist_ok=True)
    rows, left_out = [], 0
    for source in options.sources:
        ground, most, place = source.split(":", 2)
        if ground not in GROUNDS:
            parser.error(f"{source}: the ground is none of {', '.join(GROUNDS)}")
        place = pathlib.Path(place).absolute()
        kind = "/".join(part for part in place.parts[-3:] if part != "images")
        rng = random.Random(f"{options.seed} {source}")
        paths = pictures_of(place)
        rng.shuffle(paths)
        for path in paths[:int(most)]:
            picture = opened(path)
            if picture is None:
                left_out += 1
                continue
            rows.append({"image": str(path), "ground": ground, "kind": kind})
            if rng.random() >= options.share:
                continue
            picture, how = variant(picture, ground, rng)
            lossy = how == "jpeg" or ground == "photo" or rng.random() < 0.2
            name = hashlib.md5(str(path).encode()).hexdigest()[:16] + (".jpg" if lossy else ".png")
            picture.save(variants / name, **({"quality": rng.choice([40, 60, 75, 90])} if lossy else {}))
            rows.append({"image": f"variants/{name}", "ground": ground, "kind": f"{kind} ({how})"})
    with open(options.out / "rows.jsonl", "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")
    print(f"{len(rows)} pictures, {left_out} left out: {options.out / 'rows.jsonl'}")


if __name__ == "__main__":
    main()
