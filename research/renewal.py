"""Whether a static copy still shows what the site shows, so that a timer need not write it anew each time."""

import json
import time
from pathlib import Path

from django.conf import settings

from . import generation, staticsite


def state(folder, base_url):
    """
    What a copy that is made now holds, as a dict; compare it with that of a copy that was made before.

    `ends` is when something becomes public by itself, in seconds since 1970, or None. Take it before the copy is made:
    what is saved meanwhile then counts as a change. `generation` is None while content is being committed. Raises
    OSError where DATA_DIR cannot be written, django.db.Error where a database that holds the number cannot be asked.
    """
    ends = generation.next_publication()
    reader = generation.reader()
    number = reader.look()
    release = settings.BASE_DIR / "manage.py"  # another program may show the same content in another way
    return {
        "folder": str(folder.resolve()),
        "base_url": base_url,
        "release": f"{release} {release.stat().st_ino}",
        "generation": None if reader.is_changing(number) else str(number),
        "ends": None if ends == float("inf") else ends,
    }


def is_needed(now, clock=time.time):
    """Whether a copy whose `state` would be `now` has to be written: there is none, or it shows something else."""
    try:
        before = json.loads(path().read_text())
    except (OSError, ValueError):
        return True
    has_ended = before["ends"] is not None and before["ends"] <= clock()
    is_there = (Path(now["folder"]) / staticsite.MARKER).exists()
    is_settled = now["generation"] is not None
    return not (is_settled and is_there) or has_ended or before | {"ends": None} != now | {"ends": None}


def path():
    return settings.DATA_DIR / "static_copy.json"


def note(made):
    """Remember the state of the copy that was made. It is not in the copy, which is public: a date may be secret."""
    path().write_text(json.dumps(made))
