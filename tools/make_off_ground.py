"""Draws samples/off_ground/: pictures that are no photos, on which the model should abstain.

    python3 tools/make_off_ground.py samples/off_ground

Needs Pillow 10.1 or newer with FreeType, whose built-in font it uses; no random numbers, so one
version of Pillow gives the same bytes each time (the files in the tree are from Pillow 13.0.0).
"""

import math
import pathlib
import sys

from PIL import Image, ImageDraw, ImageFont

INK = (24, 24, 28)
PAPER = (250, 249, 244)


def page(width, height, background=PAPER):
    picture = Image.new("RGB", (width, height), background)
    return picture, ImageDraw.Draw(picture)


def font(size):
    return ImageFont.load_default(size=size)


def receipt():
    picture, draw = page(360, 560)
    draw.text((180, 34), "CORNER GROCERY", INK, font(26), anchor="mm")
    draw.text((180, 66), "12 Mill Lane   Till 3", INK, font(16), anchor="mm")
    rows = [("Bread, whole", 2.40), ("Milk 1 l", 1.15), ("Apples 0.8 kg", 2.32), ("Butter", 2.79),
            ("Coffee beans", 7.95), ("Soap", 1.49)]
    y = 110
    for name, price in rows:
        draw.text((30, y), name, INK, font(20))
        draw.text((330, y), f"{price:.2f}", INK, font(20), anchor="ra")
        y += 34
    draw.line((30, y + 8, 330, y + 8), INK, 2)
    draw.text((30, y + 22), "TOTAL", INK, font(26))
    draw.text((330, y + 22), f"{sum(price for _, price in rows):.2f}", INK, font(26), anchor="ra")
    draw.text((30, y + 64), "Card", INK, font(20))
    draw.text((180, y + 130), "Thank you, come again", INK, font(18), anchor="mm")
    return picture


def bar_chart():
    picture, draw = page(640, 420, (255, 255, 255))
    draw.text((320, 28), "Visitors a month (thousands)", INK, font(24), anchor="mm")
    months = [("Jan", 12), ("Feb", 15), ("Mar", 22), ("Apr", 31), ("May", 28), ("Jun", 40)]
    for tick in range(0, 50, 10):
        y = 370 - tick * 7
        draw.line((60, y, 610, y), (215, 215, 215), 1)
        draw.text((50, y), str(tick), INK, font(16), anchor="rm")
    for i, (month, value) in enumerate(months):
        x = 85 + i * 88
        draw.rectangle((x, 370 - value * 7, x + 56, 370), (52, 110, 180))
        draw.text((x + 28, 390), month, INK, font(16), anchor="mm")
    return picture


def line_chart():
    picture, draw = page(640, 420, (255, 255, 255))
    draw.text((320, 28), "Signal and reference", INK, font(24), anchor="mm")
    draw.rectangle((60, 60, 610, 370), outline=INK, width=2)
    for shift, colour in ((0.0, (200, 60, 40)), (0.9, (40, 130, 70))):
        points = [(60 + i, 215 - 110 * math.sin(i / 60 + shift) * math.exp(-i / 400))
                  for i in range(551)]
        draw.line(points, colour, 3)
    draw.text((335, 396), "time (s)", INK, font(18), anchor="mm")
    return picture


def text_page():
    picture, draw = page(520, 680)
    draw.text((40, 36), "On keeping bees", INK, font(28))
    lines = [
        "A hive wants a dry place that faces the morning",
        "sun, some shade at noon, and water not far off.",
        "Open it on a warm day, without haste, and stand",
        "to one side so that the way in stays free.",
        "",
        "In spring, look for eggs: one in each cell means",
        "that the queen is well. In summer, give room",
        "before they ask for it. In autumn, leave them",
        "enough to live on until the willow flowers.",
        "",
        "Write down what you see. After three years the",
        "notes are worth more than any book.",
    ]
    for i, line in enumerate(lines):
        draw.text((40, 100 + i * 34), line, INK, font(19))
    draw.text((260, 650), "17", INK, font(16), anchor="mm")
    return picture


def road_map():
    picture, draw = page(560, 420, (232, 238, 222))
    draw.polygon([(0, 300), (160, 260), (330, 330), (560, 290), (560, 420), (0, 420)], (170, 205, 230))
    for points, width, colour in [
        ([(0, 80), (200, 120), (560, 60)], 12, (245, 200, 90)),
        ([(140, 0), (200, 120), (260, 270)], 8, (255, 255, 255)),
        ([(200, 120), (420, 210), (560, 200)], 8, (255, 255, 255)),
    ]:
        draw.line(points, (150, 150, 150), width + 4, joint="curve")
        draw.line(points, colour, width, joint="curve")
    for x, y, name in [(200, 120, "Ashford"), (420, 210, "Millbrook"), (90, 262, "North Bay")]:
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), (200, 40, 40))
        draw.text((x + 12, y - 26), name, INK, font(20))
    return picture


def plain():
    return page(400, 300, (128, 128, 128))[0]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_off_ground.py <folder>")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for draw in (receipt, bar_chart, line_chart, text_page, road_map, plain):
        draw().save(folder / f"{draw.__name__}.png", optimize=True)


if __name__ == "__main__":
    main()
