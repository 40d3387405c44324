"""An imported work beside the publication that it is: what would change, who wrote what is there, what needs a tick."""

import re
from dataclasses import dataclass

from ..search import fold
from .provenance import AUTHORS, DATE, NOBODY, PERSON, authors_value, digest, is_empty, ordered_authors, value, writer
from .works import ALL_FIELDS, OF_ANY_VERSION

# What a work gets by itself when it is published, unless a person wrote it: the published version's own data.
OF_THE_VERSION = frozenset(ALL_FIELDS) - {AUTHORS, "url", *OF_ANY_VERSION} | {"doi"}


@dataclass(frozen=True)
class Change:
    """One field of a publication that a source has otherwise. `writer`: who wrote `old` (see `provenance.writer`)."""

    field: str
    old: object
    new: object
    writer: str
    source: str
    is_applied: bool  # without a tick


def compare(publication, work, resolutions):
    """
    The list of `Change` from a publication to a work; `resolutions` are those of the work's authors.

    What nobody or the same source wrote goes by itself; what a person or another source wrote only with a tick. What a
    source does not know is never a change, and nor is what a preprint says of a work that is published.
    """
    is_published = publication.type != "preprint"
    is_upgrade = not is_published and not work.is_preprint
    names = OF_ANY_VERSION if is_published and work.is_preprint else [name for name in ALL_FIELDS if name != AUTHORS]
    changes = []
    for name in names:
        if name in work.values:
            changes.append(change(publication, name, work.values[name], is_upgrade))
    if work.authors:
        changes.append(authors_change(publication, work, resolutions))
    return sorted(filter(None, changes), key=lambda found: ALL_FIELDS.index(found.field))


def change(publication, name, told, is_upgrade):
    """The Change of one field to what was told, a (value, source); None where it says the same."""
    old, (new, source) = value(publication, name), told
    by = writer(publication, name, old)
    if digest(old) == digest(new) or (by != source and are_equivalent(name, old, new)):
        return None
    is_applied = by in (NOBODY, source) or (is_upgrade and by != PERSON and name in OF_THE_VERSION)
    return Change(name, old, new, by, source, is_applied)


def are_equivalent(name, old, new):
    """Whether the difference is not worth a question: case, punctuation, a date that is known less well."""
    if name == DATE:
        known = [part for part in new if part]
        return list(old[: len(known)]) == known
    if isinstance(old, str) and old:
        return re.findall(r"\w+", fold(old)) == re.findall(r"\w+", fold(new))
    return False


def authors_change(publication, work, resolutions):
    """The Change of the authors: from rows to resolutions. A list that is cut short replaces no longer one."""
    rows = ordered_authors(publication)
    if rows and not work.authors_are_complete and len(work.authors) <= len(rows):
        return None
    new = [[resolution.person and resolution.person.pk, *marks] for resolution, marks in with_marks(rows, resolutions)]
    old = authors_value(rows)
    if old == new:
        return None
    by = writer(publication, AUTHORS, old)
    return Change(
        AUTHORS, rows, tuple(resolutions), by, work.authors_source, by in (NOBODY, work.authors_source) or is_empty(old)
    )


def with_marks(rows, resolutions):
    """(resolution, (equal contribution, corresponding)) of each author. Who tells no marks leaves those of the rows."""
    there = {row.person_id: (row.equal_contribution, row.corresponding) for row in rows}
    told = [(found.author.equal_contribution, found.author.corresponding) for found in resolutions]
    knows_marks = any(map(any, told))
    return [
        (found, marks if knows_marks or found.person is None else there.get(found.person.pk, marks))
        for found, marks in zip(resolutions, told, strict=True)
    ]
