"""What machines ask of the whole site."""

import datetime

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

pytestmark = pytest.mark.django_db


def test_robots_may_read_everything_but_the_desk(client, settings):
    settings.SITE_URL = "https://jane.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content == b"User-agent: *\nDisallow: /admin/\n\nSitemap: https://jane.example/sitemap.xml\n"


@pytest.fixture
def contact(profile):
    """The mail address among the links of the profile."""
    return profile.links.create(kind="email", address="jane@jane.example")


def test_who_finds_a_hole_in_the_site_is_told_where_to_write(client, settings, contact):
    settings.SITE_URL = "https://jane.example"
    response = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    ends = datetime.datetime.fromisoformat(lines.pop("Expires"))
    assert lines == {
        "Contact": "mailto:jane@jane.example",
        "Canonical": "https://jane.example/.well-known/security.txt",
        "Preferred-Languages": "en",
    }
    assert 178 <= (ends - timezone.now()).days <= 180
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response["Cache-Control"]


def test_the_address_of_the_operator_comes_before_the_profiles(client, settings, contact):
    settings.SECURITY_CONTACT = "https://uni.example/security"
    assert b"Contact: https://uni.example/security\n" in client.get("/.well-known/security.txt").content


def test_where_nobody_is_to_be_told_there_is_no_such_file(client, contact):
    contact.visible = False
    contact.save()
    assert client.get("/.well-known/security.txt").status_code == 404


def test_a_site_that_works_is_well(client, settings):
    settings.MEDIA_ROOT.mkdir()
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"ok": True, "database": True, "media": True})
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


def test_a_new_site_without_an_upload_is_well(client, settings):
    assert not settings.MEDIA_ROOT.exists()
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_site_without_its_database_is_not_well(client, error):
    def broken(execute, sql, params, many, context):
        raise error("disk I/O error")

    with connection.execute_wrapper(broken):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"ok": False, "database": False, "media": True})


@pytest.mark.parametrize("problem", ["a file is there", "its folder is missing", "no permission"])
def test_a_site_that_cannot_store_uploads_is_not_well(client, settings, monkeypatch, problem):
    if problem == "a file is there":
        settings.MEDIA_ROOT.touch(0o600)
    if problem == "its folder is missing":
        settings.MEDIA_ROOT = settings.MEDIA_ROOT / "deep" / "media"
    if problem == "no permission":  # tests may run as root, who may do everything
        monkeypatch.setattr("os.access", lambda path, mode: path != settings.MEDIA_ROOT.parent)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"ok": False, "database": True, "media": False})


@pytest.mark.parametrize("url", ["/robots.txt", "/healthz", "/sitemap.xml", "/feed.xml", "/publications/feed.xml"])
def test_a_visitor_gets_no_cookie(client, url):
    assert client.get(url).cookies == {}


@pytest.mark.parametrize("url", ["/robots.txt", "/healthz"])
def test_they_are_only_read(client, url):
    assert (client.post(url).status_code, client.head(url).status_code) == (405, 200)
