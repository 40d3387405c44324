"""
JSON-LD with the vocabulary of schema.org: the node of a work, as a part of a page and as a document of its own.

Types and properties are those of schema.org 30.0. Google asks nothing of scholarly articles and shows
none (developers.google.com, "Article"), but names the author's `url`, whole dates with as much as is known, and one
object per author; Dataset needs a description of 50 to 5,000 characters.
"""

import json
from collections.abc import Iterable

from ..identifiers import arxiv_url, doi_url, orcid_url
from . import item as work
from .dates import iso_date
from .item import Contributor, Item
from .richtext import plain

NAME = "JSON-LD"
MEDIA_TYPE = "application/ld+json"
EXTENSION = "jsonld"

CONTEXT = "https://schema.org"
TYPES = {
    work.CONFERENCE_PAPER: "ScholarlyArticle",
    work.ARTICLE: "ScholarlyArticle",
    work.PREPRINT: "ScholarlyArticle",
    work.WORKSHOP_PAPER: "ScholarlyArticle",
    work.BOOK: "Book",
    work.CHAPTER: "Chapter",
    work.THESIS: "Thesis",
    work.REPORT: "Report",
    work.DATASET: "Dataset",
    work.SOFTWARE: "SoftwareSourceCode",
    work.POSTER: "Poster",
    work.TALK: "PresentationDigitalDocument",
    work.OTHER: "CreativeWork",
}
PAPERS = {work.CONFERENCE_PAPER, work.WORKSHOP_PAPER}
WITH_PAGES = {*PAPERS, work.ARTICLE, work.PREPRINT, work.CHAPTER, work.REPORT}
LONGEST_DESCRIPTION = 5_000

Node = dict[str, object]


def render(item: Item) -> str:
    """The work as a JSON-LD document."""
    return json.dumps({"@context": CONTEXT} | to_jsonld(item), ensure_ascii=False, indent=2) + "\n"


def render_all(items: Iterable[Item]) -> str:
    """All works as one JSON-LD document, in their order."""
    document = {"@context": CONTEXT, "@graph": [to_jsonld(item) for item in items]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_jsonld(item: Item, *, image_url: str = "") -> Node:
    """
    The node of the work, without @context. Its `@id` and `url` are its permalink.

    A person's `@id` is the one that a page of the site defines, as the owner's is, else the ORCID iD.
    """
    node = reference(item) | {
        "mainEntityOfPage": item.record_url,
        "headline": plain(item.title),
        "author": [person(author) for author in item.authors],
        "editor": [] if item.type in PAPERS | {work.CHAPTER} else [person(editor) for editor in item.editors],
        "datePublished": iso_date(item),
        "abstract": plain(item.abstract),
        "inLanguage": item.language,
        "keywords": list(item.keywords),
        "identifier": identifiers(item),
        "sameAs": same_as(item),
        "license": license_url(item),
        "isPartOf": whole(item),
        "pageStart": item.first_page if item.type in WITH_PAGES else "",
        "pageEnd": item.last_page if item.type in WITH_PAGES else "",
        "correction": item.notice,
        "image": image_url,
        "isAccessibleForFree": bool(item.pdf_url) or None,
        "encoding": encodings(item),
        "releasedEvent": event(item),
    }
    return compact(node | of_type(item))


def reference(item: Item) -> Node:
    """The work as a list names it: what it is, and what the whole node is called by."""
    return {
        "@type": TYPES[item.type],
        "@id": item.record_url,
        "url": item.record_url,
        "name": plain(item.title),
    }


def of_type(item: Item) -> Node:
    """What is said of works of this type only."""
    publisher = organization(item.publisher, item.place)
    description = plain(item.abstract)[:LONGEST_DESCRIPTION]
    return {
        work.PREPRINT: {
            "creativeWorkStatus": "Preprint",
            "publisher": organization(item.container or ("arXiv" if item.arxiv_id else item.publisher)),
        },
        work.BOOK: {
            "bookEdition": item.version,
            "isbn": item.isbn,
            "position": item.volume,
            "publisher": publisher,
        },
        work.THESIS: {
            "inSupportOf": item.genre,
            "sourceOrganization": organization(item.container or item.publisher, item.place, "CollegeOrUniversity"),
        },
        work.REPORT: {
            "reportNumber": item.number,
            "genre": item.genre,
            "pageStart": item.pages.partition("–")[0],
            "publisher": organization(item.container or item.publisher, item.place),
        },
        work.DATASET: {"version": item.version, "description": description, "publisher": publisher},
        work.SOFTWARE: {
            "version": item.version,
            "description": description,
            "codeRepository": item.url,
            "publisher": publisher,
        },
        work.CHAPTER: {},  # its book says it
    }.get(item.type, {"publisher": publisher, "genre": item.genre})


def whole(item: Item) -> Node:
    """What the work is a part of: issue, volume and journal; proceedings or a book; a catalogue of data."""
    series = {"@type": "BookSeries", "name": item.series, "issn": item.issn} if item.series or item.issn else {}
    if item.type == work.ARTICLE and item.container:
        journal = {"@type": "Periodical", "name": item.container, "issn": item.issn}
        journal["alternateName"] = item.container_short
        part = journal
        if item.volume:
            part = {"@type": "PublicationVolume", "volumeNumber": item.volume, "isPartOf": part}
        if item.issue:
            part = {"@type": "PublicationIssue", "issueNumber": item.issue, "isPartOf": part}
        return part
    if item.type in PAPERS | {work.CHAPTER} and item.container:
        return {
            "@type": "Book",
            "name": item.container,
            "alternateName": item.container_short,
            "isbn": item.isbn,
            "position": item.volume,
            "editor": [person(editor) for editor in item.editors],
            "publisher": organization(item.publisher, item.place),
            "isPartOf": series,
        }
    if item.type == work.DATASET and item.container:
        return {"@type": "DataCatalog", "name": item.container}
    return series


def person(contributor: Contributor) -> Node:
    """A Person, whose `@id` is the same on every page, or the Organization that a group is."""
    name = contributor.name
    if contributor.is_group:
        return {"@type": "Organization", "name": name.full, "url": contributor.url}
    orcid = orcid_url(contributor.orcid) if contributor.orcid else ""
    return {
        "@type": "Person",
        "@id": contributor.site_id or orcid,
        "name": name.full,
        "givenName": name.given_name,
        "familyName": " ".join(part for part in (name.particle, name.family_name) if part),
        "honorificSuffix": name.suffix,
        "url": contributor.url,
        "sameAs": orcid,
    }


def organization(name: str, place: str = "", kind: str = "Organization") -> Node:
    return {"@type": kind, "name": name, "location": place} if name else {}


def event(item: Item) -> Node:
    """The conference: the event at which the work was released."""
    return {"@type": "PublicationEvent", "name": item.event, "location": item.place} if item.event else {}


def identifiers(item: Item) -> list[Node]:
    known = []
    if item.doi:
        known.append({"@type": "PropertyValue", "propertyID": "DOI", "value": item.doi, "url": doi_url(item.doi)})
    if item.arxiv_id:
        value = f"arXiv:{item.arxiv_id}"
        known.append({"@type": "PropertyValue", "propertyID": "arXiv", "value": value, "url": arxiv_url(item.arxiv_id)})
    return known


def same_as(item: Item) -> list[str]:
    """Addresses of the work elsewhere."""
    addresses = [identifier["url"] for identifier in identifiers(item)]
    if item.url and item.type != work.SOFTWARE and item.url not in (*addresses, item.record_url, item.pdf_url):
        addresses.append(item.url)
    return addresses


def license_url(item: Item) -> str:
    """The SPDX address of the licence, as Signposting wants it too: without .html."""
    return f"https://spdx.org/licenses/{item.license}" if item.license else ""


def encodings(item: Item) -> list[Node]:
    """The files that hold the work or belong to it."""
    files = [("PDF", item.pdf_url, "application/pdf")] if item.pdf_url else []
    files += [each for each in item.attachments if each[2] not in ("", "text/html") and each[1] != item.pdf_url]
    return [
        {"@type": "MediaObject", "name": label, "contentUrl": address, "encodingFormat": media_type}
        for label, address, media_type in files
    ]


def compact(value: object) -> object:
    """The value without empty parts, at any depth."""
    if isinstance(value, dict):
        items = ((key, compact(part)) for key, part in value.items())
        return {key: part for key, part in items if part not in ("", None, [], {})}
    return [compact(part) for part in value] if isinstance(value, list) else value
