"""While a backup copies uploads nobody discards any, whichever machine wants to."""

import fcntl
import os

import pytest
from django.db import connection, connections

from research import media, upload_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def held_elsewhere(settings):
    """The lock, held alone by another connection to PostgreSQL, or by another process of this machine."""
    if connection.vendor == "postgresql":
        other = connections["default"].copy()
        cursor = other.cursor()
        cursor.execute("SELECT pg_advisory_lock(%s)", [upload_lock.KEY])
        # Closing would let go of it too, a moment after the answer.
        yield lambda: cursor.execute("SELECT pg_advisory_unlock(%s)", [upload_lock.KEY])
        other.close()
        return
    settings.MEDIA_ROOT.mkdir()
    handle = os.open(settings.MEDIA_ROOT, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield lambda: fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


def test_what_nobody_needs_stays_until_the_lock_is_released(held_elsewhere, stored_picture, media_files, a_day_later):
    folder = media.folder_of(stored_picture())
    a_day_later()
    media.discard([folder])
    assert media_files() != set()
    held_elsewhere()
    media.discard([folder])
    assert media_files() == set()


def test_many_discard_at_once_and_one_alone_waits_for_none_that_is_done(settings):
    with upload_lock.together(), upload_lock.together():
        pass
    with upload_lock.alone():
        pass
    with upload_lock.together():
        pass
