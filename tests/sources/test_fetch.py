"""The only outgoing request: whom it asks, how politely, and what it does not put up with."""

import gzip
import socket
import zlib

import pytest

from research.sources import fetch, hosts
from research.sources.fetch import SourceUnavailable


def refusal(url, **options):
    with pytest.raises(SourceUnavailable) as problem:
        fetch.get(url, **options)
    return str(problem.value)


def test_an_answer_has_its_content_media_type_and_address(server):
    server.puts("/doi/10.1/x", '{"a": 1}', Content_Type="Application/JSON; charset=utf-8")
    found = fetch.get(f"{server.url}/doi/10.1/x", accept="application/json")
    assert found == fetch.Fetched(b'{"a": 1}', "application/json", f"{server.url}/doi/10.1/x")


def test_the_program_says_who_asks(server, settings):
    settings.SITE_URL = "https://jane-doe.org"
    server.puts("/doi/x", "{}")
    fetch.get(f"{server.url}/doi/x", accept="application/json", mail="jane@jane-doe.org")
    (_, headers), *_ = server.asked
    assert headers["User-Agent"] == "ResearchPortfolio/0.1.0 (+https://jane-doe.org; mailto:jane@jane-doe.org)"
    assert (headers["Accept"], headers["Host"]) == ("application/json", server.url.removeprefix("http://"))


def test_a_mail_address_that_nobody_reads_is_not_given(settings):
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://a.org", "webmaster@localhost"
    assert fetch.user_agent() == "ResearchPortfolio/0.1.0 (+https://a.org)"
    assert fetch.user_agent("a@b.org\r\nX: y") == "ResearchPortfolio/0.1.0 (+https://a.org)"


def test_a_compressed_answer_is_unpacked(server):
    server.puts("/doi/x", gzip.compress(b"text"), Content_Encoding="gzip")
    assert fetch.get(f"{server.url}/doi/x").content == b"text"


def test_a_small_body_that_unpacks_to_gigabytes_is_cut(server):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    server.puts("/doi/x", bomb, Content_Encoding="gzip")
    assert refusal(f"{server.url}/doi/x") == "127.0.0.1 sent more than 10 MB, which is too much to read."


def test_an_answer_beyond_the_limit_is_cut(server):
    server.puts("/doi/x", b"x" * 2_000)
    assert "too much to read" in refusal(f"{server.url}/doi/x", max_bytes=1_000)
    assert len(fetch.get(f"{server.url}/doi/x", max_bytes=2_000).content) == 2_000


@pytest.mark.parametrize("length", ["100000", ""], ids=["a length", "no length"])
def test_a_source_that_sends_a_byte_now_and_then_is_cut_by_the_whole_time(server, length):
    server.puts("/doi/x", b"", X_Test="drip", Content_Length=length)
    assert refusal(f"{server.url}/doi/x", total_seconds=0.3) == "127.0.0.1 took too long to answer."


def test_half_an_answer_is_none(server):
    server.puts("/doi/x", b"half", Content_Length="8")
    assert refusal(f"{server.url}/doi/x") == "127.0.0.1 broke off before the answer was whole."


def test_a_busy_source_is_asked_again_when_it_says(server, clock):
    server.puts("/doi/x", "", 429, Retry_After="7")
    server.puts("/doi/x", "", 503)
    server.puts("/doi/x", "at last")
    assert fetch.get(f"{server.url}/doi/x").content == b"at last"
    assert [wait for wait in clock.waits if wait > 1] == [7.0, 4.0]


def test_a_source_that_stays_busy_or_asks_for_an_hour_is_left_alone(server, clock):
    server.puts("/doi/x", "", 429, Retry_After="3600")
    assert refusal(f"{server.url}/doi/x") == "127.0.0.1 is busy and asks to be asked again later."
    server.puts("/doi/y", "", 429)
    refusal(f"{server.url}/doi/y")
    assert [path for path, _ in server.asked] == ["/doi/x", *["/doi/y"] * 3]


def test_an_error_has_its_status_and_content(server):
    server.puts("/doi/x", "no", 400)
    with pytest.raises(SourceUnavailable) as problem:
        fetch.get(f"{server.url}/doi/x")
    assert (problem.value.status, problem.value.content) == (400, b"no")
    assert refusal(f"{server.url}/doi/unknown") == "127.0.0.1 does not know it."


def test_redirects_are_followed_three_times_and_to_sources_alone(server):
    for number in range(3):
        server.puts(f"/doi/{number}", "", 302, Location=f"/doi/{number + 1}")
    server.puts("/doi/3", "here")
    assert fetch.get(f"{server.url}/doi/0").url == f"{server.url}/doi/3"
    server.puts("/doi/loop", "", 302, Location="/doi/loop")
    assert refusal(f"{server.url}/doi/loop") == "127.0.0.1 redirects more than 3 times, so it was not followed."
    server.puts("/doi/away", "", 302, Location="http://169.254.169.254/latest/meta-data/")
    assert "not one of the sources" in refusal(f"{server.url}/doi/away")
    server.puts("/doi/file", "", 302, Location="file:///etc/passwd")
    assert "not an address that can be asked" in refusal(f"{server.url}/doi/file")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "http://api.crossref.org/works/x",
        "https://api.crossref.org:8443/",
        "https://api.crossref.org@127.0.0.1/",
        "https://user:word@api.crossref.org/",
        "http://127.0.0.1:1/",
        "ftp://api.crossref.org/",
        "https://api.crossref.org/a b",
        "https://[::1/",
        "",
    ],
)
def test_whom_nobody_has_set_is_not_asked(url):
    with pytest.raises(SourceUnavailable):
        fetch.get(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
     "2001:0:1::1", "::"],
)  # fmt: skip
def test_a_source_whose_name_leads_into_a_private_network_is_not_asked(monkeypatch, address):
    answers = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(SourceUnavailable, match="inside a private network"):
        fetch.get("https://api.crossref.org/works/x")


def test_what_was_checked_is_what_is_connected_to(monkeypatch):
    names = iter([[(0, 0, 0, "", ("93.184.216.34", 443))], [(0, 0, 0, "", ("127.0.0.1", 443))]])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(names))
    tried = []
    monkeypatch.setattr(
        fetch, "HTTPSConnection", lambda address, *_, **options: tried.append((address, options)) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        fetch.get("https://api.crossref.org/works/x")
    ((address, options),) = tried
    assert (address, options["server_hostname"], options["assert_hostname"]) == (
        "93.184.216.34",
        "api.crossref.org",
        "api.crossref.org",
    )


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.puts("/doi/x", "direct")
    assert fetch.get(f"{server.url}/doi/x").content == b"direct"


def test_a_name_that_is_unknown_is_a_sentence(monkeypatch):
    def fail(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert refusal("https://dblp.org/pid/1.xml") == "dblp.org cannot be found. Is this computer online?"


def test_public_addresses_are_public():
    assert all(
        map(hosts.is_public, ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
    )


@pytest.mark.parametrize(
    "address",
    [
        *("64:ff9b::a00:1", "64:ff9b:1::a00:1", "::10.0.0.1", "::ffff:10.0.0.1", "::ffff:0:a00:1", "2002:a00:1::"),
        *("::1", "::", "fe80::1%eth0", "fec0::1", "fd00::1", "ff0e::1", "100::1", "5f00::1"),
        *("2001:db8::1", "3fff::1", "3fff:fff::1"),
    ],
)
def test_what_is_not_the_internet_in_ipv6_is_not_public(address):
    assert hosts.is_public(address) is False


def test_a_source_that_is_down_is_a_sentence(server, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.SOURCE_URLS = settings.SOURCE_URLS | {"doi": f"http://127.0.0.1:{unused.getsockname()[1]}"}
        assert refusal(settings.SOURCE_URLS["doi"]) == "127.0.0.1 cannot be reached."


def test_arxiv_is_asked_every_three_seconds(server, clock):
    server.puts("/arxiv", "feed")
    for _ in range(3):
        fetch.get(f"{server.url}/arxiv?id_list=1")
        clock.time += 1
    assert clock.waits == [0.0, 2.0, 2.0]


def test_another_process_keeps_the_same_pace(server, clock, tmp_path):
    (tmp_path / "pace").mkdir()
    (tmp_path / "pace" / "arxiv").write_text(repr(clock.time - 0.5))
    server.puts("/arxiv", "feed")
    fetch.get(f"{server.url}/arxiv")
    assert clock.waits == [2.5]


@pytest.mark.parametrize("content", ["", "nonsense", "nan", "1e400", "9000000.0"])
def test_a_time_that_cannot_be_holds_nobody_up(server, clock, tmp_path, content):
    (tmp_path / "pace").mkdir()
    (tmp_path / "pace" / "arxiv").write_text(content)
    server.puts("/arxiv", "feed")
    fetch.get(f"{server.url}/arxiv")
    assert clock.waits == [0.0]
