"""Which of many backups stay: the last ones, one of each of the last days, fewer of the weeks and months before."""

import datetime
import re
from pathlib import Path

# How many stay, and which of them count as one: none, so that what an upgrade made outlives the next ones of its day;
# those of one day, of one week (ISO 8601), of one month.
PERIODS = ((7, "%Y-%m-%dT%H%M%S"), (7, "%Y-%m-%d"), (4, "%G-%V"), (12, "%Y-%m"))
NAME = "backup-%Y-%m-%dT%H%M%SZ.zip"
PARTIAL = re.compile(r"\.backup-.*\.part")
PARTIAL_SECONDS = 24 * 3600


def worth_keeping(moments):
    """Of the moments of backups those to keep: the newest ones, and that of each of the last days, weeks and months."""
    newest_first = sorted(moments, reverse=True)
    kept = set()
    for count, period in PERIODS:
        newest = {}
        for moment in newest_first:
            newest.setdefault(moment.strftime(period), moment)
        kept.update(list(newest.values())[:count])
    return kept


def path_for(folder, moment):
    """The path of the backup of a moment (UTC) in a folder."""
    return Path(folder) / moment.strftime(NAME)


def backups(folder):
    """The backups in a folder that are named as `path_for` does, as a dict from their moments to their paths."""
    found = {}
    for path in Path(folder).iterdir():
        if moment := moment_of(path.name):
            found[moment] = path
    return found


def moment_of(name):
    """The moment (UTC) of a backup that is named as `path_for` does, or None."""
    try:
        return datetime.datetime.strptime(name, NAME).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def prune(folder, now):
    """Remove the backups that are not worth keeping, and what broken-off ones have left; returns their paths."""
    found = backups(folder)
    kept = worth_keeping(found)
    removed = [path for moment, path in sorted(found.items()) if moment not in kept]
    removed += [
        path
        for path in Path(folder).iterdir()
        if PARTIAL.fullmatch(path.name) and now.timestamp() - path.stat().st_mtime > PARTIAL_SECONDS
    ]
    for path in removed:
        path.unlink()
    return removed
