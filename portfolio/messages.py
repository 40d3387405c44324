"""Where a message waits for the next page: in a cookie, since who is not logged in has no session."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """Django's own, by a name that no other host of the domain can set."""

    cookie_name = "__Host-messages" if settings.IS_HTTPS else "messages"


class Messages(FallbackStorage):
    storage_classes = (HostCookie, SessionStorage)
