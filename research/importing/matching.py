"""
Which publication an imported work is: by DOI or arXiv identifier, by citation key, by title with year and first author.

A match is certain or it is asked, never in between. Two works of the same title are one for certain only where their
first author agrees and either their type and year do, or one is the preprint of the other, a year apart at most.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from .. import identifiers, markup, search
from ..citations import item as types
from .people import family


@dataclass(frozen=True)
class Match:
    """The publications that a work may be, the likeliest first; `reason` is a sentence."""

    keys: tuple
    is_certain: bool
    reason: str


@dataclass
class Known:
    """What there is to tell a work by. `source`: who has brought it in this import, or "" for what was there before."""

    key: int
    title: str  # see `normal_title`
    main_title: str  # without its subtitle
    year: int | None
    online_year: int | None
    first_author: str  # the family name, folded
    type: str
    dois: frozenset
    arxiv_ids: frozenset
    citation_key: str = ""
    sources: frozenset = field(default=frozenset())

    @property
    def is_preprint(self):
        return self.type == types.PREPRINT


def normal_title(title):
    """A title for comparing: letters and digits alone, TeX and emphasis rendered, case and accents gone."""
    return " ".join(re.findall(r"\w+", search.fold(markup.plain(title))))


def known_work(work, key=0):
    """A `Work` as what it can be told by."""
    online = work.get("online_date", None)
    return Known(
        key,
        normal_title(work.title),
        main_title(work.title),
        work.year,
        online.year if online else None,
        family(work.authors[0].name) if work.authors else "",
        work.get("type"),
        work.dois,
        work.arxiv_ids,
        work.key.lower(),
        frozenset(work.sources),
    )


def stored_identifiers(doi, arxiv_id):
    """(DOIs, arXiv identifiers) of a publication; arXiv's own DOI is an arXiv identifier."""
    if doi.startswith(identifiers.ARXIV_DOI):
        return frozenset(), frozenset({doi.removeprefix(identifiers.ARXIV_DOI), arxiv_id} - {""})
    return frozenset({doi} - {""}), frozenset({arxiv_id} - {""})


class Index:
    """Works that are known, looked up by what tells them apart."""

    def __init__(self, known=()):
        self.all = {}
        self.by_doi, self.by_arxiv, self.by_citation_key = {}, {}, {}
        self.by_title = defaultdict(list)
        for one in known:
            self.add(one)

    def add(self, one):
        """Take a work in, or what is known of it now."""
        self.all[one.key] = one
        self.by_doi |= dict.fromkeys(one.dois, one.key)
        self.by_arxiv |= dict.fromkeys(one.arxiv_ids, one.key)
        if one.citation_key:
            self.by_citation_key[one.citation_key] = one.key
        for title in {one.title, one.main_title}:
            if one.key not in self.by_title[title]:
                self.by_title[title].append(one.key)

    def match(self, work):
        """The `Match` of a `Work`, or None where nothing is like it."""
        asked = known_work(work)
        return self.by_identifiers(asked) or self.by_key(asked) or self.by_title_and_author(asked)

    def by_identifiers(self, asked):
        keys = [self.by_doi[doi] for doi in sorted(asked.dois) if doi in self.by_doi]
        keys += [self.by_arxiv[arxiv_id] for arxiv_id in sorted(asked.arxiv_ids) if arxiv_id in self.by_arxiv]
        keys = tuple(dict.fromkeys(keys))
        if not keys:
            return None
        if len(keys) > 1:
            return Match(keys, False, "Its identifiers are those of several publications.")
        known = self.all[keys[0]]
        kind = "DOI" if asked.dois & known.dois else "arXiv identifier"
        if not are_alike(asked.title, known.title) and differ(asked.first_author, known.first_author):
            return Match(keys, False, f"It has the same {kind}, but another title and another first author.")
        return Match(keys, True, f"It has the same {kind}.")

    def by_key(self, asked):
        key = self.by_citation_key.get(asked.citation_key)
        known = self.all.get(key)
        if known is None or known.sources & asked.sources:  # a file that has two works under one key has two works
            return None
        if have_other_identifiers(asked, known):
            return Match((key,), False, "It has the same citation key, but other identifiers.")
        if are_alike(asked.title, known.title):
            return Match((key,), True, "It has the same citation key and title.")
        return Match((key,), False, "It has the same citation key, but another title.")

    def by_title_and_author(self, asked):
        keys = dict.fromkeys(self.by_title.get(asked.title, []) + self.by_title.get(asked.main_title, []))
        same, likely = [], []
        for known in (self.all[key] for key in keys):
            if known.title == asked.title and is_same(asked, known):
                same.append(known.key)
            # What one source lists twice under one title is two works.
            elif not known.sources & asked.sources and is_likely(asked, known):
                likely.append(known.key)
        if len(same) == 1:
            return Match(tuple(same), True, "It has the same title, first author and year.")
        if same or likely:
            reason = "It has the same title, but type, year, authors or identifiers do not agree."
            return Match(tuple(same or likely), False, reason)
        return None


def main_title(title):
    """The normal title without its subtitle; short ones say too little without it."""
    main = normal_title(title.partition(":")[0])
    return main if main.count(" ") >= 2 else normal_title(title)


def is_likely(asked, known):
    """Whether two works may be one, so that it is asked."""
    if known.title == asked.title:
        return True
    is_without_subtitle = known.title == asked.main_title or known.main_title == asked.title
    return is_without_subtitle and by_same_author(asked, known) and years_apart(asked, known) <= 1


def is_same(asked, known):
    """Whether two works of the same title are one for certain."""
    if not by_same_author(asked, known) or have_other_identifiers(asked, known):
        return False
    if asked.is_preprint != known.is_preprint:
        return years_apart(asked, known) <= 1
    return asked.type == known.type and asked.year == known.year


def by_same_author(asked, known):
    return bool(asked.first_author) and asked.first_author == known.first_author


def years_apart(asked, known):
    pairs = [(a, b) for a in (asked.year, asked.online_year) for b in (known.year, known.online_year) if a and b]
    return min((abs(a - b) for a, b in pairs), default=99)


def differ(one, other):
    return bool(one and other) and one != other


def have_other_identifiers(asked, known):
    """Whether both have identifiers of a kind, and none in common; a preprint's DOI is not that of what it became."""
    if asked.arxiv_ids and known.arxiv_ids and not asked.arxiv_ids & known.arxiv_ids:
        return True
    if asked.is_preprint != known.is_preprint:
        return False
    return bool(asked.dois and known.dois and not asked.dois & known.dois)


def are_alike(one, other):
    """Whether two normal titles share most of their words, or one is the beginning of the other."""
    if one == other or one.startswith(f"{other} ") or other.startswith(f"{one} "):
        return True
    left, right = set(one.split()), set(other.split())
    return bool(left) and len(left & right) >= 0.6 * len(left | right)
