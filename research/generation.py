"""
One number for the content of the whole site: whoever commits a change of it changes the number.

It is what tells a page that is kept in memory from one that is stale. PostgreSQL, which several machines may share,
holds it itself (`shared_generation`). Beside SQLite it lies in DATA_DIR/generation, eight bytes that each process that
serves pages maps into its memory, so that asking for it costs no call of the system. A transaction that wrote content
commits like this:

    lock the file, shared -> make the number odd -> COMMIT -> lock it alone -> make it even -> unlock

- While the number is odd nobody can tell whether the old or the new state is true: no page is served from memory and
  none is kept. Whoever commits is answered after that, so the next request of any process sees the new state.
- A page is kept under the number that was read before it was rendered. However long rendering takes, a page of the
  old state bears the old number, and never gets into the new generation.
- A writer that dies at its COMMIT leaves an odd number, and the system takes back its lock. Whoever then gets the lock
  alone, a writer or a reader, makes the number even: a new generation, whatever became of the transaction.
- Writers share the lock, because what one waits for at its COMMIT may be another. The last one settles.
- A transaction that is rolled back, or that wrote sessions alone, changes nothing.

What is written is seen where Django hands SQL to the database, so that `update()`, `bulk_create()` and SQL in the
words of a command count like `save()`. What goes round Django says so with `changing()`.
"""

import fcntl
import mmap
import os
import re
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.backends.signals import connection_created
from django.db.models import Min

from . import shared_generation
from .models.publishable import Publishable

BYTES = 8
CONTENT_TABLE = "research_"
# What changes no content, and much of it can be in no transaction.
READS = re.compile(
    r"[\s(]*(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|PRAGMA|EXPLAIN|VACUUM|ANALYZE|REINDEX|(?:CREATE|DROP)\s+INDEX)\b",
    re.IGNORECASE,
)


def path():
    return settings.DATA_DIR / "generation"


def is_odd(number):
    """Whether a number, as bytes, says that content is being committed."""
    return bool(number[0] & 1)


def opened():
    """A descriptor of the file, which is made where it is missing."""
    file = os.open(path(), os.O_RDWR | os.O_CREAT, 0o666)
    if os.fstat(file).st_size < BYTES:
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file).st_size < BYTES:
            write(file, time.time_ns() & ~1)  # no number that a lost file may have had
        fcntl.flock(file, fcntl.LOCK_UN)
    return file


def read(file):
    return int.from_bytes(os.pread(file, BYTES, 0), "little")


def write(file, number):
    os.pwrite(file, number.to_bytes(BYTES, "little"), 0)


@contextmanager
def changing():
    """
    Around the moment when a change of content comes true: after it there is a new generation.

    Raises OperationalError before that moment where the file cannot be written: a change that no reader would see must
    not be made.
    """
    try:
        file = opened()
    except OSError as error:
        raise OperationalError(
            f"Nothing was saved: {path()} cannot be written ({error.strerror}). Give it to the user that runs the site."
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH)
        write(file, read(file) | 1)
        try:
            yield
        finally:
            settle(file)
    finally:
        os.close(file)


def settle(file):
    """Make the number even, unless somebody is committing: they will do it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    number = read(file)
    if number & 1:
        write(file, number + 1)
    fcntl.flock(file, fcntl.LOCK_UN)


class Reader:
    """The number, as one process sees it."""

    def __init__(self):
        self.memory = None
        self.identity = None

    def number(self):
        """The number as bytes, at the cost of reading memory. Call `look` before the first time."""
        return self.memory[:BYTES]

    def look(self):
        """
        The number as bytes, settled where a writer has died, and of the file that is there now.

        Raises OSError where there can be no file.
        """
        file = opened()
        try:
            status = os.fstat(file)
            if self.identity != (status.st_dev, status.st_ino):
                self.memory = mmap.mmap(file, BYTES, access=mmap.ACCESS_READ)
                self.identity = status.st_dev, status.st_ino
            if is_odd(self.number()):
                settle(file)
        finally:
            os.close(file)
        return self.number()

    def is_changing(self, number):
        """Whether content is being committed, so that nobody can tell which state is true."""
        return is_odd(number)


def reader():
    """A reader of the number, wherever the database has it kept."""
    return shared_generation.Reader() if connection.vendor == "postgresql" else Reader()


def next_publication():
    """The time, in seconds since 1970, at which something becomes public by itself; infinity where nothing waits."""
    waiting = [model.objects.awaited() for model in Publishable.__subclasses__()]
    times = [records.aggregate(Min("publish_at"))["publish_at__min"] for records in waiting]
    return min((moment.timestamp() for moment in times if moment), default=float("inf"))


class Watch:
    """Sees what one connection to the database writes, and makes a new generation of what it commits."""

    def __init__(self, connection):
        self.connection = connection
        self.has_written = False
        self.commit, self.rollback = connection.commit, connection.rollback
        connection.commit, connection.rollback = self.commit_content, self.forget
        connection.execute_wrappers.insert(0, self)  # the first: others take theirs from the end

    def __call__(self, execute, sql, params, many, context):
        if not writes_content(str(sql)):
            return execute(sql, params, many, context)
        if self.connection.autocommit:
            with self.at_once():
                return execute(sql, params, many, context)
        self.has_written = True
        return execute(sql, params, many, context)

    def at_once(self):
        """Around a statement that is committed with its end."""
        return changing()

    def commit_content(self):
        if not self.has_written:
            return self.commit()
        self.commit_changes()
        self.has_written = False

    def commit_changes(self):
        with changing():
            self.commit()

    def forget(self):
        self.has_written = False
        self.rollback()


class SharedWatch(Watch):
    """As Watch, for a database that holds the number."""

    @contextmanager
    def at_once(self):
        with transaction.atomic(using=self.connection.alias):
            self.has_written = True
            yield

    def commit_changes(self):
        shared_generation.change(self.connection)
        self.commit()


def writes_content(sql):
    """Whether a statement may change a table of research; what is not plainly a question may."""
    return CONTENT_TABLE in sql and not READS.match(sql)


def watch(sender, connection, **kwargs):
    """A connection has been made: watch it, once, and forget what it wrote when it was lost."""
    watches = [each for each in connection.execute_wrappers if isinstance(each, Watch)]
    for each in watches:
        each.has_written = False
    if not watches:
        (SharedWatch if connection.vendor == "postgresql" else Watch)(connection)


def connect():
    """Watch every connection of this process; called once, when the app is ready."""
    connection_created.connect(watch, dispatch_uid="generation")
