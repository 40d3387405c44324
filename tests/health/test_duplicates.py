"""Publications and people who may be there twice."""

import pytest

from research.health import duplicate_people, duplicate_publications
from research.models import Person

pytestmark = pytest.mark.django_db


def twice(make_publication, person, one, other, title="Öwls: a *study*"):
    """The titles that are said to be there twice, of two publications."""
    make_publication([person], title="Owls, a study", type="article", **one)
    make_publication([person], **{"title": title, "type": "preprint"} | other)
    return [found.sentence for found in duplicate_publications.find()]


def test_a_preprint_and_its_article_are_one(make_publication, make_person, said):
    person = make_person()
    sentences = twice(make_publication, person, {"doi": "10.5555/a"}, {"arxiv_id": "2401.00001"}, "Owls: a Study")
    assert sentences == ["“Owls: a Study” is there twice."]
    (_, older, newer), *_ = said(duplicate_publications)
    assert older < newer


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"doi": "10.5555/a"}, {"doi": "10.5555/b"}),
        ({"arxiv_id": "2401.00001"}, {"arxiv_id": "2401.00002"}),
        ({}, {"type": "talk"}),
        ({}, {"title": "Owls, a second study"}),
    ],
)
def test_what_its_identifiers_kind_or_title_tell_apart_is_two(make_publication, make_person, one, other):
    assert twice(make_publication, make_person(), one, other) == []


def test_works_of_one_title_by_different_first_authors_are_two(make_publication, make_person):
    for name in ("Jane Doe", "John Roe"):
        make_publication([make_person(name), make_person("Ann Owl")], title="Editorial")
    assert duplicate_publications.find() == []


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Jane Doe", "Jane Doe"], [(0, 1)]),
        (["José Pérez", "Jose Perez"], [(0, 1)]),
        (["Jane Doe", "J. Doe"], [(0, 1)]),
        (["Jane Doe", "Jane A. Doe"], [(0, 1)]),
        (["Jane Doe", "John Doe", "J. Doe"], []),  # nobody can tell
        (["Jane Doe", "Jane Roe"], []),
        (["Jane Doe", "John Doe"], []),
    ],
)
def test_people_of_one_name_may_be_one(make_person, names, found):
    people = [make_person(name) for name in names]
    sentences = [f"{people[a]} and {people[b]} may be one person." for a, b in found]
    assert [each.sentence for each in duplicate_people.find()] == sentences
    for each, (a, b) in zip(duplicate_people.find(), found, strict=True):
        assert each.links[0][1] == f"/admin/research/person/?id__in={people[a].pk},{people[b].pk}"


def test_another_spelling_or_a_former_name_is_a_name_too(make_person):
    make_person("Tomasz Korbak", other_spellings="Tomek Korbak")
    make_person("Tomek Korbak")
    make_person("Tom Korbak")
    make_person("Jane Roe", other_spellings="Jane Smith")
    make_person("Jane Smith")
    assert [found.sentence for found in duplicate_people.find()] == [
        "Tomasz Korbak and Tomek Korbak may be one person.",
        "Jane Roe and Jane Smith may be one person.",
    ]


def test_co_authors_and_people_with_an_orcid_each_are_two(make_person, make_publication):
    make_publication([make_person("Wei Wang"), make_person("Wei Wang")])
    make_person("Jane Doe", orcid="0000-0002-1825-0097")
    make_person("Jane Doe", orcid="0000-0001-5109-3700")
    assert duplicate_people.find() == []


def test_a_group_is_told_by_its_name():
    for name in ("ATLAS Collaboration", "ATLAS Collaboration", "CMS Collaboration"):
        Person.objects.create(family_name=name)
    assert len(duplicate_people.find()) == 1


def test_the_link_leads_to_both_people_in_the_list(owner_client, make_person):
    make_person("Jane Doe"), make_person("Jane Doe"), make_person("John Roe")
    (found,) = duplicate_people.find()
    page = owner_client.get(found.links[0][1]).content.decode()
    assert (page.count("Jane Doe</a>"), "John Roe</a>" in page) == (2, False)
