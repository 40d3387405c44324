"""Files that mean harm, made here: small where they lie, large or foreign where they are opened."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from tests.images.drawn import chunk, corners, encoded, png

MARK = b"alert-mark"  # no stored picture holds it
SCRIPT = b"<html><script>" + MARK + b"</script></html>"
SMALL = (60, 40)
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ROWS = (b"\0" * 31) * 10  # of a picture of 10 × 10 pixels
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def picture(kind, mode="RGB", **options):
    return encoded(corners(*SMALL, mode=mode), kind, **options)


def segment(marker, data):
    """A part of a JPEG (ITU T.81, B.1.1.4)."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(parts):
    content = picture("JPEG")
    return content[:20] + parts + content[20:]


def png_with(*parts):
    return png(10, 10, 8, 2, ROWS, b"".join(parts))


def gif_with(parts):
    content = picture("GIF")
    at = 13 + 3 * (2 << (content[10] & 7))  # behind the palette
    return content[:at] + parts + content[at:]


def animated(kind, frames):
    """Frames that differ, so that none is left out."""
    pictures = [Image.new("RGB", (8, 8), (number % 256, number // 256, 0)) for number in range(frames)]
    return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:], duration=10)


def inflating(name, size=100_000_000):
    """A part of a PNG that is a thousand times as large once it is unpacked."""
    head = {b"iTXt": b"a\0\1\0\0\0", b"zTXt": b"a\0\0", b"iCCP": b"a\0\0"}[name]
    packer, piece = zlib.compressobj(9), bytes(1_000_000)
    return chunk(name, head + b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush())


def located(orientation=6):
    """A JPEG that has to be turned, and says where it was taken, by whom and with what."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x013B] = MARK.decode()
    gps = exif.get_ifd(0x8825)
    gps |= {1: "N", 2: (IFDRational(48), IFDRational(12), IFDRational(30)), 3: "E", 29: MARK.decode()}
    return picture("JPEG", exif=exif, comment=MARK)


def archive(*parts):
    """A ZIP archive of files of zeros."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, size in parts:
            file.writestr(name, bytes(size))
    return target.getvalue()


def large_profile():
    """A colour profile in as many parts as a JPEG can have (ICC.1, B.4)."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    parts = [profile, *[MARK * 6_000] * 254]
    return b"".join(
        segment(0xE2, b"ICC_PROFILE\0" + bytes([number, 255]) + part) for number, part in enumerate(parts, 1)
    )


BOMBS = {
    "of 50,000 x 50,000.png": lambda: png(50_000, 50_000, 1, 0, bytes(6_251) * 100),
    "of 2**31.png": lambda: png(2**31 - 1, 2**31 - 1, 16, 6, ROWS),
    "a screen of 65,535.gif": lambda: b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b",",
    "of 2,000 frames.gif": lambda: animated("GIF", 2_000),
    "of 2,000 frames.webp": lambda: animated("WEBP", 2_000),
    "of 4,000 frames.png": lambda: animated("PNG", 4_000),
    "of very many comments.gif": lambda: gif_with(b"!\xfe\x01a\0" * 60_000),
    "of comments without end.gif": lambda: gif_with(b"!\xfe" + b"\xffcomment" * 100 * 100),
    "of nothing between.gif": lambda: gif_with(b"\1" * 200_000),
    "of empty parts.png": lambda: png_with(chunk(b"teSt", b"") * 40_000),
    "of empty pixels.png": lambda: png_with(chunk(b"IDAT", b"") * 40_000),
    "of empty parts at its end.png": lambda: png_with()[:-12] + chunk(b"teSt", b"") * 40_000,
    "of empty texts.png": lambda: png_with(chunk(b"tEXt", b"a\0b") * 40_000),
    "of a long text.png": lambda: png_with(chunk(b"tEXt", b"a\0" + MARK * 50_000)),
    "of long metadata.png": lambda: png_with(chunk(b"eXIf", b"II*\0" + MARK * 50_000)),
    "of a text that inflates.png": lambda: png_with(inflating(b"zTXt")),
    "of a word that inflates.png": lambda: png_with(inflating(b"iTXt")),
    "of a profile that inflates.png": lambda: png_with(inflating(b"iCCP")),
    "of empty parts.jpg": lambda: jpeg_with(segment(0xEF, b"") * 60_000),
    "of fill bytes.jpg": lambda: jpeg_with(b"\xff" * 200_000),
    "of much metadata.jpg": lambda: jpeg_with(segment(0xE1, b"Exif\0\0" + MARK * 6_000) * 20),
    "of a large profile.jpg": lambda: jpeg_with(large_profile()),
}
FOREIGN = {
    "empty.png": lambda: b"",
    "one byte.jpg": lambda: b"\0",
    "zeros.png": lambda: bytes(10_000),
    "drawing.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="' + MARK + b'"/>',
    "drawing.png": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "page.pdf": lambda: SCRIPT,
    "program.csv.exe": lambda: b"MZ" + bytes(100),
    "no extension": lambda: PDF,
    "picture.tiff": lambda: picture("TIFF"),
    "scan.png": lambda: picture("TIFF"),
    "camera.raw": lambda: b"II*\0" + bytes(100),
    "figure.eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
    "figure.jpg": lambda: b"\xc5\xd0\xd3\xc6" + bytes(40),
    "phone.heic": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "archive.zip": lambda: archive(("zeros", 1_000_000)),
    "bomb.zip": lambda: archive(*((f"{number}", 10_000_000) for number in range(5))),
    "slides.pptx": lambda: archive(("ppt/presentation.xml", 1_000_000)),
    "words.docx": lambda: archive(("word/document.xml", 100)),
    "paper.pdf": lambda: PDF,
    "half of a paper.pdf": lambda: PDF[:20],
    "head of a paper.pdf": lambda: b"%PDF-",
    "script.pdf": lambda: PDF.replace(b">>", b"/OpenAction << /S /JavaScript /JS (" + MARK + b") >> >>", 1),
    "numbers.csv": lambda: b"=cmd|'/C calc'!A1,\xff\xfe\n" + SCRIPT,
    "notes.txt": lambda: SCRIPT,
    "../../up.png": lambda: picture("PNG"),
    'a";x\r\nSet-Cookie: b.pdf': lambda: PDF,
    "\u202efdp.exe": lambda: PDF,
    "a\0.pdf": lambda: PDF,
    "n" * 700 + ".pdf": lambda: PDF,
}
POLYGLOTS = {
    "gif and script.gif": lambda: b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;" + MARK,
    "gif and script.js": lambda: picture("GIF", comment=MARK) + b"=1;" + MARK,
    "jpeg and page.html": lambda: picture("JPEG", comment=SCRIPT) + SCRIPT,
    "png and page.html": lambda: png_with(chunk(b"tEXt", b"a\0" + SCRIPT)) + SCRIPT,
    "webp and page.webp": lambda: picture("WEBP", xmp=SCRIPT) + SCRIPT,
    "avif and page.avif": lambda: picture("AVIF", xmp=SCRIPT) + SCRIPT,
    "png and archive.zip": lambda: png_with() + MARK + archive(("evil.html", 10)),
    "archive and png.png": lambda: archive(("a", 10)) + png_with(),
    "paper and page.pdf": lambda: PDF + SCRIPT,
    "page and paper.pdf": lambda: SCRIPT + PDF,
    "jpeg and paper.pdf": lambda: picture("JPEG", comment=PDF) + MARK,
}
UNUSUAL = {
    "print colours.jpg": lambda: picture("JPEG", "CMYK"),
    "16 bits.png": lambda: png(10, 10, 16, 2, bytes(61) * 10),
    "palette.png": lambda: picture("PNG", "P", transparency=0),
    "two eyes.mpo": lambda: picture("MPO", save_all=True, append_images=[corners(*SMALL)]),
    "turned and located.jpg": located,
    "a turn that is none.jpg": lambda: located(99),
    **{f"named otherwise.{kind}": lambda kind=kind: picture(kind) for kind in KINDS},
}
DAMAGED = {f"half.{kind}": lambda kind=kind: picture(kind)[: len(picture(kind)) // 2] for kind in KINDS} | {
    f"turned over.{kind}": lambda kind=kind: picture(kind)[:16] + picture(kind)[:15:-1] for kind in KINDS
}
CORPUS = BOMBS | FOREIGN | POLYGLOTS | UNUSUAL | DAMAGED
