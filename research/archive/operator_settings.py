"""
The settings that the operator has given, in the manifest of a backup; an upgrade or a restore never sets them.

They belong to a server as much as to the site: a restore elsewhere may need others. So it lays those of the backup
beside the database, and says which are others here.
"""

import os
import re

from django.conf import settings

NAME = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)
FILE = "settings-of-the-backup"


def differing(manifest):
    """{variable: text} of the settings of a backup that are not the same here; of a changed archive what can be one."""
    found = manifest.get("settings")
    if not isinstance(found, dict):
        return {}
    texts = {name: text for name, text in found.items() if isinstance(text, str) and NAME.fullmatch(name)}
    return {name: text for name, text in texts.items() if settings.GIVEN.get(name) != text}


def lay_beside(manifest):
    """Write the settings of the backup that differ into DATA_DIR; returns a sentence on it, "" without any."""
    if not (found := differing(manifest)):
        return ""
    path = settings.DATA_DIR / FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{name}={' '.join(text.split())}\n" for name, text in sorted(found.items()))
    return (
        f"The site had other settings then: {', '.join(sorted(found))}. They are in {path}. "
        "Set again what still holds, and remove that file."
    )
