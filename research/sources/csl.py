"""CSL-JSON as Zotero, pandoc and doi.org write it; and what records of other formats share with it. Pure: no Django."""

import json
from contextlib import suppress
from dataclasses import replace

from .. import identifiers
from ..citations import csl as format
from ..citations import item as types
from ..citations import limits
from ..citations.item import Contributor
from ..names import is_group, person_or_group
from . import authors, cleaning
from .found import Answer, Found, Problem

NAME = "CSL-JSON"
EXTENSIONS = ("json", "csl")


def is_it(text):
    """Whether a text is JSON with objects that have a type."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    return start in ("[", "{") and '"' in text


def parse(text):
    """The `Answer` of an object or an array: each object that can be read, and the others by their line."""
    limits.check_length(len(text))
    text = text.removeprefix("\ufeff")
    found, problems = [], []
    for number, record in enumerate(records(text), 1):
        where = f"Record {number}"
        if not isinstance(record, dict):
            problems.append(Problem(where, "This is no object of CSL-JSON, which stands between { and }."))
            continue
        try:
            one = read(record, NAME)
        except ValueError as error:
            problems.append(Problem(where, str(error)))
            continue
        if one.item.title:
            found.append(one)
        else:
            problems.append(Problem(where, "It has no title, so it was left out."))
    return Answer(tuple(found), (), tuple(problems))


def records(text):
    """The list of objects. Raises ValueError with a sentence for what is no JSON."""
    format.check_depth(text)
    try:
        data = json.loads(text)
    except ValueError as error:
        line = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(f"This text is not whole JSON: something is missing or too much{line}.") from error
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        data = data["items"]
    data = data if isinstance(data, list) else [data]
    limits.check_count(len(data))
    return data


def read(record, source):
    """The `Found` of one object, with the names of `source`."""
    kind = record.get("type")
    item = with_marks(format.read_item(record | {"type": kind if isinstance(kind, str) else "document"}), record)
    who = authors.read(whole_names(item.authors), item.note)
    editors = authors.read(whole_names(item.editors)).people
    elsewhere = " ".join(map(format.words, map(record.get, ("URL", "note", "number", "archive_location", "id"))))
    item = identified(replace(item, authors=who.people, editors=editors), elsewhere)
    return Found(cleaning.item(item), source, None, who.complete, who.equal, who.corresponding)


def with_marks(item, record):
    """With title and abstract as the record has them: tags and entities are read when the item is cleaned."""
    abstract = record.get("abstract")
    return replace(item, title=title_of(record), abstract=abstract if isinstance(abstract, str) else "")


def title_of(record):
    """Title and subtitle, unless the one holds the other."""
    title, subtitle = format.words(record.get("title")), format.words(record.get("subtitle"))
    if not subtitle or subtitle.lower() in title.lower():
        return title
    return f"{title} {subtitle}" if title.endswith((":", "?", "!", "–", "—")) else f"{title}: {subtitle}"


def whole_names(contributors):
    """Contributors whose names came in one piece as persons, unless they are groups: "Doe, Jane" and "Jane Doe"."""
    return tuple(map(whole, contributors))


def whole(contributor):
    text = contributor.name.family_name
    if contributor.name.given_name or is_group(text):
        return contributor
    with suppress(ValueError):
        return Contributor(person_or_group(text), contributor.orcid, contributor.url)
    return contributor


def identified(item, elsewhere):
    """With the arXiv identifier and DOI that stand in other fields; a preprint server's article is a preprint."""
    data = {}
    found = cleaning.ARXIV.search(elsewhere)
    if not item.arxiv_id and found:
        data |= {"arxiv_id": found[1].lower(), "arxiv_class": found[2] or ""}
    address = cleaning.DOI_ADDRESS.search(elsewhere)
    if not item.doi and address:
        with suppress(ValueError):
            data["doi"] = identifiers.doi(address[1])
    item = replace(item, **data)
    venue = item.container or item.publisher
    on_server = bool(cleaning.PREPRINT_SERVERS.fullmatch(venue))
    if (item.type in (types.ARTICLE, types.REPORT) and on_server) or (
        item.type == types.OTHER and (on_server or item.arxiv_id) and not item.event
    ):
        item = replace(item, type=types.PREPRINT, container=venue, publisher="")
    if item.note and cleaning.ARXIV.fullmatch(item.note.strip(" .,")):
        item = replace(item, note="")
    return item
