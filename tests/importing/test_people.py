"""Which person an imported author is."""

import pytest

from research.importing.people import NEW, People
from research.importing.works import Author
from research.models import Person

from .records import author

ORCID = "0000-0002-1825-0097"


def person(key, name, **fields):
    given, _, family = name.rpartition(" ")
    return Person(pk=key, given_name=given, family_name=family, **fields)


def resolve(known, *names, authorships=(), owner=None, **options):
    """Who the names are: keys of people, NEW, or for a question the set of the keys to choose from."""
    people = People(known, authorships, owner)
    authors = [Author(one if not isinstance(one, str) else author(one)) for one in names]
    return [
        {one.pk for one in found.candidates} if found.is_question else found.person.pk if found.person else NEW
        for found in people.resolve(authors, **options)
    ]


JANE, JOHN = person(1, "Jane Doe"), person(2, "John Roe")


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Jane Doe", 1),
        ("JANE DOE", 1),
        ("Doe, Jane", 1),
        ("Jané Doe", 1),
        ("Jane A. Doe", 1),
        ("Jane van Doe", NEW),
        ("Janet Doe", NEW),
        ("Jane Roe", NEW),
        ("Doe", NEW),
        ("J. Doe", {1}),
        ("JA Doe", {1}),
        ("A. Doe", NEW),
    ],
)
def test_a_name_is_recognised(name, who):
    assert resolve([JANE, JOHN], name) == [who]


def test_the_orcid_id_tells_before_every_name():
    jane = person(1, "Jane Doe", orcid=ORCID)
    assert resolve([jane, JOHN], author("John Roe", ORCID)) == [1]
    assert resolve([jane], author("Jane Doe", "0000-0001-5109-3700")) == [NEW]


def test_other_spellings_tell():
    jane = person(1, "Jane Doe", other_spellings="Jane Miller\nno, name, at, all, here")
    assert resolve([jane], "Jane Miller", "J. Miller", among=[1]) == [1, NEW]
    assert resolve([jane], "J. Miller", owner=1) == [1]


def test_a_middle_name_tells_two_apart():
    known = [person(1, "Jane A. Doe"), person(2, "Jane B. Doe")]
    assert resolve(known, "Jane Alice Doe") == [1]
    assert resolve(known, "Jane Doe") == [{1, 2}]


def test_two_of_one_name_are_asked():
    assert resolve([person(1, "Wei Wang"), person(2, "Wei Wang")], "Wei Wang") == [{1, 2}]


def test_two_whom_initials_fit_are_asked_even_where_one_is_the_owner():
    assert resolve([JANE, person(2, "John Doe")], "J. Doe", owner=1) == [{1, 2}]


def test_a_remembered_initial_is_asked_where_it_fits_another_too():
    jane = person(1, "Jane Doe", other_spellings="J. Doe")
    assert resolve([jane], "J. Doe") == [1]
    assert resolve([jane, person(2, "John Doe")], "J. Doe") == [{1, 2}]


def test_initials_tell_the_owner_and_those_who_have_written_with_another_author():
    assert resolve([JANE, JOHN], "J. Doe", "John Roe") == [{1}, 2]
    assert resolve([JANE, JOHN], "J. Doe", owner=1) == [1]
    assert resolve([JANE, JOHN], "J. Doe", "John Roe", authorships=[(7, 1), (7, 2)]) == [1, 2]
    assert resolve([JANE, JOHN], "J. Doe", "John Roe", authorships=[(7, 1), (8, 2)]) == [{1}, 2]


def test_authors_of_the_same_publication_are_recognised_by_any_name_that_fits():
    assert resolve([JANE, person(2, "John Doe")], "J. Doe", among=[2]) == [2]
    twins = [person(1, "Wei Wang"), person(2, "Wei Wang")]
    assert resolve(twins, "Wei Wang", "Wei Wang", among=[2, 1]) == [2, 1]


def test_authors_of_one_work_are_different_people():
    assert resolve([JANE], "Jane Doe", "J. Doe", owner=1) == [1, NEW]
    assert resolve([JANE], "Jane Doe", "Jane Doe") == [1, NEW]


def test_the_owners_answer_counts():
    known = [JANE, person(2, "John Doe")]
    assert resolve(known, "J. Doe", answers={0: 2}) == [2]
    assert resolve(known, "J. Doe", answers={0: NEW}) == [NEW]
    assert resolve(known, "J. Doe", answers={0: 99}) == [{1, 2}]


def test_particles_and_suffixes_are_part_of_the_name():
    known = [Person(pk=1, given_name="Jan", particle="van der", family_name="Berg"), person(2, "Martin King")]
    assert resolve(known, "Jan Van der Berg", "Berg, Jan") == [1, NEW]
    junior = Person(pk=3, given_name="Martin", family_name="King", suffix="Jr.")
    assert resolve([known[1], junior], "Martin King, Jr", "Martin King, Sr.") == [3, 2]


def test_a_group_is_recognised_by_its_whole_name():
    group = Person(pk=1, family_name="ATLAS Collaboration")
    assert resolve([group, JANE], author("Atlas-Collaboration"), author("CMS")) == [1, NEW]
