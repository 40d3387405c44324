from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

from django.urls import reverse

from ..importing.people import family, fit, given_parts, plain, spelled_names
from ..models import Authorship, Person
from .finding import Finding

TITLE = "People who are there twice"
WHY = "Works of one person under two entries are not found together. Tick both in the list, and merge them."
IS_FAULT = False  # two people may have one name


class Known(NamedTuple):
    """What a person can be told by."""

    key: int
    person: Person
    given: tuple
    spellings: frozenset
    works: frozenset


def find():
    works = defaultdict(set)
    for publication, person in Authorship.objects.values_list("publication", "person"):
        works[person].add(publication)
    families = defaultdict(dict)
    for person in Person.objects.order_by("pk"):
        spellings = frozenset(map(plain, person.spellings))
        known = Known(person.pk, person, given_parts(person), spellings, frozenset(works[person.pk]))
        for name in spelled_names(person):
            families[family(name)][person.pk] = known
    pairs = (pair for relatives in families.values() for pair in same(relatives.values()))
    return [finding(*pair) for pair in dict.fromkeys(pairs)]


def same(relatives):
    """Pairs of people of one family name who are likely one: initials count where they fit nobody else."""
    fitting = defaultdict(int)
    pairs = [(one, other) for one, other in combinations(relatives, 2) if may_be_one(one, other)]
    for one, other in pairs:
        fitting[one.key] += 1
        fitting[other.key] += 1
    for one, other in pairs:
        is_alone = fitting[one.key] == fitting[other.key] == 1
        if (is_alone or one.spellings & other.spellings) and not one.works & other.works:
            yield one.person, other.person


def may_be_one(one, other):
    if one.person.orcid and other.person.orcid:
        return False
    return bool(fit(one.given, other.given) or one.spellings & other.spellings)


def finding(one, other):
    both = f"{reverse('admin:research_person_changelist')}?id__in={one.pk},{other.pk}"
    return Finding(f"{one} and {other} may be one person.", (("Look at both", both),))
