"""Pictures are made here, so that what goes in is known to the pixel, and looked at again as they come out."""

import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from research.images import ImageRefused, accept

ROOT = Path(__file__).resolve().parents[2]
KINDS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 160, 30), (30, 30, 220), (230, 220, 30)


def encoded(image, kind, **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def corners(width=120, height=80, mode="RGB"):
    """Red, green over blue, yellow: tells every way of turning from the others."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    half = width // 2, height // 2
    for colour, (x, y) in {RED: (0, 0), GREEN: (half[0], 0), BLUE: (0, half[1]), YELLOW: half}.items():
        draw.rectangle([x, y, x + half[0], y + half[1]], fill=colour)
    return image.convert(mode)


def photograph(width=120, height=80):
    noise = random.Random(7).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), noise)


def accepted(content):
    return accept(io.BytesIO(content))


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def master(content):
    result = accepted(content)
    return opened(result.files[result.name])


def refusal(content):
    with pytest.raises(ImageRefused) as caught:
        accepted(content)
    return str(caught.value)


def near(colour, expected, by=12):
    return all(abs(a - b) <= by for a, b in zip(colour, expected, strict=True))


def shown_corners(image):
    """The colours near the four corners, row by row."""
    image = image.convert("RGB")
    right, low = image.width - 8, image.height - 8
    return [image.getpixel(at) for at in ((8, 8), (right, 8), (8, low), (right, low))]


def assert_corners(image, expected=(RED, GREEN, BLUE, YELLOW), by=20):
    assert all(near(*pair, by) for pair in zip(shown_corners(image), expected, strict=True)), shown_corners(image)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour_type, rows, extra=b""):
    """A PNG as Pillow does not write them."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + extra + body


# What is accepted
