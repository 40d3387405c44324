"""What is refused, with which sentence, and before what."""

import io
import os
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from research import images
from research.images import ImageRefused, Picture, accept

from .drawn import KINDS, ROOT, accepted, chunk, corners, encoded, photograph, png, refusal

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
