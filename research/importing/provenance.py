"""
Who wrote each field of a publication: nobody, a source by its name, or a person.

A source leaves its name and a digest of what it wrote; the field is the source's for as long as it still holds that.
Whatever else changes it, a form, a shell, another program, has made it a person's, without having to say so.
"""

import datetime
import hashlib
import json

NOBODY, PERSON = "", "you"
AUTHORS, DATE = "authors", "date"
DATE_PARTS = ("year", "month", "day")  # they are one value, or a month would outlive its year


def digest(value):
    """16 hexadecimal digits of a value. What a browser's form does to a text, blanks and line ends, does not count."""
    if isinstance(value, str):
        value = "\n".join(line.rstrip() for line in value.strip().splitlines())
    elif isinstance(value, datetime.date):
        value = value.isoformat()
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def is_empty(value):
    return value in (None, "", (), [], (None, None, None))


def value(publication, field):
    """What a publication holds in a field; of its `authors`, what `authors_value` makes of its rows."""
    if field == DATE:
        return tuple(getattr(publication, part) for part in DATE_PARTS)
    if field == AUTHORS:
        return authors_value(ordered_authors(publication))
    return getattr(publication, field)


def ordered_authors(publication):
    """The rows of its authors in their order; uses what was prefetched."""
    return sorted(publication.authorships.all(), key=lambda row: (row.position, row.pk))


def authors_value(authorships):
    """The authors in their order, with their marks, as a list that a digest can be made of."""
    return [[row.person_id, row.equal_contribution, row.corresponding] for row in authorships]


def writer(publication, field, value):
    """Who wrote the value that the publication holds in the field: NOBODY, PERSON, or the name of a source."""
    source, written = publication.sources.get(field, (NOBODY, None))
    if written == digest(value):
        return source
    return NOBODY if is_empty(value) and written is None else PERSON


def sign(publication, field, value, source):
    """Note that a source has written this value; the caller saves the publication."""
    publication.sources[field] = [source, digest(value)]


def written_by(publication, fields):
    """A dict from each writer of the publication to the fields that are theirs, of those that are not empty."""
    found = {}
    for field in fields:
        if not is_empty(held := value(publication, field)):
            found.setdefault(writer(publication, field, held), []).append(field)
    return found
