"""
Mail to the owner when something goes wrong: at most one an hour for each kind of error, for all processes together.

A kind is an exception's type and place. The mail names those, never a message: that may quote what somebody typed, a
password of the database, an address. The log has it. Nothing here can fail a request: the mail is sent by a thread of
its own, and what goes wrong with it is a line of the log.
"""

import fcntl
import json
import logging
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection
from django.utils import timezone

from portfolio import logs

logger = logging.getLogger(__name__)

NOTE = "error_mails.json"
HOUR = 3600
LONGEST_PATH = 200
LETTER = """Something went wrong on {site}

What: {what}
Where: {where}
When: {when:%-d %B %Y, %H:%M:%S} UTC
Asked: {asked}

{way}
The server's log has the whole message under that number. It is not in this mail, since it may quote what somebody
typed. Of this kind of error you get one mail an hour, however often it happens.
"""

sent = {}  # as in the note, for a disk that takes nothing


class OwnerMail(logging.Handler):
    """A handler of the log that mails the owner what is logged as an error, where mail can be sent."""

    def emit(self, record):
        try:
            what, where, way = described(record)
            if settings.SENDS_MAIL and is_due(f"{what} {where}", time.time()):
                apart(post, f"{what} on {settings.SITE_URL}", letter(what, where, way, logs.request_of(record)))
        except Exception:
            self.handleError(record)


def described(record):
    """(what happened, where, the way there) of a record; of a message without its values only its form is told."""
    error = record.exc_info and record.exc_info[1]
    if not error:
        return str(record.msg).partition("\n")[0], f"{place(record.pathname)}, line {record.lineno}", ""
    frames = traceback.extract_tb(error.__traceback__)
    way = [f"{place(frame.filename)}, line {frame.lineno}, in {frame.name}" for frame in frames]
    own = [line for line in way if not line.startswith("…")]
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return name, (own or way or ["an unknown place"])[-1], "".join(f"  {line}\n" for line in way)


def place(file):
    """The path of a file in the program; of a library's file its end."""
    path = Path(file)
    if "site-packages" in path.parts or not path.is_relative_to(settings.BASE_DIR):
        return "…/" + "/".join(path.parts[-3:])
    return str(path.relative_to(settings.BASE_DIR))


def letter(what, where, way, request):
    asked = "nobody: a command or a part of the server"
    if request is not None:
        asked = f"{request.method} {request.path[:LONGEST_PATH]}, number {getattr(request, 'id', 'unknown')}"
    text = LETTER.format(site=settings.SITE_URL, what=what, where=where, way=way, asked=asked, when=timezone.now())
    return logs.without_secrets(text, request)


def is_due(kind, now):
    """Whether no mail of this kind was sent within the hour, by any process; it counts as sent from now on."""
    if is_recent(sent.get(kind, float("-inf")), now):
        return False
    try:
        is_new = noted(kind, now)
    except OSError:  # the disk may be what is wrong
        is_new = True
    if is_new:
        sent[kind] = now
    return is_new


def is_recent(moment, now):
    return now - HOUR < moment <= now


def noted(kind, now):
    """Note a mail of this kind for all processes; False where the note has one within the hour."""
    moments = {}
    with (settings.DATA_DIR / NOTE).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        with suppress(ValueError, AttributeError, TypeError):  # a spoilt note is none
            moments = {name: float(moment) for name, moment in json.load(file).items()}
        moments = {name: moment for name, moment in moments.items() if is_recent(moment, now)}
        if kind in moments:
            return False
        file.truncate(0)
        file.write(json.dumps(moments | {kind: now}))
        return True


def apart(call, *arguments):
    """Call a function in a thread of its own, which has its own connection to the database."""

    def called():
        try:
            call(*arguments)
        finally:
            connection.close()

    threading.Thread(target=called, name="error mail").start()


def post(subject, text):
    """Send the mail to whom it concerns; a mail server that fails is a line of the log."""
    try:
        mail.send_mail(subject, text, None, recipients())
    except Exception as error:
        logger.warning("The mail about an error could not be sent: %s", error)


def recipients():
    """The owner's addresses; while the database cannot be asked, the address by which mail is sent."""
    from . import owner_mail

    try:
        return owner_mail.addresses()
    except DatabaseError:
        return [settings.EMAIL_HOST_USER] if "@" in settings.EMAIL_HOST_USER else []
