"""A server that may open no further file, or whose folder is read-only. test_full_disk.py has the full disk."""

import os
import resource
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from lxml import html

from .test_acknowledged import files, picture, stored

UNSAVED = "Nothing was saved: {}. What you typed is still here. Once that is mended on the server, save again."
STORED_NOT = "The file could not be stored: {}. Nothing else was lost."
NO_HANDLES = "the server has too many files and connections open"
NOT_WRITABLE = "the server's disk is full or not writable"
LARGE = b"x" * 3_000_000  # so large that it lies on the disk while it arrives
PAGES = ("/", "/publications/", "/publications/before/", "/publications/?q=before")


def worker(site):
    """The process of the server that answers: the one that has opened the most."""
    pids = [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if session_of(folder) == site.server.pid]
    return max(pids, key=lambda pid: len(handles(pid)))


def session_of(folder):
    try:
        return os.getsid(int(folder.name))
    except ProcessLookupError:
        return None


def handles(pid):
    return {int(name) for name in os.listdir(f"/proc/{pid}/fd")}  # noqa: PTH208 - names alone


@pytest.fixture
def running_site(running_site):
    """As it runs in production: while it is developed, it reads its files again and again."""
    running_site.environment |= {"DEBUG": "false", "DJANGO_SETTINGS_MODULE": "tests.serving.settings"}
    return running_site


@contextmanager
def no_further_file(pid):
    """Inside, the process may open no file and take no connection more than it has."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = handles(pid)
    first_free = next(number for number in range(soft) if number not in used)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (first_free, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


def pages(site):
    return {site.get(path)[0] for path in PAGES}


def refusal(site, session, *picture):
    """The errors that the form of a new publication shows instead of being saved, with what was typed."""
    status, body = site.add_publication(session, "Typed", *picture, abstract="They fly.")
    assert (status, 'value="Typed"' in body, "They fly.</textarea>" in body) == (200, True, True)
    return html.fromstring(body).xpath("//ul[contains(@class, 'errorlist')]/li/text()")


def assert_only_these_are_stored(site, titles):
    rows = stored(site)
    assert set(rows) == titles
    folders, empty = files(site)
    assert folders == {name.split("/")[1] for name in rows.values()}
    assert empty == []


def test_a_server_without_a_handle_left_reads_on_and_keeps_what_was_typed(running_site):

    running_site.start(threads=1)
    session = running_site.log_in()
    assert running_site.add_publication(session, "Before", picture(1))[0] == 302
    assert running_site.get("/admin/research/publication/add/", session)[0] == 200  # where the owner types
    with closing(running_site.connection()) as running_site.open_connection:
        assert pages(running_site) == {200}
        with no_further_file(worker(running_site)):
            newcomer = running_site.connection()
            newcomer.request("GET", "/publications/before/")
            assert refusal(running_site, session) == [UNSAVED.format(NO_HANDLES)]
            assert refusal(running_site, session, picture(2)) == [STORED_NOT.format(NO_HANDLES)]
            assert refusal(running_site, session, LARGE) == [STORED_NOT.format(NO_HANDLES)]
            assert pages(running_site) == {200}
        with closing(newcomer):  # has waited
            assert newcomer.getresponse().status == 200
        assert running_site.add_publication(session, "After", picture(2))[0] == 302
    assert_only_these_are_stored(running_site, {"Before", "After"})


# Root may write anywhere, unless it gives that up; the folder's owner may not, so tests of others need nothing.
BOUND_BY_MODES = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override") if os.geteuid() == 0 else ()


@pytest.mark.parametrize("restarted", [False, True])
def test_a_read_only_folder_is_said_and_harms_nothing(restarted, running_site):
    running_site.start(prefix=BOUND_BY_MODES)
    session = running_site.log_in()
    assert running_site.add_publication(session, "Before", picture(1))[0] == 302
    everything = [running_site.folder, *running_site.folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in everything}
    if restarted:
        running_site.kill()
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        if restarted:
            running_site.start(prefix=BOUND_BY_MODES)
        assert refusal(running_site, session) == [UNSAVED.format(NOT_WRITABLE)]
        assert refusal(running_site, session, picture(2)) == [STORED_NOT.format(NOT_WRITABLE)]
        assert pages(running_site) == {200}
        assert running_site.get("/healthz")[0] == 503
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert running_site.add_publication(session, "After", picture(2))[0] == 302
    assert running_site.get("/healthz")[0] == 200
    assert_only_these_are_stored(running_site, {"Before", "After"})
