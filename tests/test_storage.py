"""Uploads: whole or not at all, and on the disk before anybody is told that they are stored."""

import os
import sqlite3
import stat
from contextlib import closing

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError

from research import storage

NAME = "images/abc/full.png"


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_stored_under_its_name_and_nothing_is_left_beside_it(settings):
    assert default_storage.save(NAME, ContentFile(b"one")) == NAME
    assert tree(settings.MEDIA_ROOT) == [NAME]
    path = settings.MEDIA_ROOT / NAME
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"one", 0o644)
    assert default_storage.save(NAME, ContentFile(b"two")) == NAME
    assert path.read_bytes() == b"two"


def test_the_content_and_every_folder_above_it_are_on_the_disk_when_it_is_stored(settings, monkeypatch):
    synced, sync = [], storage.sync

    def noted(path):
        synced.append(path)
        sync(path)

    monkeypatch.setattr(storage, "sync", noted)
    default_storage.save(NAME, ContentFile(b"one"))
    partial, *folders = synced
    root = settings.MEDIA_ROOT
    assert partial.suffix == ".part"  # before it gets its name
    assert folders == [root / "images" / "abc", root / "images", root, root.parent]


def test_syncing_waits_for_the_disk(tmp_path, monkeypatch):
    synced, fsync = [], os.fsync

    def noted(handle):
        synced.append(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    storage.sync(tmp_path)
    assert synced == [tmp_path.stat().st_ino]


@pytest.mark.parametrize("step", ["sync", "content"])
def test_a_full_disk_leaves_nothing_and_an_older_file_whole(step, settings, monkeypatch):
    default_storage.save(NAME, ContentFile(b"one"))

    def full(*arguments):
        raise OSError(28, "No space left on device")

    content = ContentFile(b"two")
    if step == "sync":
        monkeypatch.setattr(storage, "sync", full)
    else:
        content.chunks = lambda: (part for part in [b"t", full()])
    with pytest.raises(OSError, match="No space left"):
        default_storage.save(NAME, content)
    assert tree(settings.MEDIA_ROOT) == [NAME]
    assert (settings.MEDIA_ROOT / NAME).read_bytes() == b"one"


def test_why_something_was_not_stored_is_said_as_it_is(tmp_path):
    assert storage.hindrance(OSError(28, "No space left on device")) == "the server's disk is full or not writable"
    assert storage.hindrance(OSError(24, "x")) == "the server has too many files and connections open"
    connections = [sqlite3.connect(tmp_path / "db", timeout=0, isolation_level=None) for _ in range(2)]
    with closing(connections[0]), closing(connections[1]):
        connections[0].execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as locked:
            connections[1].execute("BEGIN IMMEDIATE")
    error = OperationalError("database is locked")
    error.__cause__ = locked.value
    assert storage.hindrance(error) == "the server was busy with other changes for too long"
