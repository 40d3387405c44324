r"""
Authors as people's BibTeX files have them, made what BibTeX means: "Last, First and First Last".

Other readers of BibTeX forgive none of it: names in `\textbf`, marks and affiliations behind names, commas, semicolons
or `&` between people, "et al.". Pure: no Django.
"""

import re

from ..citations import bibtex_names, jats, latex
from ..citations.item import Contributor
from ..names import SUFFIXES, Name, parse_name

SET_IN = re.compile(
    r"\\(?:textbf|textit|textsc|textrm|texttt|textnormal|underline|uline|ul|emph|mbox|hbox|text|mathbf|bm)\s*\{([^{}]*)\}"
    r"|\{\s*\\(?:bf|bfseries|it|itshape|em|sc|scshape|rm|sl)(?![a-zA-Z])\s*+([^{}]*+)\}"
)
LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
SIGN_NAMES = {
    "dagger": "†", "dag": "†", "ddagger": "‡", "ddag": "‡", "ast": "*", "star": "*", "S": "§", "textsection": "§",
    "P": "¶", "envelope": "✉", "Letter": "✉", "textasteriskcentered": "*",
}  # fmt: skip
SIGN = re.compile(rf"\\(?:{'|'.join(sorted(SIGN_NAMES, key=len, reverse=True))})(?![a-zA-Z])(?:\{{\}})?")
RAISED = re.compile(
    r"\\(?:textsuperscript|textsuper|textsubscript|footnotemark|thanks)\s*\{([^{}]*)\}|\$\s*+(?:\^\s*+)?([^$]*+)\$|\^\{([^{}]*)\}|\^(?=[*†‡\d])"
)
AFFILIATION = re.compile(
    r"(?<=[^\W\d_.}¹²³⁴⁵⁶⁷⁸⁹])\s?[\d¹²³⁴⁵⁶⁷⁸⁹](?:\s?,\s?[\d*†‡]|[\d*†‡¹²³⁴⁵⁶⁷⁸⁹])*(?=\s*(?:,|$|\band\b))"
)
NAMESAKE = re.compile(r"(?<!\s)\s+\d{4}(?=\s*(?:,|$|\band\b))")
OTHERS = re.compile(
    r"(?:(?<![,\s])[,\s]+)?(?:\band\s+others|\bet\.?\s+al\b\.?|\{?et\.?\s+al\.?\}?|(?:\band\s+)?(?:…|\.\.\.|\\l?dots))\s*+(?:\.\s*+)?$",
    re.IGNORECASE,
)
SEPARATORS = re.compile(r"(?<!\s)\s+\\?&(?:amp;)?\s+|(?:(?<!\s)\s+)?;\s*")


def read(value):
    """(tuple of Contributor with the marks still in their names, whether the list is complete)."""
    text = marks_apart(value.strip())
    whole = OTHERS.sub("", text)
    complete = whole == text
    if not latex.pairs(re.sub(r"\\.", "", whole)):
        whole = whole.replace("{", "").replace("}", "")
    if not re.search(r"\{[^{};&]*+[;&][^{}]*+\}", whole):  # in a group's name they separate nothing
        whole = SEPARATORS.sub(" and ", whole)
    people = []
    for name in bibtex_names.separate(whole):
        if name.strip(" ,{}").lower() in ("others", "et al.", "et al"):
            complete = False
            continue
        people += filter(None, map(contributor, between_commas(name.strip(" ,"))))
    return tuple(people), complete


def marks_apart(value):
    """The value with its marks as bare signs, and without emphasis, links, tags and numbers of affiliations."""
    value = LINK.sub(r"\1", value)
    for _ in range(3):  # emphasis may be nested
        value = SET_IN.sub(lambda found: found[1] or found[2] or "", value)
    value = SIGN.sub(lambda found: SIGN_NAMES[re.sub(r"[\\{}]", "", found[0])], value)
    value = RAISED.sub(raised, value)
    if "<" in value or "&" in value:
        value = re.sub(r"<[^<>]{1,500}>", "", jats.decoded(jats.unescaped(value)))
    value = NAMESAKE.sub("", value)
    return AFFILIATION.sub(lambda found: re.sub(r"[^*†‡]", "", found[0]), value)


def raised(found):
    """The signs of what is raised; words in it ("1,2", "st") go, but maths that spells a letter stays."""
    inner = next(filter(None, found.groups()), "").strip()
    if found[2] is not None and re.search(r"\\?[a-zA-Z]", inner):
        return found[0]
    return "".join(sign for sign in inner if not sign.isalnum() and sign not in ",^{}\\ ")


def between_commas(name):
    """The names in one that may be a list: "Jane Doe, John Roe, Jo Poe" has no " and "."""
    pieces = [piece.strip() for piece in name.split(",")]
    if len(pieces) < 3 or "{" in name or pieces[1].rstrip("*†‡").lower() in SUFFIXES:
        return [name]
    if all(" " in piece for piece in pieces):
        return pieces
    if len(pieces) % 2 == 0 and len(pieces) > 3:
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    return [name]


def contributor(text):
    """One name as a Contributor, or None."""
    if text.startswith("{") and text.endswith("}") and "," in text and latex.pairs(text[1:-1]):
        text = text[1:-1]  # {Doe, Jane}
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and parts[1].lower() in SUFFIXES:  # Martin Luther King, Jr.
        return Contributor(parse_name(latex.decode(text, name=True)))
    # A mark before the name would be a part of the given name, and one behind its comma the whole of it.
    text = re.sub(r"^([*†‡]+)\s*(.*)$", r"\2\1", text)
    name = bibtex_names.parse_name(re.sub(r"(?<!\s)\s+and$", "", text))
    before = name.given_name.rpartition(" ")
    if name.family_name.lower() in SUFFIXES and before[0] and "," not in text:  # Martin Luther King III
        name = Name(before[0], name.particle, before[2], name.family_name)
    return Contributor(name) if name.family_name else None
