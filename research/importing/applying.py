"""The one place where an import writes rows: each record in a transaction of its own, all or nothing."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from .. import authorship, citation_key, search, slugs
from ..history.recording import change, note_new
from ..models import Authorship, Person, Profile, Publication
from ..roles import may_change_profile
from .comparison import with_marks
from .people import as_written, plain, remember
from .provenance import AUTHORS, DATE, DATE_PARTS, authors_value, ordered_authors, sign
from .review import Kind, review

AT_A_TIME = 200  # records whose publications are read together


class Refused(ValueError):
    """This record cannot be written; the text is a sentence."""


@dataclass(frozen=True)
class Outcome:
    """What became of one work: the publication (None where it was skipped) and sentences on what to know of it."""

    where: str
    title: str
    publication: Publication | None = None
    fields: tuple = ()
    notes: tuple = ()


@dataclass
class Result:
    """What an import has done: (kind, `Outcome`) of each work, in the order in which they were given."""

    outcomes: list = field(default_factory=list)
    owner: Person | None = None  # who has been recognised as the owner, now that they are known

    def of(self, kind):
        return [outcome for its_kind, outcome in self.outcomes if its_kind == kind]

    @property
    def created(self):
        return self.of("created")

    @property
    def changed(self):
        return self.of("changed")

    @property
    def unchanged(self):
        return self.of("unchanged")

    @property
    def skipped(self):
        return self.of("skipped")


@dataclass(frozen=True)
class Terms:
    """
    How works are taken: `status` and `selected` of new ones, whether somebody can be asked who an author is, and what
    the history says of it: by what, and by whom.
    """

    status: str = Publication.Status.DRAFT
    selected: bool = False
    can_ask: bool = True
    cause: str = "Imported"
    user: object = None


def apply(decided, library, terms):
    """
    Write works into the site; returns a `Result`. `decided` is a list of (Work, Decision or None).

    Where nobody can be asked, an author who may be several people is taken as written. What cannot be written is
    skipped with a sentence, and leaves nothing behind.
    """
    result = Result()
    for start in range(0, len(decided), AT_A_TIME):
        some = decided[start : start + AT_A_TIME]
        matches = [library.index.match(work) for work, _ in some]
        library.fetch(match.keys[0] for match in matches if match and match.is_certain)
        with change(terms.cause, terms.user):  # one commit for many: a commit waits for the disk
            for work, decision in some:
                result.outcomes.append(apply_one(work, decision, library, terms))
    result.owner = recognise_owner(library, terms)
    return result


def recognise_owner(library, terms):
    """The person who bears the profile's name, where the profile does not say yet which author the owner is."""
    if not may_change_profile(terms.user):
        return None
    profile = Profile.objects.filter(pk=1, person=None).exclude(name="").first()
    people = library.people.by_spelling.get(plain(profile.name), []) if profile else []
    if len(people) != 1:
        return None
    profile.person = people[0]
    with change(terms.cause, terms.user):
        profile.save()
    return people[0]


def apply_one(work, decision, library, terms):
    """("created", "changed", "unchanged" or "skipped", the `Outcome`) of one work."""
    proposed = None
    try:
        if work.refusal:
            raise Refused(work.refusal)
        proposed = review(work, library, decision)
        check_decided(proposed, terms.can_ask)
        with transaction.atomic():
            kind, publication, people, notes = write(proposed, library, terms)
    except (Refused, ValidationError, IntegrityError) as error:
        if proposed and proposed.publication:
            library.forget(proposed.publication)
        return "skipped", Outcome(work.where, work.title, notes=(*work.notes, sentence(error)))
    library.note(publication, people, frozenset(work.sources))
    fields = tuple(change.field for change in proposed.applied)
    return kind, Outcome(work.where, str(publication), publication, fields, (*work.notes, *notes, *kept(proposed)))


def write(proposed, library, terms):
    """(what was done, the publication, its authors as a list of people, sentences)."""
    if proposed.publication is None:
        return "created", *create(proposed, library, terms)
    if proposed.applied:
        return "changed", *update(proposed, library)
    return "unchanged", proposed.publication, authors_of(proposed.publication), []


def authors_of(publication):
    return [row.person for row in ordered_authors(publication)]


def check_decided(proposed, can_ask):
    """Raises Refused with a sentence where the owner has to be asked."""
    if proposed.kind == Kind.UNCERTAIN:
        raise Refused(f"{proposed.match.reason} Say in the review whether it is the same.")
    if can_ask and proposed.questions:
        name = proposed.resolutions[proposed.questions[0]].author.name.full
        raise Refused(f"Say who {name} is: several people could be meant.")


def kept(proposed):
    """Sentences on what was not changed for want of a tick."""
    return [
        f"The {label(change.field)} was not changed: {change.writer} wrote it, and {change.source} has it otherwise."
        for change in proposed.kept
    ]


def label(name):
    """What a field is called in a sentence."""
    names = {AUTHORS: "list of authors", DATE: "date"}
    return names.get(name) or str(Publication._meta.get_field(name).verbose_name)


def sentence(error):
    """What a refusal of any kind says to a person."""
    if isinstance(error, ValidationError):
        return " ".join(dict.fromkeys(error.messages))
    if isinstance(error, IntegrityError):
        return "The database refused it: it contradicts another publication or person. Nothing of it was kept."
    return str(error)


def create(proposed, library, terms):
    """(a new publication with its authors, these, sentences)."""
    work = proposed.work
    publication = Publication(status=terms.status, selected=terms.selected)
    write_values(publication, work.values)
    people, notes = take_people(proposed.resolutions, library)
    publication.slug = slugs.first_free(slugs.make(publication.title, "publication"), library.slugs)
    family_name = people[0].family_name if people else ""
    key = work.key or citation_key.make(family_name, publication.year, publication.title)
    publication.citation_key = citation_key.first_free(key[:90], library.citation_keys)
    if work.key and publication.citation_key != work.key:
        notes.append(f"Another publication has the citation key {work.key}; this one has {publication.citation_key}.")
    rows, _ = place_authors(publication, [], people, proposed)
    check(publication, library)
    publication.save()
    Authorship.objects.bulk_create(rows)
    topics = [library.topics[word] for word in map(search.fold, work.keywords) if word in library.topics]
    if topics:
        publication.topics.add(*topics)
    return publication, people, notes


def check(publication, library):
    """Raises ValidationError; asks the database only where another publication may have the same identifier."""
    publication.clean_fields()
    publication.clean()
    index = library.index
    if publication.doi in index.by_doi or publication.arxiv_id in index.by_arxiv:
        publication.validate_constraints()


def update(proposed, library):
    """(the publication with the changes that apply, its authors, sentences)."""
    publication = proposed.publication
    changes = {change.field: change for change in proposed.applied}
    write_values(publication, {name: (one.new, one.source) for name, one in changes.items() if name != AUTHORS})
    if AUTHORS not in changes:
        publication.full_clean()
        publication.save()
        return publication, authors_of(publication), []
    people, notes = take_people(proposed.resolutions, library)
    rows, gone = place_authors(publication, changes[AUTHORS].old, people, proposed)
    publication.full_clean()
    publication.save()
    Authorship.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Authorship.objects.bulk_update([row for row in rows if row.pk], ["position", "equal_contribution", "corresponding"])
    Authorship.objects.bulk_create([row for row in rows if not row.pk])
    return publication, people, notes


def write_values(publication, values):
    """Set fields to (value, source), and note who wrote them."""
    for name, (value, source) in values.items():
        if name == DATE:
            for part, number in zip(DATE_PARTS, value, strict=True):
                setattr(publication, part, number)
        else:
            setattr(publication, name, value)
        if source:  # the owner's own answers have none
            sign(publication, name, value, source)


def take_people(resolutions, library):
    """(the people that the authors are: those who are new made, old ones told their new spelling; sentences)."""
    people, notes = [], []
    for resolution in resolutions:
        author, person = resolution.author, resolution.person
        if resolution.is_question:
            person = as_written(resolution.candidates, author)
            names = " or ".join(str(candidate) for candidate in resolution.candidates[:3])
            notes.append(f"{author.name.full} may be {names}, and was taken as written.")
        orcid = author.contributor.orcid if author.contributor.orcid not in library.people.by_orcid else ""
        if person is None or person in people:
            person = new_person(author.name, orcid)
        elif remember(person, author.name, orcid):
            person.save()
        people.append(person)
    note_new(Person.objects.bulk_create([person for person in people if person.pk is None]))
    return people, notes


def new_person(name, orcid):
    """A person who is not stored yet."""
    try:
        authorship.check_new(name)
    except ValueError as error:
        raise Refused(str(error)) from error
    return Person(**vars(name), orcid=orcid)


def place_authors(publication, rows, people, proposed):
    """(the unsaved rows that make the work's authors of a publication, those of its `rows` that are gone)."""
    there = {row.person_id: row for row in rows}
    marked = with_marks(rows, proposed.resolutions)
    placed = []
    for position, (person, (_, (equal, corresponding))) in enumerate(zip(people, marked, strict=True)):
        row = there.pop(person.pk, None) or Authorship(publication=publication, person=person)
        row.position, row.equal_contribution, row.corresponding = position, equal, corresponding
        placed.append(row)
    if placed:
        sign(publication, AUTHORS, authors_value(placed), proposed.work.authors_source)
    return placed, there.values()
