"""
How often each source may be asked: one request after the other, with a pause between them, for all processes together.

arXiv's terms of use ask for one connection and three seconds between requests; the other figures leave room below what
the services say they bear.
"""

import fcntl
import math
import time
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

SECONDS = {"arxiv": 3.0, "dblp": 1.0, "crossref": 0.25, "doi": 0.25, "orcid": 0.1}


@dataclass(frozen=True)
class Clock:
    """The time in seconds, and how to wait: tests have one that does not."""

    now = staticmethod(time.time)
    sleep = staticmethod(time.sleep)


def source_of(url):
    """The name of the source that an address belongs to, such as "arxiv"; "" for none."""
    bases = [(base, name) for name, base in settings.SOURCE_URLS.items() if url.startswith(base)]
    return max(bases)[1] if bases else ("arxiv" if url.startswith("https://arxiv.org/") else "")


@contextmanager
def turn(name, clock):
    """
    Waits until the source may be asked again, and keeps other processes waiting until the request is done.

    The file holds when the last request ended. Where DATA_DIR cannot be written, each process keeps to no pace but the
    request is made.
    """
    if name not in SECONDS:
        yield
        return
    try:
        folder = settings.DATA_DIR / "pace"
        folder.mkdir(exist_ok=True)
        file = (folder / name).open("a+")
    except OSError:
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        clock.sleep(pause(file.read(), clock.now(), SECONDS[name]))
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()
            file.write(repr(clock.now()))
            file.flush()


def pause(last, now, seconds):
    """The seconds to wait where the last request ended at `last` (a text); a clock that was set back costs no more."""
    try:
        passed = now - float(last)
    except ValueError:
        return 0.0
    return max(0.0, seconds - passed) if math.isfinite(passed) and passed >= 0 else 0.0
