"""
The sessions that a user has open, each with its browser and its beginning.

Only who logs in has a session, so there are a handful, and they can all be read to find somebody's.
"""

import datetime
from typing import NamedTuple

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import browsers

BROWSER, BEGAN = "browser", "began"


class Open(NamedTuple):
    """One open session; `handle` names it in a form, where its key would be as good as a password."""

    key: str
    handle: str
    browser: str
    began: datetime.datetime | None
    is_this: bool


def begin(request):
    """Note what `of` tells about the session of a request; called at the login."""
    request.session[BROWSER] = browsers.family(request.headers.get("User-Agent", ""))
    request.session[BEGAN] = timezone.now().isoformat()


def of(request):
    """The `Open` sessions of the request's user, its own first, then the newest."""
    found = []
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(request.user.pk):
            began = datetime.datetime.fromisoformat(data[BEGAN]) if BEGAN in data else None
            is_this = session.session_key == request.session.session_key
            found.append(Open(session.session_key, handle(session.session_key), data.get(BROWSER, ""), began, is_this))
    return sorted(found, key=lambda one: (one.is_this, one.began.timestamp() if one.began else 0), reverse=True)


def handle(key):
    return salted_hmac("portfolio.sessions", key).hexdigest()[:20]


def end(request, chosen=None):
    """End the other sessions of the request's user, or the one with the handle `chosen`; returns how many."""
    keys = [one.key for one in of(request) if not one.is_this and chosen in (None, one.handle)]
    return Session.objects.filter(pk__in=keys).delete()[0]


def end_all(user):
    """End every session of a user."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
