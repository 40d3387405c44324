"""
A folder that is replaced as a whole, so that nobody who reads in it sees half of the old and half of the new; and a
folder that is locked.
"""

import ctypes
import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

# Of <fcntl.h> and <linux/fs.h>: paths are as they are given; both names exist and change places (renameat2(2)).
AT_FDCWD, RENAME_EXCHANGE = -100, 2


@contextmanager
def replaced(folder, kept=()):
    """
    Gives a new, empty folder beside `folder`, whose place it takes when the block ends without an exception.

    Of the old one only what `kept` names stays, at its top. Until then, and after a failure, `folder` is as it was.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as holder:
        new = Path(holder) / "new"
        new.mkdir()
        yield new
        for name in kept:
            take_over(folder / name, new / name)
        exchange(new, folder)


def take_over(old, new):
    """Put a file or a folder of the old one into the new one too, whose own it then is."""
    if old.is_dir():
        shutil.copytree(old, new, symlinks=True, copy_function=link)
    elif old.exists():
        link(old, new)


def link(source, target):
    """Let a file have a second name; where that cannot be, for example on another disk, a copy with the same time."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def exchange(new, folder):
    """Put `new` where `folder` is, and what was there where `new` was: in one step, where the system can."""
    if not folder.exists():
        new.rename(folder)
        return
    with suppress(AttributeError):  # no Linux
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        if rename(AT_FDCWD, os.fsencode(new), AT_FDCWD, os.fsencode(folder), RENAME_EXCHANGE) == 0:
            return
    aside = new.with_name("old")
    folder.rename(aside)
    try:
        new.rename(folder)
    except OSError:
        aside.rename(folder)
        raise


@contextmanager
def locked(folder, how):
    """Inside, this process holds a lock of flock(2) on the folder; it ends with the process, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
