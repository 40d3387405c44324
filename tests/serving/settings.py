"""The site's settings, without static files that must have been collected."""

from portfolio.settings import *  # noqa: F403 - all of them
from portfolio.settings import DATA_DIR, STORAGES

STATIC_ROOT = DATA_DIR
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
