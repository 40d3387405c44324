"""
What the server has acknowledged and what is there, when it is killed again and again amid saves with pictures; and how
many who write at once are refused. The clients and the server are those of tests/running.
``python -m bench lost``
"""

import os
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.running.server import Site
from tests.running.test_acknowledged import files, picture, stored

SAVES, KILLS, CLIENTS = 1_000, 10, 5
WRITERS, WRITES = 20, 200


class Answered(NamedTuple):
    """The titles that were acknowledged, and the numbers of what was shown again with a sentence instead."""

    saved: list
    refused: list


def measured() -> dict:
    """
    {"kills": …, "acknowledged": …, "refused": …, "lost": …, "rows": …, "rows_without_file": …, "empty_files": …,
    "unclaimed_folders": …, "left_unclaimed": …, "seconds": …,
    "writers": {"writers": …, "saves": …, "refused": …, "seconds": …}}

    `lost` are saves that were acknowledged and are no row; `rows` are more, because a save may be done and its answer
    killed. The database must pass SQLite's own checks. `left_unclaimed` are folders of uploads that nothing refers to,
    after discard_unclaimed_files.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), DEBUG="false", DJANGO_SETTINGS_MODULE="tests.serving.settings")
        try:
            site.run("migrate", "--verbosity", "0")
            return killed(site) | {"writers": writers(site)}
        finally:
            site.kill()


def killed(site):
    session, numbers, answered = site.log_in(), count(), Answered([], [])
    start = time.perf_counter()
    for kill in range(1, KILLS + 1):
        site.start(threads=CLIENTS)
        save_until_killed(site, session, numbers, answered, SAVES * kill // KILLS)
    seconds = time.perf_counter() - start
    rows = stored(site)
    folders, empty = files(site)
    named = {name.split("/")[1] for name in rows.values()}
    return {
        "kills": KILLS,
        "acknowledged": len(answered.saved),
        "refused": len(answered.refused),
        "lost": len(set(answered.saved) - rows.keys()),
        "rows": len(rows),
        "rows_without_file": sum(not (site.folder / "media" / name).is_file() for name in rows.values()),
        "empty_files": len(empty),
        "unclaimed_folders": len(folders - named),
        "left_unclaimed": len(discarded(site) - named),
        "seconds": round(seconds),
    }


def save_until_killed(site, session, numbers, answered, enough):
    """Save from all clients at once, until so many titles are acknowledged, and kill amid the next ones."""
    reached = threading.Event()

    def client():
        for number in numbers:
            try:
                status, _ = site.add_publication(session, f"Paper {number}", picture(number))
            except (OSError, HTTPException):  # it was killed
                return
            if status != 302:  # a machine too busy for its disk: said to the person, who has what was typed
                answered.refused.append(number)
                continue
            answered.saved.append(f"Paper {number}")
            if len(answered.saved) >= enough:
                reached.set()

    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(client) for _ in range(CLIENTS)]
        while not reached.wait(0.1):
            if any(each.done() for each in running):
                break  # its fault is raised below
        site.kill()
        for each in running:
            each.result()


def discarded(site):
    """The folders that are left when what nothing refers to has gone, all of it being older than a day."""
    long_ago = time.time() - 25 * 3600
    for path in (site.folder / "media").rglob("*"):
        os.utime(path, (long_ago, long_ago))
    site.run("discard_unclaimed_files")
    return files(site)[0]


def writers(site):
    site.start(threads=WRITERS)
    session, start = site.log_in(), time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as clients:
        answers = clients.map(
            lambda number: site.add_publication(session, f"At once {number}", picture(number))[0], range(WRITES)
        )
        refused = sum(status != 302 for status in answers)
    seconds = round(time.perf_counter() - start)
    return {"writers": WRITERS, "saves": WRITES, "refused": refused, "seconds": seconds}
