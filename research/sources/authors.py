"""
Authors as sources print them, made people: marks become flags, capitals names, "et al." the knowledge that some lack.

Pure: no Django. A mark stands behind a name (`Doe*`, `Jane Doe†`); a note says what it means. Without a note a star
means equal contribution, and a dagger does where several authors share it and nobody has a star.
"""

import re
from dataclasses import dataclass, replace

from ..citations.item import Contributor
from ..names import CORRESPONDING, EQUAL, Name, person_or_group, recapitalised
from . import cleaning

SIGNS = EQUAL + CORRESPONDING + "†‡§¶‖#"
MARK = rf"[{re.escape(SIGNS)}\d¹²³⁴⁵⁶⁷⁸⁹⁰]"
# What stands behind a name, read from the end: else each blank of a long row would be a place to begin at.
MARKS_BACKWARDS = re.compile(rf"[\s,^]*+({MARK}(?:(?:{MARK}|[,^\s])*{MARK})?)[\s,^{{}}]*+")
LEADING = re.compile(rf"\A\s*([{re.escape(SIGNS)}]+)\s*")
NOBODY = re.compile(r"(?:and\s+)?(?:others|et\.?\s*al\.?|u\.?\s?a\.|\.\.\.|…|et\.)", re.IGNORECASE)
TRAILING_OTHERS = re.compile(r",?(?<!\s)\s+(?:et\.?\s+al\.?|and\s+others)\s*\Z", re.IGNORECASE)
EQUALLY = re.compile(
    r"equal(?:ly)?[\s-]+contribut\w*|contribut\w{0,20}[\s-]+equal(?:ly)?|equal(?:ly)? (?:first )?authors?\w*"
    r"|(?:co|joint|shared)[\s-]?first[\s-]authors?\w*|joint(?:ly)? (?:first|lead)|shared first",
    re.IGNORECASE,
)
COUNTED = re.compile(r"first\s+(two|three|four|five|six|2|3|4|5|6)\s+authors", re.IGNORECASE)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
CORRESPONDS = re.compile(r"correspond", re.IGNORECASE)
INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}|[A-Z]")
TOGETHER = re.compile(r"[A-Z]{1,2}")  # initials as PubMed writes them: "Smith JA"
LEGEND = re.compile(rf"([{re.escape(SIGNS)}]+)\W{{0,4}}([^{re.escape(SIGNS)}]{{0,80}})")


@dataclass(frozen=True)
class Authors:
    people: tuple[Contributor, ...]
    complete: bool
    equal: frozenset[int]
    corresponding: frozenset[int]


def read(contributors, notes="", complete=True):
    """
    The `Authors` of what a format has read, marks still in their names.

    `notes`: what the entry says beside its authors, such as "* Equal contribution". `complete`: whether the format has
    seen no "and others".
    """
    people, marks = [], []
    for contributor in contributors:
        name, found = without_marks(readable(contributor.name))
        if NOBODY.fullmatch(name.full.strip()):
            complete = False
        elif any(map(str.isalpha, name.full)):
            family = TRAILING_OTHERS.sub("", name.family_name)
            complete = complete and family == name.family_name
            people.append(replace(contributor, name=replace(name, family_name=family)))
            marks.append(found)
    people = [replace(person, name=recapitalised(in_order(person.name))) for person in as_in_pubmed(people)]
    equal, corresponding = meanings(marks, notes)
    return Authors(
        tuple(people),
        complete,
        frozenset(place for place, found in enumerate(marks) if found & equal) or counted(notes, len(people)),
        frozenset(place for place, found in enumerate(marks) if found & corresponding),
    )


def readable(name):
    """The name without mojibake and entities: even arXiv has "RamÃ­rez"."""
    if name.full.isascii() and "&" not in name.full:
        return name
    return Name(*(cleaning.plain(part) for part in (name.given_name, name.particle, name.family_name, name.suffix)))


def in_order(name):
    """ "Wall W.A." has its initials behind it."""
    if INITIALS.fullmatch(name.family_name) and len(name.given_name) > 1 and name.given_name.isalpha():
        return replace(name, given_name=name.family_name, family_name=name.given_name)
    return name


def as_in_pubmed(people):
    """
    The people of "Smith JA and Lopez M", their names the right way round; others as they are.

    "Wei LI" is a name in capitals: so it is believed where all names of the list are like that, and one has a single
    initial.
    """
    ends = [person.name.family_name for person in people]
    starts = [person.name.given_name for person in people]
    if not all(map(TOGETHER.fullmatch, ends)) or min(map(len, ends), default=2) > 1:
        return people
    if not all(start.isalpha() and not start.isupper() for start in starts):
        return people
    return [
        replace(person, name=replace(person.name, given_name=" ".join(f"{sign}." for sign in end), family_name=start))
        for person, end, start in zip(people, ends, starts, strict=True)
    ]


def without_marks(name):
    """(the name, the set of its marks). Digits behind a name are affiliations, or DBLP's "0001" for namesakes."""
    found, parts = set(), {}
    for field in ("given_name", "particle", "family_name", "suffix"):
        text = getattr(name, field)
        text, marks = parted(text)
        found |= set(marks)
        match = LEADING.search(text)
        if match:
            found |= set(match[1])
            text = text[match.end() :]
        parts[field] = text.strip(" ,") if found else text
    return Name(**parts), {("*" if mark in EQUAL else mark) for mark in found if mark in SIGNS}


def parted(text):
    """(the text, the marks behind it); marks alone are left as they are."""
    found = MARKS_BACKWARDS.match(text[::-1])
    return (text[: -found.end()], found[1][::-1]) if found and found.end() < len(text) else (text, "")


def meanings(marks, notes):
    """(marks of equal contribution, marks of correspondence)."""
    equal, corresponding = set(), set(CORRESPONDING)
    for signs, words in LEGEND.findall(notes):
        sign = {("*" if mark in EQUAL else mark) for mark in signs}
        equal |= sign if EQUALLY.search(words) else set()
        corresponding |= sign if CORRESPONDS.search(words) else set()
    if not equal:
        shared = [sign for sign in "†‡" if sum(sign in found for found in marks) > 1 and sign not in corresponding]
        stars = any("*" in found for found in marks) and "*" not in corresponding
        equal = {"*"} if stars else set(shared[:1])
    return equal - corresponding, corresponding


def counted(notes, number):
    """Places of the authors that a note names without marks: "the first two authors contributed equally"."""
    if not EQUALLY.search(notes) or any(sign in notes for sign in SIGNS):
        return frozenset()
    first = COUNTED.search(notes)
    if first:
        return frozenset(range(min(number, int(NUMBERS.get(first[1].lower(), first[1])))))
    return frozenset(range(number)) if number == 2 or re.search(r"\ball\b", notes, re.IGNORECASE) else frozenset()


def only_says_so(note):
    """Whether a note says nothing but who contributed equally or corresponds, which the flags say."""
    return (
        bool(EQUALLY.search(note)) and len(note) < 120 and not re.search(r"accept|publish|appear|award|doi", note, re.I)
    )


def named(texts):
    """Contributors of names in one piece, as arXiv, DBLP and ORCID write them; what is no name is left as it is."""
    return tuple(Contributor(whole(text)) for text in texts if text.strip())


def whole(text):
    text = re.sub(r"(?<!\s)\s+\d{4}\Z", "", text.strip())
    bare, marks = parted(text)
    try:
        name = person_or_group(bare)
    except ValueError:
        return Name("", "", text, "")
    return replace(name, family_name=name.family_name + marks)
