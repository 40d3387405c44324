"""The palette of the example pictures and a canvas that draws it with clean edges."""

import itertools
import math

from PIL import Image, ImageDraw, ImageFont

WHITE = "#ffffff"
INK = "#22303f"
SLATE = "#7d8d9b"
MIST = "#c9d5dc"
BLUE = "#2f618f"
TEAL = "#2b8186"
CORAL = "#df6c4f"
GOLD = "#edb85a"

SCALE = 3  # drawn three times as large and reduced: Pillow itself does not smooth edges


def mix(colour, other, share):
    """The colour that has `share` (0 to 1) of `other` in `colour`, both "#rrggbb"."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


def curve(start, bend, other_bend, end, steps=80):
    """Points of a cubic Bézier curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        corners = (start, bend, other_bend, end)
        points.append(tuple(sum(w * c[axis] for w, c in zip(weights, corners, strict=True)) for axis in (0, 1)))
    return points


def turned(points, centre, degrees):
    """The points turned clockwise about a centre."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    cx, cy = centre
    return [(cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos) for x, y in points]


class Canvas:
    """An opaque picture; all lengths are pixels of the finished one."""

    def __init__(self, width, height, background):
        self.size = (width, height)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points, fill):
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def box(self, left, top, right, bottom, radius, fill):
        edges = [edge * SCALE for edge in (left, top, right, bottom)]
        self.draw.rounded_rectangle(edges, radius * SCALE, fill=fill)

    def oval(self, x, y, across, down, fill):
        """An ellipse by its centre and its two radii."""
        edges = [edge * SCALE for edge in (x - across, y - down, x + across, y + down)]
        self.draw.ellipse(edges, fill=fill)

    def disc(self, x, y, radius, fill):
        self.oval(x, y, radius, radius, fill)

    def line(self, points, width, fill):
        """A line with round ends and joints."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=fill, width=round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def dashes(self, points, width, fill, dash, gap):
        """The same line, interrupted; the points must lie close together."""
        travelled, stroke = 0, [points[0]]
        for before, point in itertools.pairwise(points):
            travelled += math.dist(before, point)
            if travelled % (dash + gap) < dash:
                stroke.append(point)
            elif stroke:
                self.line(stroke, width, fill)
                stroke = []
        if len(stroke) > 1:
            self.line(stroke, width, fill)

    def head(self, before, tip, length, fill):
        """An arrow head with its tip at `tip`, pointing away from `before`."""
        angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
        back = [
            (tip[0] - length * math.cos(angle + side), tip[1] - length * math.sin(angle + side))
            for side in (0.55, -0.55)
        ]
        self.polygon([tip, *back], fill)
        self.line([tip, *back, tip], length / 6, fill)

    def arrow(self, points, width, fill):
        """A line that ends in a head at the last point."""
        length = width * 2.6
        shaft = [point for point in points if math.dist(point, points[-1]) > length * 0.75]
        self.line(shaft, width, fill)
        self.head(shaft[-1], points[-1], length, fill)

    def text(self, x, y, words, size, fill, weight=0):
        """Words centred on a point; `weight` thickens the strokes, as the built-in font has no bold."""
        self.draw.text(
            (x * SCALE, y * SCALE),
            words,
            fill=fill,
            font=ImageFont.load_default(size=size * SCALE),
            anchor="mm",
            stroke_width=weight * SCALE,
            stroke_fill=fill,
        )

    def finished(self):
        return self.image.resize(self.size, Image.Resampling.LANCZOS)
