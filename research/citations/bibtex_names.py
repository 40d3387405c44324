"""Names as BibTeX files hold them: "von Last, Jr., First and {ATLAS Collaboration}". Pure: no Django."""

import re
from functools import lru_cache

from ..names import Name
from . import latex
from .item import Contributor

MAX_LENGTH = 500_000  # characters of a list of names; 3,000 authors take a fifth
MAX_NAME = 2_000
OUTSIDE = re.compile(r",|\band\b", re.IGNORECASE)  # what would divide a name


def render(contributors, ascii):
    """The names as the value of `author` or `editor`."""
    return " and ".join(render_name(contributor.name, ascii) for contributor in contributors)


@lru_cache(4096)
def render_name(name, ascii):
    if not name.given_name:
        return f"{{{latex.encode(name.full, ascii=ascii, name=True)}}}"
    family = part(name.family_name, ascii)
    # BibTeX takes everything up to the last word in lower case for the particle
    if any(lower(word) for word in name.family_name.split()[:-1]) and not family.startswith("{"):
        family = f"{{{family}}}"
    parts = [f"{part(name.particle, ascii)} {family}".strip(), part(name.suffix, ascii), part(name.given_name, ascii)]
    return ", ".join(text for text in parts if text)


def part(text, ascii):
    encoded = latex.encode(text, ascii=ascii, name=True)
    return f"{{{encoded}}}" if OUTSIDE.search(text) else encoded


def lower(word):
    letter = next((letter for letter in word if letter.isalpha()), "A")
    return not letter.isupper()


def parse(value):
    """
    The tuple of `Contributor` in the value of `author` or `editor`; "and others" is left out.

    Raises ValueError with a sentence where it is too long.
    """
    if len(value) > MAX_LENGTH:
        raise ValueError(f"A list of names has {len(value):,} characters; at most {MAX_LENGTH:,} are read.")
    if not latex.pairs(re.sub(r"\\.", "", value)):
        value = value.replace("{", "").replace("}", "")
    names = (parse_name(name.strip()) for name in separate(value))
    return tuple(Contributor(name) for name in names if name.family_name)


def separate(value):
    """The names in a value, at the "and" between them."""
    from bibtexparser.middlewares.names import split_multiple_persons_names  # 1.4 MB, which the first import takes

    return split_multiple_persons_names(value)


def parse_name(text):
    if len(text) > MAX_NAME:
        raise ValueError(f"A name of {len(text):,} characters is too long: “{text[:40]}…”.")
    if text in ("", "others"):
        return Name("", "", "", "")
    if text.startswith("{") and text.endswith("}") and latex.pairs(text[1:-1]):
        return Name("", "", words(text), "")
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    found = parse_single_name_into_parts(text, strict=False)
    if not found.first:
        return Name("", "", words(text.rstrip(", ")), "")
    return Name(*(words(" ".join(part)) for part in (found.first, found.von, found.last, found.jr)))


def words(text):
    return latex.decode(text, name=True)
