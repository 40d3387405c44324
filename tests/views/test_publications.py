"""The list of publications and the page of one."""

import pytest

from research.models import PublicationLink, Topic

from .test_about import get

pytestmark = pytest.mark.django_db


def test_the_list_is_by_year_with_the_newest_first(client, make_publication):
    make_publication(title="A", year=2023)
    make_publication(title="B", year=2024, month=2)
    make_publication(title="C", year=2024, month=11)
    make_publication(title="D", year=2024, month=12, online_date="2021-01-01")
    assert get(client, "/publications/").headings == [
        ("h1", "Publications"),
        ("h2", "2024"),
        ("h3", "C"),
        ("h3", "B"),
        ("h3", "D"),
        ("h2", "2023"),
        ("h3", "A"),
    ]


def test_an_empty_list_says_so(client, db):
    assert "There are no publications here yet." in get(client, "/publications/").text


def test_the_footnote_stands_once_below_the_whole_list(client, make_person, make_publication):
    make_publication(year=2023, authors=[(make_person(), "*")])
    make_publication(year=2024, authors=[(make_person("John Roe"), "*")])
    assert get(client, "/publications/").text.count("* equal contribution") == 1


def fill_publication(make_publication, make_person, **fields):
    publication = make_publication(authors=[make_person(f"Author {n}") for n in range(3)], **fields)
    PublicationLink.objects.create(publication=publication, kind="code", url="https://code.example")
    return publication


def test_the_list_takes_the_same_queries_for_one_publication_and_for_three(
    client, make_person, make_publication, django_assert_num_queries
):
    fill_publication(make_publication, make_person)
    with django_assert_num_queries(12):
        client.get("/publications/")
    for _ in range(2):
        fill_publication(make_publication, make_person)
    with django_assert_num_queries(12):
        response = client.get("/publications/")
    assert response.content.count(b'<li class="entry') == 3


def test_the_record_takes_the_same_queries_with_one_author_and_with_three(
    client, make_person, make_publication, django_assert_num_queries
):
    make_publication(slug="one", authors=[make_person()])
    fill_publication(make_publication, make_person, slug="three")
    for slug in ("one", "three"):
        with django_assert_num_queries(9):
            client.get(f"/publications/{slug}/")


def test_the_record_shows_everything_that_is_known(client, make_person, make_publication, make_project, stored_picture):
    jane = make_person("Jane Doe")
    publication = make_publication(
        authors=[(jane, "*"), make_person("John Roe")],
        slug="owls",
        title="Owls *fly*",
        type="article",
        year=2024,
        month=5,
        venue="Journal of Owls",
        venue_short="J. Owls",
        volume="12",
        issue="3",
        pages="101–117",
        publisher="Owl Press",
        doi="10.1000/xyz",
        arxiv_id="2412.04984",
        url="https://paper.example",
        pdf="files/abc/owls.pdf",
        abstract="We study $\\textbf{owls}$ -- at night. See https://owls.example .",
        tldr="They fly.",
        award="Best paper",
        note="Oral",
        thumbnail=stored_picture(),
    )
    publication.topics.add(Topic.objects.create(name="Birds", slug="birds"))
    make_project(title="The owl project").publications.add(publication)
    make_project(title="A secret project", status="draft").publications.add(publication)
    page = get(client, "/publications/owls/")
    assert page.headings == [("h1", "Owls fly"), ("h2", "Abstract"), ("h2", "Cite"), ("h2", "More")]
    text = page.text
    for fact in (
        "Jane Doe*, John Roe",
        "Journal of Owls (J. Owls), volume 12, issue 3, pages 101–117, Owl Press, May 2024",
        "Best paper",
        "Oral",
        "They fly.",
        "We study owls – at night. See https://owls.example .",
        "Birds",
        "The owl project",
        "* equal contribution",
    ):
        assert fact in text.replace(" ,", ",").replace(" *,", "*,")
    assert "A secret project" not in text
    assert [link for link in page.links if link[1] in ("Paper", "PDF", "arXiv", "DOI")] == [
        ("https://paper.example", "Paper"),
        ("/publications/owls/owls.pdf", "PDF"),
        ("https://arxiv.org/abs/2412.04984", "arXiv"),
        ("https://doi.org/10.1000/xyz", "DOI"),
    ]
    html = client.get("/publications/owls/").content.decode()
    assert "<title>Owls fly</title>" in html
    assert '<time datetime="2024-05">May 2024</time>' in html
    assert "<strong>owls</strong>" in html


def test_a_draft_is_missing_for_visitors_and_marked_for_staff(client, owner_client, make_publication):
    make_publication(slug="secret", title="A secret", status="draft")
    response = client.get("/publications/secret/")
    assert response.status_code == 404
    assert "A secret" not in response.content.decode()
    assert "A secret" not in client.get("/publications/").content.decode()
    private = owner_client.get("/publications/secret/")
    assert "This is a draft: only you can see it." in private.content.decode()
    assert private["Cache-Control"] == "private, no-store"
    assert "A secret" in owner_client.get("/publications/").content.decode()


def test_a_renamed_publication_is_found_at_its_old_addresses(client, make_publication):
    publication = make_publication(slug="first")
    for slug in ("second", "third"):
        publication.slug = slug
        publication.save()
    for old in ("first", "second"):
        response = client.get(f"/publications/{old}/")
        assert (response.status_code, response["Location"]) == (301, "/publications/third/")
    publication.slug = "first"
    publication.save()
    assert client.get("/publications/first/").status_code == 200
    assert client.get("/publications/third/")["Location"] == "/publications/first/"


def test_browsers_do_not_keep_a_redirect_that_may_be_turned_round(client, make_publication):
    publication = make_publication(slug="first")
    publication.slug = "second"
    publication.save()
    assert client.get("/publications/first/")["Cache-Control"] == "no-cache"


def test_corresponding_authors_are_named(client, make_person, make_publication):
    publication = make_publication(slug="owls", authors=[make_person("Jane Doe"), make_person("John Roe")])
    publication.authorships.filter(person__family_name="Roe").update(corresponding=True)
    assert "Corresponding author: John Roe" in get(client, "/publications/owls/").text


def test_the_old_address_of_a_draft_does_not_betray_its_new_one(client, owner_client, make_publication):
    publication = make_publication(slug="old-name", status="draft")
    publication.slug = "new-secret-name"
    publication.save()
    assert client.get("/publications/old-name/").status_code == 404
    assert owner_client.get("/publications/old-name/")["Location"] == "/publications/new-secret-name/"


def test_a_new_publication_takes_over_a_slug_that_another_has_left(client, make_publication):
    publication = make_publication(slug="owls")
    publication.slug = "old-owls"
    publication.save()
    make_publication(slug="owls", title="New owls")
    assert get(client, "/publications/owls/").headings[0] == ("h1", "New owls")
    assert get(client, "/publications/old-owls/").headings[0] == ("h1", "Paper 1")


@pytest.mark.parametrize("url", ["/", "/publications/", "/publications/paper-1/", "/projects/"])
def test_pages_are_only_read(client, make_publication, url):
    make_publication()
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200
