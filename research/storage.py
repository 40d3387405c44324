"""
Where uploads lie on a disk, so that one that was acknowledged outlives a power cut; `bucket` is the other place. And
why something cannot be stored.
"""

import errno
import os
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string

NO_HANDLE = (errno.EMFILE, errno.ENFILE)  # no file can be opened now, by this process or by any


class StoreUnavailable(OSError):
    """The store of uploads on the network does not answer, or refuses; ``str()`` is a sentence for a person."""


class DurableStorage(FileSystemStorage):
    """Stores a file whole or not at all, and returns when it and its name are on the disk. A name is written anew."""

    def is_well(self):
        """Whether uploads can be stored: in their folder, or, while there is none, in the one that will hold it."""
        folder = Path(self.location)
        return os.access(folder if folder.exists() else folder.parent, os.R_OK | os.W_OK | os.X_OK)

    def _save(self, name, content):
        path = Path(self.path(name))
        partial = Path(self.path(f"{name}.{get_random_string(8)}.part"))
        try:
            super()._save(os.fspath(partial.relative_to(self.location)), content)
            sync(partial)
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        # Also the folders that were made for it, up to the one that was there before any upload.
        for folder in path.parents:
            sync(folder)
            if folder == Path(self.location).parent:
                break
        return name


def not_stored(what, error):
    """The sentence that something could not be stored, such as "The picture", and why: for an OSError."""
    if isinstance(error, StoreUnavailable):
        return f"{what} could not be stored. {error}"
    return f"{what} could not be stored: {hindrance(error)}."


def hindrance(error):
    """Why an OSError, or an exception that one has caused, kept something from being stored: half a sentence."""
    while error:
        if getattr(error, "errno", None) in NO_HANDLE or (is_about_opening(error) and not can_open()):
            return "the server has too many files and connections open"
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            return "the server was busy with other changes for too long"
        error = error.__cause__
    return "the server's disk is full or not writable"


def is_about_opening(error):
    """Whether SQLite could not open a file; it does not say why."""
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_CANTOPEN")


def can_open():
    """Whether this process can open one file more."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        return False
    return True


def sync(path):
    """Wait until a file's content, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
