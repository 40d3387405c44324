"""
What a source answers: records, leads to records that another source knows better, and what could not be read.

Pure: no Django. Every file of this folder gives these back, and `importing` takes nothing else.
"""

from dataclasses import dataclass

from ..citations.item import Item


@dataclass(frozen=True)
class Found:
    """One record as a source has it, its texts clean. `item.key` is "" where the source has no citation key."""

    item: Item
    source: str  # the NAME of the source, such as "arXiv": it is what provenance keeps
    line: int | None = None  # where its entry begins in a file, counted from 1
    authors_are_complete: bool = True  # False where the source says "and others" or cuts the list
    equal_contribution: frozenset[int] = frozenset()  # places in item.authors, counted from 0
    corresponding: frozenset[int] = frozenset()
    # DOIs and arXiv identifiers of other versions of the same work (the preprint of an article), normalised.
    other_dois: tuple[str, ...] = ()
    other_arxiv_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lead:
    """A work that another source knows better, and the record to take where that source has no answer."""

    identifier: str  # "doi:10.1145/…" or "arxiv:2412.04984": what `sources.recognise` reads
    fallback: Found | None = None


@dataclass(frozen=True)
class Problem:
    """Something that could not be read or had: `where` is a place a person can find ("Line 12", "10.1145/…")."""

    where: str
    reason: str  # a sentence

    def __str__(self):
        return f"{self.where}: {self.reason}" if self.where else self.reason


@dataclass(frozen=True)
class Answer:
    """All that one question to a source, or one file, gave."""

    found: tuple[Found, ...] = ()
    leads: tuple[Lead, ...] = ()
    problems: tuple[Problem, ...] = ()
