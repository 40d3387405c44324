from unittest import mock

import pytest
from django.db import connection

from research import checks


def test_a_pillow_that_cannot_make_the_renditions_is_reported():
    with mock.patch("PIL.features.check", side_effect=lambda kind: kind != "avif"):
        [error] = checks.check_picture_formats(None)
    assert (error.id, error.msg) == (
        "research.E001",
        "Pillow was built without AVIF: pictures cannot be prepared.",
    )


def test_a_media_folder_that_cannot_be_written_is_reported(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert checks.check_media_folder(None) == []
    with mock.patch("os.access", return_value=False):
        [error] = checks.check_media_folder(None)
    assert (error.id, error.msg) == ("research.E002", f"Uploads cannot be stored: {tmp_path} is not writable.")


def test_all_is_well_here():
    assert checks.check_picture_formats(None) == []


@pytest.mark.django_db
def test_a_database_that_sorts_by_the_rules_of_a_language_is_reported(monkeypatch):
    assert checks.check_order(None) == []
    collation = {"sqlite": "NOCASE", "postgresql": '"en-x-icu"'}[connection.vendor]
    monkeypatch.setattr(checks, "ORDER", f"SELECT 'B' < 'a' COLLATE {collation}")
    assert [warning.id for warning in checks.check_order(None)] == ["research.W001"]
