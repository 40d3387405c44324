"""What has a time to become public does so at that time, on every channel, from the memory of pages, unvisited."""

import io
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from research import generation
from research.models import Topic
from research.pagecache import PageCache

# Without a transaction around: a request that WSGI brings would close its connection, and with it the transaction.
pytestmark = pytest.mark.django_db(transaction=True)
RECORD = "/publications/siskins/"
PAGES = ["/", "/publications/", "/publications/?topic=birds", "/publications/mice/", "/projects/", "/projects/birds/"]
CHANNELS = ["/feed.xml", "/publications/feed.xml", "/sitemap.xml", "/publications.bib", "/publications.ris"]
CHANNELS += ["/publications.json", "/publications.bib?topic=birds"]
OWN = [RECORD, *(f"{RECORD}siskins.{extension}" for extension in ("bib", "ris", "json", "rdf", "jsonld", "txt"))]
OWN += [f"{RECORD}linkset", f"{RECORD}linkset.json", "/unapi?id=siskins&format=bibtex"]
PROJECT = "/projects/nests/"


@pytest.fixture
def clock(monkeypatch):
    """The time of the whole program."""

    class Clock:
        now = timezone.now()

        def __call__(self):
            return self.now.timestamp()

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def ask(clock, settings, tmp_path):
    """(status, text) of a path, through the memory of pages."""
    settings.DATA_DIR = tmp_path
    cache = PageCache(WSGIHandler(), 10_000_000, clock, reader=generation.reader())

    def ask(path):
        path, _, query = path.partition("?")
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
        environ |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
        begun = []
        body = b"".join(cache(environ, lambda *arguments: begun.append(arguments)))
        return int(begun[0][0][:3]), body.decode()

    ask.cache = cache
    return ask


@pytest.fixture
def awaited(clock, profile, make_publication, make_project):
    """A publication and a project that become public in an hour, beside public ones with the same topic."""
    hour = clock.now + timedelta(hours=1)
    birds = Topic.objects.create(name="Birds", slug="birds")
    mice = make_publication(title="Mice", slug="mice", selected=True)
    siskins = make_publication(title="Siskins", slug="siskins", citation_key="siskins", selected=True, publish_at=hour)
    birds.publications.add(mice, siskins)
    project = make_project(title="Birds", slug="birds", summary="Birds")
    project.publications.add(siskins)
    make_project(title="Nests", slug="nests", summary="Nests of Siskins", publish_at=hour)
    return hour


def shown(ask, paths):
    return {path for path in paths if (found := ask(path))[0] == 200 and "siskins" in found[1].casefold()}


def test_it_is_on_no_channel_before_its_time_and_on_all_of_them_from_then_on(ask, awaited, clock):
    everywhere = {*PAGES, *CHANNELS, *OWN, PROJECT}
    number = generation.reader().look()
    for moment in (clock.now, awaited - timedelta(milliseconds=1)):
        clock.now = moment
        assert shown(ask, everywhere) == set()
        assert {ask(path)[0] for path in PAGES + CHANNELS} == {200}
        assert {ask(path)[0] for path in [*OWN, PROJECT]} == {404}
    assert set(ask.cache.pages.plain) >= {("/", ""), ("/feed.xml", ""), ("/sitemap.xml", "")}  # they were kept
    clock.now = awaited
    assert shown(ask, everywhere) == everywhere
    assert shown(ask, everywhere) == everywhere
    assert generation.reader().look() == number  # nobody has saved anything


def test_feed_and_sitemap_date_it_by_the_moment_that_made_it_public(ask, awaited, clock):
    clock.now = awaited + timedelta(days=1)
    stamp = awaited.strftime("%Y-%m-%dT%H:%M:%S")
    assert stamp in ask("/feed.xml")[1].partition("<entry>")[2].partition("</entry>")[0]
    entry = ask("/sitemap.xml")[1].partition(f"{RECORD}</loc>")[2].partition("</url>")[0]
    assert entry == f"<lastmod>{awaited:%Y-%m-%d}</lastmod>"
