"""unAPI (2006): how Zotero finds the publications of a page, and takes them."""

from xml.etree import ElementTree

import pytest

from research.citations import bibtex, ris, zoterordf
from research.citations.record import item

from .machine import Page

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
FORMATS = {"rdf_zotero": zoterordf, "ris": ris, "bibtex": bibtex}
LISTED = [
    {"name": "rdf_zotero", "type": "application/rdf+xml"},
    {"name": "ris", "type": "application/x-research-info-systems"},
    {"name": "bibtex", "type": "application/x-bibtex"},
]


def formats(response):
    """(attributes of the root, [attributes of each format, …])"""
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert [root.tag, *{child.tag for child in root}] == ["formats", "format"]
    return root.attrib, [child.attrib for child in root]


def test_the_formats_of_everything_are_listed(client):
    response = client.get("/unapi")
    assert (response.status_code, formats(response)) == (200, ({}, LISTED))
    assert formats(client.get("/unapi?format=bibtex")) == ({}, LISTED)


def test_the_formats_of_a_publication_are_a_choice(client, make_record):
    make_record()
    response = client.get("/unapi?id=doe2024owls")
    assert (response.status_code, formats(response)) == (300, ({"id": "doe2024owls"}, LISTED))


@pytest.mark.parametrize("name", FORMATS)
def test_a_publication_comes_in_each_format_as_its_file_has_it(client, make_record, name):
    publication, module = make_record(), FORMATS[name]
    response = client.get(f"/unapi?id=doe2024owls&format={name}")
    assert (response.status_code, response["Content-Type"]) == (200, module.MEDIA_TYPE)
    assert response.content.decode() == module.render(item(publication))
    assert response["Link"] == client.get(f"/publications/owls/owls.{module.EXTENSION}")["Link"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("id=none", 404),
        ("id=", 404),
        ("id=none&format=bibtex", 404),
        ("id=none&format=none", 404),
        ("id=DOE2024OWLS", 404),
        ("id=owls", 404),
        ("id=doe2024owls&format=none", 406),
        ("id=doe2024owls&format=", 406),
        ("id=doe2024owls&format=BibTeX", 406),
    ],
)
def test_what_there_is_not_is_refused_as_the_specification_says(client, make_record, query, status):
    make_record()
    assert client.get(f"/unapi?{query}").status_code == status


@pytest.mark.parametrize("key", ["doe:2024/owls", "doe+roe2024", "a+b+c", "doe.2024_owls-1"])
def test_every_citation_key_is_found_as_it_stands_on_the_page(client, make_record, key):
    make_record(citation_key=key)
    [unapi_id] = Page(client.get("/publications/owls/")).unapi_ids
    assert unapi_id == key
    assert formats(client.get(f"/unapi?id={unapi_id}"))[0] == {"id": key}  # not encoded, as Zotero sends it


def test_a_page_names_the_server_and_each_of_its_publications_once(client, make_record, make_project):
    project = make_project()
    for key, year in (("old", 2020), ("new", 2024)):
        publication = make_record(
            slug=key, citation_key=key, year=year, online_date=None, doi="", arxiv_id="", selected=True, authors=[]
        )
        project.publications.add(publication)
    shown = {"/": ["new", "old"], "/publications/": ["new", "old"], "/projects/project-1/": ["new", "old"]}
    shown |= {"/publications/new/": ["new"], "/publications/?year=2020": ["old"]}
    for path, keys in shown.items():
        page = Page(client.get(path))
        assert page.unapi_ids == keys
        assert len(page.coins) == len(keys)
        assert [link for link in page.links if link["rel"] == "unapi-server"] == [
            {"rel": "unapi-server", "type": "application/xml", "title": "unAPI", "href": f"{SITE}/unapi"}
        ]


def test_a_record_takes_the_same_queries_for_one_author_and_for_thirty(make_record, make_person, count_queries):
    make_record(slug="one", citation_key="one", doi="", arxiv_id="", authors=[make_person()])
    make_record(authors=[make_person(f"Author {number}") for number in range(30)])
    for name in FORMATS:
        with_one = count_queries(f"/unapi?id=one&format={name}")
        assert with_one == count_queries(f"/unapi?id=doe2024owls&format={name}") < 6
