"""Check, clean and resize an uploaded image.

One upload becomes a folder of files: the cleaned master, its renditions in AVIF and WebP, and one fallback. All are
made here, once; the names alone say what exists, so that reading a page needs neither disk nor database.
Pure: Pillow, no Django. The caller stores the bytes and deletes ``Picture.names``.
"""

import errno
import hashlib
import math
import re
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageCms

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
# Pillow copies the canvas of these two on the way, so what fits in 500 MB is smaller than for JPEG and PNG. Measured:
# WebP 16 bytes for each pixel, AVIF of 8 bits 9 to 13 by its planes; 10 bits with transparency is reckoned as 17.
DECODER_PIXELS = {"WEBP": 24_000_000, "AVIF": 24_000_000}
MASTER_SIDE = 2560  # a sharp full screen; nothing on the site shows more
# Names are derived from these: after a change, files of earlier pictures must be made anew.
WIDTHS = (180, 360, 540, 720, 1080, 1440)
FALLBACK_WIDTH = 720
MAX_RATIO = 50  # at 51:1 a rendition of 180 is 3 pixels high
# A progressive JPEG has about 10 scans. Each passes over the whole picture, and a small file can ask for very many.
MAX_SCANS = 100
# Pillow reads a file part by part, in Python, and a part can be empty: 20 MB of them took 7 s and 600 MB. A picture of
# 20 MB in pieces of 4 kB, as some programs write a PNG, is read in 20,000 pieces.
MAX_READS = 100_000

STRIP_PIXELS = 1_000_000

ACCEPTED = "JPEG, PNG, WebP, GIF and AVIF"
DAMAGED = (
    "This picture is damaged or incomplete. Open it on your computer, save it anew as PNG or JPEG and upload that."
)

# What a file says in its first bytes, and what to do instead. Extensions and content types are the sender's claims.
OTHER_KINDS = (
    (rb"\s*<(!DOCTYPE html|html|head|script)\b", "a web page", "Save the picture itself from that page"),
    (rb"\s*<(svg\b|(\?xml|!--|!DOCTYPE).*?<svg\b)", "an SVG drawing", "Export it as PNG"),
    (rb"%PDF-", "a PDF", "Export the page as PNG"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript (EPS) file", "Export it as PNG"),
    (rb"8BPS", "a Photoshop document", "Export it as PNG"),
    (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", "a TIFF or a camera's raw file", "Export it as PNG or JPEG"),
    (rb"BM.{4}\0\0\0\0", "a BMP picture", "Save it as PNG"),
    (rb".{4}ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", "a HEIC photo", "Export it as JPEG"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture", "Export it as JPEG"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture", "Export it as JPEG"),
    (rb"\0\0\x01\0", "an icon (ICO)", "Save it as PNG"),
    (rb".{4}ftyp", "a video", "Save one of its frames as JPEG"),
    (rb"PK\x03\x04", "a ZIP archive or an Office document", "Save the picture in it as PNG"),
)

# One picture at a time: two large ones at once would need twice the memory of a small server.
_one_at_a_time = threading.Lock()


class ImageRefused(ValueError):
    """The upload is not taken. ``str()`` is a sentence for a person: what happened and what to do."""


class _Counted:
    """A file that Pillow may read in MAX_READS pieces, whatever it takes for a part; ImageRefused beyond."""

    def __init__(self, file: BinaryIO):
        self.seek, self.tell = file.seek, file.tell
        self._read, self._left = file.read, MAX_READS

    def read(self, *size: int) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise ImageRefused(DAMAGED)
        return self._read(*size)


@dataclass(frozen=True)
class AcceptedImage:
    """``name`` is the master's; ``files`` maps every storage name, the master's first, to its bytes."""

    name: str
    files: dict[str, bytes]


@dataclass(frozen=True)
class Picture:
    """What the master's name says about a stored picture. Sizes are in pixels, upright."""

    digest: str
    width: int
    height: int
    suffix: str

    @classmethod
    def parse(cls, name: str) -> "Picture":
        """The picture with this master name; ValueError for a name that ``accept`` does not give."""
        match = re.fullmatch(r"images/([0-9a-f]{32})-([1-9][0-9]{0,3})x([1-9][0-9]{0,3})/full\.(jpg|png)", name)
        if not match:
            raise ValueError(f"not the name of a stored picture: {name!r}")
        digest, width, height, suffix = match.groups()
        return cls(digest, int(width), int(height), suffix)

    @property
    def name(self) -> str:
        return self._named(f"full.{self.suffix}")

    @property
    def fallback(self) -> str:
        """For what reads neither AVIF nor WebP: 720 pixels wide, or the master of a smaller picture."""
        return self._named(f"{FALLBACK_WIDTH}.{self.suffix}") if self.width > FALLBACK_WIDTH else self.name

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the renditions, ascending: never wider than the picture."""
        return tuple(sorted({min(width, self.width) for width in WIDTHS}))

    @property
    def names(self) -> tuple[str, ...]:
        """Every file of the picture: to delete it, to back it up."""
        renditions = [name for kind in ("avif", "webp") for name, _ in self.srcset(kind)]
        return tuple(dict.fromkeys([self.name, self.fallback, *renditions]))

    def srcset(self, kind: str) -> list[tuple[str, int]]:
        """The renditions as (name, width), ascending. ``kind`` is "avif" or "webp"."""
        if kind not in ENCODERS:
            raise ValueError(f"no renditions of this kind: {kind!r}")
        return [(self._named(f"{width}.{kind}"), width) for width in self.widths]

    def height_at(self, width: int) -> int:
        """The height of the rendition of this width, at least 1."""
        return max(1, round(width * self.height / self.width))

    def _named(self, file: str) -> str:
        return f"images/{self.digest}-{self.width}x{self.height}/{file}"


def accept(file: BinaryIO) -> AcceptedImage:
    """The cleaned picture in a seekable binary file, and its renditions; ImageRefused for anything else.

    Upright, in sRGB, without metadata, first frame only, at most MASTER_SIDE on its longer side. The same content
    gives the same names. Meant to stay below 500 MB (bench/image_upload.py); one picture at a time in a process.
    """
    _check_bytes(file)
    kind = _kind(file)
    with _one_at_a_time, warnings.catch_warnings():
        # Pillow warns of damaged metadata (which is thrown away) and of large pictures (which are checked below).
        warnings.simplefilter("ignore")
        image = _cleaned(file, kind)
        master, suffix = _master(image, lossless=kind in ("PNG", "GIF"))
        digest = hashlib.sha256(master).hexdigest()[:32]
        picture = Picture(digest, image.width, image.height, suffix)
        return AcceptedImage(picture.name, {picture.name: master, **_renditions(image, picture)})


def _check_bytes(file: BinaryIO) -> None:
    file.seek(0, 2)
    size = file.tell()
    if size == 0:
        raise ImageRefused("This file is empty. Choose the picture again and upload it.")
    if size > MAX_BYTES:
        raise ImageRefused(
            f"This file is {math.ceil(size / 1_000_000)} MB; a picture may have at most {MAX_BYTES // 1_000_000} MB. "
            "Save it smaller and upload it again."
        )


def _kind(file: BinaryIO) -> str:
    """Pillow's name of the format, from the first bytes: the only decoder that will see the file."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    # ISO/IEC 14496-12, 4.3: a file type box is its size, "ftyp", the major brand, a version, the compatible brands.
    if head[4:8] == b"ftyp" and re.search(rb"avi[fs]", head[8 : int.from_bytes(head[:4])]):
        return "AVIF"
    text = head.removeprefix(b"\xef\xbb\xbf")
    for pattern, what, instead in OTHER_KINDS:
        if re.match(pattern, text, re.DOTALL | re.IGNORECASE):
            raise ImageRefused(f"This file is {what}; pictures here are {ACCEPTED}. {instead} and upload that.")
    raise ImageRefused(f"This file is not a picture that can be shown; pictures here are {ACCEPTED}. Choose another.")


def _cleaned(file: BinaryIO, kind: str) -> Image.Image:
    """Decode; small, upright, sRGB, and with nothing of the source but its pixels. Modes L, RGB or RGBA."""
    limit = min(MAX_PIXELS, DECODER_PIXELS.get(kind, MAX_PIXELS))
    too_many = (
        f"This picture has more than {limit // 1_000_000} million pixels. Make it smaller "
        f"({MASTER_SIDE} pixels on its longer side are enough) and upload it again."
    )
    file.seek(0)
    # A decoder fed with garbage raises anything: SyntaxError, struct.error, OverflowError, MemoryError, ...
    try:
        if kind == "JPEG" and len(re.findall(rb"\xff\xda\0[\x08\x0a\x0c\x0e][\x01-\x04]", file.read())) > MAX_SCANS:
            raise ImageRefused(DAMAGED)
        image = Image.open(_Counted(file), formats=[kind])
    except Image.DecompressionBombError:
        raise ImageRefused(too_many) from None
    except Exception as error:
        # Pillow reads its own parts when they are needed, so the server's want may be no fault of the picture.
        if getattr(error, "errno", None) in (errno.EMFILE, errno.ENFILE):
            raise
        raise ImageRefused(DAMAGED) from None
    width, height = image.size
    if width * height > limit:
        raise ImageRefused(too_many)
    if max(width, height) > MAX_RATIO * min(width, height):
        raise ImageRefused(
            f"This picture is {width} × {height} pixels: too narrow to be seen. Crop it and upload it again."
        )
    try:
        small, turn = _reduced(image)
        return _upright(_in_srgb(small, image.info.get("icc_profile")), turn)
    except Exception:
        raise ImageRefused(DAMAGED) from None


def _reduced(image: Image.Image) -> tuple[Image.Image, Image.Transpose | None]:
    """Decode to at most MASTER_SIDE, as L, RGB, RGBA or CMYK; and how that has to be turned. ``image`` is used up.

    Image.resize works in two passes, columns then rows. The same is done here, the first in strips: converting or
    premultiplying 50 million pixels at once would double their 200 MB. The result is that of one resize.

    Of a large picture with transparency, squares of four pixels become one before: a third of the time, less memory.
    """
    scale = min(1, MASTER_SIDE / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    image.draft(None, size)  # libjpeg scales as it decodes: a quarter of the memory, or less; no effect on others
    image.load()
    mode = _working_mode(image)
    factor = 2 if mode == "RGBa" and scale < 0.5 else 1
    # What squares have smoothed already needs less of a filter, which takes a third of the time.
    way = Image.Resampling.LANCZOS if factor == 1 else Image.Resampling.HAMMING
    width, height = image.width / factor, image.height / factor
    narrow = Image.new(mode, (size[0], math.ceil(height)))
    rows = max(1, STRIP_PIXELS // image.width) * factor
    for top in range(0, image.height, rows):
        strip = _in_mode(image.crop((0, top, image.width, min(top + rows, image.height))), mode).reduce(factor)
        box = (0, 0, width, strip.height)  # half a pixel less where the width is odd
        narrow.paste(strip.resize((size[0], strip.height), way, box), (0, top // factor))
    turn = _turn(image)
    Image.Image.close(image)  # frees up to 200 MB, which nobody needs any longer; the file is the caller's
    small = narrow.resize(size, way, (0, 0, size[0], height))
    return small.convert("RGBA") if mode == "RGBa" else small, turn


def _working_mode(image: Image.Image) -> str:
    if image.has_transparency_data:
        # Premultiplied: else colours hidden under transparent pixels bleed into their neighbours (and stay readable).
        return "RGBa"
    if image.mode in ("1", "L", "I", "I;16", "I;16B", "F"):
        return "L"
    return "CMYK" if image.mode == "CMYK" else "RGB"


def _in_mode(strip: Image.Image, mode: str) -> Image.Image:
    if strip.mode.startswith("I"):
        # Pillow clips 16 bits to 8 instead of scaling them. Its grey of 16 bits has no use for a transparent value.
        strip = strip.point(lambda value: value * (1 / 257)).convert("L")
    if mode == "RGBa" and strip.mode != "RGBA":
        strip = strip.convert("RGBA")
    return strip.convert(mode)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Browsers take a picture without a profile for sRGB. A broken profile, or another mode's, is as good as none."""
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    converted = None
    if profile:
        with suppress(Exception):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    if converted is None:
        return image.convert("RGB") if image.mode == "CMYK" else image
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted.convert("L") if image.mode == "L" else converted


# EXIF 2.32, 4.6.4, tag 274: how the stored picture has to be turned to stand upright.
ORIENTATION = 274
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How a decoded picture has to be turned, by its metadata."""
    with suppress(Exception):  # damaged EXIF: it stands as it is stored
        return TURNS.get(image.getexif().get(ORIENTATION))


def _upright(small: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """``small`` turned, and without any metadata."""
    if small.mode == "RGBA" and small.getchannel("A").getextrema()[0] == 255:
        small = small.convert("RGB")
    upright = small if turn is None else small.transpose(turn)
    upright.info = {}  # Pillow's encoders write profiles, comments and EXIF they find there
    return upright


MAX_PNG_RATIO = 3
JPEG = {"quality": 88, "progressive": True, "optimize": True}


def _master(image: Image.Image, *, lossless: bool) -> tuple[bytes, str]:
    """The bytes and the suffix of the master.

    PNG for what JPEG cannot keep (transparency) or would smear (drawings). A drawing is what came without loss and
    stays small without. As PNG, 12 figures and screenshots took 0.25 to 1.1 times the bytes of their JPEG, a made-up
    plot 1.2 to 3.0 by its size, 900 overlapping discs 3.5; noise made to resemble a photograph took 4.4 to 6.6.
    """
    if image.mode == "RGBA":
        return _encoded(image, "PNG"), "png"
    jpeg = _encoded(image, "JPEG", **JPEG)
    if lossless:
        png = _encoded(image, "PNG")
        if len(png) <= MAX_PNG_RATIO * len(jpeg):
            return png, "png"
    return jpeg, "jpg"


def _avif(image: Image.Image, *, drawing: bool) -> bytes:
    # Measured on a plot: halved colour resolution costs 11 dB (thin coloured lines fade), full costs 11 % more bytes.
    if drawing:
        return _encoded(image, "AVIF", quality=75, subsampling="4:4:4", speed=7)
    return _encoded(image, "AVIF", quality=60, speed=7)


def _webp(image: Image.Image, *, drawing: bool) -> bytes:
    # WebP always halves the colour resolution, but its lossless form is usually the smaller one for a plot (231 kB
    # against 286 kB). Not for a photograph with transparency, which is also a PNG here.
    lossy = _encoded(image, "WEBP", quality=90 if drawing else 80)
    return min(lossy, _encoded(image, "WEBP", lossless=True), key=len) if drawing else lossy


ENCODERS = {"avif": _avif, "webp": _webp}


def _renditions(image: Image.Image, picture: Picture) -> dict[str, bytes]:
    drawing = picture.suffix == "png"
    sized = {picture.width: image}
    for width in sorted({*picture.widths, min(FALLBACK_WIDTH, picture.width)} - {picture.width}, reverse=True):
        # From the smallest that is twice as wide, in half the time: plots of thin lines differ by 33 to 43 dB from what
        # one resize makes, and are as sharp.
        source = sized[min((known for known in sized if known >= 2 * width), default=picture.width)]
        sized[width] = source.resize((width, picture.height_at(width)), Image.Resampling.LANCZOS)
    files = {}
    if picture.fallback != picture.name:
        kind, options = ("PNG", {}) if drawing else ("JPEG", JPEG)
        files[picture.fallback] = _encoded(sized[FALLBACK_WIDTH], kind, **options)
    for kind, encode in ENCODERS.items():
        for name, width in picture.srcset(kind):
            files[name] = encode(sized[width], drawing=drawing)
    return files


def _encoded(image: Image.Image, kind: str, **options) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
