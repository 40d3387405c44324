from django.utils import timezone

from ..archive import backup
from .finding import Finding

TITLE = "Backups"
WHY = "What is in no backup is lost with the server's disk."
IS_FAULT = True
COMMAND = "manage.py backup --keep FOLDER"


def find():
    made, _ = backup.last() or (None, "")
    if made is None:
        return [Finding("There is no backup of the site. Have the server make one every day.", command=COMMAND)]
    found = []
    days = (timezone.now() - made).days
    if days >= backup.LATE_DAYS:
        found.append(Finding(f"The last backup is {days} days old. Has the server's timer stopped?", command=COMMAND))
    if reason := backup.not_copied():
        found.append(Finding(f"The last backup is on this server alone: {reason}", command=COMMAND))
    return found
