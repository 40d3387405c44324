"""System checks: what would fail later, said in a sentence at the start."""

import os

from django.conf import settings
from django.core.checks import Error, Tags, Warning
from django.core.checks import register as register_check
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from PIL import features


def check_picture_formats(app_configs, **kwargs):
    """Pillow must be able to write what the renditions are made of."""
    missing = [kind.upper() for kind in ("webp", "avif", "littlecms2") if not features.check(kind)]
    if not missing:
        return []
    return [
        Error(
            f"Pillow was built without {', '.join(missing)}: pictures cannot be prepared.",
            hint="Install Pillow's own wheel: make install.",
            id="research.E001",
        )
    ]


def check_media_folder(app_configs, **kwargs):
    """The folder of uploads must be writable, or be in one that is."""
    if settings.MEDIA_STORAGE:
        return []
    folder = settings.MEDIA_ROOT
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if os.access(folder, os.W_OK):
        return []
    return [
        Error(
            f"Uploads cannot be stored: {folder} is not writable.",
            hint="Give the folder to the user that runs the site, or set DATA_DIR to another one.",
            id="research.E002",
        )
    ]


def check_media_bucket(app_configs, **kwargs):
    """The bucket of uploads must be there. Only ``check --deploy`` asks: other commands need not wait for it."""
    if not settings.MEDIA_STORAGE or default_storage.is_well():
        return []
    return [
        Error(
            "Uploads cannot be stored: the bucket that MEDIA_STORAGE names does not answer.",
            hint="Make the bucket, and look at the endpoint_url, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            id="research.E003",
        )
    ]


# Whether a capital comes before a small letter, as in SQLite, where the code of the letter counts.
ORDER = "SELECT 'B' < 'a'"


def check_order(app_configs, **kwargs):
    """A site that moves from SQLite to PostgreSQL shall not change. Only ``check --deploy`` asks the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(ORDER)
            is_the_same = cursor.fetchone()[0]
    except DatabaseError:  # the start will say so
        return []
    if is_the_same:
        return []
    return [
        Warning(
            "The database puts titles, names and topics in another order than SQLite does.",
            hint="Make a new one with createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8, and restore a "
            "backup into it.",
            id="research.W001",
        )
    ]


def register():
    register_check(check_picture_formats, Tags.files)
    register_check(check_media_folder, Tags.files)
    register_check(check_media_bucket, Tags.files, deploy=True)
    register_check(check_order, Tags.compatibility, deploy=True)
