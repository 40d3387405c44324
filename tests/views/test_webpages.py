"""The pages that describe no single work, as machines read them: lists, projects."""

import pytest

from research.models import Topic

from .machine import Page

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
WEBSITE = {"@type": "WebSite", "@id": f"{SITE}/#website", "url": f"{SITE}/", "name": "Jane Doe"}
PUBLICATIONS, PROJECTS = "/publications/", "/projects/"


def page(client, path):
    return Page(client.get(path))


def called(found):
    """Every address by which a page is called."""
    return {*found.linked("canonical"), *found.meta("og:url"), found.json_ld["url"], found.json_ld["@id"]}


def listed(found):
    """[(number, address, name), …] of what a page lists."""
    elements = found.json_ld["mainEntity"]["itemListElement"]
    return [(each["position"], each["item"]["@id"], each["item"]["name"]) for each in elements]


def test_the_list_is_a_collection_of_the_records_on_it(client, profile, make_record):
    make_record()
    make_record(slug="bats", citation_key="bats", doi="", arxiv_id="", authors=[], title="Bats", year=2020, type="book")
    make_record(slug="secret", citation_key="s", doi="", arxiv_id="", authors=[], title="Secret", status="draft")
    found = page(client, PUBLICATIONS)
    description = "2 publications of Jane Doe: “Owls fly at x²”, “Bats”"
    records = [page(client, f"{PUBLICATIONS}{slug}/").json_ld for slug in ("owls", "bats")]
    assert found.json_ld == {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "@id": f"{SITE}{PUBLICATIONS}",
        "url": f"{SITE}{PUBLICATIONS}",
        "name": "Publications",
        "description": description,
        "isPartOf": WEBSITE,
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": 2,
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": number,
                    "item": {name: record[name] for name in ("@type", "@id", "url", "name")},
                }
                for number, record in enumerate(records, 1)
            ],
        },
    }
    assert found.meta("description") == found.meta("og:description") == [description]
    assert (found.meta("og:type"), found.meta("og:title")) == (["website"], ["Publications"])
    assert found.meta("og:site_name") == ["Jane Doe"]
    assert found.json_ld["isPartOf"] == page(client, "/").json_ld["isPartOf"]


@pytest.fixture
def many(profile, make_publication):
    topic = Topic.objects.create(name="Owls & co", slug="owls")
    for number in range(101):
        make_publication(title=f"Owl {number:03}", slug=f"owl-{number}", year=2024 if number % 2 else 2023)
        if number < 60:
            topic.publications.add(topic.publications.model.objects.get(slug=f"owl-{number}"))


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("", ""),
        ("?", ""),
        ("?utm_source=mail", ""),
        ("?q=&year=", ""),
        ("page/2/", "page/2/"),
        ("page/3/?fbclid=1", "page/3/"),
        ("?year=2024", "?year=2024"),
        ("?topic=owls&year=2024&x=1", "?year=2024&topic=owls"),
        ("page/2/?topic=owls", "page/2/?topic=owls"),
        ("?q=Owl+%26+co&type=preprint", "?q=Owl+%26+co&type=preprint"),
    ],
)
def test_each_choice_and_page_is_called_by_its_own_address_however_it_was_asked_for(client, many, asked, canonical):
    assert called(page(client, PUBLICATIONS + asked)) == {f"{SITE}{PUBLICATIONS}{canonical}"}


def test_a_page_of_a_choice_lists_what_it_shows_and_numbers_it(client, many):
    found = page(client, f"{PUBLICATIONS}page/2/?topic=owls")
    assert found.meta("description") == [
        "60 publications of Jane Doe (Owls & co): “Owl 040”, “Owl 042”, “Owl 044”",
    ]
    assert found.meta("og:title") == ["Publications, page 2"]
    assert found.json_ld["mainEntity"]["numberOfItems"] == 60
    assert listed(found) == [
        (51 + place, f"{SITE}{PUBLICATIONS}owl-{number}/", f"Owl {number:03}")
        for place, number in enumerate(range(40, 60, 2))
    ]


def test_a_choice_of_nothing_is_said_to_be_that(client, many):
    found = page(client, f"{PUBLICATIONS}?q=unicorns")
    assert found.meta("description") == ["0 publications of Jane Doe (“unicorns”)"]
    assert (found.json_ld["mainEntity"]["numberOfItems"], listed(found)) == (0, [])


def test_the_projects_are_a_collection(client, profile, make_project):
    make_project(slug="nest", title="The *nest*")
    make_project(slug="past", title="Feathers", phase="past")
    make_project(slug="secret", title="Secret", status="draft")
    found = page(client, PROJECTS)
    assert called(found) == {f"{SITE}{PROJECTS}"}
    assert (
        found.meta("description") == found.meta("og:description") == ["2 projects of Jane Doe: “The nest”, “Feathers”"]
    )
    assert (found.json_ld["@type"], found.json_ld["isPartOf"]) == ("CollectionPage", WEBSITE)
    assert listed(found) == [
        (1, f"{SITE}{PROJECTS}nest/#project", "The nest"),
        (2, f"{SITE}{PROJECTS}past/#project", "Feathers"),
    ]


def test_a_project_is_described_and_the_way_to_it_is_told(client, profile, make_project, stored_picture):
    make_project(slug="nest", title="The *nest*", summary="On [nests](https://x.example)", thumbnail=stored_picture())
    found, url = page(client, f"{PROJECTS}nest/"), f"{SITE}{PROJECTS}nest/"
    assert called(found) == {url}
    assert found.meta("description") == found.meta("og:description") == ["On nests"]
    assert found.meta("og:image")[0].startswith(f"{SITE}/media/images/")
    assert found.json_ld["mainEntity"] == {
        "@type": "ResearchProject",
        "@id": f"{url}#project",
        "url": url,
        "name": "The nest",
    }
    assert found.breadcrumbs == [("Jane Doe", f"{SITE}/"), ("Projects", f"{SITE}{PROJECTS}"), ("The nest", url)]
    [element] = page(client, PROJECTS).json_ld["mainEntity"]["itemListElement"]
    assert element["item"] == found.json_ld["mainEntity"]


def test_an_empty_site_has_no_empty_property(client):
    for path in (PUBLICATIONS, PROJECTS):
        found = page(client, path)
        assert [content for _, content in found.metas if not content.strip()] == []
        assert "name" not in found.json_ld["isPartOf"]
        assert found.breadcrumbs[0] == ("Home", f"{SITE}/")


def test_nothing_breaks_out_of_the_descriptions(client, profile, make_publication, make_project):
    attack = """"'></script><script>alert(1)</script>"""
    profile.name = attack
    profile.save()
    make_publication(title=attack)
    make_project(title=attack, summary=attack)
    for path in (f"{PUBLICATIONS}?q={attack}", PUBLICATIONS, PROJECTS, f"{PROJECTS}project-1/"):
        found = page(client, path)
        kinds = {kind for kind, _ in found.scripts}
        assert kinds - {"/static/js/filter.js"} == {"application/ld+json", "/static/js/theme.js"}
        assert found.breadcrumbs[0][0] == attack
