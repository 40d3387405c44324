"""The home page, as machines read it: who this is, the same person on every page of the site."""

import pytest

from research.models import Person, ProfileLink

from .machine import Page

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
OWNER = f"{SITE}/#owner"
WEBSITE = {"@type": "WebSite", "@id": f"{SITE}/#website", "url": f"{SITE}/"}


@pytest.fixture
def jane(profile):
    profile.person = Person.objects.create(
        given_name="Jane",
        particle="van",
        family_name="Doe",
        orcid="0000-0002-1825-0097",
        other_spellings="J. Doe\n\nJD",
    )
    profile.headline = "Studies *owls*"
    profile.save()
    return profile


def link(profile, kind, address, **fields):
    ProfileLink.objects.create(profile=profile, kind=kind, address=address, **fields)


def home(client):
    return Page(client.get("/"))


def test_the_page_is_a_profile_of_its_owner(client, jane, stored_picture):
    jane.photo = stored_picture(size=(500, 500))
    jane.save()
    link(jane, "github", "https://github.com/jane")
    photo = SITE + "/media/" + jane.photo.name
    assert home(client).json_ld == {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "@id": f"{SITE}/",
        "url": f"{SITE}/",
        "name": "Jane Doe",
        "isPartOf": WEBSITE | {"name": "Jane Doe"},
        "mainEntity": {
            "@type": "Person",
            "@id": OWNER,
            "name": "Jane Doe",
            "url": f"{SITE}/",
            "description": "Studies owls",
            "image": photo,
            "sameAs": ["https://orcid.org/0000-0002-1825-0097", "https://github.com/jane"],
            "givenName": "Jane",
            "familyName": "van Doe",
            "alternateName": ["J. Doe", "JD"],
            "identifier": {"@type": "PropertyValue", "propertyID": "ORCID", "value": "0000-0002-1825-0097"},
        },
    }


def test_the_owner_is_the_same_on_the_pages_of_the_publications(client, jane, make_record):
    make_record(authors=[jane.person, Person.objects.create(given_name="John", family_name="Roe")])
    owner, other = Page(client.get("/publications/owls/")).json_ld["author"]
    assert owner["@id"] == home(client).json_ld["mainEntity"]["@id"] == OWNER
    assert "@id" not in other


def test_the_owner_stays_the_same_whatever_changes(client, jane):
    before = home(client).json_ld
    jane.name, jane.person.orcid = "Jane Roe", ""
    jane.person.save()
    jane.save()
    after = home(client).json_ld
    assert [after["@id"], after["mainEntity"]["@id"]] == [before["@id"], before["mainEntity"]["@id"]]
    assert after["mainEntity"]["name"] == "Jane Roe"


def test_the_same_person_elsewhere_is_no_mail_address_no_file_and_nothing_hidden(client, profile):
    link(profile, "email", "jane@example.org")
    link(profile, "cv", "https://example.org/cv.pdf")
    link(profile, "other", "https://forms.example/feedback", label="Feedback")
    link(profile, "mastodon", "https://social.example/@secret", visible=False)
    link(profile, "orcid", "0000-0002-1825-0097")
    link(profile, "google-scholar", "https://scholar.google.com/citations?user=a&hl=en")
    page = home(client)
    assert page.json_ld["mainEntity"]["sameAs"] == [
        "https://orcid.org/0000-0002-1825-0097",
        "https://scholar.google.com/citations?user=a&hl=en",
    ]
    assert "jane@example.org" not in str(page.json_ld)


def test_an_orcid_stands_once_where_it_is_a_link_too(client, jane):
    link(jane, "github", "https://github.com/jane")
    link(jane, "orcid", "0000-0002-1825-0097")
    assert home(client).json_ld["mainEntity"]["sameAs"] == [
        "https://orcid.org/0000-0002-1825-0097",
        "https://github.com/jane",
    ]


def test_no_property_is_empty(client, profile):
    assert home(client).json_ld["mainEntity"] == {
        "@type": "Person",
        "@id": OWNER,
        "name": "Jane Doe",
        "url": f"{SITE}/",
    }
    profile.name = ""
    profile.save()
    page = home(client)
    assert page.json_ld == {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "@id": f"{SITE}/",
        "url": f"{SITE}/",
        "isPartOf": WEBSITE,
        "mainEntity": {"@type": "Person", "@id": OWNER, "url": f"{SITE}/"},
    }
    assert [content for _, content in page.metas if not content.strip()] == []


def test_the_page_is_called_by_the_same_address_everywhere(client, profile):
    page = home(client)
    assert page.linked("canonical") == page.meta("og:url") == [page.json_ld["url"]] == [f"{SITE}/"]
    assert (page.meta("og:type"), page.meta("og:title")) == (["profile"], ["Jane Doe"])


def test_nothing_breaks_out_of_the_json(client, profile):
    attack = "</script><script>alert(1)</script>"
    profile.name = attack
    profile.save()
    page = home(client)
    assert [kind for kind, _ in page.scripts] == ["application/ld+json", "/static/js/theme.js"]
    assert page.json_ld["mainEntity"]["name"] == attack


def test_no_tag_of_a_single_paper_stands_on_a_page_of_many(client, profile, make_record, make_project):
    make_record(selected=True).projects.add(make_project())
    for path in ("/", "/publications/", "/projects/project-1/"):
        names = [name or "" for name, _ in Page(client.get(path)).metas]
        assert [name for name in names if name.startswith(("citation_", "DC."))] == []
