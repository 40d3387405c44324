"""What the server has acknowledged is there, whatever happens to the server; and writers wait for each other."""

import os
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

from django.utils.text import slugify

from tests.conftest import picture_file

CLIENTS = 5
SAVES = 200
WRITERS = 20


def picture(number):
    """A picture that no other number has, as bytes."""
    return picture_file(size=(60, 40), colour=f"#{number:06x}").read()


def stored(site):
    """{title: name of the thumbnail} of all publications, from a database that passes SQLite's own check."""
    with sqlite3.connect(site.folder / "db.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        found = dict(database.execute("SELECT title, thumbnail FROM research_publication"))
    database.close()
    return found


def files(site):
    """The stored files, as (folders of pictures, files that are empty)."""
    found = [path for path in (site.folder / "media").rglob("*") if path.is_file()]
    return {path.parent.name for path in found}, [path for path in found if not path.stat().st_size]


def save_until_killed(site, acknowledged, enough):
    """Save from several clients at once, and note each title that was acknowledged; kill when there are enough."""
    session = site.log_in()

    def client(number):
        for count in range(1_000):
            title = f"Paper {number}-{count}"
            try:
                status, _ = site.add_publication(session, title, picture(number * 1_000 + count))
            except (OSError, HTTPException):  # it was killed
                return
            assert status == 302
            acknowledged.append(title)
            if len(acknowledged) >= SAVES:
                enough.set()

    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(client, number) for number in range(CLIENTS)]
        assert enough.wait(timeout=600)
        site.kill()
        for each in running:
            each.result()


def test_a_killed_server_has_lost_nothing_that_it_acknowledged(running_site):
    acknowledged = []
    running_site.start(threads=CLIENTS)
    save_until_killed(running_site, acknowledged, threading.Event())
    assert len(acknowledged) >= SAVES

    rows = stored(running_site)
    assert set(acknowledged) <= set(rows)
    folders, empty = files(running_site)
    named = {name.split("/")[1] for name in rows.values()}
    assert named <= folders
    assert all((running_site.folder / "media" / name).stat().st_size for name in rows.values())
    assert empty == []

    running_site.start()
    assert running_site.get(f"/publications/{slugify(acknowledged[-1])}/")[0] == 200
    long_ago = time.time() - 25 * 3600
    for path in (running_site.folder / "media").rglob("*"):
        os.utime(path, (long_ago, long_ago))
    running_site.run("discard_unclaimed_files")
    assert files(running_site)[0] == named


def test_twenty_who_write_at_once_wait_for_each_other(running_site):
    running_site.start(threads=WRITERS)
    session = running_site.log_in()
    with ThreadPoolExecutor(WRITERS) as clients:
        answers = list(
            clients.map(
                lambda number: running_site.add_publication(session, f"Paper {number}", picture(number)),
                range(2 * WRITERS),
            )
        )
    assert {status for status, _ in answers} == {302}
    assert set(stored(running_site)) == {f"Paper {number}" for number in range(2 * WRITERS)}
