"""
Who copies uploads, and who discards them, wait for each other: a backup must find the files that its rows name.

The lock is PostgreSQL's own where that is the database, for all machines that share it; else the folder of uploads',
for the processes of this machine.
"""

import fcntl
from contextlib import ExitStack, contextmanager, suppress

from django.conf import settings
from django.db import Error, connection

from .folders import locked

KEY = 4_201_876_135_520  # among a database's advisory locks, which are numbers


class Held(Exception):
    """Somebody holds the lock alone."""


@contextmanager
def alone():
    """Inside, nobody else holds the lock; waits until that is so."""
    if connection.vendor == "postgresql":
        ask("SELECT pg_advisory_lock(%s)")
        with released("SELECT pg_advisory_unlock(%s)"):
            yield
    else:
        with folder(fcntl.LOCK_EX):
            yield


@contextmanager
def together():
    """Inside, nobody holds the lock alone. Raises Held where somebody does."""
    if connection.vendor == "postgresql":
        if not ask("SELECT pg_try_advisory_lock_shared(%s)"):
            raise Held
        with released("SELECT pg_advisory_unlock_shared(%s)"):
            yield
    else:
        with folder(fcntl.LOCK_SH | fcntl.LOCK_NB):
            yield


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql, [KEY])
        return cursor.fetchone()[0]


@contextmanager
def released(sql):
    try:
        yield
    finally:
        with suppress(Error):  # a connection that was lost has taken its locks with it
            ask(sql)


@contextmanager
def folder(how):
    """The lock of the folder of uploads, which is made where it is missing: a bucket needs none but for this."""
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(locked(settings.MEDIA_ROOT, how))
        except BlockingIOError as error:
            raise Held from error
        yield
