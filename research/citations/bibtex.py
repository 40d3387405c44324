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
from dataclasses import fields

from . import bibtex_entries, bibtex_names, latex
from . import item as types
from .bibtex_reading import inherited, read_item
from .bibtex_types import ENTRIES, KINDS, MONTHS, THESES, WHERE, guessed_type
from .item import Item

NAME = "BibTeX"
MEDIA_TYPE = "application/x-bibtex; charset=utf-8"
EXTENSION = "bib"
OTHER_TYPES = ("text/x-bibtex", "application/x-bibtex-text-file")

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


def parse(text):
    """
    The list of Items in a BibTeX file. Accents, macros (`@string`), `crossref` and biblatex's names are understood.

    Raises ValueError with a sentence, and the line, where the file is too long or an entry cannot be read.
    """
    entries = bibtex_entries.split(text)
    by_key = {key.lower(): values for _, key, values in entries}
    return [read_item(entry, key, inherited(values, by_key) | values) for entry, key, values in entries]
