"""The sitemap names every public page, and says truly when it changed."""

import datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from research.models import Profile, Project, Publication

pytestmark = pytest.mark.django_db

NAMES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://127.0.0.1:8000"


def entries(client, **headers):
    """[(address, day of last change or None), …]"""
    response = client.get("/sitemap.xml", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    return [
        (url.findtext(f"{NAMES}loc"), url.findtext(f"{NAMES}lastmod"))
        for url in ElementTree.fromstring(response.content).iter(f"{NAMES}url")
    ]


def day(number):
    return datetime.datetime(2024, 1, number, tzinfo=datetime.UTC)


def test_every_public_address_is_named_once_with_its_last_change(client, make_publication, make_project):
    make_publication(slug="old")
    make_publication(slug="embargoed", publish_at=day(9))
    make_project(slug="nest")
    Publication.objects.update(created=day(1), updated=day(5))
    Project.objects.update(created=day(1), updated=day(7))
    assert entries(client) == [
        (f"{SITE}/", "2024-01-09"),
        (f"{SITE}/publications/", "2024-01-09"),
        (f"{SITE}/projects/", "2024-01-09"),
        (f"{SITE}/publications/old/", "2024-01-05"),
        (f"{SITE}/publications/embargoed/", "2024-01-09"),
        (f"{SITE}/projects/nest/", "2024-01-07"),
    ]
    for address, _ in entries(client):
        assert client.get(address.removeprefix(SITE)).status_code == 200


def test_an_empty_site_has_its_pages_without_a_date(client):
    assert entries(client) == [(f"{SITE}/{path}", None) for path in ("", "publications/", "projects/")]


def test_the_home_page_changes_with_the_profile(client, make_publication, profile):
    make_publication(slug="owls")
    Publication.objects.update(created=day(1), updated=day(5))
    Profile.objects.update(updated=day(8))
    assert dict(entries(client)) == {
        f"{SITE}/": "2024-01-08",
        f"{SITE}/publications/": "2024-01-05",
        f"{SITE}/projects/": "2024-01-05",
        f"{SITE}/publications/owls/": "2024-01-05",
    }
    Profile.objects.update(updated=day(3))
    assert dict(entries(client))[f"{SITE}/"] == "2024-01-05"


def test_drafts_and_what_is_not_yet_due_are_absent_even_for_staff(owner_client, make_publication, make_project):
    for make in (make_publication, make_project):
        make(status="draft")
        make(publish_at=timezone.now() + datetime.timedelta(days=1))
    assert [address for address, _ in entries(owner_client)] == [
        f"{SITE}/{path}" for path in ("", "publications/", "projects/")
    ]
    assert {date for _, date in entries(owner_client)} == {None}


def test_a_change_of_a_draft_is_no_change_of_the_site(client, make_publication):
    make_publication(slug="public")
    Publication.objects.update(created=day(1), updated=day(5))
    make_publication(status="draft")
    assert {date for _, date in entries(client)} == {"2024-01-05"}


def test_addresses_are_the_sites_whatever_name_the_request_came_by(client, settings, make_publication):
    settings.SITE_URL = "https://jane.example"
    settings.ALLOWED_HOSTS = ["*"]
    make_publication(slug="owls")
    assert [address for address, _ in entries(client, host="evil.example")] == [
        f"https://jane.example/{path}" for path in ("", "publications/", "projects/", "publications/owls/")
    ]


def test_a_very_long_list_is_in_it_as_a_whole(client):
    Publication.objects.bulk_create(
        Publication(title=f"P{n}", slug=f"p{n}", citation_key=f"k{n}", year=2024) for n in range(5_100)
    )
    assert len(entries(client)) == 5_103


def test_the_sitemap_takes_the_same_queries_however_long_it_is(client, make_publication, make_project):
    counts = []
    for more in (1, 2, 30):
        for _ in range(more):
            make_publication()
            make_project()
        with CaptureQueriesContext(connection) as queries:
            entries(client)
        counts.append(len(queries))
    assert len(set(counts)) == 1
