"""
The entries of a BibTeX file, their values still as typed. Pure: no Django.

bibtexparser 2 finds where an entry and its fields end: MIT, maintained (three releases in 2026), Python 3.10+, 200 kB,
linear. pybtex stops at the first slip and is quadratic in `#`; bibtexparser 1 is frozen. Macros and `#` are read here,
because bibtexparser joins nothing.
"""

import re

from bibtexparser.model import Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from . import limits

BLOCK = re.compile(r"@\w*+[ \t]*+[{(]")
MARK = re.compile(r'(?<!\\)[{}]|["#]')
MAX_VALUE = 1_000_000  # characters of one field
ALIASES = {
    "journaltitle": "journal", "location": "address", "annote": "note", "eprinttype": "archiveprefix",
    "eprintclass": "primaryclass", "keyword": "keywords", "langid": "language", "conference": "eventtitle",
}  # fmt: skip


def split(text):
    """The entries as (type, key, values by name); types and names in lower case, aliases resolved, values as typed."""
    limits.check_length(len(text))
    limits.check_count(sum(1 for _ in BLOCK.finditer(text)))
    entries, strings, total = [], {}, 0
    for found in Splitter(text.removeprefix("\ufeff")).split().blocks:
        block = readable(found)
        if isinstance(block, String):
            strings[block.key.lower()] = evaluate(block.value, strings)
            total += len(strings[block.key.lower()])
            limits.check_length(total)
        if isinstance(block, Entry):
            values = {}
            for field in block.fields:
                name = field.key.strip().lower()
                value = evaluate(field.value, strings)
                values.setdefault(ALIASES.get(name, name), value)
                total += len(value)
                limits.check_length(total)  # macros let a short file grow
            entries.append((block.entry_type.lower(), block.key.strip(), values))
    if text.strip() and not entries:
        raise ValueError("There is no BibTeX entry in this text. An entry begins with @article{…, for example.")
    return entries


def readable(block):
    """The block, or the entry in one that repeats a key or a field. Raises ValueError with its line for any other."""
    if not isinstance(block, ParsingFailedBlock):
        return block
    if block.ignore_error_block is not None:
        return block.ignore_error_block
    start = " ".join((block.raw or "").split())[:60]
    raise ValueError(
        f"Line {(block.start_line or 0) + 1}: this entry cannot be read: “{start}…”. "
        "Perhaps a brace, a quotation mark or a comma is missing."
    )


def evaluate(value, strings):
    """The text of `{…}`, `"…"`, a number, a macro, or several of these joined by `#`."""
    parts, length, depth, start = [], 0, 0, 0
    quoted = False
    for mark in MARK.finditer(value):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
        elif mark[0] == '"' and depth == 0:
            quoted = not quoted
        elif mark[0] == "#" and depth == 0 and not quoted:
            parts.append(value[start : mark.start()])
            start = mark.end()
    texts = []
    for part in [*parts, value[start:]]:
        word = part.strip()
        enclosed = len(word) > 1 and word[0] + word[-1] in ("{}", '""')
        texts.append(word[1:-1] if enclosed else strings.get(word.lower(), word))
        length += len(texts[-1])
        if length > MAX_VALUE:
            raise ValueError(f"A field of more than {MAX_VALUE:,} characters is too long for a citation.")
    return "".join(texts)
