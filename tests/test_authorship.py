import pytest

from research import authorship
from research.models import Person


def rows(publication):
    return [
        (row.position, row.person.name, row.equal_contribution, row.corresponding)
        for row in publication.authorships.select_related("person")
    ]


def people():
    return [person.name for person in Person.objects.order_by("pk")]


def add(publication, text):
    return authorship.add_authors(publication, authorship.recognise(text))


def test_unknown_names_become_people_in_their_order(make_publication):
    publication = make_publication()
    new = add(publication, "Jane Doe*, Ludwig van Beethoven*✉, {ATLAS Collaboration}")
    assert [person.name for person in new] == people() == ["Jane Doe", "Ludwig van Beethoven", "ATLAS Collaboration"]
    assert rows(publication) == [
        (0, "Jane Doe", True, False),
        (1, "Ludwig van Beethoven", True, True),
        (2, "ATLAS Collaboration", False, False),
    ]
    assert Person.objects.get(particle="van").family_name == "Beethoven"


@pytest.mark.parametrize("typed", ["Jane Doe", "jane  DOE", "Doe, Jane", "J. Doe", "Doe, J.", "Jane Roe"])
def test_a_known_person_is_recognised_by_every_spelling(typed, make_person, make_publication):
    person = make_person("Jane Doe", other_spellings="J. Doe\r\n\r\n Jane Roe ")
    publication = make_publication()
    assert add(publication, typed) == []
    assert publication.authorships.get().person == person
    assert Person.objects.get() == person


def test_accents_tell_people_apart_however_they_are_encoded(make_person, make_publication):
    known = make_person("Otto Hölder")
    publication = make_publication()
    new = add(publication, "Otto Ho\u0308lder, Otto Holder")
    assert [row.person for row in publication.authorships.all()] == [known, *new]
    assert people() == ["Otto Hölder", "Otto Holder"]


def test_a_name_of_several_people_is_refused(make_person):
    make_person("Wei Wang")
    make_person("Wei Wang")
    with pytest.raises(authorship.Ambiguous) as refusal:
        authorship.recognise("Jane Doe, Wei Wang")
    assert str(refusal.value) == (
        "There are 2 people called Wei Wang. Leave the name out here, and choose the right one in the list of authors."
    )


@pytest.mark.parametrize("text", ["x" * 201, "Jane " + "d" * 201, "Doe, " + "J" * 201, "A " + "b " * 30 + "C"])
def test_what_does_not_fit_a_person_is_refused(text, db):
    with pytest.raises(ValueError) as refusal:
        authorship.recognise(text)
    name = authorship.names.parse_name(text).full
    assert str(refusal.value) == (
        f"“{name[:60]}…” is too long for a name. Write the names alone, with commas between them."
    )
    assert people() == []


def test_typed_authors_come_behind_those_that_are_there(make_person, make_publication):
    publication = make_publication([make_person("Jane Doe"), make_person("John Roe")])
    publication.authorships.filter(person__family_name="Roe").update(position=7)
    add(publication, "Jo Poe, Al Moe")
    assert [row[:2] for row in rows(publication)] == [(0, "Jane Doe"), (7, "John Roe"), (8, "Jo Poe"), (9, "Al Moe")]


def test_an_author_who_is_there_keeps_the_place_and_gets_the_marks(make_person, make_publication):
    publication = make_publication([(make_person("Jane Doe"), "*"), make_person("John Roe")])
    assert add(publication, "John Roe*✉, Jane Doe") == []
    assert rows(publication) == [(0, "Jane Doe", True, False), (1, "John Roe", True, True)]


def test_a_new_name_typed_twice_is_one_person(make_publication):
    publication = make_publication()
    new = add(publication, "Jane Doe; jane doe*; Doe, Jane")
    assert [person.name for person in new] == people() == ["Jane Doe"]
    assert rows(publication) == [(0, "Jane Doe", True, False)]


def test_recognising_asks_the_database_once(make_person, django_assert_num_queries):
    for name in ("Jane Doe", "John Roe", "Jo Poe"):
        make_person(name)
    with django_assert_num_queries(1):
        authorship.recognise("Jane Doe")
    with django_assert_num_queries(1):
        authorship.recognise("Jane Doe, John Roe, Jo Poe, Al Moe, Ed Coe")
