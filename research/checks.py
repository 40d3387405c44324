"""System checks: what would fail later, said in a sentence at the start."""

import os

from django.conf import settings
from django.core.checks import Error, Tags
from django.core.checks import register as register_check
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


def register():
    register_check(check_picture_formats, Tags.files)
    register_check(check_media_folder, Tags.files)
