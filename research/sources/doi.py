"""
DOIs: Crossref's REST API first, then whoever registered it, by content negotiation at doi.org (CSL-JSON).

Crossref's record is richer than the CSL-JSON that is made from it; DataCite's, mEDRA's and JaLC's DOIs are known to
doi.org alone. Crossref's fields: github.com/CrossRef/rest-api-doc.
"""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from django.conf import settings

from .. import identifiers
from ..citations import csl as format
from ..citations import item as types
from . import addresses, authors, cleaning, csl, markup_files
from .fetch import SourceUnavailable
from .found import Answer, Found, Problem

NAME = "DOI"
BATCH = 1
CSL_JSON = "application/vnd.citationstyles.csl+json"
IN_ADDRESS = re.compile(r"10\.\d{4,9}/[^?#&\s\"<>]+")
# What publishers put behind a DOI in the addresses of their pages and files.
BEHIND = re.compile(
    r"(?:/(?:abstract|full|fulltext|pdf|epdf|html|meta|summary|references|citations|figures|tab-[^/\s]*+|pdfdirect|download|suppl_file[^/\s]*+|index\.html?)"
    r"|(?:v\d+)?\.(?:full(?:\.pdf)?|short|abstract|full-text)|v\d+(?:\.full(?:\.pdf)?)?|\.(?:pdf|html?|epub|xml|ris|bib))+/?\Z",
    re.IGNORECASE,
)
# Publishers whose addresses hold the DOI without its prefix.
OWN_ADDRESSES = (
    (re.compile(r"(?:www\.)?nature\.com/articles/((?:s\d{5}|ncomms|nature|srep|n[a-z]+\.)[\w.-]+)", re.I), "10.1038/"),
    (re.compile(r"(?:www\.)?aclanthology\.org/((?:\d{4}\.[\w-]+\.\d+)|[A-Z]\d{2}-\d{4})", re.I), "10.18653/v1/"),
)
TYPES = {
    "journal-article": types.ARTICLE, "proceedings-article": types.CONFERENCE_PAPER, "posted-content": types.PREPRINT,
    "book-chapter": types.CHAPTER, "book-section": types.CHAPTER, "book-part": types.CHAPTER, "reference-entry":
    types.CHAPTER, "book": types.BOOK, "monograph": types.BOOK, "edited-book": types.BOOK, "reference-book": types.BOOK,
    "proceedings": types.BOOK, "book-set": types.BOOK, "dissertation": types.THESIS, "report": types.REPORT,
    "report-component": types.REPORT, "standard": types.REPORT, "dataset": types.DATASET, "database": types.DATASET,
    "software": types.SOFTWARE,
}  # fmt: skip
SERVERS = {
    "10.1101": "bioRxiv", "10.64898": "bioRxiv", "10.26434": "ChemRxiv", "10.31234": "PsyArXiv", "10.31235": "SocArXiv",
    "10.31219": "OSF Preprints", "10.21203": "Research Square", "10.20944": "Preprints.org", "10.2139": "SSRN",
    "10.36227": "TechRxiv", "10.31223": "EarthArXiv", "10.22541": "Authorea", "10.35542": "EdArXiv",
}  # fmt: skip
CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero))/(\d\.\d)", re.IGNORECASE
)
OTHER_VERSIONS = ("is-preprint-of", "has-preprint", "is-version-of", "has-version", "is-same-as", "is-identical-to")


def identifier(text):
    """The DOI in a pasted word or in the address of a publisher's page; None for what has none."""
    text = trimmed(text)
    with suppress(ValueError):
        return identifiers.doi(text)
    if "/" not in text:
        return None
    for address, prefix in OWN_ADDRESSES:
        own = address.search(text)
        if own:
            return (prefix + BEHIND.sub("", own[1])).lower()
    address = addresses.split(text)
    found = IN_ADDRESS.search(f"{address.path}?{address.query}")
    with suppress(ValueError):
        return identifiers.doi(BEHIND.sub("", trimmed(found[0]))) if found else None
    return None


def trimmed(text):
    """Without the full stop of a sentence, and brackets that nothing opened."""
    text = text.strip().rstrip(".,;:'\"”’")
    for opening, closing in ("()", "[]", "<>", "{}"):
        while text.endswith(closing) and text.count(closing) > text.count(opening):
            text = text[:-1].rstrip(".,;")
    return text


def ask(asked, get):
    """The `Answer` for a list of DOIs."""
    found, problems = [], []
    for one in asked:
        answer = ask_one(one, get)
        found += answer.found
        problems += answer.problems
    return Answer(tuple(found), (), tuple(problems))


def ask_one(one, get):
    """Of Crossref; where it does not know the DOI, or its answer cannot be read, of doi.org."""
    escaped = quote(one, safe="/:;().,-_")
    reason = ""
    try:
        answer = parse(get(f"{settings.SOURCE_URLS['crossref']}/works/{escaped}", accept="application/json").content)
        if answer.found:
            return answer
        reason = answer.problems[0].reason
    except SourceUnavailable as problem:
        if problem.status not in (400, 404):
            reason = str(problem)
    try:
        answer = parse_csl(get(f"{settings.SOURCE_URLS['doi']}/{escaped}", accept=CSL_JSON).content)
    except SourceUnavailable as problem:
        if problem.status == 404 and not reason:
            reason = "There is no such DOI. Is it spelled as on the paper?"
        elif problem.status in (204, 406):
            reason = reason or "This DOI is known, but its registry has no record that can be read."
        elif not problem.status and reason:
            raise  # neither can be reached
        return Answer(problems=(Problem(one, reason or str(problem)),))
    return answer if answer.found else Answer(problems=(Problem(one, reason or answer.problems[0].reason),))


def parse(content):
    """The `Answer` of Crossref's REST API for one DOI (bytes)."""
    data = markup_files.json_object(content)
    message = data.get("message") if data else None
    if not isinstance(message, dict):
        return Answer(problems=(Problem("Crossref", "Crossref answered with something that is no record."),))
    return answer_of(read(message))


def parse_csl(content):
    """The `Answer` of doi.org for one DOI (bytes)."""
    record = markup_files.json_object(content)
    if record is None:
        return Answer(problems=(Problem("doi.org", "doi.org answered with something that is no record."),))
    return answer_of(read_csl(record))


def answer_of(found):
    if not found.item.title:
        return Answer(problems=(Problem(found.item.doi, "Its record has no title."),))
    return Answer((found,))


def read(message):
    """The `Found` of Crossref's `message`."""
    kind = message.get("type") if isinstance(message.get("type"), str) else ""
    container, series = containers(message, kind)
    record = {
        name: value for name, value in message.items() if name not in ("container-title", "relation", "id", "note")
    }
    item = csl.with_marks(format.read_item(record | {"type": kind or "document"}), message)
    event = message.get("event") if isinstance(message.get("event"), dict) else {}
    item = replace(
        item,
        key="",
        type=TYPES.get(kind, types.OTHER),
        container=container or (format.words(message.get("institution")) if kind in ("dissertation", "report") else ""),
        series=series,
        event=format.words(event.get("name")),
        place=format.words(event.get("location")) or format.words(message.get("publisher-location")),
        keywords=(),
        license=license_of(message),
        notice=notice_of(message),
        number=format.words(message.get("article-number")) or item.number,
        online_date=online_date(message),
        url=format.words(message.get("URL")),
    )
    item = published_by(item, message)
    who = authors.read(csl.whole_names(item.authors))
    item = replace(item, authors=who.people, editors=authors.read(item.editors).people)
    dois, arxiv_ids = other_versions(message, item.doi)
    return Found(
        cleaning.item(item), NAME, None, who.complete, who.equal, who.corresponding, tuple(dois), tuple(arxiv_ids)
    )


def read_csl(record):
    """The `Found` of CSL-JSON as DataCite and other agencies write it."""
    found = csl.read(record | {"id": "", "note": ""}, NAME)
    item = found.item
    rights = format.words(record.get("copyright")).lower()
    if not item.license and rights.startswith("creative commons"):
        item = replace(item, license=creative_commons_by_name(rights))
    if item.type == types.OTHER and item.container == item.publisher:
        item = replace(item, container="")
    return replace(found, item=replace(item, key=""))


def containers(message, kind):
    """(journal or book, series): of two titles of a chapter the first is the series ("Lecture Notes in …")."""
    titles = message.get("container-title")
    titles = [text for text in map(format.words, titles if isinstance(titles, list) else [titles]) if text]
    if len(titles) > 1 and kind in ("book-chapter", "proceedings-article", "book-section", "reference-entry"):
        return titles[1], titles[0]
    if kind in ("book", "monograph", "edited-book", "proceedings", "reference-book"):
        return "", titles[0] if titles else ""
    return (titles[0] if titles else ""), ""


def published_by(item, message):
    """A preprint's server stands in the institution, in the group, or is told by the DOI's prefix."""
    if item.type != types.PREPRINT:
        return item
    prefix = item.doi.partition("/")[0]
    server = SERVERS.get(prefix) or format.words(message.get("institution")) or format.words(message.get("publisher"))
    if prefix in ("10.1101", "10.64898"):
        server = format.words(message.get("institution")) or server
    return replace(item, container=server, publisher="")


def license_of(message):
    """The SPDX name of the Creative Commons licence; of several, that of the version of record."""
    licenses = message.get("license") if isinstance(message.get("license"), list) else []
    licenses = [one for one in licenses if isinstance(one, dict)]
    for one in sorted(licenses, key=lambda one: one.get("content-version") != "vor"):
        found = CREATIVE_COMMONS.search(format.words(one.get("URL")))
        if found:
            return "CC0-1.0" if found[2] else f"CC-{found[1].upper()}-{found[3]}"
    return ""


def creative_commons_by_name(text):
    """ "creative commons attribution non commercial 4.0 international" as "CC-BY-NC-4.0"; "" for what is unclear."""
    if "zero" in text:
        return "CC0-1.0"
    version = re.search(r"\d\.\d", text)
    words = (("attribution", "BY"), ("non", "NC"), ("no deriv", "ND"), ("noderiv", "ND"), ("share", "SA"))
    parts = dict.fromkeys(short for name, short in words if name in text.replace("-", " "))
    return f"CC-{'-'.join(parts)}-{version[0]}" if version and "BY" in parts else ""


def notice_of(message):
    """Whether Crossref knows that it was retracted or withdrawn."""
    updates = message.get("updated-by") if isinstance(message.get("updated-by"), list) else []
    kinds = {str(update.get("type", "")).lower() for update in updates if isinstance(update, dict)}
    return "Retracted." if "retraction" in kinds else "Withdrawn." if "withdrawal" in kinds else ""


def online_date(message):
    for name in ("posted", "published-online"):
        with suppress(TypeError, ValueError):
            return date(*format.read_date(message.get(name)))
    return None


def other_versions(message, own):
    """(DOIs, arXiv identifiers) of preprints of it, or of what it is a preprint of."""
    relation = message.get("relation") if isinstance(message.get("relation"), dict) else {}
    dois, arxiv_ids = {}, {}
    for name in OTHER_VERSIONS:
        others = relation.get(name) if isinstance(relation.get(name), list) else []
        for other in (one for one in others if isinstance(one, dict)):
            text = format.words(other.get("id"))
            with suppress(ValueError):
                arxiv_ids[identifiers.arxiv(text)] = True
                continue
            with suppress(ValueError):
                found = identifiers.doi(text)
                dois |= {found: True} if found != own else {}
    return list(dois), list(arxiv_ids)
