"""The WSGI application that the production server imports."""

import os
from contextlib import suppress

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from django.db.backends.signals import connection_created

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portfolio.settings")

django_application = get_wsgi_application()

from portfolio.lanes import Lanes  # noqa: E402 - they need an application that is set up
from research import generation  # noqa: E402
from research.archive import trials  # noqa: E402
from research.pagecache import PageCache  # noqa: E402
from research.views import errors  # noqa: E402

application = PageCache(Lanes(django_application), limit=settings.PAGE_CACHE_BYTES, reader=generation.reader())


def let_go_where_nobody_can_write(sender, connection, **kwargs):
    """A connection that SQLite opened for reading alone stays so: it ends with its request, and the next may write."""
    if not os.access(connection.settings_dict["NAME"], os.W_OK):
        connection.close_at = 0


def keep_database_open():
    """
    Hold one connection, which no request closes, for as long as the process lives.

    SQLite removes its write-ahead log with the last connection, and needs room on the disk to begin another: without
    this nobody could even read once the disk is full.
    """
    if connection.vendor == "sqlite":
        connection_created.connect(let_go_where_nobody_can_write, dispatch_uid="let-go-where-nobody-can-write")
        with suppress(DatabaseError):  # where there is no database yet, requests will say so
            connection.introspection.table_names()
            connection.close_if_unusable_or_obsolete()


keep_database_open()
trials.clear()
errors.prepare()
