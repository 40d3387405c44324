"""
An archive becomes the site again.

It is tried out first: verified, loaded into a database of its own at the state of its migrations, and migrated to
today's. Then its files are added to those that are there, and what the site is now goes into an archive. In one
transaction, in which nobody else can save, rows take their places, if the site is still what that archive holds; else
it is kept anew. So who reads the site meanwhile sees the old one or the new one, a failure leaves the old one, and each
save is in the site or in what is kept of it.
"""

import datetime
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from .. import media, upload_lock
from ..example.load import site_is_empty
from ..storage import sync
from . import backup, container, copies, operator_settings, rows, trials
from .container import ArchiveRefused

# What loading rows raises that are not those of a site.
UNFIT = (DatabaseError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, ValidationError)


TRIES = 5  # to keep a site that somebody saves in meanwhile


class Restored(NamedTuple):
    """
    The moment of which the site is now; where what it replaced is, the path of an archive or None; and sentences on
    what failed afterwards.
    """

    made: datetime.datetime
    replaced: Path | None
    warnings: list


@contextmanager
def refusing(sentence, faults=UNFIT):
    """What no site has is refused with the sentence, and the reason behind it."""
    try:
        yield
    except ArchiveRefused:
        raise
    except faults as error:
        raise ArchiveRefused(f"{sentence}: {error}") from error


def restore(path):
    """Put the archive at `path` in the place of the site; returns a Restored, raises ArchiveRefused."""
    with copies.opened(path) as archive, tried(archive) as trial:
        prepare_database()
        with upload_lock.alone():
            put_files(archive)
            kept = exchange(trial)
        return Restored(trial.made, kept.path, finish(archive, trial, kept))


def verify(path):
    """Try the archive at `path` out without touching the site; returns its manifest, raises ArchiveRefused."""
    with copies.opened(path) as archive, tried(archive):
        return archive.manifest


class Trial(NamedTuple):
    """The rows of an archive as today's tables have them: a file of lines for each table, and the last keys."""

    made: datetime.datetime
    folder: Path
    migrations: list
    last_keys: dict


@contextmanager
def tried(archive):
    """
    A Trial of a verified archive: what is not a whole site of this program, or an older one, is refused here.

    The number of rows is compared with the manifest, and the files that they name with those in the archive.
    """
    with trials.folder() as folder:
        with refusing("The backup holds what is no site of this program"), rows.another_database(folder / "db.sqlite3"):
            check_age(archive.manifest)
            load_archive(archive)
            call_command("migrate", verbosity=0)
            made = datetime.datetime.fromisoformat(archive.manifest["made"])
            trial = Trial(made, folder, rows.applied(), write_tables(folder))
        yield trial


def check_age(manifest):
    """Refuse an archive of a program that has migrations which this one does not have."""
    if newer := rows.unknown(manifest["migrations"]):
        raise ArchiveRefused(
            f"The backup was made by a newer program ({manifest['program']}, with {newer[0][0]} {newer[0][1]}). "
            "Upgrade this one first; nothing was changed."
        )


def load_archive(archive):
    """Load the archive into the empty database, in the state of its own migrations."""
    manifest = archive.manifest
    executor = MigrationExecutor(connection)
    wanted = {tuple(migration) for migration in manifest["migrations"]}
    nodes = executor.loader.graph.node_map
    rows.make_tables(executor, [one for one in wanted if not any(child.key in wanted for child in nodes[one].children)])
    found = rows.tables(manifest["migrations"])
    if set(archive.tables) != set(found) or manifest["counts"].keys() != set(found):
        raise ValueError("its tables are not those of its migrations")
    with transaction.atomic():
        for model in found.values():  # migrations may have made rows of their own
            rows.clear(model)
        for label, model in found.items():
            rows.load(model, archive.lines(label))
        rows.set_last_keys(found, manifest["last_keys"])
    check_loaded(archive, found)


def check_loaded(archive, found):
    """Compare what was loaded with the manifest."""
    manifest = archive.manifest
    known = {*archive.files, *manifest["missing_files"]}
    for label, model in found.items():
        if model._base_manager.count() != manifest["counts"][label]:
            raise ValueError(f"{label} has not as many rows as the manifest says")
        if model._meta.app_label == "research":
            for row in rows.rows(model):
                if lacking := backup.files_of(row) - known:
                    raise ValueError(f"{label} {row.pk} has no file {min(lacking)}")


def write_tables(folder):
    """Write the rows of the database into a file for each table; returns the last keys."""
    found = rows.tables(rows.applied())
    for label, model in found.items():
        with (folder / label).open("wb") as file:
            file.writelines(rows.line(row) for row in rows.rows(model))
    return rows.last_keys(found)


def prepare_database():
    """Make the tables where there are none; refuse a database that another version of the program has left."""
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        call_command("migrate", verbosity=0)
    elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise ArchiveRefused("This site is not migrated yet. Run manage.py migrate, then restore again.")


class Kept(NamedTuple):
    """What was there before: the path and the manifest of its archive; None and None for a site without anything."""

    path: Path | None
    manifest: dict | None


def exchange(trial):
    """Keep what the site is, to the last save, and put the rows of the trial in its place; returns a Kept."""
    for _ in range(TRIES):
        kept = keep_present(trial.folder)
        sentence = "The database did not take the backup; nothing was changed"
        with refusing(sentence, (*UNFIT, OSError)), transaction.atomic():
            found = rows.tables(trial.migrations)
            rows.lock(found)
            if is_still(kept, found):
                if kept.path:
                    put_into_data_dir(trial.folder / kept.path.name)
                replace_rows(trial, found)
                return kept
    raise ArchiveRefused(
        f"Somebody has saved {TRIES} times while what is here was being kept, so nothing was changed. Restore again "
        "when nobody edits the site."
    )


def keep_present(folder):
    """Put what the site is now into an archive in `folder`, under the path that it shall have in DATA_DIR: a Kept."""
    try:
        if is_empty():
            return Kept(None, None)
        path = settings.DATA_DIR / f"replaced-{timezone.now():%Y-%m-%dT%H%M%SZ}.zip"
        return Kept(path, backup.write_locked(folder / path.name))
    except DatabaseError as error:
        raise ArchiveRefused(
            f"What is here now cannot be read, and so cannot be kept ({error}). Move the database away, for SQLite "
            f"db.sqlite3, db.sqlite3-wal and db.sqlite3-shm in {settings.DATA_DIR}, and restore again."
        ) from error


def is_empty():
    return site_is_empty() and not get_user_model().objects.exists()


def is_still(kept, found):
    """Whether the rows are those that were kept."""
    if kept.manifest is None:
        return is_empty()
    members = kept.manifest["members"]
    return all(rows.digest(model) == members[container.table_member(label)]["sha256"] for label, model in found.items())


def put_files(archive):
    """Store the files that are not there as they are in the archive."""
    try:
        for name in archive.files:
            entry = archive.manifest["members"][f"media/{name}"]
            if not (default_storage.exists(name) and digest(name) == entry["sha256"]):
                with archive.zip.open(f"media/{name}") as content:
                    default_storage.save(name, File(content))
    except OSError as error:
        raise ArchiveRefused(f"The files could not be stored, and nothing was changed: {reason(error)}.") from error


def reason(error):
    return getattr(error, "strerror", None) or str(error)


def digest(name):
    """The SHA-256 of a stored file."""
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finish(archive, trial, kept):
    """What follows when the site is restored already; returns sentences on what failed of it."""
    warnings = []
    before = f" What it was before is in {kept.path}." if kept.path else ""
    try:
        if container.SECRET_KEY in archive.manifest["members"]:
            put_secret_key(b"".join(archive.chunks(container.SECRET_KEY)), trial.folder)
    except (OSError, *container.DAMAGE) as error:
        warnings.append(
            f"The site is restored, but not its secret key, so links that were signed are void ({reason(error)}). "
            f"Mend that, and restore again to have it.{before}"
        )
    try:
        if sentence := operator_settings.lay_beside(archive.manifest):
            warnings.append(sentence)
    except OSError as error:
        warnings.append(f"The site is restored, but the settings that it had could not be written ({reason(error)}).")
    try:
        media.discard({media.folder_of(name) for name in container.files_of(kept.manifest)} if kept.manifest else ())
    except (OSError, DatabaseError) as error:
        warnings.append(
            f"The site is restored, but files that it no longer needs are still there ({reason(error)}): "
            f"manage.py discard_unclaimed_files removes them.{before}"
        )
    return warnings


def put_secret_key(key, folder):
    """Write the secret key of the restored site, by way of `folder`; the server takes it when it is started again."""
    path = folder / "secret_key"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        os.fsync(file.fileno())
    put_into_data_dir(path)


def put_into_data_dir(path):
    """Move a file of the trial's folder, in one step that outlives a power cut."""
    path.replace(settings.DATA_DIR / path.name)
    sync(settings.DATA_DIR)


def replace_rows(trial, found):
    """Empty every table, fill it from the trial, and log everybody out."""
    for model in found.values():
        rows.clear(model)
    for label, model in found.items():
        with (trial.folder / label).open("rb") as lines:
            rows.load(model, lines)
    rows.set_last_keys(found, trial.last_keys)
    Session.objects.all().delete()  # they name accounts that may be others now
