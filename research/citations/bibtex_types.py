"""Which entry and fields of BibTeX hold which type of work and which field of an Item. Pure: no Django."""

import re

from . import item as types

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
THESES_ALSO = {
    "masterthesis": "Master's thesis",
    "mscthesis": "Master's thesis",
    "doctoralthesis": "PhD thesis",
} | dict.fromkeys(("bachelorthesis", "bachelorsthesis"), "Bachelor's thesis")

# What other people's files hold.
READ_AS = {
    "conference": types.CONFERENCE_PAPER, "inproceedings": types.CONFERENCE_PAPER, "article": types.ARTICLE,
    "book": types.BOOK, "mvbook": types.BOOK, "proceedings": types.BOOK, "collection": types.BOOK,
    "incollection": types.CHAPTER, "inbook": types.CHAPTER, "phdthesis": types.THESIS, "mastersthesis": types.THESIS,
    "thesis": types.THESIS, "techreport": types.REPORT, "report": types.REPORT, "dataset": types.DATASET,
    "software": types.SOFTWARE, "mvproceedings": types.BOOK, "mvcollection": types.BOOK, "booklet": types.BOOK,
    "bookinbook": types.CHAPTER, "suppbook": types.CHAPTER, "suppcollection": types.CHAPTER,
    "inreference": types.CHAPTER,
    "masterthesis": types.THESIS, "bachelorthesis": types.THESIS, "bachelorsthesis": types.THESIS,
    "mscthesis": types.THESIS, "doctoralthesis": types.THESIS, "manual": types.REPORT, "standard": types.REPORT,
    "whitepaper": types.REPORT, "unpublished": types.PREPRINT, "preprint": types.PREPRINT, "arxiv": types.PREPRINT,
    "periodical": types.ARTICLE, "suppperiodical": types.ARTICLE, "review": types.ARTICLE, "poster": types.POSTER,
    "presentation": types.TALK, "talk": types.TALK, "workshop": types.WORKSHOP_PAPER, "data": types.DATASET,
}  # fmt: skip
# biblatex's names for kinds of theses and reports.
GENRE_NAMES = {
    "phdthesis": "PhD thesis", "mathesis": "Master's thesis", "bathesis": "Bachelor's thesis", "techreport":
    "Technical report", "resreport": "Research report", "candthesis": "Candidate thesis",
}  # fmt: skip
READ_ALSO = (
    ("publisher", "publisher"), ("organization", "publisher"), ("institution", "container"), ("school", "container"),
    ("journal", "container"), ("booktitle", "container"), ("series", "series"), ("volume", "volume"),
    ("eid", "number"), ("pages", "pages"), ("edition", "version"), ("version", "version"), ("isbn", "isbn"),
    ("issn", "issn"), ("address", "place"), ("eventtitle", "event"), ("venue", "place"), ("articleno", "number"),
    ("abbr", "container_short"), ("shortjournal", "container_short"), ("issue", "issue"),
)  # fmt: skip
ARXIV_JOURNAL = re.compile(
    r"(?:arxiv.{0,99}?|corr.{0,9}?abs/)(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/\d{7})", re.IGNORECASE
)


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
