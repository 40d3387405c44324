"""
DBLP: all records of a person, by their page as XML (dblp.org/faq/How+to+use+the+dblp+search+API.html); CC0.

Titles end with a full stop, namesakes have numbers ("Wei Wang 0001"), venues are abbreviated. arXiv's preprints are
articles of the journal "CoRR".
"""

import re
from contextlib import suppress
from dataclasses import replace

from django.conf import settings

from .. import identifiers
from ..citations import bibtex_reading
from ..citations import item as types
from ..citations.item import Contributor, Item
from ..names import Name
from . import addresses, authors, cleaning, markup_files
from .fetch import SourceUnavailable
from .found import Answer, Found, Problem

NAME = "DBLP"
BATCH = 1
PID = re.compile(r"(?:\d{1,3}|[a-z])/[A-Za-z0-9-]{1,60}")
RECORD = re.compile(r"rec/[A-Za-z]+(?:/[A-Za-z0-9_-]+){1,4}")
HOSTS = {"dblp.org", "dblp.uni-trier.de", "dblp.dagstuhl.de", "dblp1.uni-trier.de", "dblp2.uni-trier.de"}
TYPES = {
    "article": types.ARTICLE, "inproceedings": types.CONFERENCE_PAPER, "proceedings": types.BOOK, "book": types.BOOK,
    "incollection": types.CHAPTER, "phdthesis": types.THESIS, "mastersthesis": types.THESIS, "data": types.DATASET,
}  # fmt: skip
THESES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
COUNTED = re.compile(r"(?:(?<!\s)\s+)?\((?:\d+|Poster|Short Papers?|Volume \d+|Companion|[A-Z][\w ]{0,30})\)\Z")


def identifier(text):
    """A person's "46/5782", or "rec/conf/nips/VaswaniSPUJGKP17", in a pasted word or address; None for what is none."""
    named = re.match(r"(?:dblp|pid)[:=]", text, re.IGNORECASE)
    path = text[named.end() :] if named else ""
    address = addresses.split(text)
    if address.host in HOSTS:
        path = address.path.lstrip("/")
    elif re.fullmatch(r"(?:pid/)?(?!\d\d/(?:19|20)\d\d\Z)\d{2,3}/\d{2,5}(?:-\d+)?", text):
        path = text
    path = re.sub(r"\.(?:html?|xml|bib|ris|rdf|nt)\Z", "", path.removeprefix("pid/"))
    return path if PID.fullmatch(path) or RECORD.fullmatch(path) else None


def ask(asked, get):
    """The `Answer` for a list of persons or records."""
    found, problems = [], []
    for one in asked:
        path = one if one.startswith("rec/") else f"pid/{one}"
        try:
            answer = parse(get(f"{settings.SOURCE_URLS['dblp']}/{path}.xml", accept="application/xml").content)
        except SourceUnavailable as problem:
            if problem.status not in (404, 410):
                raise
            answer = Answer(problems=(Problem(one, "DBLP knows nobody by this identifier."),))
        found += answer.found
        problems += answer.problems
    return Answer(tuple(found), (), tuple(problems))


def parse(content):
    """The `Answer` of a person's page, or of one record, as XML (bytes)."""
    root = markup_files.xml(content)
    if root is None or root.tag not in ("dblpperson", "dblp"):
        return Answer(problems=(Problem("DBLP", "DBLP answered with something that is no list of records."),))
    entries = root.iterfind("r/*") if root.tag == "dblpperson" else root
    found = [read(entry) for entry in entries if entry.tag in TYPES and entry.find("title") is not None]
    if not found:
        return Answer(problems=(Problem(root.get("name", "DBLP"), "DBLP has no publications here."),))
    return Answer(tuple(found))


def read(entry):
    """The `Found` of one record."""
    people, editors = (tuple(map(person, entry.iterfind(tag))) for tag in ("author", "editor"))
    kind, data = type_of(entry), fields(entry)
    venue = data.pop("container")
    item = Item(
        key="",
        type=kind,
        title=markup_files.inner(entry.find("title")).strip().removesuffix("."),
        authors=people or (editors if kind == types.BOOK else ()),
        editors=editors if people or kind != types.BOOK else (),
        container=COUNTED.sub("", venue) if kind != types.BOOK else "",
        container_short=short(venue, text(entry, "year")) if entry.tag == "inproceedings" else "",
        genre=THESES.get(entry.tag, ""),
        **data,
        **date_of(entry),
        **identified(entry),
    )
    who = authors.read(item.authors)
    item = replace(item, authors=who.people, editors=authors.read(item.editors).people)
    return Found(cleaning.item(item), NAME, None, who.complete)


def person(element):
    """An author or editor, with their ORCID iD where DBLP knows it."""
    name = (authors.named(["".join(element.itertext())]) or (Contributor(Name("", "", "", "")),))[0].name
    with suppress(ValueError):
        return Contributor(name, identifiers.orcid(element.get("orcid", "")))
    return Contributor(name)


def text(entry, name):
    """The words of the first child of this name."""
    element = entry.find(name)
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def type_of(entry):
    if text(entry, "journal") == "CoRR" or entry.get("publtype", "").startswith("informal"):
        return types.PREPRINT
    if entry.tag == "inproceedings" and re.search(r"workshop|@", text(entry, "booktitle"), re.IGNORECASE):
        return types.WORKSHOP_PAPER
    return TYPES[entry.tag]


def fields(entry):
    """The item's fields of the same meaning in all records."""
    preprint = text(entry, "journal") == "CoRR"
    return {
        "container": "" if preprint else text(entry, "journal") or text(entry, "booktitle") or text(entry, "school"),
        "volume": "" if preprint else text(entry, "volume"),
        "issue": text(entry, "number"),
        "pages": bibtex_reading.read_pages(text(entry, "pages")),
        "publisher": text(entry, "publisher"),
        "series": text(entry, "series"),
        "isbn": text(entry, "isbn"),
    }


def short(venue, year):
    """ "ICML 2020" for the booktitle "ICML (2)"; a long name is none."""
    venue = COUNTED.sub("", venue)
    return f"{venue} {year}" if venue and len(venue) < 20 and year not in venue else ""


def date_of(entry):
    year, month = text(entry, "year"), text(entry, "month")
    data = {"year": int(year)} if re.fullmatch(r"\d{4}", year) else {}
    number = bibtex_reading.read_month(month)[0] if month else 0
    return data | ({"month": number} if data and number else {})


def identified(entry):
    """DOI, arXiv identifier and address, from the links that DBLP calls electronic editions."""
    data = {"doi": "", "arxiv_id": "", "url": ""}
    volume = re.fullmatch(r"abs/(\S+)", text(entry, "volume"))
    links = ["".join(link.itertext()).strip() for link in entry.iterfind("ee")]
    for link in [volume[1] if volume else "", *links]:
        with suppress(ValueError):
            data["arxiv_id"] = data["arxiv_id"] or identifiers.arxiv(link)
            continue
        found = cleaning.DOI_ADDRESS.match(link)
        if found and not data["doi"]:
            with suppress(ValueError):
                data["doi"] = identifiers.doi(found[1])
    data["url"] = next((link for link in links if link.startswith(("https://", "http://"))), "")
    return data
