"""Names of people as they are typed: one name into its parts, a list of authors into names. Pure: no Django."""

import re
import unicodedata
from dataclasses import dataclass

SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}
# Irish and Scottish names have capitalised words before the name proper that belong to the family name.
FAMILY_BEGINS = {"ní", "nic", "uí", "ó", "mac", "nc", "san", "santa", "st.", "saint"}
# What papers print behind a name: an asterisk of any make for equal contribution, an envelope for correspondence.
EQUAL = "*∗＊⁎"
CORRESPONDING = "✉📧"
INITIALS = re.compile(r"(?:\w\.[ -]?){1,4}\W?")
OTHER_MARKS = "†‡§¶‖#"
SEPARATOR = re.compile(r",?(?:^|[ \n])(?:and|&)(?:[ \n]|$)|[\n;]")
# What separates names stands for itself in the braces of a group's name: it is put aside while a list is split.
PUT_ASIDE = str.maketrans(", ;\n", "\ue000\ue001\ue002\ue001")
PUT_BACK = str.maketrans("\ue000\ue001\ue002", ", ;")


# What only names of groups hold. A single word is no person's whole name either, and is not looked at.
GROUP = re.compile(
    r"\b(?:collaborations?|consortium|consortia|groups?|team|committee|council|institut[eo]?|universit\w+|society"
    r"|association|network|initiative|project|foundation|cent(?:er|re)|laborator\w+|lab|department|agency|ministry"
    r"|organi[sz]ation|company|corporation|commission|alliance|program(?:me)?|investigators|contributors|authors"
    r"|inc|ltd|llc|gmbh|working|task force|study|trial|workshop)\b|^the\b|\bfor the\b",
    re.IGNORECASE,
)
PARTICLES = {
    "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "las", "le", "los", "ten",
    "ter", "van", "vom", "von", "zu", "zum", "zur",
}  # fmt: skip
CAPITALS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Name:
    """A person's name in the four parts that BibTeX and CSL know; `family_name` alone is a group's name."""

    given_name: str
    particle: str
    family_name: str
    suffix: str

    @property
    def full(self):
        name = " ".join(part for part in (self.given_name, self.particle, self.family_name) if part)
        return f"{name}, {self.suffix}" if self.suffix else name


@dataclass(frozen=True)
class TypedAuthor:
    """One author as typed into a list: the name and what its marks say."""

    name: Name
    equal_contribution: bool
    corresponding: bool


def parse_name(text):
    """
    The parts of "Ludwig van Beethoven", "van Beethoven, Ludwig", "King, Jr., Martin Luther" or "{ATLAS Collaboration}".

    As BibTeX does it: a word in lower case before the family name is a particle. A name in braces is a group's.
    Raises ValueError with a sentence where there is no name.
    """
    text = " ".join(text.split())
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
        if text:
            return Name("", "", text, "")
    parts = [part.strip() for part in text.split(",")]
    if not any(letter.isalpha() for letter in parts[0]):
        raise ValueError(f"“{text}” is not a name.")
    if text.lower().rstrip(".") in ("et al", "others"):
        raise ValueError(f"“{text}” is not a name. Write the other authors too, or leave it out.")
    if INITIALS.fullmatch(text):
        raise ValueError(f"“{text}” is not a whole name. Write each author on a line of their own.")
    if len(parts) == 1:
        return parse_first_last(text.split())
    if len(parts) == 2 and parts[1].lower() in SUFFIXES:
        name = parse_first_last(parts[0].split())
        return Name(name.given_name, name.particle, name.family_name, parts[1])
    particle, family = leading_particle(parts[0].split())
    suffix, given = (parts[1], " ".join(parts[2:])) if len(parts) > 2 else ("", parts[1])
    return Name(given, particle, family, suffix)


def parse_first_last(words):
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in SUFFIXES else ""
    start = len(words) - 1
    for place, word in enumerate(words[1:-1], 1):
        if word[0].islower() or word.lower() in FAMILY_BEGINS:
            start = place
            break
    particle, family = leading_particle(words[start:])
    return Name(" ".join(words[:start]), particle, family, suffix)


def leading_particle(words):
    """("van der", "Berg") of ["van", "der", "Berg"]; the last word is never a particle."""
    count = 0
    while count < len(words) - 1 and words[count][:1].islower():
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def person_or_group(text):
    """
    The `Name` of an author whom a source writes in one piece: a person, unless it is one word or a group's name.

    Raises ValueError with a sentence where there is no name.
    """
    text = " ".join(text.split())
    return Name("", "", text, "") if is_group(text) else parse_name(text)


def is_group(text):
    """Whether a name is a group's: "ATLAS Collaboration", "The Owl Project", "OpenAI"."""
    words = text.split()
    return len(words) < 2 or ("," not in text and bool(GROUP.search(text)))


def recapitalised(name):
    """
    The name of a person in capitals as it is usually written: "SMITH, JOHN" is John Smith. A group's stays: "IBM".

    A given name of one or two capitals may be initials, and stays.
    """
    letters = "".join(filter(str.isalpha, name.family_name))
    if not name.given_name or len(letters) < 2 or not letters.isupper():
        return name
    particle, family = name.particle.lower(), name.family_name.split()
    while len(family) > 1 and family[0].lower() in PARTICLES:
        particle, family = f"{particle} {family[0].lower()}".strip(), family[1:]
    given = " ".join(word if initials(word) else capitalised(word) for word in name.given_name.split())
    return Name(given, particle, " ".join(map(capitalised, family)), name.suffix)


def initials(word):
    return "." in word or sum(map(str.isalpha, word)) < 3


def capitalised(word):
    """ "O'NEILL-MCDONALD" as "O'Neill-McDonald"; a word that has small letters already stays."""
    if not word.isupper():
        return word
    word = CAPITALS.sub(lambda part: part[0].capitalize(), word)
    return re.sub(r"\bMc(\w)", lambda part: f"Mc{part[1].upper()}", word)


def parse_authors(text):
    """
    The list of `TypedAuthor` in a list of names as papers print it or BibTeX writes it.

    Names are separated by line breaks, semicolons or " and "; where there are none of these, by commas. Raises
    ValueError with a sentence that names the place that is no name.
    """
    # A text copied from a PDF has its accents beside their letters: NFC puts them together.
    text = "\n".join(" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    text = re.sub(r"\{[^{}]*\}", lambda group: group[0].translate(PUT_ASIDE), text)
    lines = [line for found in SEPARATOR.split(text) if (line := found.strip(" ,"))]
    # In "Doe, Jane and Roe, John" every name has its comma; in "Jane Doe, John Roe and Jo Poe" commas separate names.
    between = len(lines) == 1 or any("," not in line and not line.startswith("{") for line in lines)
    chunks = [chunk for line in lines for chunk in split_line(line, between)]
    return [typed_author(chunk.translate(PUT_BACK)) for chunk in chunks]


def split_line(line, between):
    """
    The names in one line. Its commas stand inside a name ("Doe, Jane"; "Doe, J., Roe, R.") or between names.

    `between`: the list's commas stand between names, so that "Jane Doe, John Roe" is two names rather than one.
    """
    pieces = []
    for piece in (found.strip() for found in line.split(",") if found.strip()):
        if piece.strip(EQUAL).lower() not in SUFFIXES:
            pieces.append(piece)
        elif pieces and " " in pieces[-1]:  # "Martin Luther King, Jr."
            pieces[-1] += f", {piece}"
        else:  # "King, Jr., Martin Luther"
            return [line]
    if len(pieces) < 2:
        return [line]
    if len(pieces) % 2 == 0 and all(INITIALS.fullmatch(piece) for piece in pieces[1::2]):
        return [f"{family}, {initials}" for family, initials in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(pieces) > 2:
        return pieces
    two_whole_names = all(" " in piece or "}" in piece for piece in pieces) and not pieces[0][0].islower()
    return pieces if between and two_whole_names else [line]


def typed_author(chunk):
    chunk = chunk.strip(" ,")
    marks = set(chunk)
    bare = "".join(letter for letter in chunk if letter not in EQUAL + CORRESPONDING + OTHER_MARKS)
    return TypedAuthor(parse_name(bare), bool(marks & set(EQUAL)), bool(marks & set(CORRESPONDING)))
