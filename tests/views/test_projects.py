"""The list of projects and the page of one."""

import pytest

from research.models import Project, ProjectLink

from .test_about import get

pytestmark = pytest.mark.django_db


def test_the_list_has_the_active_projects_first_in_the_owners_order(client, make_project):
    make_project(title="Second", position=2)
    make_project(title="Over", phase=Project.Phase.PAST, start_year=2019, end_year=2021)
    make_project(title="First", position=1, start_year=2023)
    page = get(client, "/projects/")
    assert page.headings == [
        ("h1", "Projects"),
        ("h2", "Active projects"),
        ("h3", "First"),
        ("h3", "Second"),
        ("h2", "Past projects"),
        ("h3", "Over"),
    ]
    assert [text for text in page.texts if text in ("since 2023", "2019–2021")] == ["since 2023", "2019–2021"]


def test_an_empty_list_says_so(client):
    assert "There are no projects here yet." in get(client, "/projects/").text


@pytest.mark.parametrize(
    ("fields", "years"),
    [
        ({}, ""),
        ({"start_year": 2020}, "since 2020"),
        ({"start_year": 2020, "phase": "past"}, "from 2020"),
        ({"end_year": 2021}, "until 2021"),
        ({"start_year": 2020, "end_year": 2021}, "2020–2021"),
        ({"start_year": 2020, "end_year": 2020}, "2020"),
    ],
)
def test_the_years_of_a_project_are_put_in_words(fields, years):
    assert Project(**fields).years == years


def test_a_project_shows_its_text_people_links_and_publications(client, make_project, make_person, make_publication):
    project = make_project(slug="owls", title="Owls", summary="About *owls*", description="## Why\n\nBecause.")
    project.people.add(make_person("Jane Doe", url="https://doe.example"))
    ProjectLink.objects.create(project=project, kind="code", url="https://code.example")
    project.publications.add(make_publication(title="A paper"), make_publication(title="A secret", status="draft"))
    page = get(client, "/projects/owls/")
    assert page.headings == [("h1", "Owls"), ("h2", "Why"), ("h2", "Publications"), ("h3", "A paper")]
    assert ("https://doe.example", "Jane Doe") in page.links
    assert ("https://code.example", "Code") in page.links
    assert "A secret" not in page.text


def test_a_draft_is_missing_for_visitors_and_marked_for_staff(client, owner_client, make_project):
    make_project(slug="secret", title="A secret", status="draft")
    assert client.get("/projects/secret/").status_code == 404
    assert "A secret" not in client.get("/projects/").content.decode()
    private = owner_client.get("/projects/secret/")
    assert "This is a draft: only you can see it." in private.content.decode()
    assert private["Cache-Control"] == "private, no-store"


def test_a_renamed_project_is_found_at_its_old_address(client, make_project):
    project = make_project(slug="first")
    project.slug = "second"
    project.save()
    response = client.get("/projects/first/")
    assert (response.status_code, response["Location"]) == (301, "/projects/second/")


def test_the_list_and_the_page_take_the_same_queries_for_one_and_for_three(
    client, make_project, make_person, make_publication, django_assert_num_queries
):
    def fill():
        project = make_project()
        project.people.add(make_person())
        return project

    projects = [fill()]
    projects[0].publications.add(make_publication(authors=[make_person("John Roe")]))
    with django_assert_num_queries(4):
        client.get("/projects/")
    with django_assert_num_queries(17):  # with entries that nobody has seen yet
        client.get("/projects/project-1/")
    with django_assert_num_queries(10):
        client.get("/projects/project-1/")
    projects += [fill(), fill()]
    for _ in range(2):
        projects[0].publications.add(make_publication(authors=[make_person("Rob Poe")]))
        projects[0].people.add(make_person("Ann Loe"))
    with django_assert_num_queries(4):
        client.get("/projects/")
    with django_assert_num_queries(17):  # with entries that nobody has seen yet
        client.get("/projects/project-1/")
    with django_assert_num_queries(10):
        client.get("/projects/project-1/")
