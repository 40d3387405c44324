"""
Copies of backups in a bucket (BACKUP_COPY), encrypted with the owner's passphrase (BACKUP_PASSPHRASE).

Each is two files in the format of age (https://age-encryption.org/v1): the archive, for a key of its own, and that key,
for the passphrase. So archives of any size are encrypted a piece at a time, and the program `age` opens them without
this one; it asks for the passphrase:

    age -d -i backup-2026-11-21T030000Z.key.age backup-2026-11-21T030000Z.zip.age > backup.zip
"""

from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File

from ..storage import StoreUnavailable
from . import container, keeping, passphrase, trials
from .container import ArchiveRefused

MARK = passphrase.MARK + b"\n"
ARCHIVE, KEY = ".zip.age", ".key.age"
TOO_MUCH_WORK = "Excessive work"  # as the library says it
TRIES = 10


class NotCopied(Exception):
    """The bucket did not take a copy; the text is half a sentence that says why."""


def copy(path):
    """Encrypt the archive at `path` into the bucket, and remove from it what is not worth keeping. Raises NotCopied."""
    from pyrage import encrypt_io, x25519

    key = x25519.Identity.generate()
    name = Path(path).name.removesuffix(".zip")
    try:
        store = bucket()
        with trials.folder() as folder:
            with Path(path).open("rb") as archive, (folder / name).open("wb") as encrypted:
                encrypt_io(archive, encrypted, [key.to_public()])
            sealed = passphrase.encrypted(str(key).encode(), settings.BACKUP_PASSPHRASE)
            store.save(name + KEY, ContentFile(sealed))
            with (folder / name).open("rb") as encrypted:
                store.save(name + ARCHIVE, File(encrypted))
        for old in superseded(store.listdir("")[1]):
            store.delete(old)
    except StoreUnavailable as error:
        raise NotCopied(str(error.__cause__ or error)) from error
    except OSError as error:
        raise NotCopied(error.strerror or str(error)) from error


def bucket():
    from ..bucket import BucketStorage  # boto3 is there where copies are asked for

    return BucketStorage(**settings.BACKUP_COPY)


def superseded(names):
    """Of the names in the bucket those that may go: of copies that are not worth keeping, or not whole."""
    found = {}
    for name in names:
        for suffix in (ARCHIVE, KEY):
            moment = name.endswith(suffix) and keeping.moment_of(name.removesuffix(suffix) + ".zip")
            if moment:
                found.setdefault(moment, []).append(name)
    kept = keeping.worth_keeping(moment for moment, parts in found.items() if len(parts) == 2)
    return sorted(name for moment, parts in found.items() if moment not in kept for name in parts)


@contextmanager
def opened(path):
    """As `container.opened`; what is encrypted is decrypted for as long as the block lasts."""
    path = Path(path)
    if not is_encrypted(path):
        with container.opened(path) as archive:
            yield archive
        return
    with trials.folder() as folder:
        decrypt(path, folder / path.name.removesuffix(".age"))
        with container.opened(folder / path.name.removesuffix(".age")) as archive:
            yield archive


def is_encrypted(path):
    try:
        with path.open("rb") as file:
            return file.read(len(MARK)) == MARK
    except OSError:
        return False  # container.opened says why


def decrypt(path, target):
    """Write the archive that was encrypted into `path` to `target`. Raises ArchiveRefused."""
    from pyrage import DecryptError, decrypt_io, x25519

    key_path = path.with_name(path.name.removesuffix(ARCHIVE) + KEY)
    if not key_path.exists():
        raise ArchiveRefused(f"{path} is encrypted with the key {key_path.name}. Put that beside it, too.")
    if not settings.BACKUP_PASSPHRASE:
        raise ArchiveRefused(f"{path} is encrypted. Its passphrase is missing: BACKUP_PASSPHRASE, or its _FILE.")
    try:
        key = x25519.Identity.from_str(decrypted_key(key_path.read_bytes()))
    except DecryptError as error:
        raise ArchiveRefused(f"BACKUP_PASSPHRASE is not the passphrase of {key_path}, or that is damaged.") from error
    container.check_space(path.stat().st_size)
    try:
        with path.open("rb") as encrypted, target.open("xb") as archive:
            decrypt_io(encrypted, archive, [key])
    except (DecryptError, OSError) as error:
        raise ArchiveRefused(f"{path} is damaged or was changed, and was not used: {error}.") from error


def decrypted_key(encrypted):
    """
    The text of a key that is encrypted with the passphrase.

    The library refuses work of more than about 16 seconds, as it measures the machine: where that is busy, it does so
    for a key of earlier copies, which it has made itself, so it is asked again. The program `age` does what takes 30
    times as long.
    """
    from pyrage import DecryptError
    from pyrage import passphrase as library

    for _ in range(TRIES):
        try:
            return library.decrypt(encrypted, settings.BACKUP_PASSPHRASE).decode()
        except DecryptError as error:
            if not str(error).startswith(TOO_MUCH_WORK):
                raise
    raise ArchiveRefused("This machine is too slow or too busy to open the key of this copy. Open it with `age` first.")
