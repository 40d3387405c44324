r"""
BibTeX: one entry for one publication, for bibtex, biber, pandoc and every reference manager. Pure: no Django.

The rules are those that six readers were seen to need (SCHOLARLY.md, 6.2); fields and types are biblatex's where
classic BibTeX has none, so that biber's data model has nothing to say.

Not held (`LOST_FIELDS` has them by type): ORCID iDs and addresses of authors, our own addresses, attachments, date
online; and the licence, since biber's data model knows neither `license` nor `copyright` and warns of both. `notice`
becomes the beginning of `note`, an article's `number` its `pages`; without `url` the permalink stands in, without
`container` the event. Texts come back with curved quotation marks and real dashes. A particle is one for BibTeX only in
lower case, and a thesis of no `genre` is a PhD thesis.
"""

import re
import unicodedata
from dataclasses import fields

from .. import identifiers
from . import bibtex_entries, bibtex_names, latex, richtext
from . import item as types
from .item import Item

NAME = "BibTeX"
MEDIA_TYPE = "application/x-bibtex; charset=utf-8"
EXTENSION = "bib"

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
IN_A_BOOK = {
    "booktitle": "container", "shortjournal": "container_short", "series": "series", "volume": "volume",
    "pages": "pages", "publisher": "publisher", "address": "place", "isbn": "isbn",
}  # fmt: skip
IN_PROCEEDINGS = IN_A_BOOK | {"eventtitle": "event"}
UNTYPED = {"type": "genre", "version": "version", "address": "place"}
# What each type is written as: the entry type, and its fields beside those that all types have. No `publisher` in
# @article. @software and @dataset are no types for bibtex's own styles (nor is the latter for Zotero): @misc.
ENTRIES = {
    types.CONFERENCE_PAPER: ("inproceedings", IN_PROCEEDINGS),
    types.WORKSHOP_PAPER: ("inproceedings", IN_PROCEEDINGS),
    types.ARTICLE: (
        "article",
        {
            "journal": "container", "shortjournal": "container_short", "series": "series", "volume": "volume",
            "number": "issue", "pages": "pages", "issn": "issn",
        },
    ),
    types.BOOK: (
        "book",
        {
            "edition": "version", "series": "series", "volume": "volume", "pages": "pages",
            "publisher": "publisher", "address": "place", "isbn": "isbn",
        },
    ),
    types.CHAPTER: ("incollection", IN_A_BOOK | {"edition": "version"}),
    types.THESIS: ("phdthesis", {"type": "genre", "school": "container", "address": "place", "pages": "pages"}),
    types.REPORT: (
        "techreport",
        {
            "type": "genre", "institution": "container", "number": "number", "version": "version",
            "address": "place", "pages": "pages",
        },
    ),
} | dict.fromkeys(
    (types.PREPRINT, types.DATASET, types.SOFTWARE, types.POSTER, types.TALK, types.OTHER), ("misc", UNTYPED)
)  # fmt: skip
# `howpublished` says what a @misc is and where it is: "Data set, Zenodo"; the second is this field of the item.
WHERE = {
    types.DATASET: "publisher", types.SOFTWARE: "publisher", types.POSTER: "event", types.TALK: "event",
    types.PREPRINT: "container", types.OTHER: "container",
}  # fmt: skip
KINDS = {types.DATASET: "Data set", types.SOFTWARE: "Software", types.POSTER: "Poster", types.TALK: "Talk"}
THESES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
ALL_TYPES = (
    {"key", "type", "title", "authors", "editors", "year", "month", "day", "doi", "arxiv_id", "arxiv_class", "url"}
    | {"language", "keywords", "abstract", "note"}
)  # fmt: skip
LOST_FIELDS = {
    kind: {field.name for field in fields(Item)} - ALL_TYPES - {*held.values()} - {WHERE.get(kind)}
    for kind, (_, held) in ENTRIES.items()
}
LISTS = {"publisher", "address", "institution", "school"}  # biber divides them at " and "
MASTERS = re.compile(r"master|diplom|licen|\bm\.?\s?(?:sc|a|phil|eng)\b", re.IGNORECASE)

# What other people's files hold.
READ_AS = {
    "conference": types.CONFERENCE_PAPER, "inproceedings": types.CONFERENCE_PAPER, "article": types.ARTICLE,
    "book": types.BOOK, "mvbook": types.BOOK, "proceedings": types.BOOK, "collection": types.BOOK,
    "incollection": types.CHAPTER, "inbook": types.CHAPTER, "phdthesis": types.THESIS, "mastersthesis": types.THESIS,
    "thesis": types.THESIS, "techreport": types.REPORT, "report": types.REPORT, "dataset": types.DATASET,
    "software": types.SOFTWARE,
}  # fmt: skip
READ_ALSO = (
    ("publisher", "publisher"), ("organization", "publisher"), ("institution", "container"), ("school", "container"),
    ("journal", "container"), ("booktitle", "container"), ("series", "series"), ("volume", "volume"),
    ("eid", "number"), ("pages", "pages"), ("edition", "version"), ("version", "version"), ("isbn", "isbn"),
    ("issn", "issn"), ("address", "place"), ("eventtitle", "event"),
)  # fmt: skip
ARXIV_JOURNAL = re.compile(
    r"(?:arxiv.{0,99}?|corr.{0,9}?abs/)(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/\d{7})", re.IGNORECASE
)
PAGES = re.compile(r"(\S+?)\s*(?:-+|–|—)\s*(\S+)")
ESCAPED = re.compile(r"\\([&%$#_{}~])(?:\{\})?")
VERBATIM = {ord(character): f"%{ord(character):02X}" for character in '{}\\ "'}


def render(item, flavour="utf8"):
    """
    The entry of an Item, with a line break at its end.

    `flavour`: "utf8", or "latex" for pdflatex without any package: accents as commands, Greek and signs as maths.
    Letters of other scripts stay as they are; they need fonts that pdflatex has only in packages.
    """
    ascii = flavour == "latex"
    entry = "mastersthesis" if item.type == types.THESIS and MASTERS.search(item.genre) else ENTRIES[item.type][0]
    values = people(item, ascii) | own_fields(item, entry, ascii) | common_fields(item, ascii)
    if guessed_type(entry, values) != item.type:
        values["entrysubtype"] = item.type
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in values.items() if value)
    return f"@{entry}{{{item.key},\n" + ",\n".join(lines) + "\n}\n"


def render_all(items, flavour="utf8"):
    """The entries of all items, an empty line between them."""
    return "\n".join(render(item, flavour) for item in items)


def people(item, ascii):
    """Authors, editors and title. bibtex's styles sort by `key` what nobody wrote, and refuse a book both authors and
    editors: those are biblatex's `editora` then."""
    title = latex.encode(item.title, True, ascii, protect=latex.case_of(item.title, item.language))
    both = item.type == types.BOOK and item.authors and item.editors
    return {
        "author": bibtex_names.render(item.authors, ascii),
        "editora" if both else "editor": bibtex_names.render(item.editors, ascii),
        "key": "" if item.authors or item.editors else title,
        "title": title,
    }


def own_fields(item, entry, ascii):
    """The fields that this type has."""
    values = {name: latex.encode(getattr(item, field), ascii=ascii) for name, field in ENTRIES[item.type][1].items()}
    if item.type in WHERE:
        where = latex.encode(getattr(item, WHERE[item.type]), ascii=ascii)
        values = {"howpublished": ", ".join(filter(None, (KINDS.get(item.type), where)))} | values
    if "booktitle" in values:
        book = item.container or item.event
        values["booktitle"] = latex.encode(book, ascii=ascii, protect=latex.case_of(book, item.language))
        values["eventtitle"] = values.get("eventtitle", "") if item.container else ""
    if "pages" in values:
        article_number = item.number if "number" not in values or item.type == types.ARTICLE else ""
        values["pages"] = latex.encode(item.pages or article_number, ascii=True)
    if values.get("type") and item.genre == THESES.get(entry):
        del values["type"]
    for name in LISTS & values.keys():
        values[name] = values[name].replace(" and ", " {and} ")
    return values


def common_fields(item, ascii):
    """The fields that all types have."""
    note = " ".join(filter(None, (item.notice, item.note)))
    return {
        "year": str(item.year or ""),
        "month": MONTHS[item.month - 1] if item.month else "",
        "day": str(item.day or ""),
        "doi": item.doi.translate(VERBATIM),
        "eprint": item.arxiv_id,
        "archiveprefix": "arXiv" if item.arxiv_id else "",
        "primaryclass": item.arxiv_class if item.arxiv_id else "",
        "url": (item.url or item.record_url).translate(VERBATIM),
        "language": item.language,
        "keywords": ", ".join(render_keyword(keyword, ascii) for keyword in item.keywords),
        "note": latex.encode(note, ascii=ascii),
        "abstract": latex.encode(item.abstract, rich=True, ascii=ascii),
    }


def render_keyword(keyword, ascii):
    encoded = latex.encode(keyword, ascii=ascii)
    return f"{{{encoded}}}" if re.search("[,;]", keyword) else encoded


def guessed_type(entry, values):
    """The type of an entry by what it holds, where `entrysubtype` does not say it."""
    kind = READ_AS.get(entry, types.OTHER)
    if kind == types.CONFERENCE_PAPER and "workshop" in (values.get("booktitle") or "").lower():
        return types.WORKSHOP_PAPER
    if kind == types.ARTICLE and ARXIV_JOURNAL.match(" ".join((values.get("journal", ""), values.get("volume", "")))):
        return types.PREPRINT
    if kind == types.OTHER:
        published = values.get("howpublished", "").partition(",")[0].lower()
        found = next((kind for kind, label in KINDS.items() if published == label.lower()), None)
        return found or (types.PREPRINT if values.get("eprint") else types.OTHER)
    return kind


def parse(text):
    """
    The list of Items in a BibTeX file. Accents, macros (`@string`), `crossref` and biblatex's names are understood.

    Raises ValueError with a sentence, and the line, where the file is too long or an entry cannot be read.
    """
    entries = bibtex_entries.split(text)
    by_key = {key.lower(): values for _, key, values in entries}
    return [read_item(entry, key, inherited(values, by_key) | values) for entry, key, values in entries]


def inherited(values, by_key):
    """What an entry has from the one that its `crossref` names: the title of the proceedings is its `booktitle`."""
    parent = by_key.get(values.get("crossref", "").lower(), {})
    return {("booktitle" if name == "title" else name): value for name, value in parent.items() if name != "key"}


def read_item(entry, key, values):
    """The Item of an entry whose values are as typed."""
    kind = values.get("entrysubtype")
    kind = kind if kind in types.TYPES else guessed_type(entry, values)
    data = {name: text for name, text in read_fields(kind, entry, values).items() if text}
    return Item(
        key=clean_key(key),
        type=kind,
        title=latex.decode(values.get("title", ""), rich=True),
        authors=bibtex_names.parse(values.get("author", "")),
        editors=bibtex_names.parse(values.get("editor") or values.get("editora", "")),
        keywords=read_keywords(values.get("keywords", "")),
        abstract=latex.decode(values.get("abstract", ""), rich=True),
        note=latex.decode(values.get("note", "")),
        language=latex.decode(values.get("language", "")),
        **read_date(values),
        **read_identifiers(values),
        **data,
    )


def read_fields(kind, entry, values):
    """The item's fields that depend on its type."""
    own = ENTRIES[kind][1]
    data = {field: latex.decode(values.get(name, "")) for name, field in own.items()}
    for name, field in READ_ALSO:
        if field not in own.values() and name in values and not data.get(field):
            data[field] = latex.decode(values[name])
    if kind in WHERE:
        published = latex.decode(values.get("howpublished", ""))
        label = KINDS.get(kind, "")
        if label and published.lower().startswith(label.lower()):
            published = published[len(label) :].removeprefix(",").removeprefix(" ")
        data[WHERE[kind]] = ("" if "://" in published else published) or data.get(WHERE[kind], "")
    if kind == types.THESIS:
        data["genre"] = data.get("genre") or THESES.get(entry, "")
    if kind == types.PREPRINT and ARXIV_JOURNAL.match(f"{data.get('container', '')} {data.get('volume', '')}"):
        data |= dict.fromkeys(("container", "volume", "pages"), "")
    data["pages"] = read_pages(data.get("pages", ""))
    return data


def read_keywords(value):
    """Divided by the commas and semicolons that stand in no braces."""
    depth, words = 0, [[]]
    for part in re.findall(r"\\.|[{},;]|[^\\{},;]+|\\", value, re.DOTALL):
        depth += (part == "{") - (part == "}")
        if part in ",;" and depth <= 0:
            words.append([])
        else:
            words[-1].append(part)
    return tuple(filter(None, (latex.decode("".join(word)).strip(" ") for word in words)))


def read_pages(text):
    """With an en dash between first and last page."""
    found = PAGES.fullmatch(text) if len(text) < 100 else None
    return f"{found[1]}–{found[2]}" if found else text


def read_date(values):
    """`year`, `month` and `day`, or biblatex's `date` (ISO 8601)."""
    date = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", values.get("date", ""))
    year, month, day = date.groups() if date else (values.get(name, "") for name in ("year", "month", "day"))
    year = re.search(r"\d{4}", year or "")
    if not year:
        return {}
    month = re.search(r"[a-z]{3}|\d{1,2}", latex.decode(month or "").lower())
    number = month and (
        MONTHS.index(month[0]) + 1 if month[0] in MONTHS else int(month[0]) if month[0].isdigit() else 0
    )
    if not number or number > 12:
        return {"year": int(year[0])}
    day = int(day) if re.fullmatch(r"\d{1,2}", day or "") else 0
    return {"year": int(year[0]), "month": number, "day": day if 0 < day < 32 else None}


def read_identifiers(values):
    """DOI, arXiv identifier and class, and address; what is none of these is left out."""
    data = {"url": verbatim(values.get("url", ""))}
    if not data["url"] and "://" in values.get("howpublished", ""):
        data["url"] = verbatim(values["howpublished"])
    journal = ARXIV_JOURNAL.match(" ".join((values.get("journal", ""), values.get("volume", ""))))
    eprint = values.get("eprint", "") if values.get("archiveprefix", "arxiv").lower() == "arxiv" else ""
    for field, text, check in (
        ("doi", values.get("doi", ""), identifiers.doi),
        ("arxiv_id", verbatim(eprint) or (journal[1] if journal else ""), identifiers.arxiv),
    ):
        try:
            data[field] = check(verbatim(text))
        except ValueError:
            continue
    if data.get("arxiv_id"):
        data["arxiv_class"] = verbatim(values.get("primaryclass", ""))
    return data


def verbatim(text):
    r"""An address or identifier without `\url`, braces and the escapes that do not belong into it."""
    text = re.sub(r"\\(?:url|nolinkurl|href)(?![a-z])\s*+", "", text)
    return richtext.one_line(re.sub("[{}]", "", ESCAPED.sub(r"\1", text)))


def clean_key(key):
    """The key in the letters that an Item's key may have."""
    ascii = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9:._/+-]", "", ascii)
