"""
Which of the known people an imported author is: by ORCID iD, by spelling, by family name and given names or initials.

A whole name that fits one person is that person. Initials ("J. Doe", or "Jane Doe" where only "J. Doe" is known) fit
somebody for sure only if that is the one person they fit, and it is the owner or somebody who has written with another
of the authors. An author of the same publication is recognised by less: any name that fits. Everything else is asked.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from .. import names, search
from ..models import Person
from ..models.people import fold

NEW = "new"


@dataclass(frozen=True)
class Resolution:
    """Who an author is: a known `person`; somebody new; or, where it is a question, one of the candidates."""

    author: object
    person: Person | None = None
    candidates: tuple = ()
    is_question: bool = False


class People:
    """Everybody who is known, looked up by name. It is filled once, and told of those who are added."""

    def __init__(self, people, authorships, owner=None):
        """`authorships`: pairs of (key of a publication, key of a person)."""
        self.by_key, self.by_orcid = {}, {}
        self.by_spelling, self.by_family = defaultdict(list), defaultdict(list)
        self.works = defaultdict(set)
        self.owner = owner
        for person in people:
            self.add(person)
        for publication, person in authorships:
            self.works[person].add(publication)

    def add(self, person):
        """Take a person in, or the new spelling of one who is known."""
        self.by_key[person.pk] = person
        if person.orcid:
            self.by_orcid[person.orcid] = person
        for spelling in person.spellings:
            if not any(known.pk == person.pk for known in self.by_spelling[plain(spelling)]):
                self.by_spelling[plain(spelling)].append(person)
        for name in spelled_names(person):
            entry = (person.pk, given_parts(name), search.fold(name.suffix).strip("."))
            if entry not in self.by_family[family(name)]:
                self.by_family[family(name)].append(entry)

    def resolve(self, authors, among=(), answers=None):
        """
        A list of `Resolution`, one for each of the authors, who are different people.

        `among`: keys of the people who are the authors of the same publication already. `answers`: what the owner has
        said, a dict from the place of an author to NEW or the key of a person.
        An answered author keeps the candidates, so that the answer can be changed.
        """
        found = dict.fromkeys(range(len(authors)))
        used = set()
        for step in (self.answered(answers or {}), self.by_identifier, self.among(among), self.by_whole_name):
            for place, author in enumerate(authors):
                if found[place] is None and (resolution := step(place, author, used)):
                    found[place] = resolution
                    used |= {resolution.person.pk} if resolution.person else set()
        for place, author in enumerate(authors):
            if found[place] is None:
                found[place] = self.by_fitting_name(author, used)
                used |= {found[place].person.pk} if found[place].person else set()
        return list(found.values())

    # --- The steps, the surest first ----------------------------------------------------------------------------

    def answered(self, answers):
        def step(place, author, used):
            answer = answers.get(place)
            person = self.by_key.get(answer)
            if answer != NEW and (person is None or person.pk in used):
                return None
            candidates = tuple(dict.fromkeys(one for one, _ in self.fitting(author, set())))
            return Resolution(author, person, candidates, is_question=False)

        return step

    def by_identifier(self, place, author, used):
        person = self.by_orcid.get(author.contributor.orcid)
        return Resolution(author, person) if person and person.pk not in used else None

    def among(self, keys):
        order = {key: place for place, key in enumerate(keys)}

        def step(place, author, used):
            exact = [person for person in self.spelled(author, used) if person.pk in order]
            fitting = exact or [person for person, _ in self.fitting(author, used) if person.pk in order]
            if not fitting:
                return None
            return Resolution(author, min(fitting, key=lambda person: abs(order[person.pk] - place)))

        return step

    def by_whole_name(self, place, author, used):
        """One who is spelled exactly so; initials are too short to tell somebody by them alone."""
        if is_initials(author.name):
            return None
        people = self.spelled(author, used)
        if len(people) == 1:
            return Resolution(author, people[0])
        return Resolution(author, None, tuple(people), is_question=True) if people else None

    def by_fitting_name(self, author, used):
        fitting = self.fitting(author, used)
        whole = [person for person, by_whole in fitting if by_whole]
        if len(whole) == 1:
            return Resolution(author, whole[0])
        people = tuple(whole or dict.fromkeys(person for person, _ in fitting))
        if len(people) == 1 and (people[0] in self.spelled(author, used) or self.is_plausible(people[0], used)):
            return Resolution(author, people[0])
        return Resolution(author, None, people, is_question=bool(people))

    # --- Looking up ---------------------------------------------------------------------------------------------

    def spelled(self, author, used):
        """The people who are known by exactly this name, but for accents, case and punctuation."""
        return [
            person for person in self.by_spelling.get(plain(author.name.full), ()) if self.may_be(person, author, used)
        ]

    def fitting(self, author, used):
        """(person, whether by a whole given name) of those whose name does not contradict this one."""
        given, suffix = given_parts(author.name), search.fold(author.name.suffix).strip(".")
        if not given:
            return []
        found = {}
        for key, known_given, known_suffix in self.by_family.get(family(author.name), ()):
            fits = fit(given, known_given)
            if fits and (not suffix or not known_suffix or suffix == known_suffix):
                found[key] = found.get(key, False) or fits == WHOLE
        people = ((self.by_key[key], by_whole) for key, by_whole in found.items())
        return [(person, by_whole) for person, by_whole in people if self.may_be(person, author, used)]

    def may_be(self, person, author, used):
        orcid = author.contributor.orcid
        return person.pk not in used and not (orcid and person.orcid and orcid != person.orcid)

    def is_plausible(self, person, others):
        """Whether a person is the owner, or has written something with one of the others (keys of people)."""
        if person.pk == self.owner:
            return True
        return any(self.works[person.pk] & self.works[other] for other in others)


WHOLE, INITIAL = "whole", "initial"


def plain(text):
    """A name for comparing: without accents, case, dots and hyphens."""
    return " ".join(re.sub(r"[.\-,]", " ", search.fold(text)).split())


def family(name):
    """The family name with its particle, as one word: "van der Berg" and "Vanderberg" are the same."""
    return plain(f"{name.particle} {name.family_name}").replace(" ", "").replace("'", "")


def given_parts(name):
    """ "Jean-Pierre A." as ("jean", "pierre", "a"); capitals alone, such as "JP", are initials."""
    given = name.given_name.strip()
    if re.fullmatch(r"[A-Z]{2,3}", given):
        given = " ".join(given)
    return tuple(plain(given).split())


def is_initials(name):
    """Whether the first given name is no more than an initial."""
    parts = given_parts(name)
    return bool(parts) and len(parts[0]) == 1


def fit(one, other):
    """WHOLE where two given names agree in a whole first name, INITIAL where in initials, None where they do not."""
    if not one or not other:
        return None
    for left, right in zip(one, other, strict=False):
        if left != right and not (min(len(left), len(right)) == 1 and left[0] == right[0]):
            return None
    return WHOLE if one[0] == other[0] and len(one[0]) > 1 else INITIAL


def spelled_names(person):
    """Every name of a person, as `names.Name`; a spelling that is no name is left out."""
    found = [names.Name(person.given_name, person.particle, person.family_name, person.suffix)]
    for spelling in person.other_spellings.splitlines():
        try:
            found.append(names.parse_name(spelling))
        except ValueError:
            continue
    return found


def as_written(people, author):
    """The person whose own name is exactly as written, for whom nobody can be asked; else None."""
    return next((person for person in people if fold(person.name) == fold(author.name.full)), None)


def remember(person, name, orcid):
    """Note the spelling and the ORCID iD ("" for none) with a person; whether they are new. The caller saves it."""
    before = person.other_spellings, person.orcid
    person.orcid = person.orcid or orcid
    spelling = " ".join(name.full.split())
    if fold(spelling) not in person.spellings:
        person.other_spellings = "\n".join(filter(None, (person.other_spellings.strip(), spelling)))
    return (person.other_spellings, person.orcid) != before
