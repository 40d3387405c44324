"""Pictures are made here, so that what goes in is known to the pixel."""

import io
import os
import random
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from research import images
from research.images import ImageRefused, Picture, accept

ROOT = Path(__file__).resolve().parent.parent
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_each_accepted_kind_becomes_a_master_with_its_pixels(kind):
    assert_corners(master(encoded(corners(), kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_rendition_shows_the_picture_in_its_own_format(kind):
    result = accepted(encoded(corners(400, 260), kind))
    for name, content in result.files.items():
        image = opened(content)
        assert image.format == {"avif": "AVIF", "webp": "WEBP", "png": "PNG", "jpg": "JPEG"}[name.rsplit(".")[-1]]
        assert_corners(image)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_is_its_first_frame(kind):
    frames = [Image.new("RGB", (60, 40), colour) for colour in (BLUE, RED, GREEN)]
    content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert opened(content).n_frames == 3
    result = accepted(content)
    for stored in result.files.values():
        assert getattr(opened(stored), "n_frames", 1) == 1
        assert near(opened(stored).convert("RGB").getpixel((30, 20)), BLUE)


def test_an_mpo_of_a_camera_is_its_first_picture():
    content = encoded(corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (120, 80), "white")])
    assert opened(content).format == "MPO"
    assert_corners(master(content))


def test_an_mpo_with_a_damaged_index_is_its_first_picture():
    content = encoded(corners(), "MPO", save_all=True, append_images=[corners()])
    at = content.index(b"MPF\0")
    assert_corners(master(content[: at + 8] + b"\xff" * 20 + content[at + 28 :]))


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_a_jpeg_in_print_colours_or_grey_is_accepted(mode):
    shown = master(encoded(corners(mode=mode), "JPEG", quality=95))
    assert shown.mode == {"CMYK": "RGB", "L": "L"}[mode]
    assert_corners(shown, [colour.convert("RGB").getpixel((0, 0)) for colour in swatches(mode)])


def swatches(mode):
    return [Image.new("RGB", (1, 1), colour).convert(mode) for colour in (RED, GREEN, BLUE, YELLOW)]


def test_grey_of_16_bits_keeps_its_middle_tones():
    rows = b"".join(b"\0" + struct.pack(">H", 0x8000) * 50 for _ in range(40))
    assert near([master(png(50, 40, 16, 0, rows)).getpixel((25, 20))], [128], by=1)


def test_grey_of_16_bits_with_a_transparent_value_is_accepted():
    rows = b"".join(b"\0" + struct.pack(">H", 0x8000) * 50 for _ in range(40))
    content = png(50, 40, 16, 0, rows, chunk(b"tRNS", struct.pack(">H", 5)))
    assert "transparency" in opened(content).info
    assert near(master(content).convert("RGB").getpixel((25, 20)), (128, 128, 128), by=1)


@pytest.mark.parametrize(("colour_type", "channels"), [(2, 3), (6, 4), (4, 2)])
def test_colour_of_16_bits_is_accepted(colour_type, channels):
    rows = b"".join(b"\0" + struct.pack(">H", 0x8000) * channels * 50 for _ in range(40))
    shown = master(png(50, 40, 16, colour_type, rows)).convert("RGBA").getpixel((25, 20))
    assert near(shown, (128, 128, 128, 255 if channels == 3 else 128), by=1)


def test_colour_of_16_bits_with_a_transparent_value_is_accepted():
    rows = b"".join(b"\0" + struct.pack(">HHH", 0x8000, 0x4000, 0x2000) * 50 for _ in range(40))
    content = png(50, 40, 16, 2, rows, chunk(b"tRNS", struct.pack(">HHH", 9, 9, 9)))
    assert near(master(content).convert("RGB").getpixel((25, 20)), (128, 64, 32), by=1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_a_png_of_every_mode_is_accepted(mode):
    image = Image.new("L", (60, 40), 255).convert(mode)
    assert near(master(encoded(image, "PNG")).convert("RGB").getpixel((30, 20)), (255, 255, 255), by=1)


def transparent_left(mode):
    image = corners(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 60, 80))
    return image.quantize(16) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("P", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "AVIF"), ("RGBA", "GIF")],
)
def test_transparency_is_kept_in_every_file(mode, kind):
    content = encoded(transparent_left(mode), kind)
    result = accepted(content)
    assert result.name.endswith("full.png")
    for stored in result.files.values():
        image = opened(stored).convert("RGBA")
        assert image.getpixel((20, 40))[3] == 0
        assert image.getpixel((100, 40))[3] == 255


def test_colours_hidden_under_transparency_neither_bleed_nor_stay():
    image = Image.new("RGBA", (1000, 600), (255, 0, 255, 0))
    image.paste((10, 120, 10, 255), (500, 0, 1000, 600))
    for stored in accepted(encoded(image, "PNG")).files.values():
        small = opened(stored).convert("RGBA")
        edge = [small.getpixel((x, small.height // 2)) for x in range(small.width)]
        assert all(red < 60 for red, _, _, alpha in edge if alpha > 40)
        assert b"\xff\x00\xff" not in small.convert("RGB").tobytes() or not stored.startswith(b"\x89PNG")


def test_an_alpha_channel_without_transparency_is_dropped():
    assert master(encoded(corners(mode="RGBA"), "PNG")).mode == "RGB"


def test_a_drawing_stays_without_loss_and_a_photograph_becomes_a_jpeg():
    drawing, photo = corners(600, 400), photograph(600, 400)
    assert master(encoded(drawing, "PNG")).tobytes() == drawing.tobytes()
    assert accepted(encoded(photo, "PNG")).name.endswith("full.jpg")
    assert accepted(encoded(drawing, "JPEG")).name.endswith("full.jpg")


# Upright, sRGB, without metadata


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(kind, orientation):
    turn_back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = corners(200, 80)
    stored = stored.transpose(turn_back[orientation]) if orientation > 1 else stored
    exif = Image.Exif()
    exif[images.ORIENTATION] = orientation
    result = accepted(encoded(stored, kind, exif=exif))
    picture = Picture.parse(result.name)
    assert (picture.width, picture.height) == (200, 80)
    for content in result.files.values():
        assert_corners(opened(content))


def with_metadata(kind, profile=b""):
    """A picture that says where and by whom it was taken, in every way that its format has."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET-description"
    exif[0x010F] = "SECRET-camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 0x1D: "SECRET-GPS"})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET-xmp</x:xmpmeta>"
    options = {"exif": exif, "xmp": xmp, "icc_profile": profile}
    if kind in ("JPEG", "GIF"):
        options["comment"] = b"SECRET-comment"
    if kind == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Author", "SECRET-text")
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    return encoded(corners(400, 260), kind, **options) + b"SECRET-trailer"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_no_file_carries_metadata(kind):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = with_metadata(kind, profile)
    leaks = {match.decode() for match in re.findall(rb"SECRET-\w+", content)}
    assert {"GIF": {"SECRET-comment"}}.get(kind, {"SECRET-GPS", "SECRET-xmp"}) <= leaks
    assert opened(content).info.get("icc_profile", profile if kind == "GIF" else None) == profile
    result = accepted(content)
    for name, stored in result.files.items():
        assert b"SECRET" not in stored
        for marker in (b"Exif", b"eXIf", b"iCCP", b"ICC_PROFILE", b"ICCP", b"tEXt", b"iTXt", b"XMP", b"xmp", b"rICC"):
            assert marker not in stored, (name, marker)
        image = opened(stored)
        assert not image.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment", "Author"} & {
            key for key, value in image.info.items() if value
        }


def test_an_avif_loses_its_metadata():
    exif = Image.Exif()
    exif[0x010E] = "SECRET-description"
    content = encoded(corners(400, 260), "AVIF", exif=exif, xmp=b"SECRET-xmp")
    assert content.count(b"SECRET") == 2
    assert all(b"SECRET" not in stored for stored in accepted(content).files.values())


def wide_gamut_profile():
    """An ICC profile like Display P3: the sRGB curve with primaries that reach further (ICC.1:2022, 8.3.3)."""

    def fixed(*values):
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))

    xyz = {
        b"wtpt": (0.9642, 1.0, 0.8249),
        b"rXYZ": (0.51512, 0.2412, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.1571, 0.06657, 0.78407),
    }
    tags = {name: b"XYZ \0\0\0\0" + fixed(*value) for name, value in xyz.items()}
    curve = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    tags[b"desc"] = b"mluc\0\0\0\0\0\0\0\1\0\0\0\x0cenUS\0\0\0\4\0\0\0\x1c\0P\x003"
    tags[b"cprt"] = tags[b"desc"]
    table, data = b"", b""
    for name, value in tags.items():
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    head = struct.pack(">I4sI4s4s4s", 132 + len(table) + len(data), b"", 0x04400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s28x", 2026, 1, 1, 0, 0, 0, b"acsp") + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_wide_colour_space_is_converted_to_srgb(kind, mode):
    # (200, 100, 50) of Display P3 is (213, 96, 28) in sRGB.
    image = Image.new("RGB", (60, 40), (200, 100, 50))
    if mode == "RGBA" and kind != "JPEG":
        image.putalpha(Image.linear_gradient("L").resize((60, 40)).point(lambda value: max(value, 100)))
    shown = master(encoded(image, kind, icc_profile=wide_gamut_profile()))
    assert near(shown.convert("RGB").getpixel((30, 38)), (213, 96, 28), by=6)
    assert shown.mode == image.mode


@pytest.mark.parametrize("profile", [b"rubbish", b"\0" * 200, wide_gamut_profile()[:150]])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_broken_or_foreign_profile_is_ignored(profile, mode):
    image = corners(mode=mode)
    assert master(encoded(image, "JPEG", icc_profile=profile)).tobytes() == master(encoded(image, "JPEG")).tobytes()


def test_a_colour_profile_on_a_grey_picture_is_ignored():
    image = corners(mode="L")
    content = encoded(image, "PNG", icc_profile=wide_gamut_profile())
    assert master(content).tobytes() == image.tobytes()


def test_damaged_exif_does_not_stop_a_picture():
    for exif in (b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12" * 40):
        assert_corners(master(encoded(corners(), "JPEG", exif=exif)))


def test_a_second_file_hidden_in_a_picture_does_not_come_out():
    payload = b"<html><script>alert('payload')</script>"
    gif = encoded(corners(), "GIF", comment=payload) + payload
    jpeg = encoded(corners(), "JPEG", comment=payload) + b"PK\3\4" + payload
    polyglot = b"GIF89a" + gif[6:]
    for content in (polyglot, jpeg):
        assert content.count(b"payload") == 2
        assert all(b"payload" not in stored and b"script" not in stored for stored in accepted(content).files.values())


# Sizes and names


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
    assert_corners(images._reduced(source))
    assert source.size == (100, 65)


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


# What is refused

PICTURES_HERE = "pictures here are JPEG, PNG, WebP, GIF and AVIF."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty. Choose the picture again and upload it."),
        (b"<svg xmlns='x'>", f"This file is an SVG drawing; {PICTURES_HERE} Export it as PNG and upload that."),
        (b"<?xml version='1.0'?>\n<!-- by Inkscape -->\n<svg>", "an SVG drawing"),
        (b"\xef\xbb\xbf <!DOCTYPE svg PUBLIC 'x'><svg width='1'>", "an SVG drawing"),
        (b"<!doctype HTML><svg>", "a web page"),
        (b"%PDF-1.7\n", f"This file is a PDF; {PICTURES_HERE} Export the page as PNG and upload that."),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", f"a HEIC photo; {PICTURES_HERE} Export it as JPEG and upload that."),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "a HEIC photo"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "a video"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript (EPS) file"),
        (b"8BPS\0\1" + b"\0" * 30, "a Photoshop document"),
        (encoded(corners(), "TIFF"), "a TIFF or a camera's raw file"),
        (encoded(corners(), "BMP"), "a BMP picture"),
        (encoded(corners(), "ICO"), "an icon (ICO)"),
        (encoded(corners(), "JPEG2000"), "a JPEG 2000 picture"),
        (b"\xff\x0a\0\0", "a JPEG XL picture"),
        (b"PK\3\4" + b"\0" * 40, "a ZIP archive or an Office document"),
        (encoded(corners(), "TGA"), "not a picture that can be shown"),
        (b"Dear diary", f"This file is not a picture that can be shown; {PICTURES_HERE} Choose another."),
        (b"\0", "not a picture that can be shown"),
    ],
)
def test_another_kind_is_refused_with_what_to_do_and_never_decoded(content, sentence, monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *args, **options: pytest.fail("decoded"))
    assert sentence in refusal(content)


def test_only_the_decoder_of_the_kind_sees_the_file(monkeypatch):
    seen = []
    opener = Image.open
    monkeypatch.setattr(Image, "open", lambda file, formats: seen.append(formats) or opener(file, formats=formats))
    for kind in KINDS:
        accepted(encoded(Image.new("RGB", (20, 20)), kind))
    assert seen == [[kind] for kind in KINDS]


def test_a_file_over_the_limit_is_refused_before_it_is_read():
    class Unread(io.BytesIO):
        def read(self, *args):
            pytest.fail("read")

    with pytest.raises(ImageRefused) as caught:
        accept(Unread(bytes(33_400_000)))
    assert str(caught.value) == (
        "This file is 34 MB; a picture may have at most 20 MB. Save it smaller and upload it again."
    )


def too_many(million):
    return (
        f"This picture has more than {million} million pixels. Make it smaller "
        "(2560 pixels on its longer side are enough) and upload it again."
    )


@pytest.mark.parametrize("side", [7_072, 10_000, 50_000, 2**31 - 1])
def test_a_bomb_is_refused_by_its_header(side):
    assert refusal(png(side, side, 8, 2, b"\0" * 1000)) == too_many(50)


def test_a_gif_whose_frame_is_larger_than_its_screen_is_refused():
    screen = b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + b"\0" * 6
    assert refusal(screen + b"," + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\2\2\x4c\1\0;") == too_many(50)


def test_webp_and_avif_have_the_limit_of_their_decoders(monkeypatch):
    monkeypatch.setitem(images.DECODER_PIXELS, "WEBP", 1000)
    monkeypatch.setitem(images.DECODER_PIXELS, "AVIF", 1000)
    for kind in ("WEBP", "AVIF"):
        assert refusal(encoded(corners(), kind)) == too_many(0)


@pytest.mark.parametrize("size", [(1, 50_000_000), (50_000_000, 1), (102, 2)])
def test_a_line_is_refused(size):
    sentence = f"This picture is {size[0]} × {size[1]} pixels: too narrow to be seen. Crop it and upload it again."
    assert refusal(png(*size, 8, 2, b"\0" * 1000)) == sentence


@pytest.mark.parametrize("name", [b"zTXt", b"iCCP"])
def test_a_chunk_that_inflates_to_hundreds_of_megabytes_is_refused(name):
    inflating = chunk(name, b"name\0\0" + zlib.compress(b"\0" * 100_000_000))
    assert refusal(png(10, 10, 8, 2, (b"\0" * 31) * 10, inflating)) == images.DAMAGED


def test_a_jpeg_of_a_thousand_scans_is_refused():
    content = encoded(corners(), "JPEG", progressive=True)
    at = content.rindex(b"\xff\xda")
    assert refusal(content[:at] + content[at:-2] * 1000 + content[-2:]) == images.DAMAGED


def test_large_pictures_of_others_are_no_concern(recwarn):
    """10,000 × 10,000 is where Pillow itself would warn, and a warning is an error in tests."""
    refusal(png(10_000, 10_000, 8, 0, b""))
    assert not recwarn.list


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak of a process there")
def test_the_largest_picture_with_transparency_stays_below_500_mb(tmp_path):
    """The costliest common case; bench/image_upload.py has the others."""
    packer, row = zlib.compressobj(1), b"\0" + b"\x80" * 4 * 8660
    rows = b"".join(packer.compress(row) for _ in range(5773)) + packer.flush()
    content = png(8660, 5773, 8, 6, b"").replace(chunk(b"IDAT", zlib.compress(b"")), chunk(b"IDAT", rows))
    (tmp_path / "large.png").write_bytes(content)
    code = (
        "import re, research.images as images; file = open({!r}, 'rb'); print(images.accept(file).name); file.close()\n"
        "with open('/proc/self/status') as status: print(re.search(r'VmHWM:\\s+(\\d+)', status.read())[1])"
    ).format(str(tmp_path / "large.png"))
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    name, peak = run.stdout.split()
    assert name.endswith("-2560x1707/full.png")
    assert 200 < int(peak) * 1024 / 1_000_000 < 500


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (50, 1), (1, 50)])
@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_the_smallest_pictures_are_accepted(kind, size, mode):
    if kind == "JPEG" and mode == "RGBA":
        mode = "CMYK"
    assert Picture.parse(accepted(encoded(Image.new(mode, size), kind)).name).widths == (size[0],)


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_picture_is_refused(kind):
    content = encoded(photograph(), kind)
    for part in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9):
        assert refusal(content[: max(16, int(len(content) * part))]) == images.DAMAGED


@pytest.mark.parametrize("kind", KINDS)
def test_random_bytes_after_a_valid_head_are_refused(kind):
    content = encoded(photograph(), kind)
    for length in (16, 40, 100):
        assert refusal(content[:length] + random.Random(length).randbytes(3000)) in (images.DAMAGED, too_many(50))


@pytest.mark.parametrize("kind", KINDS)
def test_any_damage_gives_a_sentence_or_a_clean_picture(kind):
    content = encoded(photograph(24, 16), kind)
    chance = random.Random(kind)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(16, len(damaged))] = chance.randrange(256)
        try:
            result = accepted(bytes(damaged))
        except ImageRefused as refused:
            assert str(refused).startswith("This picture ")
            continue
        assert set(Picture.parse(result.name).names) == set(result.files)


@pytest.mark.parametrize(
    "error", [SyntaxError, struct.error, OSError, ValueError, MemoryError, OverflowError, EOFError, RuntimeError]
)
def test_whatever_a_decoder_raises_becomes_a_sentence(error, monkeypatch):
    def fail(*args):
        raise error

    monkeypatch.setattr(images, "_reduced", fail)
    assert refusal(encoded(corners(), "PNG")) == images.DAMAGED


def test_an_upload_of_django_is_read_wherever_its_position_is():
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("photo.exe", encoded(corners(), "PNG"), content_type="text/html")
    upload.seek(0, os.SEEK_END)
    assert accept(upload).name.endswith("-120x80/full.png")


def test_the_module_needs_no_django():
    code = "import sys, research.images; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
