"""
RIS: lines of two letters and a value, for EndNote, Zotero, Mendeley and library catalogues. Pure: no Django.

The rules are those that Zotero, bibutils and citation-js were seen to need (SCHOLARLY.md, 6.3). Read here and not with
rispy, which keeps only the first of two lines of a kind; the format is one regular expression.

The licence is in `CR`, which no specification has: Zotero reads its "Rights" from it, and the others pass it over.

Not held (`LOST_FIELDS` has them by type): ORCID iDs and addresses of authors, labels and other attachments, date
online. A title's maths becomes Unicode and its emphasis is dropped. A workshop paper comes back as a conference paper
unless its venue says "workshop", a preprint without server or arXiv identifier as some other work, and the other way
round; an article's `number` comes back as its `pages`. Where a conference paper has only an event, that is its
container as well; without `url` the permalink stands in. No part of a name may hold a comma, and words in lower case
that begin a family name are its particle.
"""

import re
from dataclasses import fields

from .. import identifiers
from ..names import SUFFIXES, Name, leading_particle
from . import item as types
from . import limits, richtext
from .item import Contributor, Item

NAME = "RIS"
MEDIA_TYPE = "application/x-research-info-systems; charset=utf-8"
EXTENSION = "ris"

# CONF and not CPAPER, which bibutils refuses; GEN for a preprint as Zotero has it, nobody knows a type for it.
TAG_OF = {
    types.CONFERENCE_PAPER: "CONF", types.WORKSHOP_PAPER: "CONF", types.ARTICLE: "JOUR", types.PREPRINT: "GEN",
    types.BOOK: "BOOK", types.CHAPTER: "CHAP", types.THESIS: "THES", types.REPORT: "RPRT", types.DATASET: "DATA",
    types.SOFTWARE: "COMP", types.POSTER: "SLIDE", types.TALK: "SLIDE", types.OTHER: "GEN",
}  # fmt: skip
READ_AS = {tag: kind for kind, tag in reversed(TAG_OF.items())} | {
    "SLIDE": types.TALK, "GEN": types.OTHER, "CPAPER": types.CONFERENCE_PAPER, "EJOUR": types.ARTICLE,
    "JFULL": types.ARTICLE, "MGZN": types.ARTICLE, "NEWS": types.ARTICLE, "ABST": types.ARTICLE,
    "INPR": types.PREPRINT, "UNPB": types.PREPRINT, "UNPD": types.PREPRINT, "EBOOK": types.BOOK,
    "EDBOOK": types.BOOK, "ECHAP": types.CHAPTER, "GOVDOC": types.REPORT, "STAND": types.REPORT,
    "DBASE": types.DATASET, "AGGR": types.DATASET,
}  # fmt: skip
KINDS = {types.POSTER: "Poster", types.TALK: "Talk"}
# Each type's own lines beside those that all have: RIS 2011, as Zotero and EndNote read it.
BASE = {"CY": "place", "PB": "publisher"}
IN_PROCEEDINGS = {
    "T2": "event", "C3": "container", "J2": "container_short", "T3": "series", "VL": "volume", "PB": "publisher",
    "C1": "place", "SN": "isbn",
}  # fmt: skip
LINES = {
    types.CONFERENCE_PAPER: IN_PROCEEDINGS,
    types.WORKSHOP_PAPER: IN_PROCEEDINGS,
    types.ARTICLE: BASE
    | {"T2": "container", "J2": "container_short", "T3": "series", "VL": "volume", "IS": "issue", "SN": "issn"},
    types.PREPRINT: BASE | {"DB": "container"},
    types.BOOK: BASE | {"T2": "series", "VL": "volume", "ET": "version", "SN": "isbn"},
    types.CHAPTER: BASE
    | {"T2": "container", "J2": "container_short", "T3": "series", "VL": "volume", "ET": "version", "SN": "isbn"},
    types.THESIS: {"PB": "container", "M3": "genre", "CY": "place"},
    types.REPORT: {"PB": "container", "M3": "genre", "SN": "number", "T2": "series", "ET": "version", "CY": "place"},
    types.DATASET: BASE | {"ET": "version"},
    types.SOFTWARE: BASE | {"ET": "version", "T2": "series"},
    types.POSTER: BASE | {"T2": "event"},
    types.TALK: BASE | {"T2": "event"},
    types.OTHER: BASE | {"T2": "container", "VL": "volume", "IS": "issue", "ET": "version"},
}
WITHOUT_PAGES = {types.DATASET, types.SOFTWARE, types.POSTER, types.TALK}
ALL_TYPES = (
    {"key", "type", "title", "authors", "editors", "year", "month", "day", "pages", "doi", "arxiv_id", "arxiv_class"}
    | {"url", "pdf_url", "language", "license", "keywords", "abstract", "note", "notice"}
)  # fmt: skip
LOST_FIELDS = {
    kind: {field.name for field in fields(Item)} - ALL_TYPES - {*lines.values()}
    | ({"pages"} if kind in WITHOUT_PAGES else set())
    for kind, lines in LINES.items()
}
# The editors' tag: A2 for most of what has editors, A3 for a book's, since there A2 are those of the series.
EDITORS = {types.BOOK: "A3", types.THESIS: "ED", types.REPORT: "ED", types.SOFTWARE: "ED", types.DATASET: "ED"} | {
    types.POSTER: "ED", types.TALK: "ED",
}  # fmt: skip
NOTICE = re.compile(r"(?:retracted|corrected|withdrawn|expression of concern)\b", re.IGNORECASE)
ISSN = re.compile(r"\d{4}-?\d{3}[\dX]", re.IGNORECASE)
LICENSE = re.compile(r"[A-Za-z0-9.+-]{1,60}")  # SPDX; elsewhere "© 2024 The Publisher" stands in its place
ARXIV = re.compile(r"arXiv:(\S+)(?: \[(\S+)\])?", re.IGNORECASE)

LINE = re.compile(r"([A-Z][A-Z0-9]) {0,3}- ?(.*)")
SAME = {
    "T1": "TI", "CT": "TI", "A1": "AU", "Y1": "PY", "JF": "T2", "JO": "T2", "JA": "J2", "N2": "AB", "L3": "DO",
    "BT": "T2", "PP": "CY",
}  # fmt: skip


def render(item):
    """The record of an Item: lines that end with CRLF, from `TY` to `ER`."""
    arxiv = f"arXiv:{item.arxiv_id}" + (f" [{item.arxiv_class}]" if item.arxiv_class else "") if item.arxiv_id else ""
    first, _, last = item.pages.partition("–")
    if item.type in WITHOUT_PAGES:
        first = last = ""
    elif not first and item.type != types.REPORT:
        first = item.number
    lines = [("TY", TAG_OF[item.type]), ("ID", item.key), ("TI", richtext.plain(item.title))]
    lines += [("AU", render_name(author.name)) for author in item.authors]
    lines += [(EDITORS.get(item.type, "A2"), render_name(editor.name)) for editor in item.editors]
    lines += render_date(item)
    lines += [(tag, getattr(item, field)) for tag, field in LINES[item.type].items()]
    lines += [("C3", item.event)] if item.event and not item.container and "C3" in LINES[item.type] else []
    lines += [("T2", item.container)] if item.container and not item.event and "C3" in LINES[item.type] else []
    lines += [("M3", KINDS.get(item.type, "")), ("SP", first), ("EP", last), ("DO", item.doi), ("AN", arxiv)]
    lines += [("UR", item.url or item.record_url), ("L1", item.pdf_url), ("LA", item.language), ("CR", item.license)]
    lines += [("KW", keyword) for keyword in item.keywords]
    lines += [("N1", item.notice), ("N1", item.note), ("AB", richtext.plain(item.abstract))]
    texts = [(tag, richtext.one_line(text)) for tag, text in lines]
    return "".join(f"{tag}  - {text}\r\n" for tag, text in texts if text) + "ER  - \r\n"


def render_all(items):
    """The records of all items, an empty line between them."""
    return "\r\n".join(map(render, items))


def render_date(item):
    if not item.year:
        return []
    parts = f"{item.year:04}", f"{item.month:02}" if item.month else "", f"{item.day:02}" if item.day else ""
    return [("PY", parts[0]), ("DA", "/".join(parts) + "/" if item.month else "")]


def render_name(name):
    """ "van der Berg, Jan, Jr."; a name without a comma is a group's for Zotero and citation-js."""
    if not name.given_name:
        return name.full.replace(",", "")
    family = f"{name.particle} {name.family_name}".strip()
    return ", ".join(part.replace(",", "") for part in (family, name.given_name, name.suffix) if part)


def parse(text):
    """
    The list of Items in a RIS file; the tags of EndNote, Zotero and of the older RIS are understood.

    Raises ValueError with a sentence, and the line, where the file is too long or holds no record.
    """
    limits.check_length(len(text))
    limits.check_count(len(re.findall(r"^TY {0,3}-", text, re.MULTILINE)))
    return [read_item(record) for record in split(text)]


def split(text):
    """The records as {tag: list of values}. Raises ValueError with the line of the first that belongs to none."""
    found, faults = records(text)
    for line, reason in faults:
        raise ValueError(f"Line {line}: {reason}")
    return [record for _, record in found]


def records(text):
    """
    ([(line, {tag: list of values})], [(line, a sentence)]) of a file: its records, and the lines that belong to none.

    A line without a tag goes on with the value before it. A record may lack its `ER`.
    """
    found, faults, record, last = [], [], None, None
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), 1):
        match = LINE.fullmatch(line.rstrip(" \t"))
        if match and match[1] == "TY":
            record, last = {"TY": [[match[2]]]}, None
            found.append((number, record))
        elif match and match[1] == "ER":
            record = last = None
        elif line.strip() and record is None:
            start = line.strip()[:40]
            faults.append((number, f"a RIS record begins with “TY  - ”, and this line is “{start}”."))
        elif match:
            last = [match[2]]
            record.setdefault(SAME.get(match[1], match[1]), []).append(last)
        elif line.strip() and last:
            last.append(line)
    joined = [
        (number, {tag: [richtext.one_line(" ".join(lines)) for lines in values] for tag, values in record.items()})
        for number, record in found
    ]
    return joined, faults


def read_item(record):
    """The Item of one record."""
    kind = read_type(record)
    data = {}
    for tag, field in LINES[kind].items():
        data[field] = data.get(field) or next(iter(record.get(tag, ())), "")
    if "C3" in LINES[kind] and (not data["container"] or data["container"] == data["event"]):
        data |= {"container": data["container"] or data["event"], "event": ""}
    for number in record.get("SN", ()) if kind != types.REPORT else ():
        data["issn" if ISSN.fullmatch(number) else "isbn"] = number
    data["place"] = data.get("place") or next(iter(record.get("CY", ())), "")
    notes = [note for note in record.get("N1", ()) if note]
    notices = [note for note in notes if NOTICE.match(note)]
    first, last = (next(iter(record.get(tag, ())), "") for tag in ("SP", "EP"))
    if not last:
        first = re.sub(r"^(\d+)\s*[-–]+\s*(\d+)$", r"\1–\2", first)
    data["pages"] = f"{first}–{last}" if last and last != first else first
    return Item(
        key=re.sub(r"[^A-Za-z0-9:._/+-]", "", next(iter(record.get("ID", ())), "")),
        type=kind,
        title=richtext.one_line(next(iter(record.get("TI", ())), "")),
        authors=tuple(map(read_name, filter(None, record.get("AU", ())))),
        editors=tuple(map(read_name, filter(None, record.get(EDITORS.get(kind, "A2")) or record.get("ED", ())))),
        keywords=tuple(filter(None, record.get("KW", ()))),
        abstract=richtext.one_line(next(iter(record.get("AB", ())), "")),
        notice=" ".join(notices),
        note=" ".join(note for note in notes if note not in notices),
        language=next(iter(record.get("LA", ())), ""),
        license=next(filter(LICENSE.fullmatch, record.get("CR", ())), ""),
        pdf_url=next(iter(record.get("L1", ())), ""),
        **read_date(record),
        **read_identifiers(record),
        **data,
    )


def read_type(record):
    tag = record["TY"][0].upper()
    kind = READ_AS.get(tag, types.OTHER)
    venue = " ".join(record.get("T2", []) + record.get("C3", [])).lower()
    if kind == types.CONFERENCE_PAPER and "workshop" in venue:
        return types.WORKSHOP_PAPER
    if kind == types.TALK and "poster" in " ".join(record.get("M3", ())).lower():
        return types.POSTER
    if kind == types.OTHER and not record.get("T2"):
        on_arxiv = any(map(ARXIV.fullmatch, record.get("AN", ())))
        return types.PREPRINT if on_arxiv or record.get("DB") else types.OTHER
    return kind


def read_date(record):
    """Of `DA  - YYYY/MM/DD/other`, or of `PY`."""
    for text in [*record.get("DA", ()), *record.get("PY", ())]:
        found = re.match(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?![\d])", text)
        if found:
            year, month, day = (int(part or 0) for part in found.groups())
            month = month if 0 < month < 13 else None
            return {"year": year, "month": month, "day": day if month and 0 < day < 32 else None}
    return {}


def read_name(text):
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2:
        return Contributor(Name("", "", richtext.one_line(text.strip(" ,")), ""))
    given, suffix = parts[1], " ".join(parts[2:])
    if given.lower() in SUFFIXES and suffix:  # BibTeX's order of the three
        given, suffix = suffix, given
    particle, family = leading_particle(parts[0].split(" "))
    return Contributor(Name(given, particle, family, suffix))


def read_identifiers(record):
    data = {"url": next(iter(record.get("UR", ())), "")}
    for text in record.get("DO", ())[:1]:
        try:
            data["doi"] = identifiers.doi(text)
        except ValueError:
            continue
    for text in record.get("AN", ()):
        found = ARXIV.fullmatch(text)
        try:
            data |= {"arxiv_id": identifiers.arxiv(found[1]), "arxiv_class": found[2] or ""} if found else {}
        except ValueError:
            continue
    return data
