"""The layer around a small application of WSGI: what it keeps, sends, and leaves alone."""

import errno
import gzip
import threading

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from research import generation, pagecache
from research.pagecache import PageCache

LONG = "<p>owls</p>" * 100


class Site:
    """An application that counts what it renders: `pages` has a function of the environment for each path."""

    def __init__(self):
        self.pages = {"/": lambda environ: HttpResponse(LONG)}
        self.rendered = []

    def __call__(self, environ, start_response):
        self.rendered.append(environ["PATH_INFO"] + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else ""))
        response = self.pages[environ["PATH_INFO"]](environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status[:3]), dict(headers), body


def get(application, path="/", query="", method="GET", **headers):
    begun = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    response = application(environ, lambda *arguments: begun.append(arguments))
    body = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    return Answer(*begun[-1][:2], body)


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def no_database():
    """A response that is closed would close the database's connections, of which there are none here."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def clock():
    class Clock:
        now = 1_000.0

        def __call__(self):
            return self.now

    return Clock()


@pytest.fixture
def make_cache(site, clock):
    def make(limit=1_000_000, publications=()):
        waiting = iter(publications)
        return PageCache(site, limit, clock, next_publication=lambda: next(waiting, float("inf")))

    return make


@pytest.fixture
def cache(make_cache):
    return make_cache()


def test_a_page_is_rendered_once_for_all_encodings_methods_and_tags(cache, site):
    first = get(cache)
    assert (first.status, first.body.decode()) == (200, LONG)
    packed = get(cache, accept_encoding="gzip")
    assert gzip.decompress(packed.body).decode() == LONG
    head = get(cache, method="HEAD", accept_encoding="gzip")
    assert (head.headers, head.body) == (packed.headers, b"")
    assert get(cache, if_none_match=first.headers["ETag"]).status == 304
    assert get(cache, if_none_match=packed.headers["ETag"]).status == 200
    assert get(cache, accept_encoding="gzip", if_none_match=f"W/{packed.headers['ETag']}").body == b""
    assert site.rendered == ["/"]


def test_a_page_that_was_asked_for_by_head_first_is_whole(cache):
    get(cache, method="HEAD")
    assert get(cache).body.decode() == LONG


def test_a_change_of_content_is_on_the_next_page(cache, site):
    get(cache)
    with generation.changing():
        site.pages["/"] = lambda environ: HttpResponse("new")
    assert [get(cache).body, get(cache).body] == [b"new", b"new"]
    assert site.rendered == ["/", "/"]


def test_while_content_is_committed_pages_are_rendered_and_not_kept(cache, site):
    get(cache)
    with generation.changing():
        get(cache)
        get(cache)
    assert site.rendered == ["/"] * 3


def test_a_page_of_the_old_state_is_not_kept_in_the_new_generation(cache, site):
    state = "old"

    def changed_while_rendering(environ):
        nonlocal state
        page = HttpResponse(state)
        if state == "old":
            with generation.changing():
                state = "new"
        return page

    site.pages["/"] = changed_while_rendering
    assert [get(cache).body for _ in range(3)] == [b"old", b"new", b"new"]


def test_a_lost_file_of_the_generation_is_a_change_once_it_is_looked_for(cache, site, clock):
    get(cache)
    generation.path().unlink()
    with generation.changing():
        pass
    clock.now += 1
    get(cache)
    assert site.rendered == ["/", "/"]


def test_what_becomes_public_by_itself_is_on_the_next_page(make_cache, site, clock):
    cache = make_cache(publications=[1_000.5])
    get(cache)
    clock.now = 1_000.4
    get(cache)
    assert site.rendered == ["/"]
    clock.now = 1_000.5
    get(cache)
    get(cache)
    assert site.rendered == ["/", "/"]


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(LONG, status=404),
        HttpResponse(status=301, headers={"Location": "/new/"}),
        HttpResponse(LONG, headers={"Cache-Control": "private, no-store"}),
        HttpResponse(LONG, headers={"Cache-Control": "no-cache"}),
        HttpResponse(LONG, headers={"Set-Cookie": "sessionid=abc"}),
        HttpResponse(LONG, headers={"Vary": "Accept-Language"}),
        HttpResponse(LONG, headers={"Vary": "*"}),
        HttpResponse(LONG, headers={"Content-Encoding": "gzip"}),
    ],
    ids=lambda response: str(response.headers),
)
def test_what_is_not_for_everybody_is_passed_on_as_it_is(cache, site, response):
    site.pages["/"] = lambda environ: response
    for _ in range(2):
        answer = get(cache, accept_encoding="gzip")
        assert (answer.status, answer.headers, answer.body) == (
            response.status_code,
            dict(response.items()),
            response.content,
        )
    assert site.rendered == ["/", "/"]


def test_streams_and_files_are_passed_on(cache, site, tmp_path):
    (tmp_path / "owls").write_text(LONG)
    site.pages["/stream"] = lambda environ: StreamingHttpResponse(iter([LONG]))
    site.pages["/file"] = lambda environ: FileResponse((tmp_path / "owls").open("rb"))
    for path in ("/stream", "/file"):
        assert [get(cache, path, accept_encoding="gzip").body.decode() for _ in range(2)] == [LONG, LONG]
    assert site.rendered == ["/stream", "/stream", "/file", "/file"]


def test_who_has_a_session_gets_pages_of_their_own_uncompressed(cache, site):
    get(cache, accept_encoding="gzip")
    site.pages["/"] = lambda environ: HttpResponse("the owner's")
    assert get(cache, cookie="sessionid=abc", accept_encoding="gzip").body == b"the owner's"
    assert get(cache).body.decode() == LONG


def test_a_page_differs_by_accept_only_where_it_says_so(cache, site):
    def negotiated(environ):
        return HttpResponse(environ.get("HTTP_ACCEPT", "page"), headers={"Vary": "Accept"})

    site.pages["/publications/owls/"] = negotiated
    bibtex = "application/x-bibtex"
    for _ in range(2):
        assert get(cache, "/publications/owls/").body == b"page"
        assert get(cache, "/publications/owls/", accept=bibtex).body.decode() == bibtex
        get(cache, accept=bibtex)
        get(cache)
    assert site.rendered == ["/publications/owls/", "/publications/owls/", "/"]


def test_the_application_sees_nothing_of_who_asked_first(cache, site):
    seen = []
    site.pages["/"] = lambda environ: HttpResponse(str(seen.append(dict(environ))))
    get(cache, query="utm_source=x", method="HEAD", cookie="a=b", if_none_match="*", accept_encoding="br")
    [environ] = seen
    assert (environ["REQUEST_METHOD"], environ["QUERY_STRING"]) == ("GET", "")
    assert not {"HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING"} & set(environ)


def test_a_redirect_sees_the_query_as_it_was_asked(cache, site):
    site.pages["/"] = lambda environ: HttpResponse(status=301, headers={"Location": "/new/?" + environ["QUERY_STRING"]})
    assert get(cache, query="utm_source=x").headers["Location"] == "/new/?utm_source=x"


def test_the_page_that_nobody_asked_for_longest_makes_room(make_cache, site, clock):
    for path in "abcdefghi":
        site.pages[f"/{path}"] = lambda environ: HttpResponse(bytes(9_000), content_type="image/png")
    cache = make_cache(limit=80_000)  # six such pages
    for path in ("/a", "/b", "/c", "/d", "/e", "/f", "/a", "/g", "/a", "/b"):
        clock.now += 0.01
        get(cache, path)
    assert site.rendered == ["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/b"]
    assert cache.pages.plain.size == sum(page.size for page in cache.pages.plain.values()) <= 60_000


def test_a_page_that_grows_by_another_encoding_makes_room_for_it(make_cache, site, clock):
    cache = make_cache(limit=11_200)  # four pages of one encoding
    for path in ("/a", "/b", "/c", "/d"):
        clock.now += 0.01
        site.pages[path] = lambda environ: HttpResponse(LONG)
        get(cache, path)
    assert len(cache.pages.plain) == 4
    get(cache, "/d", accept_encoding="gzip")
    assert set(cache.pages.plain) == {("/b", ""), ("/c", ""), ("/d", "")}


def test_inventing_searches_pushes_out_no_page(make_cache, site):
    cache = make_cache(limit=100_000)
    site.pages["/publications/"] = lambda environ: HttpResponse(LONG)
    get(cache)
    for number in range(200):
        get(cache, "/publications/", f"q={number}")
    get(cache)
    assert site.rendered.count("/") == 1
    assert 0 < cache.pages.queried.size <= 25_000


@pytest.mark.parametrize(("name", "times"), [("q", 8_000), ("x", 1)])
def test_eight_thousand_queries_one_after_another_take_no_more_than_their_share(make_cache, site, name, times):
    cache = make_cache(limit=100_000)
    site.pages["/publications/"] = lambda environ: HttpResponse(LONG)
    assert {get(cache, "/publications/", f"{name}={number}").status for number in range(8_000)} == {200}
    assert len(site.rendered) == times  # what the page does not read makes no other page of it
    assert (cache.pages.queried.size <= 25_000, cache.pages.renders) == (True, {})


def test_a_page_larger_than_its_share_is_sent_and_not_kept(make_cache, site):
    cache = make_cache(limit=4_000)
    assert [get(cache).body.decode() for _ in range(2)] == [LONG, LONG]
    assert site.rendered == ["/", "/"]


def test_a_cache_that_is_off_still_compresses_and_validates(make_cache, site):
    cache = make_cache(limit=0)
    packed = get(cache, accept_encoding="gzip")
    assert gzip.decompress(packed.body).decode() == LONG
    assert get(cache, accept_encoding="gzip", if_none_match=packed.headers["ETag"]).status == 304
    assert site.rendered == ["/", "/"]


def test_without_a_place_for_the_generation_pages_are_rendered_for_everybody(cache, site, settings, tmp_path, caplog):
    settings.DATA_DIR = tmp_path / "gone"
    assert [get(cache).body.decode() for _ in range(2)] == [LONG, LONG]
    assert site.rendered == ["/", "/"]
    assert [record.message for record in caplog.records] == [
        "Pages are rendered for every visitor: none can be kept for now."
    ]


def test_pages_that_are_kept_are_sent_where_no_file_can_be_opened_until_content_changes(
    cache, site, clock, monkeypatch, caplog
):
    get(cache)

    def refuse(*arguments):
        raise OSError(errno.EMFILE, "Too many open files")

    clock.now += pagecache.LOOK_SECONDS
    with monkeypatch.context() as no_handles:
        no_handles.setattr(generation.os, "open", refuse)
        assert (get(cache).status, get(cache).status, site.rendered) == (200, 200, ["/"])
    with generation.changing():
        pass
    with monkeypatch.context() as no_handles:
        no_handles.setattr(generation.os, "open", refuse)
        get(cache)
        get(cache)
    assert site.rendered == ["/", "/", "/"]
    assert "none can be kept for now" in caplog.text
    get(cache)
    get(cache)
    assert site.rendered == ["/", "/", "/", "/"]


def answers_at_once(cache, count=3):
    """What `count` threads get that ask for "/" while the application renders."""
    bodies = []
    threads = [threading.Thread(target=lambda: bodies.append(get(cache).body)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return bodies


@pytest.fixture
def waiting(monkeypatch):
    """A semaphore that is released whenever a request begins to wait for another's page."""
    semaphore = threading.Semaphore(0)
    wait = threading.Event.wait

    def counted(event, timeout=None):
        if timeout == pagecache.PATIENCE_SECONDS:
            semaphore.release()
        return wait(event, timeout)

    monkeypatch.setattr(threading.Event, "wait", counted)
    return semaphore


def test_whoever_comes_while_a_page_is_rendered_waits_for_it(cache, site, waiting):
    def until_two_wait(environ):
        assert waiting.acquire(timeout=60)
        assert waiting.acquire(timeout=60)
        return HttpResponse(LONG)

    site.pages["/"] = until_two_wait
    assert answers_at_once(cache) == [LONG.encode()] * 3
    assert site.rendered == ["/"]


def test_who_waits_for_a_page_that_is_not_for_everybody_asks_for_it_themselves(cache, site, waiting):
    def until_one_waits(environ):
        if len(site.rendered) == 1:
            assert waiting.acquire(timeout=60)
        return HttpResponse(LONG, status=404)

    site.pages["/"] = until_one_waits
    assert answers_at_once(cache, count=2) == [LONG.encode()] * 2
    assert site.rendered == ["/", "/"]


def test_a_rendering_that_fails_leaves_nobody_waiting(cache, site):
    def broken(environ):
        raise ZeroDivisionError

    site.pages["/"] = broken
    with pytest.raises(ZeroDivisionError):
        get(cache)
    site.pages["/"] = lambda environ: HttpResponse(LONG)
    assert get(cache).body.decode() == LONG
