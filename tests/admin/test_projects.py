import pytest

from research.models import Project

from .page import open_page

ADD = "/admin/research/project/add/"
LIST = "/admin/research/project/"
ADDRESS = "This is not a web address. It begins with https://, such as https://example.org/paper."


def change(project):
    return f"/admin/research/project/{project.pk}/change/"


def test_a_project_is_one_post(owner_client, make_person, make_publication, picture):
    people = [str(make_person(name).pk) for name in ("Jane Doe", "John Roe")]
    publications = [str(make_publication().pk)]
    values = {
        "title": "Owls & *bats*",
        "summary": "I watch [owls](https://example.org)",
        "phase": "past",
        "description": "Long **text**",
        "thumbnail_alt": "An owl",
        "start_year": "2020",
        "end_year": "2020",
        "people": people,
        "publications": publications,
        "status": "draft",
        "publish_at_0": "2030-01-02",
        "publish_at_1": "03:04:05",
        "slug": "owls",
        "position": "4",
    }
    page = open_page(owner_client, ADD)
    page.add_row("links", kind="website", url="https://example.org")
    page.add_row("links", kind="other", url="https://example.org/n", label="Newsletter")
    page = page.post("_continue", **values, thumbnail=picture(size=(60, 40)))
    assert page.sentences == []
    assert {name: page.fields[name] for name in values} == values
    project = Project.objects.get()
    assert [str(link) for link in project.links.all()] == ["Website", "Newsletter"]
    assert project.thumbnail.name.startswith("images/")


def test_an_empty_form_says_what_is_missing(owner_client):
    page = open_page(owner_client, ADD).post()
    assert page.sentences == [
        ("title", "This field is required."),
        ("summary", "This field is required."),
    ]


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"slug": "taken"}, [("slug", "Another project has this address. Change it a little, or leave it empty.")]),
        ({"slug": "a b"}, [("slug", "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.")]),
        (
            {"start_year": "2024", "end_year": "2023"},
            [("", "The project ends before it starts. Change one of the years.")],
        ),
        ({"start_year": "1899"}, [("start_year", "This year is too early. Write all four digits, such as 2023.")]),
        ({"end_year": "9" * 30}, [("end_year", "This year is too late. Write four digits, such as 2023.")]),
        ({"position": "-1"}, [("position", "Ensure this value is greater than or equal to 0.")]),
        ({"position": ""}, [("position", "This field is required.")]),
        ({"people": ["99"]}, [("people", "Select a valid choice. 99 is not one of the available choices.")]),
        ({"title": "\0"}, [("title", "Null characters are not allowed.")]),
    ],
)
def test_wrong_input_gets_a_sentence_and_nothing_is_lost(values, sentences, owner_client, make_project):
    make_project(slug="taken")
    typed = {"title": "Owls", "summary": "Typed", "slug": "owls"} | values
    page = open_page(owner_client, ADD).post(**typed)
    assert page.sentences == sentences
    assert {name: page.fields[name] for name in typed if name != "people"} == {
        name: value for name, value in typed.items() if name != "people"
    }
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"kind": "code"}, [("url", "This field is required.")]),
        ({"kind": "other", "url": "https://a.org"}, [("label", "Say what visitors shall read, such as “Newsletter”.")]),
        ({"url": "javascript:alert(1)"}, [("url", ADDRESS)]),
    ],
)
def test_a_wrong_link_gets_a_sentence(values, sentences, owner_client):
    page = open_page(owner_client, ADD)
    page.add_row("links", **values)
    page = page.post(title="Owls", summary="I watch", slug="owls")
    assert page.sentences == [(f"links-0-{name}", sentence) for name, sentence in sentences]
    assert not Project.objects.exists()


def test_a_slug_that_is_left_empty_or_made_by_the_script_is_made_unique(owner_client, make_project):
    make_project(title="Night owls", slug="night-owls")
    for slug, made in (("", "night-owls-2"), ("night-owls", "night-owls-3")):
        open_page(owner_client, ADD).post(title="Night owls", summary="About owls", slug=slug)
        assert Project.objects.latest("pk").slug == made


def test_a_renamed_slug_keeps_the_old_address(owner_client, client, make_project):
    project = make_project(slug="owls")
    open_page(owner_client, change(project)).post(slug="night-owls")
    response = client.get("/projects/owls/")
    assert (response.status_code, response["Location"]) == (301, "/projects/night-owls/")


def test_the_list_shows_projects_in_their_order_and_saves_it(owner_client, make_project):
    make_project(title="Owls", start_year=2020)
    make_project(title="Bats", start_year=2020, end_year=2024, status="draft")
    make_project(title="Cats", phase="past", position=0)
    page = open_page(owner_client, LIST)
    assert [row[1:5] for row in page.rows] == [
        ["Cats", "Past", "-", "Published"],
        ["Owls", "Active", "since 2020", "Published"],
        ["Bats", "Active", "2020–2024", "Draft"],
    ]
    page = page.post(**{"form-0-position": "2", "form-1-position": "1", "form-2-position": "0"})
    assert page.messages == ["2 projects were changed successfully."]
    assert list(Project.objects.values_list("title", "position")) == [("Bats", 0), ("Owls", 1), ("Cats", 2)]


@pytest.mark.parametrize(
    ("position", "sentence"),
    [
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("", "This field is required."),
        ("x", "Enter a whole number."),
    ],
)
def test_a_wrong_position_in_the_list_gets_a_sentence(position, sentence, owner_client, make_project):
    project = make_project(position=3)
    page = open_page(owner_client, LIST).post(**{"form-0-position": position})
    assert page.sentences == [("form-0-position", sentence)]
    assert Project.objects.get().position == project.position


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "watch"}, ["Owls"]),
        ({"q": "bat"}, ["Bats"]),
        ({"q": "whiskers"}, ["Cats"]),
        ({"phase__exact": "past"}, ["Cats"]),
        ({"status__exact": "draft"}, ["Bats"]),
    ],
)
def test_the_list_is_searched_and_filtered(query, found, owner_client, make_project):
    make_project(title="Owls", summary="I watch them")
    make_project(title="Bats", status="draft")
    make_project(title="Cats", phase="past", description="Whiskers")
    assert [row[1] for row in open_page(owner_client, LIST, **query).rows] == found


def test_the_list_asks_the_database_as_often_for_three_as_for_one(owner_client, make_project, queries_of):
    make_project()
    few = queries_of(lambda: open_page(owner_client, LIST))
    make_project()
    make_project()
    assert queries_of(lambda: open_page(owner_client, LIST)) == few


def test_the_form_asks_the_database_as_often_for_ten_of_everything_as_for_one(
    owner_client, make_project, make_person, make_publication, queries_of
):
    def project(count):
        made = make_project()
        made.people.set(make_person(f"Jane Doe{number}") for number in range(count))
        made.publications.set(make_publication() for _ in range(count))
        for _ in range(count):
            made.links.create(url="https://a.org")
        return made

    one, ten = project(1), project(10)
    few = queries_of(lambda: open_page(owner_client, change(one)))
    assert queries_of(lambda: open_page(owner_client, change(ten))) == few


def test_the_form_leads_to_the_page(owner_client, make_project):
    page = open_page(owner_client, change(make_project(slug="owls")))
    address = next(address for address, text in page.links.items() if text == "View on site")
    assert owner_client.get(address)["Location"].endswith("/projects/owls/")
