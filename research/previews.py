"""The picture that a link to a publication shows elsewhere: 1200 by 630 pixels, with title, authors and thumbnail."""

import hashlib
import io
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageColor, ImageDraw, ImageFont

from . import colours, images
from .markup import plain
from .storage import StoreUnavailable

SIZE = (1200, 630)
MARGIN = 80
THUMBNAIL = (360, 300)
PAPER, INK, QUIET = "#ffffff", "#1d2023", "#5a6169"
# The places of colours in the palette: paper to ink, paper to quiet ink, the accent, and those of the thumbnail.
SHADES = 32
ACCENT = 2 * SHADES
FIGURE = ACCENT + 1
FONT = "source-sans-3-{}-wght-normal.woff2"
# The letters of European languages that the first file of the typeface has not.
EXTENDED = re.compile("([\u0100-\u0130\u0132-\u0151\u0154-\u02ba\u1e00-\u1eff]+)")


class Parts(NamedTuple):
    """What a preview shows; `thumbnail` is the name of a stored picture or ""; `accent` is "#rrggbb"."""

    title: str
    authors: str
    venue: str
    owner: str
    thumbnail: str
    accent: str

    @property
    def digest(self):
        """What names the picture of these parts: it may be kept for good, and a change gives a new address."""
        return hashlib.sha256("\x00".join(self).encode()).hexdigest()[:16]


def preview_parts(publication, profile):
    """What the preview of a publication shows; uses its prefetched authors."""
    return Parts(
        title=plain(publication.title),
        authors=", ".join(str(authorship.person) for authorship in publication.authorships.all()),
        venue=publication.venue_short or publication.venue,
        owner=profile.name,
        thumbnail=str(publication.thumbnail),
        accent=profile.accent_colour,
    )


@lru_cache(maxsize=64)
def draw(parts):
    """The PNG (bytes) of some `Parts`; texts that are too long end with "…"."""
    canvas = Image.new("L", SIZE)  # of each pixel its place in the palette, which costs half of what colours would
    pen = ImageDraw.Draw(canvas)
    pen.rectangle([0, 0, 16, SIZE[1]], fill=ACCENT)
    palette = shades(INK) + shades(QUIET) + [*ImageColor.getrgb(colours.accents(parts.accent)[0])]
    width = SIZE[0] - 2 * MARGIN
    if parts.thumbnail and (figure := stored(parts.thumbnail)):
        figure.thumbnail(THUMBNAIL)
        figure, more = paletted(figure)
        canvas.paste(figure, (SIZE[0] - MARGIN - figure.width, MARGIN))
        palette += more
        width -= THUMBNAIL[0] + 40
    top = write(pen, (MARGIN, MARGIN - 12), settable(parts.title), Style(56, 650, most_lines=5), width)
    width = SIZE[0] - 2 * MARGIN
    authors = ", ".join(filter(None, map(settable, parts.authors.split(", "))))
    quiet = Image.new("L", (SIZE[0], 100))
    write(ImageDraw.Draw(quiet), (MARGIN, 0), authors, Style(32, 400, most_lines=2), width)
    canvas.paste(quiet.point(lambda shade: shade and shade + SHADES), (0, max(top + 24, 420)), quiet.point(bool, "1"))
    last = " · ".join(text for text in (settable(parts.owner), settable(parts.venue)) if text)
    write(pen, (MARGIN, 540), last, Style(32, 600, most_lines=1), width)
    canvas.putpalette(palette)
    content = io.BytesIO()
    canvas.save(content, "PNG", compress_level=5)  # 6 takes half as long again, for 4 % less
    return content.getvalue()


def shades(colour):
    """The palette of `SHADES` colours from the paper to an ink: letters have soft edges."""
    inks = zip(ImageColor.getrgb(PAPER), ImageColor.getrgb(colour), strict=True)
    ramps = [[round(paper + (ink - paper) * place / (SHADES - 1)) for place in range(SHADES)] for paper, ink in inks]
    return [part for shade in zip(*ramps, strict=True) for part in shade]


def paletted(figure):
    """
    The figure as places in the rest of the palette, and that rest, in the way that takes 1 ms in place of many.

    It takes white for a shade of it, so the paper, of which a column is added to be found again, is made white.
    """
    framed = Image.new("RGB", (figure.width + 1, figure.height), PAPER)
    framed.paste(figure)
    found = framed.quantize(256 - FIGURE, Image.Quantize.FASTOCTREE)
    palette, paper = found.getpalette(), found.getpixel((figure.width, 0))
    palette[3 * paper : 3 * paper + 3] = ImageColor.getrgb(PAPER)
    places = Image.frombytes("L", found.size, found.tobytes()).point(lambda place: min(place + FIGURE, 255))
    return places.crop((0, 0, *figure.size)), palette


def stored(name):
    """The fallback rendition of a stored picture, on white; None where it is missing or none."""
    try:
        with default_storage.open(images.Picture.parse(name).fallback) as file:
            figure = Image.open(io.BytesIO(file.read())).convert("RGBA")
    except StoreUnavailable:  # the picture would be remembered without its thumbnail
        raise
    except (OSError, ValueError):
        return None
    return Image.alpha_composite(Image.new("RGBA", figure.size, PAPER), figure).convert("RGB")


def settable(text):
    """
    The text where the typeface has all its signs, else "": whoever shows the picture writes the title beside it, and
    boxes in the place of letters would tell nobody anything.
    """
    signs = [sign(character) for character in text if not unicodedata.category(character).startswith("C")]
    return "" if None in signs else "".join(signs)


@lru_cache(maxsize=4096)
def sign(character):
    """The character, or the plain one that it is a variant of ("ℝ" of "R"), that the typeface has; None without one."""
    return next(
        (text for text in (character, unicodedata.normalize("NFKC", character)) if all(map(is_set, text))), None
    )


def is_set(character):
    """Whether the typeface has a sign for a character: it draws the same box for all that it has not."""
    face = font("latin-ext" if EXTENDED.match(character) else "latin", 32, 400)
    return character.isspace() or bytes(face.getmask(character)) != bytes(face.getmask("\uffff"))


@lru_cache(maxsize=16)
def font(part, size, weight):
    found = ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / FONT.format(part), size)
    found.set_variation_by_axes([weight])
    return found


class Face:
    """The typeface in one size and weight, put together from its two files."""

    def __init__(self, size, weight):
        self.parts = font("latin", size, weight), font("latin-ext", size, weight)

    def runs(self, text):
        """(font, text) for each stretch of letters that one file has; every second one is an extended one."""
        return [(self.parts[place % 2], run) for place, run in enumerate(EXTENDED.split(text)) if run]

    def length(self, text):
        """How wide the text is, in pixels."""
        return sum(part.getlength(run) for part, run in self.runs(text))

    def draw(self, pen, place, text):
        x, y = place
        for part, run in self.runs(text):
            pen.text((x, y), run, font=part, fill=SHADES - 1)
            x += part.getlength(run)


class Style(NamedTuple):
    size: int
    weight: int
    most_lines: int


def write(pen, place, text, style, width):
    """Write text in lines of a width, cut after the style's most; returns the y at which the next may begin."""
    face = Face(style.size, style.weight)
    lines = wrapped(text, face, width)
    x, y = place
    for number, line in enumerate(lines[: style.most_lines], 1):
        is_cut = number == style.most_lines < len(lines)
        face.draw(pen, (x, y), fitting(line, face, width, is_cut))
        y += round(style.size * 1.22)
    return y


def fitting(line, face, width, is_cut):
    """The line, ended by "…" where it is cut, or where a word of it is wider than all."""
    if not is_cut and face.length(line) <= width:
        return line
    while line and face.length(line + "…") > width:
        line = line[:-1]
    return line + "…"


def wrapped(text, face, width):
    """The text in lines that are no wider than `width` pixels, as far as its words allow."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.length(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
