"""The site as it is at one moment, written into an archive while it is read and edited."""

import datetime
import json
import platform
import tomllib
from pathlib import Path
from typing import NamedTuple

import django
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils import timezone

from .. import media, upload_lock
from . import container, rows, trials

NOTE, TRIAL_NOTE = "last_backup.json", "last_trial.json"
LATE_DAYS = 2  # a nightly backup that has not come


def write(path):
    """
    Write database, media and secret key into a new archive at `path`; returns its manifest.

    The rows are those of one moment. Files are stored before the rows that name them are committed, and none is
    discarded while they are copied: so no row is without its file. Raises container.ArchiveRefused.
    """
    trials.clear()
    with upload_lock.alone():
        return write_locked(path)


def write_locked(path):
    """As `write`, for whoever holds the lock of the uploads alone already."""
    with container.written(path) as archive:
        with rows.snapshot():
            migrations = rows.applied()
            if not migrations:
                raise container.ArchiveRefused("There is no site yet to back up: the database has no tables.")
            found = rows.tables(migrations)
            named = Named(set(), set())
            counts = {label: add_table(archive, label, model, named) for label, model in found.items()}
            last_keys = rows.last_keys(found)
        stored = add_files(archive, named.folders)
        add_secret_key(archive)
        about = {
            "made": timezone.now().isoformat(timespec="seconds"),
            "program": program_version(),
            "django": django.get_version(),
            "python": platform.python_version(),
            "database": connection.vendor,
            "site_url": settings.SITE_URL,
            "settings": settings.GIVEN,
            "migrations": migrations,
            "counts": counts,
            "last_keys": last_keys,
            "missing_files": sorted(named.files - stored),
        }
        return archive.finish(about)


class Named(NamedTuple):
    """What rows refer to: the folders of stored files that they name or show, and the names of files themselves."""

    folders: set
    files: set


def add_table(archive, label, model, named):
    """Write the rows of a table, and note the files that they need; returns how many there are."""
    count = 0

    def lines():
        nonlocal count
        for row in rows.rows(model):
            count += 1
            if model._meta.app_label == "research":
                named.folders.update(media.folders_in(row))
                named.files.update(files_of(row))
            yield rows.line(row)

    archive.add(container.table_member(label), lines(), compressed=True)
    return count


def files_of(row):
    """The names of the files that a row's own fields hold."""
    fields = (field for field in row._meta.concrete_fields if isinstance(field, models.FileField))
    return {name for field in fields if (name := str(getattr(row, field.attname) or ""))}


def add_files(archive, folders):
    """Write the stored files of the folders; returns their names."""
    stored = set()
    for folder in sorted(folders):
        for file in media.files_in(folder):  # none where a text names a folder of another site
            name = f"{folder}/{file}"
            if container.MEDIA.fullmatch(f"media/{name}") and not name.endswith(".part"):
                with default_storage.open(name) as content:
                    archive.add(f"media/{name}", content.chunks())
                stored.add(name)
    return stored


def add_secret_key(archive):
    """Write the site's own secret key; one that the environment gives is the operator's to keep."""
    path = settings.DATA_DIR / "secret_key"
    if path.exists() and path.read_text().strip() == settings.SECRET_KEY:
        archive.add(container.SECRET_KEY, [path.read_bytes()])


def program_version():
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def note(path, not_copied=""):
    """Remember for the desk that a backup was made now, and why it was not copied, where it was to be."""
    path = Path(path).absolute()
    entry = {"made": timezone.now().isoformat(timespec="seconds"), "path": str(path), "bytes": path.stat().st_size}
    (settings.DATA_DIR / NOTE).write_text(json.dumps(entry | {"not_copied": not_copied}))


def last():
    """The moment and the path of the last backup, or None."""
    try:
        entry = noted()
        return datetime.datetime.fromisoformat(entry["made"]), entry["path"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def not_copied():
    """Why the last backup was not copied into the bucket; "" where it was, or was not to be."""
    try:
        return str(noted().get("not_copied", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def note_trial(problem=""):
    """Remember for the desk that the newest backup was tried out now, and why it cannot be restored, if so."""
    entry = {"tried": timezone.now().isoformat(timespec="seconds"), "problem": problem}
    (settings.DATA_DIR / TRIAL_NOTE).write_text(json.dumps(entry))


def last_trial():
    """The moment of the last trial, and what stood against a restore or "", or None."""
    try:
        entry = noted(TRIAL_NOTE)
        return datetime.datetime.fromisoformat(entry["tried"]), str(entry["problem"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def noted(note=NOTE):
    return json.loads((settings.DATA_DIR / note).read_text())
