import json

import pytest
from django.utils import timezone

from research.archive import backup
from tests.sources.conftest import clock, server

__all__ = ["clock", "server"]


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """A site with a folder and a fresh backup of its own."""
    settings.DATA_DIR = tmp_path
    settings.SITE_URL = "https://jane-doe.org"
    path = tmp_path / "site.zip"
    path.touch()
    (tmp_path / backup.NOTE).write_text(json.dumps({"made": timezone.now().isoformat(), "path": str(path)}))
    return tmp_path


@pytest.fixture
def said():
    """The sentences of a check, and the paths that mend each."""
    return lambda check: [(found.sentence, *(path for _, path in found.links)) for found in check.find()]
