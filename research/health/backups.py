from contextlib import suppress
from pathlib import Path

from django.utils import timezone

from ..archive import backup, keeping
from .finding import Finding

TITLE = "Backups"
WHY = "What is in no backup is lost with the server's disk."
IS_FAULT = True
COMMAND, TRIAL = "manage.py backup --keep FOLDER", "manage.py verify_backup FOLDER"
TRIAL_LATE_DAYS = 9  # a weekly trial that has not come


def find():
    made, path = backup.last() or (None, "")
    if made is None:
        return [Finding("There is no backup of the site. Have the server make one every day.", command=COMMAND)]
    found = []
    days = (timezone.now() - made).days
    if days >= backup.LATE_DAYS:
        found.append(Finding(f"The last backup is {days} days old. Has the server's timer stopped?", command=COMMAND))
    if is_gone(path):
        sentence = f"The last backup is not there any more: {path}. Make another, unless you have moved it."
        found.append(Finding(sentence, command=COMMAND))
    if reason := backup.not_copied():
        found.append(Finding(f"The last backup is on this server alone: {reason}", command=COMMAND))
    return found + find_in_trials(path)


def find_in_trials(path):
    """What is wrong with the trials of backups, the last one of which is at `path`."""
    tried, problem = backup.last_trial() or (oldest_beside(path), "")
    found = []
    if problem:
        found.append(Finding(f"A backup was tried out on {tried:%-d %B %Y}, and failed: {problem}", command=TRIAL))
    if tried and (days := (timezone.now() - tried).days) >= TRIAL_LATE_DAYS:
        sentence = f"No backup was tried out for {days} days. Has the server's timer stopped?"
        found.append(Finding(sentence, command=TRIAL))
    return found


def is_gone(path):
    """Whether there is no such file; where the server may not look, nobody can tell."""
    try:
        Path(path).stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def oldest_beside(path):
    """The moment of the oldest backup in the folder: since then one could have been tried out. Or None."""
    with suppress(OSError):
        return min(keeping.backups(Path(path).parent), default=None)
