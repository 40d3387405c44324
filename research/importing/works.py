"""What sources have found of one work, as the values that a publication would hold."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from .. import identifiers
from ..citations import item as types
from ..citations.item import Contributor
from ..models import Publication
from ..models.dates import check_partial_date
from ..names import parse_authors
from .provenance import AUTHORS, DATE, is_empty

# The fields that an import can fill, in the order of the review.
FIELDS = (
    *("title", "type", DATE, "online_date", "venue", "venue_short", "event", "editors", "series", "volume", "issue"),
    *("pages", "number", "version", "publisher", "place", "genre", "isbn", "issn", "doi", "arxiv_id", "arxiv_class"),
    *("url", "language", "license", "abstract", "note", "notice"),
)
ALL_FIELDS = (FIELDS[0], AUTHORS, *FIELDS[1:])
# What a preprint says of a work that is published elsewhere; the rest is the published version's.
OF_ANY_VERSION = ("title", "online_date", "doi", "arxiv_id", "arxiv_class", "language", "license", "abstract")
CUT = ("title", "venue", "venue_short", "event", "series", "publisher", "place", "genre", "note", "notice")
# Where an item's name for a value is not the publication's.
ITEM_NAMES = {"venue": "container", "venue_short": "container_short"}


@dataclass(frozen=True)
class Author:
    contributor: Contributor
    equal_contribution: bool = False
    corresponding: bool = False

    @property
    def name(self):
        return self.contributor.name


@dataclass(frozen=True)
class Work:
    """
    One work as all that was found of it says. `values` holds (value, name of the source) by field, without the empty.

    `refusal` is a sentence where it cannot become a publication; `notes` are sentences on what was left out or cut.
    """

    founds: tuple
    values: dict
    authors: tuple = ()
    authors_source: str = ""
    authors_are_complete: bool = True
    key: str = ""
    keywords: tuple = ()
    dois: frozenset = frozenset()
    arxiv_ids: frozenset = frozenset()
    notes: tuple = field(default=())

    def get(self, name, default=""):
        return self.values[name][0] if name in self.values else default

    @property
    def title(self):
        return self.get("title")

    @property
    def year(self):
        return self.get(DATE, (None,))[0]

    @property
    def is_preprint(self):
        return self.get("type") == types.PREPRINT

    @property
    def sources(self):
        return {found.source for found in self.founds}

    @property
    def where(self):
        """A place that a person can find: "Line 12", else the beginning of its title."""
        line = self.founds[0].line
        return f"Line {line}" if line else f"“{self.title[:60]}”"

    @property
    def refusal(self):
        if not self.title:
            return "It has no title, so it was left out. Add one, and import it again."
        return "" if self.year else "It has no year of publication, and every publication needs one."


def work(founds, year=None):
    """The `Work` that the `Found`s are of; `year` is the owner's answer where they have none."""
    founds = tuple(sorted(founds, key=lambda found: found.item.type == types.PREPRINT))  # stable: published first
    dois, arxiv_ids = all_identifiers(founds)
    notes, values = [], {}
    for found in founds:
        told = raw_values(found, dois, arxiv_ids)
        is_later = found is not founds[0] and found.item.type == types.PREPRINT != founds[0].item.type
        for name in OF_ANY_VERSION if is_later else FIELDS:
            if name not in values and not is_empty(told.get(name)):
                cleaned, note = clean(name, told[name])
                notes += [note] if note else []
                if not is_empty(cleaned):
                    values[name] = (cleaned, found.source)
    if first := first_online(founds):
        values["online_date"] = first
    if "arxiv_id" not in values and len(arxiv_ids) == 1:
        values["arxiv_id"] = (arxiv_ids[0], founds[0].source)
    # A preprint that knows one DOI more knows that of its published version.
    if "doi" not in values and len(dois) == 1 and founds[0].item.type == types.PREPRINT:
        values["doi"] = (dois[0], founds[0].source)
    if year and DATE not in values:
        values[DATE] = ((year, None, None), "")
    by_source = next((found for found in founds if found.item.authors and found.authors_are_complete), None)
    by_source = by_source or max(founds, key=lambda found: len(found.item.authors))
    return Work(
        founds,
        values,
        authors(by_source),
        by_source.source,
        by_source.authors_are_complete,
        next((found.item.key for found in founds if found.item.key), ""),
        next((found.item.keywords for found in founds if found.item.keywords), ()),
        frozenset(dois),
        frozenset(arxiv_ids),
        tuple(notes),
    )


def all_identifiers(founds):
    """(DOIs, arXiv identifiers) of a work in all its versions, as lists; arXiv's own DOIs are arXiv identifiers."""
    dois, arxiv_ids = [], []
    for found in founds:
        for doi in (found.item.doi, *found.other_dois):
            if doi.startswith(identifiers.ARXIV_DOI):
                arxiv_ids.append(doi.removeprefix(identifiers.ARXIV_DOI))
            elif doi:
                dois.append(doi)
        arxiv_ids += [found.item.arxiv_id] if found.item.arxiv_id else []
        arxiv_ids += found.other_arxiv_ids
    return list(dict.fromkeys(dois)), list(dict.fromkeys(arxiv_ids))


def raw_values(found, dois, arxiv_ids):
    """A found record's values by the publication's names of fields, as they are."""
    item = found.item
    told = {name: getattr(item, ITEM_NAMES.get(name, name), "") for name in FIELDS if name not in ("editors", DATE)}
    told["editors"] = "\n".join(editor_line(editor) for editor in item.editors)
    told[DATE] = (item.year, item.month if item.year else None, item.day if item.month else None)
    told["doi"] = "" if item.doi.startswith(identifiers.ARXIV_DOI) else item.doi
    told["url"] = "" if is_identifier(item.url, dois, arxiv_ids) else item.url
    return told


def editor_line(editor):
    return f"{{{editor.name.family_name}}}" if editor.is_group else editor.name.full


def is_identifier(address, dois, arxiv_ids):
    """Whether an address says no more than an identifier of the work does."""
    for check, known in ((identifiers.doi, dois), (identifiers.arxiv, arxiv_ids)):
        try:
            if check(address) in known:
                return True
        except ValueError:
            continue
    return False


def clean(name, value):
    """(the value as the publication's field takes it, or None, a sentence where that is not what was found)."""
    if name == DATE:
        return clean_date(value)
    if name == "editors":
        return clean_editors(value)
    column = Publication._meta.get_field(name)
    label, note = column.verbose_name, ""
    if isinstance(value, str):
        value = value.strip()
        if column.max_length and len(value) > column.max_length and name in CUT:
            value = re.sub(r"(?<!\s)\s+\S*\Z", "", value[: column.max_length - 1]).rstrip() + "…"
            note = f"The {label} has more than {column.max_length} characters and was cut."
    try:
        return column.clean(value, None), note
    except ValidationError as error:
        return None, f"The {label} “{str(value)[:60]}” was left out: {error.messages[0]}"


def clean_date(parts):
    year, month, day = parts
    try:
        Publication._meta.get_field("year").clean(year, None)
    except ValidationError as error:
        return None, f"The year {year} was left out: {error.messages[0]}" if year else ""
    for known in ((year, month, day), (year, month, None)):
        try:
            check_partial_date(*known)
        except ValidationError:
            continue
        if known[1] is None or 1 <= known[1] <= 12:
            is_whole = known == (year, month, day)
            return known, "" if is_whole else f"Month {month} of {year} has no day {day}; the day was left out."
    return (year, None, None), f"There is no month {month}; it was left out."


def clean_editors(text):
    try:
        parse_authors(text)
    except ValueError as error:
        return None, f"The editors were left out: {error}"
    return text, ""


def first_online(founds):
    """(the day that the work first appeared online, source), or None; a preprint's date is such a day."""
    days = []
    for found in founds:
        item = found.item
        day = item.online_date
        if not day and len(founds) > 1 and item.type == types.PREPRINT:
            known, _ = clean_date((item.year, item.month, item.day))
            day = date(*known) if known and known[2] else None
        if day:
            days.append((day, found.source))
    return min(days, default=None)


def authors(found):
    return tuple(
        Author(contributor, place in found.equal_contribution, place in found.corresponding)
        for place, contributor in enumerate(found.item.authors)
    )
