"""
The archive as a file: a ZIP with `manifest.json`, `database/<table>.jsonl`, `media/<name>` and `settings/secret_key`.

The manifest names every other member with its size and SHA-256. `opened` believes nothing that it has not checked.
"""

import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from ..storage import StoreUnavailable, sync

FORMAT = "research-portfolio backup"
VERSION = 1
MANIFEST = "manifest.json"
SECRET_KEY = "settings/secret_key"  # noqa: S105 - the name of a member
MANIFEST_BYTES = 64_000_000  # what a manifest of half a million files has
ROW_BYTES = 64_000_000
CHUNK = 1 << 20
SPARE_BYTES = 50_000_000  # what must be left on the disk beside what is unpacked
TABLE = re.compile(r"database/([a-z0-9_]+\.[a-z0-9_]+)\.jsonl", re.ASCII)
MEDIA = re.compile(r"media/([\w-][\w .-]*(/[\w-][\w .-]*)+)", re.ASCII)  # no part may begin with a dot
# What the standard library raises for bytes that are no ZIP, or one that was tampered with.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError)


class ArchiveRefused(ValueError):
    """The archive cannot be written or taken; the text is a sentence for the operator."""


def table_member(label):
    """The member that holds the rows of a table, such as "research.publication"."""
    return f"database/{label}.jsonl"


class Writer:
    """Fills an archive member by member, and notes the size and SHA-256 of each in `members`."""

    def __init__(self, file):
        self.zip = zipfile.ZipFile(file, "w")
        self.members = {}

    def add(self, name, chunks, compressed=False):
        """Write chunks of bytes as the member `name`."""
        digest, size = hashlib.sha256(), 0
        member = zipfile.ZipInfo(name)  # of 1980: the moment is in the manifest
        member.external_attr = (stat.S_IFREG | 0o600) << 16
        member.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        with self.zip.open(member, "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}

    def finish(self, manifest):
        """Write the manifest, a dict, with the format and the members; returns it whole. The archive is complete."""
        whole = {"format": FORMAT, "version": VERSION} | manifest | {"members": self.members}
        self.zip.writestr(MANIFEST, json.dumps(whole, indent=1, ensure_ascii=False), zipfile.ZIP_DEFLATED)
        self.zip.close()
        return whole


@contextmanager
def written(path):
    """
    A Writer for a new archive that takes the place of `path` when it is complete and on the disk, and never before.

    Its owner alone may read it. A file that is there already must be a backup or empty.
    """
    path = Path(path)
    if path.is_dir():
        raise ArchiveRefused(f"{path} is a folder. Name a file in it, or use --keep {path}.")
    if path.exists() and path.stat().st_size and not is_archive(path):
        raise ArchiveRefused(f"{path} is there already and is no backup. Nothing was changed; choose another name.")
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                writer = Writer(file)
                try:
                    yield writer
                finally:
                    # One that broke off is closed, too: the standard library would complain when it is collected.
                    with suppress(OSError, ValueError):
                        writer.zip.close()
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
        sync(path.parent)
    except StoreUnavailable as error:
        raise ArchiveRefused(f"There is no backup. {error}") from error
    except OSError as error:
        raise ArchiveRefused(f"The backup could not be written to {path}: {error.strerror or error}.") from error


def is_archive(path):
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(manifest_text(archive)).get("format") == FORMAT
    except (*DAMAGE, OSError, KeyError, AttributeError):
        return False


def manifest_text(archive):
    if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
        raise ValueError("the manifest is too large")
    return archive.read(MANIFEST)


def files_of(manifest):
    """The names of the stored files that an archive holds."""
    return [match[1] for name in manifest["members"] if (match := MEDIA.fullmatch(name))]


class Archive:
    """An archive that was verified. `manifest` is its manifest, `tables` and `files` name what is in it."""

    def __init__(self, archive, manifest):
        self.zip = archive
        self.manifest = manifest
        self.tables = [match[1] for name in manifest["members"] if (match := TABLE.fullmatch(name))]
        self.files = files_of(manifest)

    def chunks(self, name):
        """The bytes of a member, a piece at a time."""
        with self.zip.open(name) as member:
            while chunk := member.read(CHUNK):
                yield chunk

    def lines(self, label):
        """The rows of a table as texts of JSON."""
        with self.zip.open(table_member(label)) as member:
            while line := member.readline(ROW_BYTES):
                yield line


@contextmanager
def opened(path):
    """An Archive, every byte of which was verified; raises ArchiveRefused with a sentence for anything else."""
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise ArchiveRefused(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        try:
            archive = Archive(*checked(file, path))
        except ArchiveRefused:
            raise
        except (*DAMAGE, OSError, KeyError, TypeError, AttributeError) as error:
            raise ArchiveRefused(f"{path} is damaged or was changed, and was not used: {error}.") from error
        yield archive


def checked(file, path):
    """(the ZipFile, its manifest) of a file in which everything is as the manifest says; nothing is unpacked."""
    if not zipfile.is_zipfile(file):
        raise ArchiveRefused(f"{path} is no backup, or only a part of one: it is not a whole ZIP file.")
    archive = zipfile.ZipFile(file)
    if MANIFEST not in archive.namelist():
        raise ArchiveRefused(f"{path} is no backup of a research portfolio: it has no {MANIFEST}.")
    manifest = json.loads(manifest_text(archive))
    if manifest.get("format") != FORMAT:
        raise ArchiveRefused(f"{path} is no backup of a research portfolio.")
    if manifest["version"] > VERSION:
        raise ArchiveRefused(f"{path} was made by a newer program ({manifest['program']}). Upgrade this one first.")
    check_names(archive, manifest["members"])
    check_space(sum(entry["size"] for entry in manifest["members"].values()))
    for name, entry in manifest["members"].items():
        digest = hashlib.sha256()
        with archive.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != entry["sha256"]:
            raise ValueError(f"{name} is not what the manifest says")
    return archive, manifest


def check_names(archive, members):
    """Refuse what is not in the manifest, or in it under a name, of a kind or of a size that no backup has."""
    names = [name for name in archive.namelist() if name != MANIFEST]
    if sorted(names) != sorted(members):
        raise ValueError("it does not hold what its manifest says")
    for name in names:
        if not (TABLE.fullmatch(name) or MEDIA.fullmatch(name) or name == SECRET_KEY):
            raise ValueError(f"no backup has a member {name!r}")
        entry = archive.getinfo(name)
        is_file = stat.S_IFMT(entry.external_attr >> 16) == stat.S_IFREG
        is_packed_as_here = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if not (is_file and is_packed_as_here and entry.file_size == members[name]["size"]):
            raise ValueError(f"{name} is not what the manifest says")


def check_space(size):
    """Refuse, before it is unpacked, what has no room: `size` in bytes as files, as a database and as lines."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    if 3 * size + SPARE_BYTES > free:
        needed = f"The backup needs {3 * size / 1e6:.0f} MB on the disk, and {free / 1e6:.0f} MB are free."
        raise ArchiveRefused(f"{needed} Nothing was changed.")
