"""The WSGI application that the production server imports."""

import os
from contextlib import suppress

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portfolio.settings")

django_application = get_wsgi_application()

from research import generation  # noqa: E402 - it needs an application that is set up
from research.pagecache import PageCache  # noqa: E402 - the same

application = PageCache(django_application, limit=settings.PAGE_CACHE_BYTES, reader=generation.reader())


def keep_database_open():
    """
    Hold one connection, which no request closes, for as long as the process lives.

    SQLite removes its write-ahead log with the last connection, and needs room on the disk to begin another: without
    this nobody could even read once the disk is full.
    """
    if connection.vendor == "sqlite":
        with suppress(DatabaseError):  # where there is no database yet, requests will say so
            connection.introspection.table_names()


keep_database_open()
