"""
The folders in DATA_DIR in which archives are tried out.

Each is locked by its process for as long as that lives. What is not locked was left by one that was killed, and goes
when the next trial or backup begins, or the server starts.
"""

import fcntl
import re
import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from django.conf import settings

from .. import folders

PREFIX = "trial-of-backup-"
NAME = re.compile(PREFIX + "[a-z0-9_]{8}", re.ASCII)  # as tempfile names them, and nobody else


@contextmanager
def folder():
    """A new folder, the path of which is given; it is removed when the block ends."""
    # While DATA_DIR is locked nobody looks for leftovers, so the folder is not taken for one before it has its lock.
    with ExitStack() as own:
        with folders.locked(settings.DATA_DIR, fcntl.LOCK_EX):
            remove_leftovers()
            path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=settings.DATA_DIR))
            own.enter_context(folders.locked(path, fcntl.LOCK_EX))
        own.callback(shutil.rmtree, path, ignore_errors=True)  # what stays is not locked, and goes with the next
        yield path


def clear():
    """Remove the folders of processes that are gone; where that cannot be, they stay for another time."""
    with suppress(OSError), folders.locked(settings.DATA_DIR, fcntl.LOCK_EX):
        remove_leftovers()


def remove_leftovers():
    for path in settings.DATA_DIR.iterdir():
        if NAME.fullmatch(path.name):
            with suppress(OSError), folders.locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB):  # of one that lives
                shutil.rmtree(path)
