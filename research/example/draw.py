"""Draws the pictures of the example site: `python research/example/draw.py`."""

import math
from pathlib import Path

from canvas import BLUE, CORAL, GOLD, INK, MIST, SLATE, TEAL, WHITE, Canvas, curve, mix, turned
from PIL import Image

PICTURES = Path(__file__).parent / "pictures"
WIDTH, HEIGHT = 1200, 800


def straight(start, end, steps=120):
    """Points along a segment, close enough together to be dashed."""
    return [tuple(a + (b - a) * step / steps for a, b in zip(start, end, strict=True)) for step in range(steps + 1)]


def symmetric(right, axis):
    """The outline whose right half is given, from top to bottom."""
    return [*right, *((2 * axis - x, y) for x, y in reversed(right))]


def chip(canvas, x, y, half):
    """A processor: the sign for an AI system."""
    for offset in (-0.5, 0, 0.5):
        place = offset * half
        canvas.line([(x + place, y - half * 1.3), (x + place, y + half * 1.3)], half * 0.17, INK)
        canvas.line([(x - half * 1.3, y + place), (x + half * 1.3, y + place)], half * 0.17, INK)
    canvas.box(x - half, y - half, x + half, y + half, half * 0.22, INK)
    canvas.box(x - half * 0.5, y - half * 0.5, x + half * 0.5, y + half * 0.5, half * 0.12, GOLD)


def globe(canvas, x, y, radius, line):
    """The world: a disc with meridians and parallels."""
    canvas.disc(x, y, radius, TEAL)
    for share in (0, 0.5):
        meridian = [
            (x + radius * share * math.cos(turn / 60 * math.pi), y + (radius - line) * math.sin(turn / 60 * math.pi))
            for turn in range(121)
        ]
        canvas.line(meridian, line, WHITE)
    for height in (-0.45, 0, 0.45):
        half = radius * math.sqrt(1 - height**2) - line
        canvas.line([(x - half, y + radius * height), (x + half, y + radius * height)], line, WHITE)


def magnifier(canvas, x, y, radius, down):
    """An auditor's glass held over a point; its handle is `down` (1) or up (-1) and to the left."""
    grip = [(x - radius * share, y + radius * share * down) for share in (0.7, 1.5)]
    canvas.line(grip, radius * 0.36, CORAL)
    canvas.disc(x, y, radius * 1.12, CORAL)
    canvas.disc(x, y, radius * 0.86, WHITE)


def bubble(canvas, edges, fill, tail):
    """A speech bubble with its edges left, top, right, bottom; `tail` is the point that it comes from."""
    left, top, right, bottom = edges
    middle = (left + right) / 2
    root = middle + (right - left) * (0.22 if tail[0] > middle else -0.22)
    canvas.polygon([(root - 55, bottom - 60), (root + 55, bottom - 60), tail], fill)
    canvas.box(left, top, right, bottom, 70, fill)


def shield(canvas, x, y, half, fill):
    """A heater shield about a centre."""
    right = curve((x + half, y - half), (x + half, y + half * 0.5), (x + half * 0.5, y + half), (x, y + half * 1.3))
    canvas.polygon(symmetric(right, x), fill)


def causal_framework():
    canvas = Canvas(WIDTH, HEIGHT, "#e9f0f4")
    for side, colour in ((-1, BLUE), (1, GOLD)):
        step = (600, 400 + 185 * side)
        canvas.arrow(straight((200, 400 + 25 * side), (470, 400 + 130 * side), 16), 22, SLATE)
        canvas.arrow(straight(step, (836, 400 + 76 * side), 16), 22, SLATE)
        magnifier(canvas, *step, 108, side)
        canvas.disc(*step, 52, colour)
    chip(canvas, 190, 400, 112)
    globe(canvas, 1000, 400, 150, 10)
    return canvas


def insider_trading():
    canvas = Canvas(WIDTH, HEIGHT, "#f6f0e4")
    heights = (70, 115, 90, 150, 130, 210, 300)
    for place, height in enumerate(heights):
        left = 90 + place * 150
        canvas.box(left, 740 - height, left + 96, 740, 14, mix(TEAL, "#f6f0e4", 0.6))
    price = [(138 + place * 150, 690 - height) for place, height in enumerate(heights)]
    canvas.line(price[:-1], 20, TEAL)
    canvas.arrow(straight(price[-2], (1050, 300), 16), 20, TEAL)
    canvas.line([(60, 745), (1140, 745)], 14, INK)
    bubble(canvas, (90, 50, 590, 380), INK, (170, 480))
    canvas.text(258, 215, "$", 210, GOLD, 4)
    bubble(canvas, (420, 120, 860, 390), WHITE, (790, 470))
    for row, right in enumerate((780, 780, 660)):
        canvas.line([(500, 185 + row * 70), (right, 185 + row * 70)], 24, MIST)
    return canvas


def reversal_curse():
    canvas = Canvas(WIDTH, HEIGHT, "#f3f1ec")
    faint = mix(CORAL, "#f3f1ec", 0.35)
    there = curve((330, 300), (430, 80), (760, 80), (852, 248), 30)
    back = curve((870, 500), (770, 720), (440, 720), (348, 552))
    canvas.arrow(there, 30, INK)
    canvas.dashes([point for point in back if point[0] > 730], 30, faint, 46, 50)
    canvas.dashes([point for point in back[:-10] if point[0] < 470], 30, faint, 46, 50)
    canvas.head(back[-9], back[-1], 78, faint)
    canvas.disc(240, 400, 170, BLUE)
    canvas.disc(960, 400, 170, GOLD)
    canvas.text(240, 400, "A", 220, WHITE, 7)
    canvas.text(960, 400, "B", 220, INK, 7)
    for side in (-1, 1):
        canvas.line([(600 - 58 * side, 605), (600 + 58 * side, 721)], 38, CORAL)
    return canvas


def paper(canvas, centre, degrees, fill):
    """A sheet with lines of text, turned a little."""
    x, y = centre
    sheet = [(x - 190, y - 250), (x + 190, y - 250), (x + 190, y + 250), (x - 190, y + 250)]
    canvas.polygon(turned(sheet, centre, degrees), fill)
    for row in range(6):
        ends = [(x - 135, y - 90 + row * 58), (x + (20 if row == 5 else 135), y - 90 + row * 58)]
        canvas.line(turned(ends, centre, degrees), 20, MIST)


def out_of_context():
    canvas = Canvas(WIDTH, HEIGHT, "#e6f0ee")
    paper(canvas, (330, 410), -9, mix(MIST, WHITE, 0.4))
    paper(canvas, (350, 400), 3, WHITE)
    bubble(canvas, (620, 90, 1130, 370), TEAL, (690, 470))
    canvas.text(875, 230, "Hallo!", 155, WHITE, 4)
    pangolin(canvas, 820, 690)
    return canvas


def pangolin(canvas, x, y):
    """A pangolin that walks to the left, its feet on the line `y`."""
    skin, scale, edge = mix(GOLD, WHITE, 0.35), mix(GOLD, INK, 0.18), mix(GOLD, INK, 0.42)
    for place in (-95, 75):
        canvas.line([(x + place, y - 70), (x + place - 12, y - 20)], 50, edge)
    snout = [
        *curve((x - 70, y - 185), (x - 150, y - 185), (x - 190, y - 110), (x - 262, y - 62)),
        *curve((x - 262, y - 62), (x - 200, y - 42), (x - 130, y - 50), (x - 70, y - 60)),
    ]
    canvas.polygon(snout, skin)
    canvas.disc(x - 258, y - 66, 13, INK)
    canvas.disc(x - 168, y - 106, 13, INK)
    back = curve((x + 300, y - 18), (x + 190, y - 40), (x + 170, y - 165), (x + 5, y - 165), 13)
    back += curve((x + 5, y - 165), (x - 40, y - 165), (x - 75, y - 150), (x - 95, y - 125), 4)[1:]
    for px, py in back:  # from the tail to the head, as each scale lies on the one behind it
        depth = y - 45 - py
        radius = max(24, 44 * min(1, depth / 60))
        for row in range(max(1, round(depth / 34))):
            canvas.disc(px, py + row * 34, radius, edge)
            canvas.disc(px - 7, py + row * 34, radius - 7, mix(scale, GOLD, 0.5 * (row % 2)))
    for place in (-60, 110):
        canvas.line([(x + place, y - 70), (x + place - 12, y - 20)], 54, skin)
    canvas.line([(60, y + 8), (1140, y + 8)], 12, INK)


def in_context_scheming():
    ground = "#ebeef5"
    canvas = Canvas(WIDTH, HEIGHT, ground)
    canvas.polygon([(600, 110), (905, 560), (295, 560)], mix(GOLD, ground, 0.45))
    canvas.dashes(straight((150, 400), (960, 400)), 16, SLATE, 34, 40)
    canvas.line(curve((150, 400), (240, 400), (220, 676), (410, 676), 24), 30, CORAL)
    canvas.line([(410, 676), (800, 676)], 30, CORAL)
    canvas.arrow(curve((800, 676), (980, 676), (1060, 620), (1077, 512), 24), 30, CORAL)
    canvas.disc(140, 400, 74, INK)
    for radius, colour in ((100, CORAL), (68, WHITE), (36, CORAL)):
        canvas.disc(1080, 400, radius, colour)
    canvas.box(500, 50, 700, 170, 26, INK)
    canvas.disc(600, 160, 62, INK)
    canvas.disc(600, 165, 38, WHITE)
    canvas.disc(600, 168, 20, BLUE)
    return canvas


def safety_cases():
    canvas = Canvas(WIDTH, HEIGHT, "#f1eef3")
    canvas.polygon([(600, 60), (1090, 290), (110, 290)], INK)
    canvas.line([(110, 285), (1090, 285), (600, 60), (110, 285)], 20, INK)
    canvas.line([(545, 205), (590, 245), (665, 150)], 28, WHITE)
    for x, colour in ((270, BLUE), (600, TEAL), (930, GOLD)):
        canvas.box(x - 95, 318, x + 95, 670, 12, colour)
        shield(canvas, x, 485, 58, WHITE)
    canvas.box(110, 690, 1090, 750, 14, INK)
    return canvas


def situational_awareness_dataset():
    ground = "#edf2ec"
    canvas = Canvas(WIDTH, HEIGHT, ground)
    scores = ((230, 330), (300, 380), (150, 270), (210, 240), (270, 420), (120, 200), (180, 310))
    for place, pair in enumerate(scores):
        for side, (height, colour) in enumerate(zip(pair, (mix(BLUE, ground, 0.5), BLUE), strict=True)):
            left = 90 + place * 148 + side * 60
            canvas.box(left, 590 - height, left + 54, 590, 8, colour)
            canvas.box(left, 602, left + 54, 602 + height * 0.4, 8, mix(colour, ground, 0.7))
    canvas.dashes(straight((60, 120), (1140, 120), 400), 18, CORAL, 40, 40)
    canvas.line([(60, 596), (1140, 596)], 12, INK)
    return canvas


SKIN = mix(mix(CORAL, GOLD, 0.5), WHITE, 0.52)
BLUSH = mix(SKIN, CORAL, 0.28)
HAIR = mix(INK, CORAL, 0.22)


def jumper(canvas):
    """Neck and shoulders."""
    canvas.polygon(
        symmetric(
            [
                *curve((572, 645), (630, 700), (760, 705), (830, 760)),
                *curve((830, 760), (890, 812), (912, 900), (918, 1000)),
            ],
            500,
        ),
        BLUE,
    )
    canvas.polygon(symmetric(curve((572, 645), (640, 690), (596, 768), (500, 770)), 500), mix(BLUE, INK, 0.35))
    neck = [(572, 540), (572, 645), *curve((572, 645), (576, 700), (550, 730), (500, 731))]
    canvas.polygon(symmetric(neck, 500), SKIN)
    canvas.polygon(symmetric([(572, 560), *curve((572, 610), (560, 648), (530, 662), (500, 664))], 500), BLUSH)
    for side in (-1, 1):
        armpit, cuff = 500 + 256 * side, 500 + 238 * side
        seam = curve((armpit, 855), (500 + 242 * side, 900), (cuff, 950), (cuff, 1010))
        canvas.line(seam, 7, mix(BLUE, INK, 0.35))


def face(canvas):
    """Ears, face, brows, eyes, cheeks, nose and mouth."""
    for side in (-1, 1):
        canvas.oval(500 + 152 * side, 425, 30, 46, BLUSH)
    cheek = [
        *curve((500, 215), (610, 215), (656, 290), (650, 410)),
        *curve((650, 410), (646, 520), (580, 618), (500, 620)),
    ]
    canvas.polygon(symmetric(cheek, 500), SKIN)
    for side in (-1, 1):
        x = 500 + 68 * side
        canvas.line(curve((x - 36, 352), (x - 15, 338), (x + 15, 338), (x + 36, 352), 12), 13, HAIR)
        canvas.oval(x, 412, 13, 16, INK)
        canvas.oval(500 + 98 * side, 482, 30, 20, mix(SKIN, CORAL, 0.16))
    canvas.line(curve((500, 420), (494, 450), (478, 474), (502, 478), 14), 8, mix(SKIN, CORAL, 0.55))
    canvas.line(curve((448, 528), (474, 556), (526, 556), (552, 528), 16), 11, mix(CORAL, INK, 0.3))


def glasses(canvas):
    """Round, with a bridge and two arms."""
    for side in (-1, 1):
        x = 500 + 68 * side
        rim = [(x + 52 * math.cos(turn / 30 * math.pi), 412 + 50 * math.sin(turn / 30 * math.pi)) for turn in range(61)]
        canvas.line(rim, 9, INK)
        canvas.line([(500 + 120 * side, 402), (500 + 150 * side, 396)], 9, INK)
    canvas.line(curve((484, 404), (492, 394), (508, 394), (516, 404), 8), 9, INK)


def hair(canvas):
    """Short, parted on the left of the picture and brushed over."""
    crown = [
        *curve((345, 400), (322, 300), (330, 190), (440, 152)),
        *curve((440, 152), (560, 112), (690, 170), (672, 310)),
        *curve((672, 310), (670, 345), (662, 375), (655, 400)),
        *curve((655, 400), (640, 370), (640, 330), (622, 296)),
        *curve((622, 296), (540, 310), (450, 290), (420, 244)),
        *curve((420, 244), (405, 290), (360, 310), (345, 400)),
    ]
    canvas.polygon(crown, HAIR)
    canvas.line(curve((420, 244), (440, 215), (480, 190), (540, 186), 16), 7, mix(HAIR, WHITE, 0.2))


def portrait():
    canvas = Canvas(1000, 1000, "#d9e6e6")
    canvas.disc(500, 520, 410, mix("#d9e6e6", TEAL, 0.16))
    jumper(canvas)
    face(canvas)
    hair(canvas)
    glasses(canvas)
    return canvas


DRAWINGS = {
    "causal-framework.png": causal_framework,
    "insider-trading.png": insider_trading,
    "reversal-curse.png": reversal_curse,
    "out-of-context.png": out_of_context,
    "in-context-scheming.png": in_context_scheming,
    "safety-cases.png": safety_cases,
    "situational-awareness-dataset.png": situational_awareness_dataset,
    "portrait.jpg": portrait,
}


def main():
    PICTURES.mkdir(exist_ok=True)
    for name, drawing in DRAWINGS.items():
        picture = drawing().finished()
        if name.endswith(".png"):
            picture = picture.quantize(128, dither=Image.Dither.NONE)  # flat colours: no banding to hide
        picture.save(PICTURES / name, quality=88, optimize=True)


if __name__ == "__main__":
    main()
