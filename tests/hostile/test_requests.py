"""Requests that no browser sends, at every address of the site: each gets an answer of its own, never a fault."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from research.models import Import

pytestmark = pytest.mark.django_db

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW", "get"]
PARTS = {"int": "1", "path": "files/x/a.pdf", "slug": "owls", "str": "x", "uuid": "x"}
NASTY = [
    "..",
    "../../etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc/passwd",
    "..%5c..%5cwindows",
    "\0",
    "a\0b",
    "%00",
    "%ff%fe",
    "%c0%ae",
    "\ud800",
    "\u202e",
    "a\r\nSet-Cookie: x=1",
    "%0d%0aSet-Cookie:%20x=1",
    "'",
    '"><script>alert(1)</script>',
    "-1",
    "9" * 30,
    "٣",
    "a" * 3_000,
    "/",
    "//example.org",
    "\\\\example.org",
    "{{7*7}}",
    "${7*7}",
    "%s%n",
    "1;DROP TABLE x",
    "*",
    "[",
    "(",
]
QUERIES = [
    "q=" + "a" * 8_000,
    "q=%00",
    "q=%ff",
    "q=" + "%F0%9F%A6%89" * 500,
    "author=%D9%A3",
    "author=-1",
    "author=" + "9" * 30,
    "year=NaN",
    "year=" + "9" * 400,
    "topic=%2e%2e/",
    "type[]=x",
    "&".join(f"a{number}=1" for number in range(800)),
    "q=a&q=b&q=%00",
    "style=../../etc/passwd",
    "style=%00",
    "id=%00&format=ris",
    "id=" + "x" * 8_000,
    "page=-1",
    "page=x",
    "=",
    "&&&",
    "q",
    "%",
    "q=%",
    "q=%u0041",
    "o=9.9.-9",
    "e=1",
    "p=99999",
    "q__x=1",
    "id__in=1,x",
    "year__gt=x",
    "doi=x",
    "doi__exact=x",
    "arxiv_id=x",
    "topics__id__exact=x",
    "selected__exact=9",
    "status__exact=x",
    "_changelist_filters=%00",
    "_to_field=x",
    "_popup=1&_to_field=x",
]


READ_A_QUERY = [
    "/publications/",
    "/publications/owls/",
    "/publications/owls/owls.txt",
    "/publications.bib",
    "/publications/feed.xml",
    "/unapi",
    "/admin/login/",
    "/admin/autocomplete/",
    "/admin/research/publication/",
    "/admin/research/publication/add/",
    "/admin/research/publication/add-from/1/",
    "/admin/research/person/",
]


@pytest.fixture
def site(profile, make_publication, make_person, make_project, admin_user):
    """A site with something at the addresses that are tried."""
    publication = make_publication([make_person("Jane Doe")], slug="owls", citation_key="owls", doi="10.1000/owls")
    make_project(slug="owls").publications.add(publication)
    Import.objects.create(user=admin_user)


def patterns(resolver=None, before=""):
    for one in (resolver or get_resolver()).url_patterns:
        text = before + (str(one.pattern) if hasattr(one.pattern, "_route") else regex_as_path(one.pattern))
        if isinstance(one, URLResolver):
            yield from patterns(one, text)
        elif isinstance(one, URLPattern):
            yield text


def regex_as_path(pattern):
    text = re.sub(r"\(\?P<(\w+)>.*?\)(?=\$|$|/)", r"<str:\1>", pattern.regex.pattern)
    return text.strip("^$").replace("\\.", ".").replace("\\Z", "")


def paths(part=None):
    """Every address of the site, public and admin, its variable parts filled in."""
    found = []
    for pattern in patterns():
        fill = lambda match: part if part is not None else PARTS[match[1] or "str"]  # noqa: E731
        found.append("/" + re.sub(r"<(?:(\w+):)?\w+>", fill, pattern))
    return sorted(set(found))


@pytest.fixture(params=["visitor", "owner"])
def who(request):
    return request.param


@pytest.fixture
def browser(who, admin_user):
    """A client that gives a fault's 500 instead of raising it."""
    client = Client(raise_request_exception=False)
    if who == "owner":
        client.force_login(admin_user)
    return client


def addresses_of(who, found):
    """The desk for the owner, all else for a visitor: at the login page every address of the desk is alike."""
    return [path for path in found if path.startswith("/admin/") == (who == "owner")]


def faults(browser, asked):
    """What was answered with a fault of the site."""
    found = []
    for method, path, options in asked:
        response = browser.generic(method, path, **options)
        if response.streaming:
            b"".join(response.streaming_content)  # to close it would close the transaction of the test with it
        if response.status_code >= 500:
            found.append((method, path[:100], {name: str(value)[:60] for name, value in options.items()}))
    return found


def test_every_address_is_tried():
    found = paths()
    assert len(found) > 50
    assert {"/", "/publications/owls/", "/publications.owls", "/media/files/x/a.pdf", "/admin/login/"} <= set(found)
    assert not [path for path in found if "<" in path or "(" in path]


def test_no_method_at_any_address_is_a_fault(site, browser, who):
    safe = [path for path in addresses_of(who, paths()) if "delete" not in path and "logout" not in path]
    assert faults(browser, [(method, path, {}) for path in safe for method in METHODS]) == []


def test_no_part_of_an_address_is_a_fault(site, browser, who):
    plain = set(paths())
    asked = [path for part in NASTY for path in paths(part.encode("utf-8", "replace").decode()) if path not in plain]
    assert faults(browser, [("GET", path, {}) for path in addresses_of(who, asked)]) == []


def test_no_query_is_a_fault(site, browser, who):
    asked = [(query, path) for query in QUERIES for path in addresses_of(who, READ_A_QUERY)]
    assert faults(browser, [("GET", path, {"QUERY_STRING": query}) for query, path in asked]) == []


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1@evil.example", "127.0.0.1:80:80", "", "a" * 300, "[::1", "\0", "é"]
)
def test_another_host_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_ten_thousand_fields_are_refused_or_left_unread(site, browser):
    body = "&".join(f"a{number}=1" for number in range(10_000))
    kind = "application/x-www-form-urlencoded"
    for path in ("/admin/login/", "/admin/research/person/add/", "/admin/research/publication/add-from/"):
        assert browser.post(path, body, content_type=kind).status_code in (302, 400, 403)
