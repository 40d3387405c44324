"""The authors of a publication: typed, chosen, ordered, marked, removed."""

import pytest

from research.admin.publications import MOST_AUTHORS
from research.models import Person, Publication

from .page import open_page

ADD = "/admin/research/publication/add/"


def change(publication):
    return f"/admin/research/publication/{publication.pk}/change/"


def authors(publication):
    return [
        f"{row.person}{'*' * row.equal_contribution}{'✉' * row.corresponding}" for row in publication.authorships.all()
    ]


def test_typed_authors_are_recognised_by_their_spellings(owner_client, make_person):
    make_person("Jane Doe", other_spellings="J. Doe")
    page = open_page(owner_client, ADD).post(title="Owls", new_authors="Doe, J.*\r\nRoe, John\r\n")
    assert page.messages[0] == "New among the people: John Roe."
    assert authors(Publication.objects.get()) == ["Jane Doe*", "John Roe"]
    assert Person.objects.count() == 2


def test_nothing_is_said_of_new_people_where_all_are_known(owner_client, make_person):
    make_person("Jane Doe")
    page = open_page(owner_client, ADD).post(title="Owls", new_authors="Jane Doe")
    assert page.messages == ["The publication “Owls” was added successfully."]


def test_authors_are_put_in_order_marked_and_removed(owner_client, make_publication, make_person):
    people = [make_person(name) for name in ("Jane Doe", "John Roe", "Jo Poe")]
    publication = make_publication([(people[0], "*"), people[1], people[2]])
    page = open_page(owner_client, change(publication))
    assert [page.fields[f"authorships-{row}-person"] for row in range(3)] == [str(person.pk) for person in people]
    page.post(
        **{
            "authorships-0-position": "2",
            "authorships-0-equal_contribution": None,
            "authorships-1-position": "1",
            "authorships-2-position": "0",
            "authorships-2-corresponding": "on",
        }
    )
    assert authors(publication) == ["Jo Poe✉", "John Roe", "Jane Doe"]
    open_page(owner_client, change(publication)).post(**{"authorships-1-DELETE": "on"})
    assert authors(publication) == ["Jo Poe✉", "Jane Doe"]
    assert Person.objects.count() == 3


def test_two_authors_may_change_places_by_name(owner_client, make_publication, make_person):
    people = [make_person(name) for name in ("Jane Doe", "John Roe")]
    publication = make_publication(people)
    page = open_page(owner_client, change(publication))
    first, second = (page.fields[f"authorships-{row}-person"] for row in range(2))
    page = page.post(**{"authorships-0-person": second, "authorships-1-person": first})
    assert page.sentences == []
    assert authors(publication) == ["John Roe", "Jane Doe"]


@pytest.mark.parametrize("new_row", [True, False])
def test_an_author_may_take_the_place_of_one_who_is_removed(new_row, owner_client, make_publication, make_person):
    people = [make_person(name) for name in ("Jane Doe", "John Roe")]
    publication = make_publication(people)
    page = open_page(owner_client, change(publication))
    changes = {"authorships-1-DELETE": "on"}
    if new_row:
        page.add_row("authorships", person=str(people[1].pk), equal_contribution="on")
    else:
        changes |= {"authorships-0-person": str(people[1].pk), "authorships-0-equal_contribution": "on"}
    page = page.post(**changes)
    assert page.sentences == []
    assert authors(publication) == (["Jane Doe", "John Roe*"] if new_row else ["John Roe*"])


TWICE = [
    ("", "A person is among the authors twice. Remove one of the two rows."),
    ("", "This person is among the authors already."),
]


def test_a_person_is_among_the_authors_once(owner_client, make_publication, make_person):
    jane = make_person("Jane Doe")
    page = open_page(owner_client, ADD)
    page.add_row("authorships", person=str(jane.pk))
    page.add_row("authorships", person=str(jane.pk))
    page = page.post(title="Owls")
    assert page.sentences == TWICE
    assert not Publication.objects.exists()
    page = page.post(**{"authorships-1-person": str(make_person("John Roe").pk)})
    assert authors(Publication.objects.get()) == ["Jane Doe", "John Roe"]

    page = open_page(owner_client, change(Publication.objects.get()))
    page.add_row("authorships", person=str(jane.pk))
    assert page.post().sentences == TWICE


def test_an_author_who_was_added_in_another_window_gets_a_sentence(owner_client, make_publication, make_person):
    publication = make_publication([make_person("John Roe")])
    jane = str(make_person("Jane Doe").pk)
    windows = [open_page(owner_client, change(publication)) for _ in range(2)]
    for window in windows:
        window.add_row("authorships", person=jane)
    assert windows[0].post().sentences == []
    page = windows[1].post(**{"authorships-1-equal_contribution": "on"})
    assert [name for name, _ in page.sentences] == [""]
    assert authors(publication) == ["John Roe", "Jane Doe"]
    assert page.post().sentences == []
    assert authors(publication) == ["John Roe", "Jane Doe*"]


def test_an_author_who_was_removed_in_another_window_is_asked_about(owner_client, make_publication, make_person):
    publication = make_publication([make_person("Jane Doe"), make_person("John Roe")])
    windows = [open_page(owner_client, change(publication)) for _ in range(2)]
    windows[0].post(**{"authorships-0-DELETE": "on"})
    page = windows[1].post(title="Bats")
    assert [name for name, _ in page.sentences] == [""]
    assert authors(publication) == ["John Roe"]
    assert page.post().sentences == []
    assert authors(publication) == ["Jane Doe", "John Roe"]


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"equal_contribution": "on"}, [("person", "This field is required.")]),
        ({"person": "99999"}, [("person", "Select a valid choice. That choice is not one of the available choices.")]),
        ({"person": "1", "position": "-1"}, [("position", "Ensure this value is greater than or equal to 0.")]),
        ({"person": "1", "position": ""}, [("position", "This field is required.")]),
        ({"person": "1", "position": "first"}, [("position", "Enter a whole number.")]),
    ],
)
def test_a_wrong_row_of_an_author_gets_a_sentence(values, sentences, owner_client, make_person):
    make_person("Jane Doe", pk=1)
    page = open_page(owner_client, ADD)
    page.add_row("authorships", **values)
    page = page.post(title="Owls")
    assert page.sentences == [(f"authorships-0-{name}", sentence) for name, sentence in sentences]
    assert not Publication.objects.exists()


def test_there_is_room_behind_the_largest_position(owner_client, make_person, make_publication):
    publication = make_publication([make_person("Jane Doe")])
    page = open_page(owner_client, change(publication))
    page = page.post(**{"authorships-0-position": "9223372036854775807"}, new_authors="John Roe")
    assert page.sentences == []
    assert authors(publication) == ["Jane Doe", "John Roe"]


def test_an_added_row_that_was_left_empty_is_ignored(owner_client):
    page = open_page(owner_client, ADD)
    for _ in range(2):  # the second one has a number of its own, which alone makes no author
        page.add_row("authorships")
        page.add_row("links")
    assert page.post(title="Owls").sentences == []
    publication = Publication.objects.get()
    assert (authors(publication), list(publication.links.all())) == ([], [])


def test_a_form_with_as_many_authors_as_can_be_listed_can_be_posted(
    owner_client, make_publication, make_person, settings
):
    publication = make_publication([(make_person("Jane Doe"), "*")])
    page = open_page(owner_client, change(publication))
    row = {name for name in page.fields if name.startswith("authorships-0-")} | {"corresponding", "DELETE"}
    assert len(row) == 7
    assert len(page.fields) + MOST_AUTHORS * len(row) + 20 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_typed_authors_who_are_there_already_do_not_count_twice(
    owner_client, make_publication, make_person, monkeypatch
):
    monkeypatch.setattr("research.admin.publications.MOST_AUTHORS", 2)
    publication = make_publication([make_person("Jane Doe")])
    page = open_page(owner_client, change(publication)).post(new_authors="Jane Doe*; John Roe; Jo Poe")
    assert page.sentences == [
        (
            "new_authors",
            "With these the publication has 3 authors; at most 2 can be listed. Write the name of the group instead, "
            "such as {ATLAS Collaboration}.",
        )
    ]
    assert page.post(new_authors="Jane Doe*; John Roe").sentences == []
    assert authors(publication) == ["Jane Doe*", "John Roe"]


def test_a_thousand_authors_cannot_be_pasted(owner_client):
    page = open_page(owner_client, ADD).post(title="Owls", new_authors="; ".join(f"N M{n}" for n in range(1000)))
    assert page.sentences == [
        (
            "new_authors",
            "With these the publication has 1000 authors; at most 700 can be listed. Write the name of the group "
            "instead, such as {ATLAS Collaboration}.",
        )
    ]
    assert not Person.objects.exists()


def test_pasted_authors_are_stored_in_their_order(owner_client):
    names = [f"Jane Number{number}" for number in range(50)]
    page = open_page(owner_client, ADD).post(title="Owls", new_authors="\r\n".join(names))
    assert page.sentences == []
    assert authors(Publication.objects.get()) == names


def test_the_form_asks_the_database_as_often_for_ten_authors_as_for_one(
    owner_client, make_publication, make_person, queries_of
):
    one = make_publication([make_person("Jane Doe")])
    ten = make_publication([make_person(f"Jane Doe{number}") for number in range(10)])
    few = queries_of(lambda: open_page(owner_client, change(one)))
    assert queries_of(lambda: open_page(owner_client, change(ten))) == few


ADD_PERSON = "/admin/research/person/add/?_to_field=id&_popup=1"


@pytest.mark.usefixtures("contexts_are_kept")
def test_a_person_can_be_added_and_corrected_from_the_row(owner_client, make_person, make_publication):
    publication = make_publication([make_person("Jane Doe")])
    page = open_page(owner_client, change(publication))
    assert [link for link in page.links if "/person/" in link and "_popup" in link] == [ADD_PERSON]
    assert 'data-href-template="/admin/research/person/__fk__/change/' in page.response.content.decode()
    page = open_page(owner_client, ADD_PERSON)
    response = owner_client.post(page.url, page.fields | {"given_name": "Jo", "family_name": "Poe"})
    assert response.templates[0].name == "admin/popup_response.html"
    assert Person.objects.filter(family_name="Poe").exists()


def test_authors_are_found_as_one_types(owner_client, make_person):
    make_person("Jane Doe", other_spellings="J. Smith")
    make_person("John Roe")
    query = {"app_label": "research", "model_name": "authorship", "field_name": "person", "term": "smith"}
    response = owner_client.get("/admin/autocomplete/", query)
    assert [found["text"] for found in response.json()["results"]] == ["Jane Doe"]
