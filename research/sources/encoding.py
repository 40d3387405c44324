"""Bytes of a file as text, whatever wrote them: UTF-8, UTF-16, Latin-1, or one line so and another so. Pure."""

import codecs
import re

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
DECLARED = re.compile(rb"%\s*(?:encoding|!TeX encoding\s*=|-\*- coding)\s*+(?:[:=]\s*+)?([\w-]{3,20})", re.IGNORECASE)


def decode(content):
    """The text of a file. Never fails: bytes that fit nowhere become U+FFFD."""
    for mark, name in MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    sample = content[:2000]
    if sample.count(0) > len(sample) / 5:  # UTF-16 without its mark: every other byte of English is 0
        return content.decode("utf-16-be" if sample[:1] == b"\0" else "utf-16-le", "replace")
    for name in (declared(sample), "utf-8"):
        try:
            return content.decode(name).replace("\0", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return "".join(decode_line(line) for line in content.splitlines(keepends=True)).replace("\0", "")


def declared(sample):
    """The encoding that JabRef and editors write at the top."""
    found = DECLARED.search(sample)
    return found[1].decode() if found else ""


def decode_line(line):
    """One line, since files are made by pasting from several sources."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return line.decode("cp1252")
        except UnicodeDecodeError:
            return line.decode("latin-1")
