"""BibTeX, BibLaTeX and their dialects (Zotero, Mendeley, JabRef, Google Scholar, DBLP, ACL, al-folio). Pure."""

import re
from contextlib import suppress
from dataclasses import replace

from .. import identifiers
from ..citations import bibtex_entries, bibtex_reading, latex
from ..citations import item as types
from . import authors, bibtex_authors, cleaning
from .found import Answer, Found, Problem

NAME = "BibTeX"
EXTENSIONS = ("bib", "bibtex", "biblatex")
ENTRY = re.compile(r"^[ \t\ufeff]*@[ \t]*[A-Za-z]\w*\s*[{(]", re.MULTILINE)
ADDRESSES = ("url", "html", "ee", "bdsk-url-1", "website", "link", "howpublished")
NOTES = ("note", "annotation", "comment", "additional_info")
IGNORED = {"set", "xdata", "control", "ieeetranbstctl", "settings"}  # entries that are no works


def is_it(text):
    """Whether a text holds an entry of BibTeX."""
    return bool(ENTRY.search(text))


def parse(text):
    """The `Answer` of a file: each entry that can be read, and what is wrong with the others, by line."""
    entries, faults = bibtex_entries.read(text)
    entries = [entry for entry in entries if entry.type not in IGNORED]
    found, problems = [], [(fault.line, fault.reason) for fault in faults]
    by_key = {entry.key.lower(): entry.values for entry in reversed(entries) if entry.key}
    first_lines = {}
    for entry in entries:
        try:
            record = read(entry, by_key)
        except ValueError as error:
            problems.append((entry.line, str(error)))
            continue
        if not record.item.title:
            problems.append((entry.line, f"The entry “{entry.key or entry.type}” has no title, so it was left out."))
            continue
        key = record.item.key
        first = first_lines.setdefault(key, entry.line) if key else entry.line
        if first != entry.line:
            reason = f"The key “{key}” is there twice, first in line {first}; this entry was read without its key."
            problems.append((entry.line, reason))
            record = replace(record, item=replace(record.item, key=""))
        found.append(record)
    return Answer(tuple(found), (), tuple(Problem(f"Line {line}", reason) for line, reason in sorted(problems)))


def read(entry, by_key):
    """The `Found` of one entry."""
    values = ancestors(entry.values, by_key) | entry.values
    people, complete = bibtex_authors.read(values.get("author", ""))
    editors, _ = bibtex_authors.read(values.get("editor") or values.get("editora", ""))
    item = bibtex_reading.read_item(entry.type, entry.key, values | {"author": "", "editor": "", "editora": ""})
    notes = " ".join(latex.decode(values[name]) for name in NOTES if name in values)
    who = authors.read(people, notes, complete)
    item = replace(item, authors=who.people, editors=authors.read(editors).people)
    item = cleaning.item(identified(titled(item, values), values))
    if (who.equal or who.corresponding) and authors.only_says_so(item.note):
        item = replace(item, note="")
    return Found(item, NAME, entry.line, who.complete, who.equal, who.corresponding)


def ancestors(values, by_key):
    """What an entry has from those that `crossref` and `xdata` name, and these from theirs."""
    found, seen = {}, set()
    name = values.get("crossref", "") or values.get("xdata", "")
    while name.lower() in by_key and name.lower() not in seen and len(seen) < 5:
        seen.add(name.lower())
        parent = by_key[name.lower()]
        found = bibtex_reading.inherited({"crossref": name}, by_key) | found
        name = parent.get("crossref", "")
    for own in ("author", "crossref", "url", "doi", "abstract", "note", "pages"):
        found.pop(own, None)
    return found


def titled(item, values):
    """With biblatex's subtitle, and the abbreviation of the venue that al-folio prints as a badge."""
    subtitle = latex.decode(values.get("subtitle", ""), rich=True)
    if subtitle and subtitle not in item.title:
        item = replace(item, title=f"{item.title}: {subtitle}")
    return item


def identified(item, values):
    """With identifiers that stand in other fields than their own: al-folio's `arxiv`, Zotero's note, addresses."""
    data = {}
    url = next((text for name in ADDRESSES if "://" in (text := bibtex_reading.verbatim(values.get(name, "")))), "")
    data["url"] = url if url.startswith(("http://", "https://")) else ""
    address = cleaning.DOI_ADDRESS.match(url)
    if not item.doi and address:
        with suppress(ValueError):
            data["doi"] = identifiers.doi(address[1])
    if not item.arxiv_id:
        data |= arxiv(values, url)
    if item.note and cleaning.ARXIV.fullmatch(item.note.strip(" .,")):
        data["note"] = ""
    item = replace(item, **data)
    venue = item.container or item.series
    if item.type == types.ARTICLE and cleaning.PREPRINT_SERVERS.fullmatch(venue):
        return replace(item, type=types.PREPRINT, container=venue, number="" if item.arxiv_id else item.number)
    if item.type == types.OTHER and (item.arxiv_id or cleaning.PREPRINT_SERVERS.fullmatch(venue or item.publisher)):
        item = replace(item, type=types.PREPRINT, container=venue or item.publisher, publisher="")
    return item


def arxiv(values, url):
    """{"arxiv_id", "arxiv_class"} from the fields that files have it in, or {}."""
    for name in ("arxiv", "arxivid", "eprint"):
        with suppress(ValueError):
            return {"arxiv_id": identifiers.arxiv(bibtex_reading.verbatim(values.get(name, "")))}
    for text in (url, *(bibtex_reading.verbatim(values.get(name, "")) for name in ARXIV_ELSEWHERE)):
        found = cleaning.ARXIV.search(text)
        if found:
            return {"arxiv_id": found[1].lower(), "arxiv_class": found[2] or ""}
    return {}


ARXIV_ELSEWHERE = (
    "note",
    "howpublished",
    "journal",
    "number",
    "volume",
    "doi",
    "pdf",
    "html",
    "publisher",
    "booktitle",
)
