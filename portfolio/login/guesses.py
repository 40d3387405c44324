"""
How often passwords and codes may be guessed: django-axes asks here, and its table holds the count.

Within an hour
- one source has SOURCE_LIMIT guesses: an address (of IPv6 the /64 network, which one customer has), or a known browser;
- all browsers that are not known have UNKNOWN_LIMIT guesses together, however many addresses they come from.

So a thousand addresses guess no more than ten do, and whoever has logged in before gets in meanwhile: a known browser
has guesses of its own, and a passkey is no guess. Whether a name exists makes no difference to any of it.
"""

import datetime
import ipaddress
import math

from axes.backends import AxesStandaloneBackend
from axes.handlers.base import AxesHandler
from axes.models import AccessAttempt
from django.contrib import admin
from django.db import transaction
from django.db.models import F
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac

from ..proxies import client_network
from . import browsers

HOUR = datetime.timedelta(hours=1)
SOURCE_LIMIT = 10
UNKNOWN_LIMIT = {"password": 100, "code": 10}  # a code has six digits
SALT = "portfolio.guesses"


class Guess:
    """One guess of a password, or of a code of the second factor, by whoever calls themselves `name`."""

    def __init__(self, request, name, kind="password"):
        self.kind = kind
        browser = browsers.known(request, name)
        # A row for each name and source. Neither the name, which may be a password typed in the wrong field, nor an
        # address is kept.
        self.source = {"path_info": kind, "user_agent": browser, "ip_address": None}
        if not browser:
            self.source["ip_address"] = stand_in(client_network(request))
        self.key = self.source | {"username": salted_hmac(f"{SALT}.{kind}", name).hexdigest()}

    @transaction.atomic
    def count(self):
        """Count it, before it is made; if there were too many, count nothing and return when the next one is free."""
        purge()
        made = AccessAttempt.objects.filter(path_info=self.kind)
        limits = [(made.filter(**self.source), SOURCE_LIMIT)]
        if not self.source["user_agent"]:
            limits.append((made.filter(user_agent=""), UNKNOWN_LIMIT[self.kind]))
        if times := [time for attempts, limit in limits if (time := free_at(attempts, limit))]:
            return max(times)
        AccessAttempt.objects.get_or_create(**self.key, defaults={"failures_since_start": 0})
        AccessAttempt.objects.filter(**self.key).update(
            failures_since_start=F("failures_since_start") + 1, attempt_time=timezone.now()
        )
        return None

    def forget(self):
        """It was right: the guesses of this name from this source count no more."""
        AccessAttempt.objects.filter(**self.key).delete()


def is_first_of_the_hour(event, name):
    """Whether an event, such as "warning", is the first of an hour for who is called `name`; noted as guesses are."""
    purge()
    key = {"path_info": event, "username": salted_hmac(f"{SALT}.{event}", name).hexdigest()}
    return AccessAttempt.objects.get_or_create(**key, defaults={"failures_since_start": 0})[1]


def stand_in(network):
    """What is kept in the place of an address: one made of its keyed hash, which leads nobody without the key back."""
    return str(ipaddress.IPv6Address(salted_hmac(f"{SALT}.network", network or "").digest()[:16]))


def free_at(attempts, limit):
    """When fewer than `limit` guesses of the last hour are left; None if they are fewer now."""
    rows = list(attempts.order_by("attempt_time").values_list("failures_since_start", "attempt_time"))
    count, free = sum(failures for failures, _ in rows), None
    for failures, time in rows:
        if count < limit:
            break
        count, free = count - failures, time + HOUR
    return free


def purge():
    """Remove what is older than an hour: nothing is kept longer than it counts."""
    AccessAttempt.objects.filter(attempt_time__lte=timezone.now() - HOUR).delete()


class Handler(AxesHandler):
    """What django-axes asks before a password is checked, and tells after a login."""

    def is_allowed(self, request, credentials=None):
        request.try_again_at = Guess(request, name_in(credentials)).count()
        return request.try_again_at is None

    def user_logged_in(self, sender, request, user, **kwargs):
        for kind in UNKNOWN_LIMIT:
            Guess(request, user.get_username(), kind).forget()

    def post_save_access_attempt(self, instance, **kwargs):
        """Nothing to do; its base class lacks this and the next one."""

    post_delete_access_attempt = post_save_access_attempt


def name_in(credentials):
    return (credentials or {}).get("username") or ""


class Backend(AxesStandaloneBackend):
    """Refuses a guess too many. What has no request comes from the server itself: a command, a shell."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        return super().authenticate(request, username, password, **kwargs) if request else None


def refused(request, response=None, credentials=None):
    """The page for a guess too many (429): why, when to try again, and what works meanwhile."""
    seconds = max(1, math.ceil((request.try_again_at - timezone.now()).total_seconds()))
    context = admin.site.each_context(request) | {
        "title": "Too many wrong passwords",
        "time": request.try_again_at,
        "minutes": math.ceil(seconds / 60),
    }
    response = render(request, "admin/login_refused.html", context, status=429)
    response["Retry-After"] = str(seconds)
    add_never_cache_headers(response)
    return response
