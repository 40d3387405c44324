"""The list of publications: shown, searched, filtered, changed."""

import pytest

from research.models import Publication, Topic

from .page import open_page

LIST = "/admin/research/publication/"


@pytest.fixture
def three(make_publication, make_person, stored_picture):
    topic = Topic.objects.create(name="Birds", slug="birds")
    jane, john = make_person("Jane Doe"), make_person("John Roe")
    owls = make_publication([jane, john], title="*Owls*", year=2024, venue_short="ICLR", thumbnail=stored_picture())
    owls.topics.add(topic)
    make_publication([john], title="Bats", year=2023, type="article", selected=True, doi="10.1000/bats")
    make_publication(title="Cats", year=2022, status="draft", arxiv_id="2412.04984", citation_key="doe2022cats")


def titles(page):
    return [row[2] for row in page.rows]


def test_the_list_shows_what_is_there(owner_client, three):
    page = open_page(owner_client, LIST)
    assert [row[1:6] for row in page.rows] == [
        ["", "Owls", "2024", "ICLR", "Published"],
        ["-", "Bats", "2023", "Journal article", "Published"],
        ["-", "Cats", "2022", "Preprint", "Draft"],
    ]
    selected = {
        name: value for name, value in page.fields.items() if name.startswith("form-") and name.endswith("-selected")
    }
    assert selected == {"form-1-selected": "on"}
    assert page.response.content.count(b'class="list-thumbnail"') == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "owls"}, ["Owls"]),
        ({"q": "doe"}, ["Owls", "Cats"]),  # an author, a citation key
        ({"q": "roe"}, ["Owls", "Bats"]),
        ({"q": "o"}, ["Owls", "Bats", "Cats"]),  # both authors of one match: it is listed once
        ({"q": "iclr"}, ["Owls"]),
        ({"q": "10.1000/bats"}, ["Bats"]),
        ({"q": "2412.04984"}, ["Cats"]),
        ({"q": "nothing"}, []),
        ({"status__exact": "draft"}, ["Cats"]),
        ({"selected__exact": "1"}, ["Bats"]),
        ({"type__exact": "article"}, ["Bats"]),
        ({"year": "2024"}, ["Owls"]),
        ({"year": "2024", "q": "bats"}, []),
    ],
)
def test_the_list_is_searched_and_filtered(query, found, owner_client, three):
    assert titles(open_page(owner_client, LIST, **query)) == found


def test_the_list_is_filtered_by_topic(owner_client, three):
    assert titles(open_page(owner_client, LIST, topics__id__exact=Topic.objects.get().pk)) == ["Owls"]


@pytest.mark.parametrize(
    "query", ["year=9" + "9" * 40, "year=x", "p=99999", "q=%00", "o=99", "status__exact=%00", "e=1"]
)
def test_odd_queries_are_no_server_errors(query, owner_client, three):
    open_page(owner_client, f"{LIST}?{query}")


@pytest.mark.parametrize("key", ["0", "x", "9" * 40, "-1", "1%00"])
def test_an_address_of_nothing_leads_to_the_first_page(key, owner_client, db):
    page = open_page(owner_client, f"{LIST}{key}/change/")
    assert page.url == "/admin/"
    assert page.messages[0].startswith("Publication with ID “")


def test_selected_is_saved_from_the_list(owner_client, three):
    page = open_page(owner_client, LIST).post(**{"form-0-selected": "on", "form-1-selected": None})
    assert page.messages == ["2 publications were changed successfully."]
    assert [publication.title for publication in Publication.objects.filter(selected=True)] == ["*Owls*"]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    owner_client, make_publication, make_person, stored_picture, queries_of
):
    people = [make_person("Jane Doe"), make_person("John Roe")]
    make_publication(people, thumbnail=stored_picture())
    few = queries_of(lambda: open_page(owner_client, LIST))
    make_publication(people, thumbnail=stored_picture())
    make_publication(people, thumbnail=stored_picture())
    assert queries_of(lambda: open_page(owner_client, LIST)) == few
