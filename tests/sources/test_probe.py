"""Whether any address of the web is there: asked as safely as a source, and without taking what it has."""

import socket

import pytest

from research.sources import fetch, hosts
from research.sources.fetch import SourceUnavailable


def answer(url, *arguments, **options):
    """(status, sentence) of the refusal, or None where the address is there."""
    try:
        fetch.probe(url, *arguments, **options)
    except SourceUnavailable as problem:
        return problem.status, str(problem)
    return None


def test_an_address_that_is_there_is_asked_by_head(server):
    server.puts("/page?a=b", "text")
    assert answer(f"{server.url}/page?a=b#part") is None
    assert [path for path, _ in server.asked] == ["HEAD /page?a=b"]


@pytest.mark.parametrize("status", [200, 204, 206])
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_every_success_is_one(server, status, method):
    server.puts("/page", "" if status == 204 else "text", status)
    assert answer(f"{server.url}/page", method) is None


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, "127.0.0.1 does not know it."),
        (410, "127.0.0.1 answered with an error (status 410)."),
        (403, "127.0.0.1 answered with an error (status 403)."),
        (503, "127.0.0.1 is busy and asks to be asked again later."),
    ],
)
def test_everything_else_has_its_status_and_is_asked_once(server, status, sentence):
    server.puts("/page", "", status)
    assert answer(f"{server.url}/page") == (status, sentence)
    assert len(server.asked) == 1


def test_what_is_large_is_not_taken(server):
    server.puts("/page", b"x", Content_Length="100000000000")
    assert answer(f"{server.url}/page", "GET") is None


def test_redirects_are_followed_five_times_also_to_addresses_with_letters_of_their_own(server):
    for number in range(5):
        server.puts(f"/{number}", "", 302, Location=f"/{number + 1}")
    server.puts("/5", "")
    assert answer(f"{server.url}/0") is None
    server.puts("/loop", "", 302, Location="/loop")
    assert answer(f"{server.url}/loop") == (0, "127.0.0.1 redirects more than 5 times, so it was not followed.")
    server.puts("/umlaut", "", 301, Location="/m\xe4use and owls")
    server.puts("/m%E4use%20and%20owls", "")
    assert answer(f"{server.url}/umlaut") is None


def test_a_redirect_may_itself_be_the_answer(server):
    server.puts("/10.5555/owls", "", 302, Location="https://elsewhere.example/")
    assert answer(f"{server.url}/10.5555/owls", follows=False) is None
    assert answer(f"{server.url}/10.5555/mice", follows=False) == (404, "127.0.0.1 does not know it.")
    assert len(server.asked) == 2


def test_a_redirect_into_a_private_network_is_not_followed(server):
    server.puts("/page", "", 302, Location="http://169.254.169.254/latest/meta-data/")
    assert answer(f"{server.url}/page")[1].endswith("inside a private network, which is not asked.")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:1/", "127.0.0.1 leads to an address inside a private network, which is not asked."),
        ("https://10.0.0.1/", "10.0.0.1 leads to an address inside a private network, which is not asked."),
        ("http://[::1]/", "::1 leads to an address inside a private network, which is not asked."),
        ("ftp://example.org/", "'ftp://example.org/' is not an address that can be asked."),
        ("https://user:word@example.org/", "'https://user:word@example.org/' is not an address that can be asked."),
        ("file:///etc/passwd", "'file:///etc/passwd' is not an address that can be asked."),
    ],
)
def test_what_is_no_public_address_of_the_web_is_not_asked(url, sentence):
    assert answer(url) == (0, sentence)


def test_any_host_at_a_public_address_may_be_asked(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("93.184.216.34", 80))])
    assert hosts.target("http://example.org/a?b=c").addresses == ("93.184.216.34",)
    with pytest.raises(ValueError, match="not one of the sources"):
        hosts.check("http://example.org/a?b=c")
