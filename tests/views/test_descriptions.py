"""The description that a search engine shows under the title of a page."""

import re

import pytest

pytestmark = pytest.mark.django_db


def descriptions(client, address):
    return re.findall(r'<meta name="description" content="(.*?)">', client.get(address).content.decode())


@pytest.fixture
def site(profile, make_publication, make_project):
    for number in range(51):
        make_publication(slug=f"owls-{number}", tldr="Owls **see**.")
    make_project(slug="nests", summary="How owls *nest*")


@pytest.mark.parametrize(
    ("address", "description"),
    [
        ("/", "I study owls."),
        ("/publications/", "Publications by Jane Doe, with abstracts and citations."),
        ("/publications/page/2/", "Publications by Jane Doe, page 2, with abstracts and citations."),
        ("/publications/owls-0/", "Owls see."),
        ("/projects/", "Projects of Jane Doe, active and past."),
        ("/projects/nests/", "How owls nest"),
    ],
)
def test_every_page_has_one_description_of_its_own(client, site, address, description):
    assert descriptions(client, address) == [description]


def test_the_lists_of_a_site_without_a_name_have_descriptions_too(client, make_publication):
    make_publication()
    assert descriptions(client, "/publications/") == ["Publications, with abstracts and citations."]
    assert descriptions(client, "/projects/") == ["Projects, active and past."]
