"""
Uploaded files: stored once they are checked, under names made from their content, removed when nothing needs them.

Models hold names only. A form stores an upload while it is checked, so that it outlives a mistake in another field.
What a replaced or deleted row alone referred to stays for 30 days, as a SupersededFile, for the older versions that
show it; after that its files go when the transaction that dropped it has committed, never before.
"""

import datetime
import hashlib
import re
import time
from contextlib import suppress
from functools import cache
from pathlib import PurePosixPath

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models, transaction
from django.utils import timezone

from . import images, upload_lock
from .models import SupersededFile

FOLDER = re.compile(r"(images/[0-9a-f]{32}-\d+x\d+|files/[0-9a-f]{32})/", re.ASCII)
DOCUMENT_FOLDER = "files"
DOCUMENT_MAX_BYTES = 50_000_000
# What may be uploaded as a document, and how the file must begin; "" where the kind has no such mark.
DOCUMENTS = {
    ".pdf": b"%PDF-",
    ".pptx": b"PK\x03\x04",
    ".odp": b"PK\x03\x04",
    ".zip": b"PK\x03\x04",
    ".key": b"PK\x03\x04",
    ".csv": b"",
    ".txt": b"",
}
# Nothing else is served, whatever lies in the folder: no type of these can run in the site's name.
TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".key": "application/vnd.apple.keynote",
    ".zip": "application/zip",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
UNCLAIMED_SECONDS = 24 * 3600
SUPERSEDED = datetime.timedelta(days=30)  # how long what a record has given up can be had back


class DocumentRefused(ValueError):
    """The upload cannot be taken; the text is a sentence for the person who sent it."""


def store_picture(file):
    """Check and store an uploaded picture with its renditions; returns its name. Raises images.ImageRefused."""
    accepted = images.accept(file)
    store(accepted.files)
    return accepted.name


def store_document(file, extensions=tuple(DOCUMENTS)):
    """Check and store an uploaded document; returns its name. Raises DocumentRefused."""
    path = PurePosixPath(file.name.replace("\\", "/"))
    extension = path.suffix.lower()
    if extension not in extensions:
        kinds = ", ".join(kind.removeprefix(".").upper() for kind in extensions)
        raise DocumentRefused(f"“{path.name}” is not of a kind that can be shared here. Upload one of these: {kinds}.")
    if file.size > DOCUMENT_MAX_BYTES:
        limit = DOCUMENT_MAX_BYTES // 1_000_000
        raise DocumentRefused(f"This file has {file.size / 1e6:.0f} MB; at most {limit} MB can be uploaded.")
    file.seek(0)
    content = file.read()
    if not content:
        raise DocumentRefused("This file is empty. Export it again and upload the new one.")
    if not content.startswith(DOCUMENTS[extension]):
        kind = extension.removeprefix(".").upper()
        raise DocumentRefused(f"“{path.name}” is named like a {kind} file but is none. Export it again as {kind}.")
    stem = re.sub(r"[^\w.-]", "", path.stem[:80].strip().replace(" ", "_"), flags=re.ASCII).strip("._-")
    name = f"{DOCUMENT_FOLDER}/{hashlib.sha256(content).hexdigest()[:32]}/{stem or 'document'}{extension}"
    store({name: content})
    return name


def store(files):
    """
    Write files (name to bytes) that are not there yet; the last one completes the set.

    It is always written, so that the set is as young as the form that needs it (`unclaimed`).
    """
    *_, last = files
    for name, content in files.items():
        # A name is made from its content, so a file of the right size is the right file, and another is half-written.
        if name == last or size(name) != len(content):
            default_storage.save(name, ContentFile(content))


def size(name):
    """The size of a stored file in bytes; None where there is none."""
    try:
        return default_storage.size(name)
    except FileNotFoundError:
        return None


def files_in(folder):
    """The names of the files in a folder of the storage, in order; none where there is no such folder."""
    try:
        return sorted(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []


def folder_of(name):
    """The folder that holds a stored picture with its renditions, or a document: what is kept or goes as one."""
    return name.rpartition("/")[0]


@cache
def stored_fields(model):
    """The model's fields that name stored files: (file fields, texts that may show or link one), as names."""
    files, texts = [], []
    for field in model._meta.concrete_fields:
        if isinstance(field, models.FileField):
            files.append(field.name)
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            texts.append(field.name)
    return tuple(files), tuple(texts)


def folders_in(record):
    """The set of folders of stored files that a model instance refers to."""
    files, texts = stored_fields(type(record))
    named = {folder_of(str(getattr(record, field) or "")) for field in files} - {""}
    return named.union(*(FOLDER.findall(getattr(record, field) or "") for field in texts))


def is_needed(folder):
    """Whether any row refers to a file in the folder."""
    for model in apps.get_app_config("research").get_models():
        files, texts = stored_fields(model)
        conditions = [models.Q((f"{field}__startswith", f"{folder}/")) for field in files]
        conditions += [models.Q((f"{field}__contains", f"{folder}/")) for field in texts]
        if conditions and model._base_manager.filter(models.Q(*conditions, _connector=models.Q.OR)).exists():
            return True
    return False


def discard(folders):
    """
    Remove the files in those folders that no row refers to any more, and no form that is still open may.

    Those, and all while a backup copies files, stay, and are found by `discard_unclaimed_files` later.
    """
    with suppress(upload_lock.Held), upload_lock.together():
        remove_unneeded(folders)


def remove_unneeded(folders):
    for folder in folders:
        if default_storage.exists(folder) and not is_needed(folder) and is_old(folder):
            for file in files_in(folder):
                default_storage.delete(f"{folder}/{file}")
            default_storage.delete(folder)


def note_replaced(sender, instance, raw=False, **kwargs):
    """Before a row is saved: remember what only its old version refers to."""
    old = None if raw or instance.pk is None else sender._base_manager.filter(pk=instance.pk).first()
    instance._dropped_folders = folders_in(old) - folders_in(instance) if old else set()


def keep_replaced(sender, instance, **kwargs):
    """After a row is saved: what its old version alone referred to is superseded."""
    supersede(instance._dropped_folders)


def keep_deleted(sender, instance, **kwargs):
    """After a row is deleted: what it referred to is superseded."""
    supersede(folders_in(instance))


def supersede(folders):
    """Keep the files in those folders, from now on, as long as older versions may show them."""
    for folder in folders:
        SupersededFile.objects.update_or_create(folder=f"{folder}/", defaults={"since": timezone.now()})


def expire():
    """Give up what was superseded long ago; its files go after the commit. Returns how many folders that are."""
    return SupersededFile.objects.filter(since__lt=timezone.now() - SUPERSEDED).delete()[0]


def discard_expired(sender, instance, **kwargs):
    """After a SupersededFile is deleted: once that is committed, its files go, if nothing refers to them again."""
    discard_after_commit(folders_in(instance))


def discard_after_commit(folders):
    # Robust: what was committed is done, whatever becomes of its files; Django logs the fault, and
    # discard_unclaimed_files finds what was left.
    transaction.on_commit(lambda: discard(folders), robust=True)


def connect():
    """Watch every model of research that names files; called once, when the app is ready."""
    for model in apps.get_app_config("research").get_models():
        if any(stored_fields(model)) and model is not SupersededFile:
            key = f"media-{model._meta.label}"
            models.signals.pre_save.connect(note_replaced, sender=model, dispatch_uid=key)
            models.signals.post_save.connect(keep_replaced, sender=model, dispatch_uid=key)
            models.signals.post_delete.connect(keep_deleted, sender=model, dispatch_uid=key)
    models.signals.post_delete.connect(discard_expired, sender=SupersededFile, dispatch_uid="media-superseded")


def unclaimed():
    """
    Folders of stored files that no row refers to and that are older than a day.

    They are left by forms that were never finished; a younger one may belong to a form that is still open.
    """
    stored = list(stored_folders())  # before the rows are read: a form may store a file, and save it, meanwhile
    needed = needed_folders()
    return [folder for folder in stored if folder not in needed and is_old(folder)]


def needed_folders():
    """The set of folders that rows refer to, in one query for each model."""
    needed = set()
    for model in apps.get_app_config("research").get_models():
        files, texts = stored_fields(model)
        for row in model._base_manager.values_list(*files, *texts).iterator() if files or texts else ():
            needed.update(folder_of(name or "") for name in row[: len(files)])
            needed.update(*(FOLDER.findall(text or "") for text in row[len(files) :]))
    return needed


def missing(names):
    """
    Those of the names of files that are not stored, as a set.

    A storage that is elsewhere is asked for its folders alone, since asking for each file would take minutes: the files
    of a folder are stored and discarded as one.
    """
    folders = set(stored_folders())
    is_here = isinstance(default_storage, FileSystemStorage)
    return {name for name in names if folder_of(name) not in folders or (is_here and not default_storage.exists(name))}


def stored_folders():
    """The folder of every picture and document in the storage."""
    for root in ("images", DOCUMENT_FOLDER):
        if default_storage.exists(root):
            folders = (f"{root}/{name}" for name in sorted(default_storage.listdir(root)[0]))
            yield from (folder for folder in folders if FOLDER.fullmatch(f"{folder}/"))


def size_of_folder(folder):
    """The bytes of the files in a folder."""
    return sum(size(f"{folder}/{name}") or 0 for name in files_in(folder))


def is_old(folder):
    """Whether no form that is still open can have stored the folder's files."""
    return age(folder) > UNCLAIMED_SECONDS


def age(folder):
    """Seconds since the youngest file in the folder was written."""
    written = [default_storage.get_modified_time(f"{folder}/{name}") for name in files_in(folder)]
    return time.time() - max((moment.timestamp() for moment in written), default=0)
