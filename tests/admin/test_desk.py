"""The first page: the steps to a finished site, the example and how it goes."""

import re

import pytest

from research.example import load
from research.models import Person, Profile, ProfileLink, Project, Publication

from .page import open_page

REMOVE = "/admin/example/remove/"
STEPS = [
    "Write who you are",
    "Upload a photo",
    "Add your links",
    "Say which author you are",
    "Add a publication",
    "Add a project",
]


def steps(client):
    """The steps on the first page, as (title, whether it is done)."""
    text = client.get("/admin/").content.decode()
    found = re.findall(r'<li class="(done|)">(.*?)</li>', text)
    return [
        (next(title for title in STEPS if title in re.sub(r"<[^>]+>", "", entry)), state == "done")
        for state, entry in found
    ]


def test_the_first_page_lists_the_steps_that_are_left(owner_client, profile):
    Profile.objects.update(name="", biography="")
    assert steps(owner_client) == [(title, False) for title in STEPS]
    links = open_page(owner_client, "/admin/").links
    assert {links[f"/admin/research/{model}/add/"] for model in ("publication", "project")} == {"Add"}
    text = owner_client.get("/admin/").content.decode()
    assert '<a href="/admin/research/profile/1/change/">Write who you are</a> (name and biography)' in text


def test_each_step_is_done_by_doing_it(owner_client, profile, make_person, make_publication, make_project):
    Profile.objects.update(name="", biography="")

    def done():
        return [title for title, is_done in steps(owner_client) if is_done]

    Profile.objects.update(name="Jane Doe")
    assert done() == []
    Profile.objects.update(biography="I study owls")
    assert done() == STEPS[:1]
    Profile.objects.update(photo="images/x")
    profile.links.create(kind="github", address="https://a.org")
    assert done() == STEPS[:3]
    Profile.objects.update(person=make_person())
    make_publication()
    assert done() == STEPS[:5]
    make_project()
    assert steps(owner_client) == []
    assert "steps to a finished site" not in owner_client.get("/admin/").content.decode()


def test_the_steps_survive_a_lost_profile(owner_client):
    Profile.objects.all().delete()
    assert steps(owner_client) == [(title, False) for title in STEPS]


def test_what_the_owner_comes_for_stands_first(owner_client):
    text = owner_client.get("/admin/").content.decode()
    assert re.findall(r'<tr class="model-(\w+)', text)[:6] == [
        "publication",
        "project",
        "profile",
        "person",
        "topic",
        "user",
    ]


@pytest.fixture
def example(db):
    load.load()
    assert load.example_is_loaded()


def counts():
    return {model.__name__: model.objects.count() for model in (Publication, Project, Person, ProfileLink)}


EMPTY = {"Publication": 0, "Project": 0, "Person": 0, "ProfileLink": 0}


@pytest.mark.usefixtures("contexts_are_kept")
def test_the_example_is_removed_after_a_question(owner_client, example, client, media_files, undo_has_ended):
    text = owner_client.get("/admin/").content.decode()
    assert "The site shows the example" in text
    assert f'<form method="post" action="{REMOVE}">' in text
    before = counts()
    asked = owner_client.post(REMOVE)
    assert asked.templates[0].name == "admin/remove_example.html"
    assert counts() == before
    assert media_files() != set()
    response = owner_client.post(REMOVE, {"confirmed": "yes"}, follow=True)
    assert response.redirect_chain == [("/admin/", 302)]
    assert "The example is gone. These are the steps to your own site." in response.content.decode()
    assert counts() == EMPTY
    undo_has_ended()
    assert media_files() == set()
    assert steps(owner_client) == [(title, False) for title in STEPS]
    assert client.get("/").status_code == 200


def test_what_the_owner_wrote_beside_the_example_stays(
    owner_client, example, make_publication, make_project, make_person, media_files, stored_picture
):
    mine = make_publication([make_person("Jane Doe"), Person.objects.first()], thumbnail=stored_picture(size=(60, 40)))
    make_project()
    profile = Profile.objects.get()
    profile.name, profile.biography = "Jane Doe", "I study owls"
    profile.save()
    profile.links.create(kind="github", address="https://github.com/jane")
    first = mine.authorships.last().person
    owner_client.post(REMOVE, {"confirmed": "yes"})
    assert counts() == {"Publication": 1, "Project": 1, "Person": 2, "ProfileLink": 1}
    assert [row.person for row in mine.authorships.all()][1] == first
    profile.refresh_from_db()
    assert (profile.name, profile.biography, profile.headline, profile.photo.name) == (
        "Jane Doe",
        "I study owls",
        "",
        "",
    )


@pytest.mark.parametrize("data", [{}, {"confirmed": "yes"}])
def test_nobody_but_the_owner_removes_the_example(data, client, staff_client, example):
    before = counts()
    for refused in (client, staff_client("delete_publication", "delete_project", "change_profile")):
        response = refused.post(REMOVE, data)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/?next=")
    assert counts() == before


def test_the_helper_is_not_offered_what_only_the_owner_may(staff_client, example):
    assert "Remove the example" not in staff_client("view_publication").get("/admin/").content.decode()


def test_the_example_is_not_removed_by_looking(owner_client, example):
    before = counts()
    response = owner_client.get(REMOVE)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert counts() == before
