"""The WSGI application that the production server imports."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portfolio.settings")

django_application = get_wsgi_application()

from research.pagecache import PageCache  # noqa: E402 - it needs an application that is set up

application = PageCache(django_application, limit=settings.PAGE_CACHE_BYTES)
