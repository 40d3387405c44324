"""The files that a picture is stored as, and their names."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat

from research import images
from research.images import Picture

from .drawn import BLUE, accepted, assert_corners, corners, encoded, master, near, opened, photograph


@pytest.mark.parametrize(
    ("size", "stored_as", "widths"),
    [
        ((100, 60), "100x60", [100]),
        ((180, 90), "180x90", [180]),
        ((181, 90), "181x90", [180, 181]),
        ((700, 400), "700x400", [180, 360, 540, 700]),
        ((1440, 100), "1440x100", [180, 360, 540, 720, 1080, 1440]),
        ((3000, 1000), "2560x853", [180, 360, 540, 720, 1080, 1440]),
        ((300, 3000), "256x2560", [180, 256]),
    ],
)
def test_renditions_are_never_wider_than_the_picture(size, stored_as, widths):
    content = encoded(Image.new("RGB", size, BLUE), "PNG")
    result = accepted(content)
    picture = Picture.parse(result.name)
    folder = re.fullmatch(r"(images/[0-9a-f]{32}-(\d+x\d+))/full\.png", result.name)
    assert folder[2] == stored_as == f"{picture.width}x{picture.height}"
    for kind in ("avif", "webp"):
        assert picture.srcset(kind) == [(f"{folder[1]}/{width}.{kind}", width) for width in widths]
    assert picture.fallback == (f"{folder[1]}/720.png" if picture.width > 720 else result.name)
    assert set(picture.names) == set(result.files)
    assert len(picture.names) == len(result.files)
    assert picture.names[0] == result.name == next(iter(result.files)) == picture.name
    for name, width in [*picture.srcset("avif"), *picture.srcset("webp"), (result.name, picture.width)]:
        assert opened(result.files[name]).size == (width, picture.height_at(width))


def test_the_fallback_is_720_wide():
    result = accepted(encoded(photograph(800, 400), "JPEG"))
    picture = Picture.parse(result.name)
    assert picture.fallback.endswith("/720.jpg")
    assert opened(result.files[picture.fallback]).size == (720, 360)


@pytest.mark.parametrize("kind", ["avif", "webp"])
def test_a_thin_line_stays_visible_in_a_rendition(kind):
    drawing = Image.new("RGB", (720, 400), "white")
    ImageDraw.Draw(drawing).line([0, 0, 719, 399], fill="red", width=3)
    result = accepted(encoded(drawing, "PNG"))
    name = {width: name for name, width in Picture.parse(result.name).srcset(kind)}[720]
    assert near(opened(result.files[name]).convert("RGB").getpixel((359, 199)), (255, 0, 0), by=40)


def test_a_large_picture_is_reduced_as_by_one_resize(monkeypatch):
    monkeypatch.setattr(images, "MASTER_SIDE", 100)
    monkeypatch.setattr(images, "STRIP_PIXELS", 2500)
    source = corners(400, 260)
    ImageDraw.Draw(source).line([0, 0, 399, 259], fill="white", width=2)
    expected = source.resize((100, 65), Image.Resampling.LANCZOS)
    assert master(encoded(source, "PNG")).tobytes() == expected.tobytes()


def test_a_large_jpeg_is_decoded_small(monkeypatch):
    """What keeps a progressive JPEG of 50 megapixels below 500 MB."""
    monkeypatch.setattr(images, "MASTER_SIDE", 100)
    source = Image.open(io.BytesIO(encoded(corners(800, 520), "JPEG", progressive=True)))
    assert_corners(images._reduced(source)[0])
    assert source.size == (100, 65)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_each_size_is_nearly_what_one_resize_makes_of_the_master(monkeypatch, mode):
    """30 dB: the error of a colour is 8 of 255 on the average, along thin lines, the worst that there is."""
    drawing = Image.new(mode, (2560, 1600), "white")
    for number in range(0, 2560, 40):
        ImageDraw.Draw(drawing).line([number, 0, 2559 - number, 1599], fill="navy", width=3)
    made = {}
    monkeypatch.setitem(images.ENCODERS, "webp", lambda image, drawing: made.setdefault(image.width, image) and b"")
    monkeypatch.setitem(images.ENCODERS, "avif", lambda image, drawing: b"")
    accepted(encoded(drawing, "PNG"))
    assert sorted(made) == list(images.WIDTHS)
    for width, image in made.items():
        direct = drawing.convert("RGB").resize(image.size, Image.Resampling.LANCZOS)
        errors = ImageStat.Stat(ImageChops.difference(image.convert("RGB"), direct)).rms
        assert max(errors) < 255 / 10 ** (30 / 20), width


def test_the_decoded_picture_is_given_up_before_the_rest_is_made():
    source = Image.open(io.BytesIO(encoded(corners(800, 520), "PNG")))
    images._reduced(source)
    with pytest.raises(ValueError, match="closed image"):
        source.getpixel((0, 0))


def test_the_same_content_has_the_same_names_and_another_has_others():
    first, again, other = (accepted(encoded(corners(*size), "PNG")) for size in ((90, 60), (90, 60), (90, 62)))
    assert first == again
    assert not set(first.files) & set(other.files)


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["jpg", "png"]))
def test_a_name_says_what_exists(width, height, suffix):
    name = f"images/{'0a' * 16}-{width}x{height}/full.{suffix}"
    picture = Picture.parse(name)
    assert (picture.name, picture.width, picture.height) == (name, width, height)
    assert len(set(picture.names)) == len(picture.names) == 2 * len(picture.widths) + (2 if width > 720 else 1)
    assert picture.fallback in picture.names
    assert max(picture.widths) == min(width, 1440)
    assert all(picture.height_at(each) >= 1 for each in picture.widths)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "portrait.jpg",
        f"images/{'0' * 32}-10x10/180.avif",
        f"images/{'0' * 31}-10x10/full.jpg",
        f"images/{'G' * 32}-10x10/full.jpg",
        f"images/{'0' * 32}-0x10/full.jpg",
        f"images/{'0' * 32}-10x10/full.gif",
        f"images/{'0' * 32}-10x10/full.jpg\n",
        f"images/{'0' * 32}-٣x10/full.jpg",
        f"/images/{'0' * 32}-10x10/full.jpg",
        f"../images/{'0' * 32}-10x10/full.jpg",
    ],
)
def test_a_name_that_is_not_ours_is_a_value_error(name):
    with pytest.raises(ValueError, match="not the name of a stored picture"):
        Picture.parse(name)


def test_there_are_no_renditions_of_another_kind():
    with pytest.raises(ValueError, match="no renditions of this kind"):
        Picture.parse(f"images/{'0' * 32}-10x10/full.jpg").srcset("gif")
