"""Requests that no browser sends, at every address of the site: each gets an answer of its own, never a fault."""

import pytest
from django.test import Client

from tests.addresses import parameters, paths, patterns

pytestmark = pytest.mark.django_db

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW"]
ADDRESSES = 126  # as docs/promises.md says
NOWHERE = ["/admin/x"]  # the only address that leads nowhere
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


@pytest.fixture(params=["visitor", "owner"])
def who(request):
    return request.param


@pytest.fixture
def browser(who, request):
    """A client that gives a fault's 500 instead of raising it."""
    client = request.getfixturevalue("owner_client") if who == "owner" else Client()
    client.raise_request_exception = False
    return client


def addresses_of(who, found):
    """The desk for the owner, all else for a visitor: at the login page every address of the desk is alike."""
    return [path for path in found if path.startswith("/admin/") == (who == "owner")]


def answers(browser, asked):
    """(method, path, options, status, body) of each answer."""
    for method, path, options in asked:
        response = browser.generic(method, path, **options)
        # To close a stream would close the transaction of the test with it.
        body = b"".join(response.streaming_content) if response.streaming else response.content
        yield method, path, options, response.status_code, body


def faults(browser, asked):
    """What was answered with a fault of the site."""
    return [
        (method, path[:100], {name: str(value)[:60] for name, value in options.items()})
        for method, path, options, status, _ in answers(browser, asked)
        if status >= 500
    ]


def test_every_address_is_tried(whole_site):
    found = paths(whole_site)
    assert len(found) == ADDRESSES
    assert {"/", "/publications/owls/", "/publications.bib", "/publications/owls/owls.pdf", "/doi/10.1000/owls"} <= set(
        found
    )
    assert {"/admin/login/", "/admin/research/person/1/change/", "/admin/research/person/1/delete/"} <= set(found)
    assert not [path for path in found if "<" in path or "(" in path or "{" in path]


def test_no_method_at_any_address_is_a_fault(whole_site, browser, who):
    asked = [(method, path, {}) for path in addresses_of(who, paths(whole_site)) for method in METHODS]
    found = {(method, path): status for method, path, _, status, _ in answers(browser, asked)}
    assert {key: status for key, status in found.items() if status >= 500} == {}
    assert {path for (_, path), status in found.items() if status == 404} == set(addresses_of(who, NOWHERE))
    if who == "visitor":
        assert {found[method, path] for method, path in found if method == "GET"} == {200, 301, 303}
        assert {
            key: status for key, status in found.items() if key[0] == "HEAD" and status != found["GET", key[1]]
        } == {}
        assert {found[method, path] for method, path in found if method not in ("GET", "HEAD")} == {200, 405}


def test_no_part_of_an_address_is_a_fault(browser, who):
    plain = {f"/{pattern}" for pattern in patterns()}
    hostile = [part.encode("utf-8", "replace").decode() for part in NASTY]
    filled = [paths({"": dict.fromkeys(parameters(), part) | {"extension": [part]}}) for part in hostile]
    asked = [path for found in filled for path in found if path not in plain]
    assert faults(browser, [("GET", path, {}) for path in addresses_of(who, asked)]) == []


def test_no_query_is_a_fault(whole_site, browser, who):
    asked = [(query, path) for query in QUERIES for path in addresses_of(who, READ_A_QUERY)]
    assert faults(browser, [("GET", path, {"QUERY_STRING": query}) for query, path in asked]) == []


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1@evil.example", "127.0.0.1:80:80", "", "a" * 300, "[::1", "\0", "é"]
)
def test_another_host_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_ten_thousand_fields_are_refused_or_left_unread(whole_site, browser):
    body = "&".join(f"a{number}=1" for number in range(10_000))
    kind = "application/x-www-form-urlencoded"
    for path in ("/admin/login/", "/admin/research/person/add/", "/admin/research/publication/add-from/"):
        assert browser.post(path, body, content_type=kind).status_code in (302, 400, 403)


def test_eight_thousand_parameters_are_refused(whole_site, browser, who):
    query = "&".join(f"q{number}=1" for number in range(8_000))
    asked = [("GET", path, {"QUERY_STRING": query}) for path in addresses_of(who, READ_A_QUERY)]
    found = {path: status for _, path, _, status, _ in answers(browser, asked)}
    unread = {"/admin/login/": 302} if who == "owner" else {}  # who is in is sent on at once
    assert found == dict.fromkeys(addresses_of(who, READ_A_QUERY), 400) | unread
