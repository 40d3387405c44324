"""Lists of authors, as they are typed, become people in their order."""

from django.core.exceptions import ValidationError

from . import names
from .models import Authorship, Person
from .models.people import fold, people_by_spelling


class Ambiguous(ValueError):
    """A name is that of several people; the text is a sentence that says what to do."""


def recognise(text):
    """
    The authors of a typed list: a list of (`names.TypedAuthor`, the `Person` known by this spelling or None).

    Raises ValueError with a sentence for what is no name, and `Ambiguous` for a name that several people share.
    """
    known = people_by_spelling()
    found = []
    for author in names.parse_authors(text):
        people = known.get(fold(author.name.full), [])
        if len(people) > 1:
            raise Ambiguous(
                f"There are {len(people)} people called {author.name.full}. Leave the name out here, and choose the "
                "right one in the list of authors."
            )
        if not people:
            check_new(author.name)
        found.append((author, people[0] if people else None))
    return found


def check_new(name):
    """Raise ValueError with a sentence for a name that does not fit a person: a whole paragraph, for example."""
    try:
        Person(**vars(name)).clean_fields()
    except ValidationError as error:
        raise ValueError(
            f"“{name.full[:60]}…” is too long for a name. Write the names alone, with commas between them."
        ) from error


def add_authors(publication, typed):
    """
    Put typed authors (see `recognise`) behind those that the publication has; returns the people who are new.

    Somebody who is among the authors already keeps the place, and gets the marks.
    """
    new_people = []
    made = {}
    position = max(publication.authorships.values_list("position", flat=True), default=-1)
    for author, known in typed:
        spelling = fold(author.name.full)
        person = known or made.get(spelling)
        if person is None:
            person = Person.objects.create(**vars(author.name))
            made[spelling] = person
            new_people.append(person)
        position += 1
        authorship, _ = Authorship.objects.get_or_create(
            publication=publication, person=person, defaults={"position": position}
        )
        authorship.equal_contribution |= author.equal_contribution
        authorship.corresponding |= author.corresponding
        authorship.save()
    return new_people
