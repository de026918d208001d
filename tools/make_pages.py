"""Draws pictures that are neither photos nor scenes: charts, pages, screenshots, drawings, games, noise.

    python3 tools/make_pages.py runs/pages --num 3000 --seed 1

Writes PNG files and rows.jsonl of {"image", "ground": "neither", "kind"}, the rows that
`beholder calibrate --grounds` reads. `--kinds` names some kinds alone, `--list` lists them. Needs
Pillow (10.1 or newer), NumPy and Matplotlib; a seed gives the same pictures with the same versions.
"""

import argparse
import io
import json
import math
import pathlib

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

WORDS = ("the of and to in is for that with on as are this by from report value system north river "
         "total page table result method light figure small water market open window house number "
         "state energy between under paper science year garden music road sample data model user "
         "project update error file save cancel settings search menu account price order item").split()


def color(rng, low=0, high=256):
    return tuple(int(v) for v in rng.integers(low, high, 3))


def words(rng, count):
    return " ".join(rng.choice(WORDS, count))


def font(size):
    return ImageFont.load_default(size=max(6, int(size)))


def canvas(rng, low=200, high=1100, ground=None):
    size = (int(rng.integers(low, high)), int(rng.integers(low, high)))
    if ground is None:
        ground = (255, 255, 255) if rng.random() < 0.5 else color(rng, 200)
    picture = Image.new("RGB", size, ground)
    return picture, ImageDraw.Draw(picture)


def ink_on(ground, rng):
    return color(rng, 0, 70) if sum(ground[:3]) > 380 else color(rng, 180)


# --- charts ---------------------------------------------------------------------------------------


def chart(rng, draw):
    style = rng.choice(["default", "ggplot", "bmh", "dark_background", "seaborn-v0_8",
                        "fivethirtyeight", "grayscale", "classic"], p=[.3, .1, .1, .1, .1, .1, .1, .1])
    with plt.style.context(str(style)):
        size = rng.uniform(2.5, 9), rng.uniform(2.2, 7)
        figure, axes = plt.subplots(figsize=size, dpi=int(rng.integers(50, 120)))
        draw(axes)
        if rng.random() < 0.6:
            axes.set_title(words(rng, int(rng.integers(1, 6))).capitalize())
        if rng.random() < 0.6:
            axes.set_xlabel(words(rng, 2))
        if rng.random() < 0.6:
            axes.set_ylabel(words(rng, 1))
        if rng.random() < 0.3:
            axes.grid(True)
        if rng.random() < 0.2:
            axes.axis("off")
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", bbox_inches="tight" if rng.random() < 0.3 else None)
        plt.close(figure)
    return Image.open(buffer).convert("RGB")


def palette(rng, count):
    if rng.random() < 0.5:
        return [f"C{i % 10}" for i in range(count)]
    if rng.random() < 0.5:
        return [tuple(v / 255 for v in color(rng))] * count
    return [tuple(v / 255 for v in color(rng)) for _ in range(count)]


def bar_chart(rng):
    n = int(rng.integers(2, 14))
    tones = palette(rng, n)

    def draw(axes):
        for series in range(int(rng.integers(1, 4)) if rng.random() < 0.3 else 1):
            at = np.arange(n) + series * 0.25
            values = rng.uniform(0, 50, n)
            if rng.random() < 0.3:
                axes.barh(at, values, color=tones, height=rng.uniform(0.2, 0.9))
            else:
                axes.bar(at, values, color=tones, width=rng.uniform(0.2, 1))
        if rng.random() < 0.5:
            axes.set_xticks(range(n), list(rng.choice(WORDS, n)), rotation=int(rng.choice([0, 45, 90])))

    return chart(rng, draw)


def pie_chart(rng):
    n = int(rng.integers(1, 8))
    return chart(rng, lambda axes: axes.pie(
        rng.uniform(1, 10, n), labels=list(rng.choice(WORDS, n)) if rng.random() < 0.7 else None,
        colors=palette(rng, n), startangle=float(rng.uniform(0, 360)),
        autopct="%.0f%%" if rng.random() < 0.4 else None,
        wedgeprops={"width": 0.4} if rng.random() < 0.3 else None))


def scatter_chart(rng):
    def draw(axes):
        for _ in range(int(rng.integers(1, 5))):
            n = int(rng.integers(3, 80))
            axes.scatter(rng.normal(0, 1, n), rng.normal(0, 1, n), s=rng.uniform(5, 900, n)
                         if rng.random() < 0.4 else float(rng.uniform(8, 250)),
                         marker=str(rng.choice(list("ooos^vD*+x"))),
                         color=palette(rng, 1)[0], alpha=float(rng.uniform(0.4, 1)))

    return chart(rng, draw)


def line_chart(rng):
    def draw(axes):
        x = np.linspace(0, 10, int(rng.integers(5, 200)))
        for k in range(int(rng.integers(1, 6))):
            y = np.cumsum(rng.normal(0, 1, len(x))) if rng.random() < 0.5 else \
                np.sin(x * rng.uniform(0.3, 3) + k) * rng.uniform(0.5, 3)
            marker = str(rng.choice(["", "", "o", "s", "^"])) if len(x) < 40 else ""
            axes.plot(x, y, marker=marker, linewidth=float(rng.uniform(0.5, 4)), label=words(rng, 1))
            if rng.random() < 0.2:
                axes.fill_between(x, y, alpha=0.4)
        if rng.random() < 0.5:
            axes.legend()

    return chart(rng, draw)


def heat_map(rng):
    n, m = int(rng.integers(2, 30)), int(rng.integers(2, 30))
    names = ["viridis", "hot", "gray", "jet", "Blues", "coolwarm", "tab10"]
    kind = rng.random()

    def draw(axes):
        values = rng.normal(0, 1, (n, m))
        if kind < 0.6:
            axes.imshow(values, cmap=str(rng.choice(names)), aspect="auto")
        elif n > 2 and m > 2:
            (axes.contourf if kind < 0.8 else axes.contour)(values, cmap=str(rng.choice(names)))

    return chart(rng, draw)


def histogram(rng):
    def draw(axes):
        if rng.random() < 0.5:
            axes.hist(rng.normal(0, 1, 400), bins=int(rng.integers(5, 50)), color=palette(rng, 1)[0])
        else:
            axes.boxplot([rng.normal(0, 1, 30) for _ in range(int(rng.integers(1, 7)))])

    return chart(rng, draw)


# --- pages and screens ----------------------------------------------------------------------------


def text_lines(draw, rng, box, size, ink):
    left, top, right, bottom = box
    y = top
    while y + size < bottom:
        line = words(rng, max(1, int((right - left) / (size * 3.2))))
        if rng.random() < 0.08:
            line = ""
        draw.text((left, y), line[:int((right - left) / (size * 0.52))], ink, font(size))
        y += size * 1.5


def text_page(rng):
    picture, draw = canvas(rng, 260)
    w, h = picture.size
    ink = ink_on(picture.getpixel((0, 0)), rng)
    margin = int(min(w, h) * rng.uniform(0.03, 0.15))
    columns = int(rng.choice([1, 1, 2, 3]))
    size = rng.uniform(8, 30)
    top = margin
    if rng.random() < 0.6:
        draw.text((margin, margin), words(rng, 4).title(), ink, font(size * 1.8))
        top += int(size * 3)
    step = (w - 2 * margin) / columns
    for c in range(columns):
        left = margin + c * step
        text_lines(draw, rng, (left, top, left + step * 0.92, h - margin), size, ink)
    if rng.random() < 0.3:
        x, y = rng.integers(0, w // 2), rng.integers(0, h // 2)
        draw.rectangle((x, y, x + w // 3, y + h // 4), color(rng))
    if rng.random() < 0.3:
        picture = picture.rotate(float(rng.uniform(-4, 4)), fillcolor=picture.getpixel((0, 0)))
    if rng.random() < 0.3:  # as a scan: shaded and noisy
        shade = np.linspace(rng.uniform(0.5, 1), 1, w)[None, :, None]
        picture = Image.fromarray(np.clip(np.asarray(picture) * shade + rng.normal(0, 6, (h, w, 1)),
                                          0, 255).astype(np.uint8))
    return picture


def table_page(rng):
    picture, draw = canvas(rng, 240)
    w, h = picture.size
    ink = ink_on(picture.getpixel((0, 0)), rng)
    rows, columns = int(rng.integers(2, 20)), int(rng.integers(2, 9))
    left, top = int(w * 0.05), int(h * 0.08)
    high, wide = (h - 2 * top) / rows, (w - 2 * left) / columns
    stripe = color(rng, 200)
    for r in range(rows):
        for c in range(columns):
            box = (left + c * wide, top + r * high, left + (c + 1) * wide, top + (r + 1) * high)
            fill = stripe if r % 2 and stripe else None
            draw.rectangle(box, fill, ink if rng.random() < 0.9 else None)
            text = words(rng, 1) if c == 0 or r == 0 else f"{rng.uniform(0, 999):.1f}"
            draw.text((box[0] + 3, box[1] + 2), text, ink, font(min(high * 0.6, wide / 4)))
    return picture


def receipt(rng):
    picture, draw = canvas(rng, 300, 700, (250, 249, 244))
    w, h = picture.size
    draw.text((w / 2, 20), words(rng, 2).upper(), (20, 20, 24), font(24), anchor="mm")
    for y in range(50, h - 40, 26):
        draw.text((16, y), words(rng, 2), (20, 20, 24), font(16))
        draw.text((w - 16, y), f"{rng.uniform(0, 90):.2f}", (20, 20, 24), font(16), anchor="ra")
    return picture


def code_matrix(rng):
    picture, draw = canvas(rng, 120, 700, (255, 255, 255))
    w, h = picture.size
    if rng.random() < 0.35:  # bars
        x = w * 0.08
        while x < w * 0.92:
            bar = rng.integers(1, 5)
            draw.rectangle((x, h * 0.15, x + bar, h * 0.85), (0, 0, 0))
            x += bar + rng.integers(1, 6)
        return picture
    n = int(rng.choice([21, 25, 29, 33]))
    cell = min(w, h) / (n + 4)
    bits = rng.random((n, n)) < 0.5
    for r0, c0 in ((0, 0), (0, n - 7), (n - 7, 0)):
        for r in range(7):
            for c in range(7):
                bits[r0 + r, c0 + c] = max(abs(r - 3), abs(c - 3)) != 2
    for r in range(n):
        for c in range(n):
            if bits[r, c]:
                x, y = (c + 2) * cell, (r + 2) * cell
                draw.rectangle((x, y, x + cell, y + cell), (0, 0, 0))
    return picture


def window(draw, rng, box, dark):
    left, top, right, bottom = (int(v) for v in box)
    ground = color(rng, 20, 60) if dark else color(rng, 225)
    ink = (225, 225, 225) if dark else (30, 30, 34)
    bar = int(rng.integers(16, 36))
    draw.rectangle((left, top, right, bottom), ground, color(rng))
    draw.rectangle((left, top, right, top + bar), color(rng, 40, 240))
    draw.text((left + 30, top + 3), words(rng, 3).title(), ink, font(bar * 0.55))
    for i, tone in enumerate(((255, 95, 87), (254, 188, 46), (40, 200, 64))):
        x = right - 18 * (i + 1)
        draw.ellipse((x, top + bar / 2 - 5, x + 10, top + bar / 2 + 5), tone)
    y = top + bar + 8
    while y < bottom - 30:
        what = rng.random()
        x = left + 10 + (right - left) * 0.25 * rng.integers(0, 3)
        if what < 0.5:
            draw.text((x, y), words(rng, int(rng.integers(1, 8)))[:max(1, int((right - x) / 8))], ink,
                      font(13))
            y += 20
        elif what < 0.65:
            draw.rounded_rectangle((x, y, min(right - 4, x + 90), y + 24), 5, color(rng, 60))
            draw.text((x + 8, y + 4), words(rng, 1), ink, font(13))
            y += 32
        elif what < 0.8:
            draw.rectangle((x, y, min(right - 4, x + 200), y + 22), None, ink)
            y += 30
        elif what < 0.9:
            for k in range(int(rng.integers(1, 6))):
                if x + 40 * k + 30 < right:
                    shape = (x + 40 * k, y, x + 40 * k + 28, y + 28)
                    (draw.ellipse if rng.random() < 0.4 else draw.rectangle)(shape, color(rng))
            y += 38
        else:
            high = min(bottom - 10, y + int(rng.integers(40, 120)))
            draw.rectangle((x, y, min(right - 4, x + 160), high), color(rng))
            y = high + 8


def screenshot(rng):
    picture, draw = canvas(rng, 320, 1300, color(rng))
    w, h = picture.size
    if rng.random() < 0.5:
        window(draw, rng, (0, 0, w - 1, h - 1), rng.random() < 0.4)
    else:
        for _ in range(int(rng.integers(1, 4))):
            x, y = rng.uniform(0, w * 0.5), rng.uniform(0, h * 0.5)
            window(draw, rng, (x, y, x + w * rng.uniform(0.3, 0.5), y + h * rng.uniform(0.3, 0.5)),
                   rng.random() < 0.4)
    return picture


def terminal(rng):
    ground = color(rng, 0, 50) if rng.random() < 0.8 else color(rng, 225)
    picture, draw = canvas(rng, 300, 1200, ground)
    size = int(rng.integers(9, 20))
    for y in range(4, picture.height - size, int(size * 1.3)):
        x = 6 + size * int(rng.integers(0, 5))
        for word in rng.choice(WORDS, int(rng.integers(0, 12))):
            draw.text((x, y), str(word), color(rng, 120) if sum(ground) < 300 else color(rng, 0, 150),
                      font(size))
            x += size * 0.6 * (len(word) + 1)
    return picture


def web_page(rng):
    picture, draw = canvas(rng, 400, 1300, (255, 255, 255))
    w, h = picture.size
    theme = color(rng)
    draw.rectangle((0, 0, w, h * 0.08), theme)
    for i in range(int(rng.integers(2, 7))):
        draw.text((w * 0.1 + i * w * 0.14, h * 0.03), words(rng, 1), (255, 255, 255), font(15))
    columns, y = int(rng.integers(1, 5)), h * 0.12
    while y < h:
        high = h * rng.uniform(0.1, 0.3)
        for c in range(columns):
            x = w * (0.04 + c / columns * 0.94)
            wide = w * 0.86 / columns
            if rng.random() < 0.7:
                (draw.ellipse if rng.random() < 0.15 else draw.rectangle)(
                    (x, y, x + wide, y + high * 0.6), color(rng, 100))
            text_lines(draw, rng, (x, y + high * 0.65, x + wide, y + high), 12, (50, 50, 54))
        y += high * 1.1
    return picture


# --- drawings, signs, games -----------------------------------------------------------------------


def diagram(rng):
    picture, draw = canvas(rng, 260)
    w, h = picture.size
    ink = ink_on(picture.getpixel((0, 0)), rng)
    n = int(rng.integers(3, 10))
    places = [(rng.uniform(0.1, 0.8) * w, rng.uniform(0.1, 0.85) * h) for _ in range(n)]
    wide, high = w * rng.uniform(0.08, 0.2), h * rng.uniform(0.05, 0.12)
    for _ in range(n + 2):
        a, b = rng.integers(0, n, 2)
        draw.line((places[a][0], places[a][1], places[b][0], places[a][1], *places[b]), ink,
                  int(rng.integers(1, 4)))
    for x, y in places:
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        fill = picture.getpixel((0, 0)) if rng.random() < 0.4 else color(rng, 140)
        kind = rng.random()
        if kind < 0.5:
            draw.rectangle(box, fill, ink, 2)
        elif kind < 0.7:
            draw.rounded_rectangle(box, 8, fill, ink, 2)
        elif kind < 0.85:
            draw.ellipse(box, fill, ink, 2)
        else:
            draw.polygon([(x, y - high), (x + wide / 2, y), (x, y + high), (x - wide / 2, y)], fill, ink)
        draw.text((x, y), words(rng, 1), (0, 0, 0), font(high * 0.5), anchor="mm")
    return picture


def line_drawing(rng):
    picture, draw = canvas(rng, 120, 900)
    w, h = picture.size
    ink, thick = ink_on(picture.getpixel((0, 0)), rng), int(rng.integers(1, 7))
    for _ in range(int(rng.integers(3, 25))):
        kind = rng.random()
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.02, 0.3) * min(w, h)
        if kind < 0.4:
            t = np.cumsum(rng.normal(0, r / 3, (int(rng.integers(4, 30)), 2)), 0) + (x, y)
            draw.line([tuple(p) for p in t], ink, thick, joint="curve")
        elif kind < 0.6:
            draw.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), None, ink, thick)
        elif kind < 0.8:
            draw.arc((x - r, y - r, x + r, y + r), rng.uniform(0, 360), rng.uniform(0, 360), ink, thick)
        else:
            draw.line((x, y, x + rng.uniform(-r, r) * 2, y + rng.uniform(-r, r) * 2), ink, thick)
    return picture


def house_drawing(rng):
    picture, draw = canvas(rng, 150, 800, color(rng, 120))
    w, h = picture.size
    draw.rectangle((0, h * 0.7, w, h), color(rng))
    for _ in range(int(rng.integers(1, 4))):
        x, wide, top = rng.uniform(0, 0.7) * w, rng.uniform(0.15, 0.35) * w, rng.uniform(0.3, 0.55) * h
        draw.rectangle((x, top, x + wide, h * 0.8), color(rng))
        draw.polygon([(x - 5, top), (x + wide / 2, top - h * 0.2), (x + wide + 5, top)], color(rng))
        draw.rectangle((x + wide * 0.4, h * 0.65, x + wide * 0.6, h * 0.8), color(rng))
        draw.rectangle((x + wide * 0.1, top + 10, x + wide * 0.3, top + 10 + wide * 0.2), color(rng))
    r = min(w, h) * rng.uniform(0.05, 0.12)
    draw.ellipse((w * 0.8 - r, h * 0.15 - r, w * 0.8 + r, h * 0.15 + r), (250, 220, 60))
    for _ in range(int(rng.integers(0, 4))):
        x = rng.uniform(0, w)
        draw.rectangle((x - 4, h * 0.6, x + 4, h * 0.8), (110, 70, 40))
        draw.ellipse((x - 25, h * 0.45, x + 25, h * 0.65), color(rng, 30, 160))
    return picture


def face_icon(rng):
    picture, draw = canvas(rng, 32, 400)
    w, h = picture.size
    s, x, y = min(w, h) * 0.45, w / 2, h / 2
    draw.ellipse((x - s, y - s, x + s, y + s), color(rng, 100), color(rng, 0, 120), max(1, int(s / 15)))
    for side in (-1, 1):
        e = s * rng.uniform(0.08, 0.2)
        draw.ellipse((x + side * s * 0.4 - e, y - s * 0.3 - e, x + side * s * 0.4 + e, y - s * 0.3 + e),
                     color(rng, 0, 80))
    draw.arc((x - s * 0.5, y - s * 0.3, x + s * 0.5, y + s * 0.6), 20, 160, (0, 0, 0), max(1, int(s / 10)))
    return picture


def road_map(rng):
    picture, draw = canvas(rng, 300, 1100, color(rng, 215))
    w, h = picture.size
    for _ in range(int(rng.integers(2, 8))):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.05, 0.25) * w
        points = [(x + r * rng.uniform(0.5, 1) * math.cos(a), y + r * rng.uniform(0.5, 1) * math.sin(a))
                  for a in np.linspace(0, 2 * math.pi, 9)[:-1]]
        draw.polygon(points, (170, 205, 235) if rng.random() < 0.4 else color(rng, 170))
    for _ in range(int(rng.integers(5, 25))):
        a, b = (rng.uniform(-0.1, 1.1) * w, rng.uniform(-0.1, 1.1) * h), \
            (rng.uniform(-0.1, 1.1) * w, rng.uniform(-0.1, 1.1) * h)
        thick = int(rng.integers(2, 12))
        draw.line((*a, *b), (140, 140, 140), thick + 2)
        draw.line((*a, *b), color(rng, 200), thick)
    for _ in range(int(rng.integers(0, 15))):
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        draw.text((x, y), words(rng, 1).title(), (60, 60, 60), font(rng.uniform(9, 20)))
        if rng.random() < 0.4:
            draw.ellipse((x - 8, y - 4, x, y + 4), (200, 40, 40))
    return picture


def flag(rng):
    picture, draw = canvas(rng, 60, 600)
    w, h = picture.size
    n, upright = int(rng.integers(2, 6)), rng.random() < 0.5
    for i in range(n):
        box = (i * w / n, 0, (i + 1) * w / n, h) if upright else (0, i * h / n, w, (i + 1) * h / n)
        draw.rectangle(box, color(rng))
    kind = rng.random()
    if kind < 0.25:
        draw.polygon([(0, 0), (w * 0.4, h / 2), (0, h)], color(rng))
    elif kind < 0.45:
        draw.rectangle((0, h * 0.4, w, h * 0.6), color(rng))
        draw.rectangle((w * 0.3, 0, w * 0.42, h), color(rng))
    elif kind < 0.65:
        star(draw, w / 2, h / 2, min(w, h) * 0.25, color(rng))
    return picture


def star(draw, x, y, r, tone, points=5, inner=0.4):
    draw.polygon([(x + r * (1 if k % 2 == 0 else inner) * math.sin(k * math.pi / points),
                   y - r * (1 if k % 2 == 0 else inner) * math.cos(k * math.pi / points))
                  for k in range(2 * points)], tone)


def logo(rng):
    picture, draw = canvas(rng, 48, 500)
    w, h = picture.size
    s, x, y = min(w, h) * rng.uniform(0.25, 0.45), w / 2, h / 2
    for _ in range(int(rng.integers(2, 6))):
        kind, tone = rng.random(), color(rng)
        dx, dy, r = rng.uniform(-s, s) / 2, rng.uniform(-s, s) / 2, s * rng.uniform(0.2, 0.8)
        box = (x + dx - r, y + dy - r, x + dx + r, y + dy + r)
        if kind < 0.3:
            draw.pieslice(box, rng.uniform(0, 360), rng.uniform(0, 360), tone)
        elif kind < 0.5:
            star(draw, x + dx, y + dy, r, tone, int(rng.integers(3, 9)), rng.uniform(0.3, 0.8))
        elif kind < 0.7:
            draw.rounded_rectangle(box, r * 0.5, tone)
        else:
            draw.arc(box, rng.uniform(0, 360), rng.uniform(0, 360), tone, max(1, int(r * 0.3)))
    if rng.random() < 0.6:
        draw.text((x, y + s), words(rng, 1).upper(), ink_on(picture.getpixel((0, 0)), rng),
                  font(s * 0.5), anchor="mm")
    return picture


def traffic_sign(rng):
    picture, draw = canvas(rng, 48, 500, color(rng))
    w, h = picture.size
    s, x, y, kind = min(w, h) * 0.45, w / 2, h / 2, rng.random()
    rim, field = color(rng), color(rng, 200)
    if kind < 0.4:
        draw.ellipse((x - s, y - s, x + s, y + s), rim)
        draw.ellipse((x - s * 0.8, y - s * 0.8, x + s * 0.8, y + s * 0.8), field)
    elif kind < 0.7:
        draw.polygon([(x, y - s), (x + s, y + s * 0.8), (x - s, y + s * 0.8)], rim)
        draw.polygon([(x, y - s * 0.65), (x + s * 0.7, y + s * 0.62), (x - s * 0.7, y + s * 0.62)], field)
    else:
        draw.regular_polygon((x, y, s), int(rng.choice([4, 6, 8])), fill=rim)
    draw.text((x, y + s * 0.1), str(rng.choice(["50", "!", "30", "STOP", "P", "80"])), (10, 10, 10),
              font(s * 0.6), anchor="mm")
    return picture


def board_game(rng):
    size = int(rng.integers(128, 800))
    picture = Image.new("RGB", (size, size), color(rng, 150))
    draw = ImageDraw.Draw(picture)
    n = int(rng.choice([8, 8, 10, 3, 9, 19]))
    step = size / (n + 1)
    dark, light, kind = color(rng, 0, 150), color(rng, 180), rng.random()
    for r in range(n):
        for c in range(n):
            box = ((c + .5) * step, (r + .5) * step, (c + 1.5) * step, (r + 1.5) * step)
            if kind < 0.6:
                draw.rectangle(box, dark if (r + c) % 2 else light)
            else:
                draw.rectangle(box, None, dark)
            if rng.random() < 0.3:
                m = step * 0.12
                draw.ellipse((box[0] + m, box[1] + m, box[2] - m, box[3] - m),
                             (20, 20, 20) if rng.random() < 0.5 else (240, 240, 235))
    return picture


def dice_and_cards(rng):
    picture, draw = canvas(rng, 100, 700, color(rng))
    w, h = picture.size
    for _ in range(int(rng.integers(1, 5))):
        s = min(w, h) * rng.uniform(0.15, 0.4)
        x, y = rng.uniform(0, max(1, w - s)), rng.uniform(0, max(1, h - s))
        draw.rounded_rectangle((x, y, x + s, y + s * rng.choice([1, 1.4])), s * 0.12, color(rng, 220))
        for _ in range(int(rng.integers(1, 7))):
            px, py = x + s * rng.choice([.25, .5, .75]), y + s * rng.choice([.25, .5, .75])
            draw.ellipse((px - s * .08, py - s * .08, px + s * .08, py + s * .08), (20, 20, 20))
    return picture


def pixel_art(rng):
    n = int(rng.choice([8, 12, 16, 24, 32]))
    tones = np.array([color(rng) for _ in range(int(rng.integers(2, 8)))], np.uint8)
    half = rng.integers(0, len(tones), (n, (n + 1) // 2))
    art = tones[np.concatenate([half, half[:, ::-1][:, n % 2:]], 1)]
    scale = int(rng.integers(2, 24))
    return Image.fromarray(art).resize((n * scale, n * scale), Image.NEAREST)


def abstract_art(rng):
    picture, draw = canvas(rng, 150, 900, color(rng))
    w, h = picture.size
    for _ in range(int(rng.integers(5, 60))):
        x, y, r, kind = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(.03, .5) * min(w, h), rng.random()
        box = (x - r, y - r * rng.uniform(.2, 1), x + r, y + r * rng.uniform(.2, 1))
        if kind < 0.4:
            draw.ellipse(box, color(rng))
        elif kind < 0.7:
            draw.polygon([(rng.uniform(0, w), rng.uniform(0, h)) for _ in range(3)], color(rng))
        else:
            draw.rectangle(box, color(rng))
    return picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 6)))) \
        if rng.random() < 0.3 else picture


# --- textures, skies, nothing at all ---------------------------------------------------------------


def pattern(rng):
    picture, draw = canvas(rng, 64, 800, color(rng))
    w, h = picture.size
    step, tone, kind = rng.uniform(8, 90), color(rng), int(rng.integers(0, 5))
    for i, y in enumerate(np.arange(0, h + step, step)):
        if kind == 0:
            draw.line((0, y, w, y), tone, max(1, int(step / 3)))
            continue
        if kind == 1:
            draw.line((y * w / h, 0, y * w / h - h * 0.3, h), tone, max(1, int(step / 3)))
            continue
        for x in np.arange(-step, w + step, step):
            shift = step / 2 * (i % 2) if kind != 2 else 0
            box = (x + shift, y, x + shift + step * 0.8, y + step * 0.8)
            if kind == 2 and (int(x / step) + i) % 2:
                draw.rectangle((x, y, x + step, y + step), tone)
            elif kind == 3:
                draw.ellipse(box, tone)
            elif kind == 4:
                draw.rectangle((box[0], box[1], box[0] + step * 0.92, box[1] + step * 0.9),
                               tuple(int(np.clip(v + rng.normal(0, 12), 0, 255)) for v in tone))
    return picture


def cloud(rng, w, h, power):
    """Noise whose spectrum falls with the frequency to that power, 0..1."""
    spectrum = np.fft.rfft2(rng.normal(0, 1, (h, w)))
    fy, fx = np.fft.fftfreq(h)[:, None], np.fft.rfftfreq(w)[None]
    frequency = np.hypot(fy, fx)
    frequency[0, 0] = 1
    field = np.fft.irfft2(spectrum / frequency ** power, (h, w))
    return (field - field.min()) / max(1e-9, field.max() - field.min())


def texture(rng):
    w, h = (int(v) for v in rng.integers(64, 700, 2))
    field = cloud(rng, w, h, rng.uniform(0.3, 2))[..., None]
    if rng.random() < 0.3:  # grain, as of wood
        field = (np.sin(field * rng.uniform(10, 60)) + 1) / 2
    a, b = np.array(color(rng)), np.array(color(rng))
    return Image.fromarray((a + (b - a) * field).astype(np.uint8))


def night_sky(rng):
    w, h = (int(v) for v in rng.integers(120, 900, 2))
    base = np.array(color(rng, 0, 40), float)
    sky = np.repeat(np.repeat(base[None, None], h, 0), w, 1)
    sky += cloud(rng, w, h, 1.5)[..., None] * np.array(color(rng, 0, 60))
    picture = Image.fromarray(np.clip(sky + rng.normal(0, 3, sky.shape), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    big = rng.random() < 0.4
    for _ in range(int(rng.integers(5, 500))):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), abs(rng.normal(0, 5 if big else 1.2))
        draw.ellipse((x - r, y - r, x + r, y + r), color(rng, 140))
    if rng.random() < 0.3:
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), min(w, h) * rng.uniform(0.03, 0.3)
        draw.ellipse((x - r, y - r, x + r, y + r), color(rng, 190))
    return picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 1.5))))


def gradient(rng):
    w, h = (int(v) for v in rng.integers(32, 900, 2))
    y, x = np.mgrid[0:h, 0:w] / [[[h]], [[w]]]
    t = (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) if rng.random() < 0.6 else \
        np.hypot(x - rng.random(), y - rng.random())
    t = ((t - t.min()) / max(1e-9, t.max() - t.min()))[..., None]
    a, b = np.array(color(rng)), np.array(color(rng))
    return Image.fromarray((a + (b - a) * t).astype(np.uint8))


def blank(rng):
    size = tuple(int(v) for v in rng.integers(16, 900, 2))
    tone = color(rng) if rng.random() < 0.6 else (int(rng.integers(0, 256)),) * 3
    return Image.new("RGB", size, tone)


def noise(rng):
    h, w = (int(v) for v in rng.integers(16, 700, 2))
    kind = rng.random()
    if kind < 0.4:
        values = rng.integers(0, 256, (h, w, 3))
    elif kind < 0.7:
        values = np.repeat(rng.integers(0, 256, (h, w, 1)), 3, 2)
    else:
        values = np.clip(rng.normal(rng.uniform(20, 235), rng.uniform(3, 60), (h, w, 3)), 0, 255)
    picture = Image.fromarray(values.astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.5, 8)))) \
        if rng.random() < 0.3 else picture


# --- and what is a scene after all ------------------------------------------------------------------


def single_shape(rng):
    """One flat shape on a plain ground, or two or three, as easy-VQA draws one; at least half of them small."""
    side = int(rng.choice([48, 64, 64, 96, 128, 224, 320, 512]))
    size = (side, side) if rng.random() < 0.7 else (int(side * rng.uniform(1, 1.8)), side)
    ground = color(rng, 215) if rng.random() < 0.8 else color(rng, 0, 40) if rng.random() < 0.5 else color(rng)
    tone = color(rng)
    while sum(abs(a - b) for a, b in zip(tone, ground)) < 150:
        tone = color(rng)
    scale = 4
    picture = Image.new("RGB", (size[0] * scale, size[1] * scale), ground)
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.choice([1, 1, 1, 2]))):
        r = side * scale * rng.uniform(0.07, 0.3)
        x, y = (rng.uniform(r, v * scale - r) for v in size)
        kind = rng.random()
        if kind < 0.34:
            draw.ellipse((x - r, y - r, x + r, y + r), tone)
        elif kind < 0.67:
            high = r if rng.random() < 0.5 else r * rng.uniform(0.5, 1)
            draw.rectangle((x - r, y - high, x + r, y + high), tone)
        else:
            draw.regular_polygon((x, y, r), 3, float(rng.choice([0, 0, rng.uniform(0, 360)])), fill=tone)
    return picture.resize(size, Image.BOX if rng.random() < 0.7 else Image.NEAREST)


SCENES = [single_shape]
KINDS = [bar_chart, pie_chart, scatter_chart, line_chart, heat_map, histogram, text_page, table_page,
         receipt, code_matrix, screenshot, terminal, web_page, diagram, line_drawing, house_drawing,
         face_icon, road_map, flag, logo, traffic_sign, board_game, dice_and_cards, pixel_art,
         abstract_art, pattern, texture, night_sky, gradient, blank, noise]


def main():
    names = {kind.__name__: kind for kind in KINDS + SCENES}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, nargs="?")
    parser.add_argument("--num", type=int, default=500, help="pictures, the kinds in turn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=sorted(names), metavar="KIND")
    parser.add_argument("--list", action="store_true", help="list the kinds and stop")
    options = parser.parse_args()
    if options.list or options.out is None:
        print("\n".join(names))
        return
    chosen = options.kinds or [kind.__name__ for kind in KINDS]
    options.out.mkdir(parents=True, exist_ok=True)
    with open(options.out / "rows.jsonl", "w", encoding="utf-8") as rows:
        for i in range(options.num):
            kind = chosen[i % len(chosen)]
            rng = np.random.default_rng([options.seed, i])
            name = f"{kind}_{i:05d}.png"
            names[kind](rng).save(options.out / name)
            ground = "shapes" if names[kind] in SCENES else "neither"
            rows.write(json.dumps({"image": name, "ground": ground, "kind": kind}) + "\n")


if __name__ == "__main__":
    main()
