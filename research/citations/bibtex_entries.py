"""
The entries of a BibTeX file, their values still as typed. Pure: no Django.

Read here and not with a library, because people's files are broken in a few ways that all have: bibtexparser 2 takes
what follows a missing comma for a part of the value before it, reads entries that `@comment{…}` or `%` hide, and knows
the line of an entry only; pybtex stops at the first slip. An entry begins at an `@` that stands first on its line, or
behind the entry before it; so a brace that is never closed spoils one entry and not the rest of the file.
"""

import re
from typing import NamedTuple

from . import limits

BLOCK = re.compile(r"@\w*+[ \t]*+[{(]")
START = re.compile(r"^[ \t\ufeff]*@[ \t]*([A-Za-z]\w*)\s*+([{(])", re.MULTILINE)
NEXT = re.compile(r"[^\n@%]*+@[ \t]*([A-Za-z]\w*)\s*+([{(])")  # on the same line
KEY = re.compile(r"""\s*+([^\s,={}"#%]*+(?:[ \t]++[^\s,={}"#%]++)*+)\s*+(?=([,=})]|\Z))""")
BLANKS = re.compile(r"(?:[\s,]++|%[^\n]*+(?:\n|\Z))*+")
FIELD = re.compile(r"""([^\s=,{}"#%()]++(?:[ \t]++[^\s=,{}"#%()]++)*+)\s*+=\s*+""")
WORD = re.compile(r"""[^,{}"#)\n]++""")
BRACE = re.compile("[{}]")
UNESCAPED_BRACE = re.compile(r"(?<!\\)[{}]")
IN_QUOTES = re.compile(r'[{}"]')
JOINED = re.compile(r"\s*+#\s*+")
MAX_VALUE = 1_000_000  # characters of one field
ALIASES = {
    "journaltitle": "journal", "location": "address", "annote": "note", "eprinttype": "archiveprefix",
    "eprintclass": "primaryclass", "keyword": "keywords", "langid": "language", "conference": "eventtitle",
}  # fmt: skip


class Entry(NamedTuple):
    type: str  # in lower case
    key: str
    values: dict  # by name in lower case, aliases resolved, macros replaced, else as typed
    line: int  # counted from 1


class Fault(NamedTuple):
    line: int
    reason: str  # a sentence
    fatal: bool  # the entry could not be read at all


class Unreadable(ValueError):
    """An entry that cannot be read: `place` in the text, and a sentence."""

    def __init__(self, place, sentence):
        super().__init__(sentence)
        self.place = place


def split(text):
    """The entries as (type, key, values by name). Raises ValueError with the line of the first that cannot be read."""
    entries, faults = read(text)
    fatal = next((fault for fault in faults if fault.fatal), None)
    if fatal:
        raise ValueError(f"Line {fatal.line}: this entry cannot be read. {fatal.reason}")
    if text.strip() and not entries:
        raise ValueError("There is no BibTeX entry in this text. An entry begins with @article{…, for example.")
    return [(entry.type, entry.key, entry.values) for entry in entries]


def read(text):
    """
    (list of `Entry`, list of `Fault`) of a file: what can be read, and what is wrong with the rest.

    Raises ValueError with a sentence where the file is too long.
    """
    limits.check_length(len(text))
    limits.check_count(sum(1 for _ in BLOCK.finditer(text)))
    return Reader(text).run()


class Reader:
    """One pass over a text; `line` grows with it."""

    def __init__(self, text):
        self.text = text
        self.entries, self.faults, self.strings = [], [], {}
        self.total = 0
        self.open_comment = False
        self.counted, self.line = 0, 1

    def run(self):
        place = 0
        while start := START.search(self.text, place):
            following = START.search(self.text, start.end())
            end = following.start() if following else len(self.text)
            place = self.segment(start, end)
        return self.entries, self.faults

    def segment(self, start, end):
        """Reads the blocks that begin on one line, up to the next line that begins one; returns where to go on."""
        while start:
            kind = start[1].lower()
            line = self.line_of(start.start(1))
            if kind in ("comment", "preamble"):
                # What a comment hides may itself look like entries, and go on behind this segment.
                hides = start[2] == "{" and not self.open_comment
                closed = closing(self.text, start.end(), len(self.text), BRACE) if hides else -1
                self.open_comment |= hides and closed < 0  # one look to the end of the file is enough
                return closed if closed > 0 else end
            try:
                place = self.string(start, end) if kind == "string" else self.entry(kind, start, end, line)
            except Unreadable as problem:
                self.faults.append(Fault(line, f"{problem} It begins with “{self.begins(start, end)}”.", True))
                return end
            start = NEXT.match(self.text, place, end)
        return end

    def begins(self, start, end):
        return " ".join(self.text[start.start(1) - 1 : min(end, start.start(1) + 60)].split())

    def line_of(self, place):
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place
        return self.line

    def string(self, start, end):
        """A macro. Its value is kept by name, in lower case."""
        field = FIELD.match(self.text, BLANKS.match(self.text, start.end(), end).end(), end)
        if not field:
            raise Unreadable(start.start(), "A macro is written @string{name = {text}}.")
        value, place = self.value(field[1], field.end(), end)
        self.strings[field[1].lower()] = value
        return place

    def entry(self, kind, start, end, line):
        """An entry; returns where it ends. A comma or key that is missing is a fault, but no reason to lose it."""
        key = KEY.match(self.text, start.end(), end)
        if not key:
            raise Unreadable(start.end(), "It has no key: write @article{key, title = {…}}.")
        place, key, values, missing = (start.end(), "", {}, []) if key[2] == "=" else (key.end(), key[1], {}, [])
        closes = ")" if start[2] == "(" else "}"
        while True:
            blanks = BLANKS.match(self.text, place, end)
            if self.text[blanks.end() : blanks.end() + 1] == closes and blanks.end() < end:
                break
            field = FIELD.match(self.text, blanks.end(), end)
            if not field:
                raise Unreadable(blanks.end(), self.complaint(blanks.end(), end, closes))
            if values and "," not in blanks[0]:
                missing.append(field[1])
            name = field[1].lower()
            value, place = self.value(field[1], field.end(), end)
            values.setdefault(ALIASES.get(name, name), value)
        self.entries.append(Entry(kind, key.strip(), values, line))
        for name in missing:
            self.faults.append(
                Fault(line, f"A comma is missing before “{name}”; the entry was read all the same.", False)
            )
        return blanks.end() + 1

    def complaint(self, place, end, closes):
        rest = " ".join(self.text[place : min(end, place + 200)].split())[:40]
        if not rest:
            return f"Its last “{closes}” is missing: perhaps a brace is opened and never closed."
        return f"Near “{rest}”, a brace, a quotation mark or an equals sign is missing."

    def value(self, name, place, end):
        """(text, where it ends) of `{…}`, `"…"`, a number, a macro, or several of these joined by `#`."""
        parts, length = [], 0
        while True:
            opening = self.text[place : place + 1] if place < end else ""
            if opening == "{":
                closed = closing(self.text, place + 1, end, BRACE)
                closed = closed if closed > 0 else closing(self.text, place + 1, end, UNESCAPED_BRACE)
                part = self.text[place + 1 : closed - 1]
            elif opening == '"':
                closed = closing(self.text, place + 1, end, IN_QUOTES)
                part = self.text[place + 1 : closed - 1]
            else:
                word = WORD.match(self.text, place, end)
                closed = word.end() if word else place
                word = word[0].strip() if word else ""
                part = self.strings.get(word.lower(), word)
            if closed < 0:
                mark = "brace" if opening == "{" else "quotation mark"
                raise Unreadable(place, f"The {mark} that opens “{name}” is never closed.")
            length += len(part)
            if length > MAX_VALUE:
                raise Unreadable(place, f"“{name}” has more than {MAX_VALUE:,} characters, too long for a citation.")
            parts.append(part)
            joined = JOINED.match(self.text, closed, end)
            if not joined:
                self.total += length
                limits.check_length(self.total)  # macros let a short file grow
                return "".join(parts), closed
            place = joined.end()


def closing(text, place, end, marks):
    """Where the value that begins at `place` is behind its closing brace or quotation mark; -1 where it has none."""
    depth = 0 if marks is IN_QUOTES else 1
    for mark in marks.finditer(text, place, end):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
            if depth == 0 and marks is not IN_QUOTES:
                return mark.end()
        elif depth <= 0:
            return mark.end()
    return -1
