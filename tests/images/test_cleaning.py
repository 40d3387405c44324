"""What an accepted picture becomes: upright, in sRGB, without metadata."""

import re
import struct

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from research import images
from research.images import Picture

from .drawn import (
    BLUE,
    GREEN,
    KINDS,
    RED,
    YELLOW,
    accepted,
    assert_corners,
    chunk,
    corners,
    encoded,
    master,
    near,
    opened,
    photograph,
    png,
)


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
