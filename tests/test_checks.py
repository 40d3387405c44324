"""The system checks: what each says, with its id and what to do, and that it is silent where all is well."""

import datetime
import ipaddress
import json
import os
import re
import time
from pathlib import Path
from unittest import mock

import pytest
from django.core.checks import registry
from django.db import DatabaseError, connection
from django.utils import timezone

from research import checks
from research.archive import backup
from research.models import ProfileLink, Publication


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """A public https site of its own."""
    settings.DATA_DIR = tmp_path
    settings.SITE_URL, settings.IS_LOCAL, settings.IS_HTTPS = "https://jane-doe.org", False, True
    tmp_path.chmod(0o755)
    return tmp_path


def said(check):
    """(id, sentence) of what a check has to say, or None; there is always a hint."""
    found = check(None)
    assert all(one.hint for one in found)
    return (found[0].id, found[0].msg) if found else None


def test_a_pillow_that_cannot_make_the_renditions_is_reported():
    assert said(checks.check_picture_formats) is None
    with mock.patch("PIL.features.check", side_effect=lambda kind: kind != "avif"):
        assert said(checks.check_picture_formats) == (
            "research.E001",
            "Pillow was built without AVIF: pictures cannot be prepared.",
        )


def test_a_media_folder_that_cannot_be_written_is_reported(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert said(checks.check_media_folder) is None
    with mock.patch("os.access", return_value=False):
        assert said(checks.check_media_folder) == (
            "research.E002",
            f"Uploads cannot be stored: {tmp_path} is not writable.",
        )


def test_all_is_well_here():
    assert checks.check_picture_formats(None) == []


@pytest.mark.django_db
def test_a_database_that_sorts_by_the_rules_of_a_language_is_reported(monkeypatch):
    assert checks.check_order(None) == []
    collation = {"sqlite": "NOCASE", "postgresql": '"en-x-icu"'}[connection.vendor]
    monkeypatch.setattr(checks, "ORDER", f"SELECT 'B' < 'a' COLLATE {collation}")
    assert [warning.id for warning in checks.check_order(None)] == ["research.W012"]


def test_a_secret_key_that_others_can_read_is_reported(tmp_path):
    path = tmp_path / "secret_key"
    assert said(checks.check_secret_key_mode) is None  # the environment has it
    path.touch(0o600)
    assert said(checks.check_secret_key_mode) is None
    for mode in (0o640, 0o604):
        path.chmod(mode)
        assert said(checks.check_secret_key_mode) == ("research.W001", f"Others on this server can read {path}.")


def test_an_address_that_is_local_or_not_encrypted_is_reported(settings):
    assert said(checks.check_site_url) is None
    settings.SITE_URL, settings.IS_HTTPS = "http://jane-doe.org", False
    assert said(checks.check_site_url) == (
        "research.W003",
        "http://jane-doe.org is not encrypted: who is between can read the owner's password.",
    )
    settings.SITE_URL, settings.IS_LOCAL = "http://127.0.0.1:8000", True
    assert said(checks.check_site_url) == (
        "research.W002",
        "The site takes itself for http://127.0.0.1:8000: only this machine can use it.",
    )


def test_a_site_that_can_tell_nobody_is_reported(settings, profile, django_user_model):
    settings.SENDS_MAIL = False
    nobody = "nobody is told when something goes wrong."
    assert said(checks.check_mail) == ("research.W004", f"No mail can be sent: {nobody}")
    settings.SENDS_MAIL = True
    assert said(checks.check_mail) == ("research.W005", f"Nobody's mail address is known: {nobody}")
    ProfileLink.objects.create(kind="email", address="jane@jane-doe.org")
    assert said(checks.check_mail) is None


def test_a_database_that_others_can_read_is_reported(tmp_path):
    database = tmp_path / "db.sqlite3"
    assert said(checks.check_data_folder) is None  # another database
    database.touch(0o644)
    assert said(checks.check_data_folder) == (
        "research.W006",
        f"Others on this server can read the database, {database}.",
    )
    for path, mode in ((tmp_path, 0o750), (database, 0o640)):
        path.chmod(mode)
        assert said(checks.check_data_folder) is None
        path.chmod(0o755)


def test_a_site_without_a_recent_backup_is_reported(tmp_path, db, make_publication):
    assert said(checks.check_backup) is None  # nothing could be lost
    make_publication()
    assert said(checks.check_backup) == ("research.W007", "There is no backup.")
    for days, found in ((0, None), (1, None), (2, "The last backup was made on")):
        moment = timezone.now() - datetime.timedelta(days=days)
        (tmp_path / backup.NOTE).write_text(json.dumps({"made": moment.isoformat(), "path": "x"}))
        expected = found and ("research.W007", f"{found} {moment:%-d %B %Y}.")
        assert said(checks.check_backup) == expected


@pytest.fixture
def collected(settings, tmp_path):
    """Static files that were collected."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "static"], tmp_path / "collected"
    for folder, file in (("static", "page.css"), ("collected", "staticfiles.json")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text("{}")
    os.utime(tmp_path / "static" / "page.css", (1_000, 1_000))
    return tmp_path


def test_static_files_that_were_changed_or_never_collected_are_reported(collected, settings):
    assert said(checks.check_static_files) is None
    os.utime(collected / "static" / "page.css", (time.time() + 60, time.time() + 60))
    assert said(checks.check_static_files) == (
        "research.W008",
        "The static files have changed since they were collected: pages show the old ones.",
    )
    (collected / "collected" / "staticfiles.json").unlink()
    assert said(checks.check_static_files) == (
        "research.W008",
        "The static files were never collected: every page is an error.",
    )
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    assert said(checks.check_static_files) is None  # DEBUG serves them from where they are written


def test_the_example_at_a_public_address_is_reported(settings, db, make_publication):
    assert said(checks.check_example) is None
    make_publication(slug="in-context-scheming")
    from research.example import load

    slug = load.content()["publications"][0]["slug"]
    Publication.objects.update(slug=slug)
    assert said(checks.check_example) == (
        "research.W009",
        "https://jane-doe.org shows publications and projects of the example.",
    )
    settings.IS_LOCAL = True
    assert said(checks.check_example) is None


def test_a_clock_that_is_behind_is_reported(tmp_path):
    assert said(checks.check_clock) is None
    (tmp_path / "generation").touch()
    assert said(checks.check_clock) is None
    later = time.time() + 2 * checks.DAY
    os.utime(tmp_path / "generation", (later, later))
    assert said(checks.check_clock) == (
        "research.W010",
        f"The server's clock is behind: it says {timezone.now():%-d %B %Y}, and there are files of a later day.",
    )


@pytest.mark.parametrize(
    ("network", "is_wide"),
    [("127.0.0.1", False), ("10.0.0.0/8", False), ("fd00::/8", False), ("0.0.0.0/0", True), ("::/0", True),
     ("8.0.0.0/7", True), ("2001:db8::1", False), ("203.0.113.0/24", False), ("2000::/3", True)],
)  # fmt: skip
def test_front_servers_that_are_half_of_the_internet_are_reported(settings, network, is_wide):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1"), ipaddress.ip_network(network)]
    name = settings.TRUSTED_PROXIES[1]
    expected = f"TRUSTED_PROXIES believes everybody in {name}, who can pretend to come by https."
    assert said(checks.check_trusted_proxies) == (("research.W011", expected) if is_wide else None)


@pytest.mark.parametrize("check", [checks.check_mail, checks.check_backup, checks.check_example])
def test_a_database_that_is_not_there_yet_is_no_crash(settings, monkeypatch, check):
    settings.SENDS_MAIL = True

    def fail(*_):
        raise DatabaseError("no such table")

    for target in ("owner_mail.addresses", "example.load.site_is_empty", "example.load.example_is_present"):
        monkeypatch.setattr(f"research.{target}", fail)
    assert said(check) is None


def test_each_check_is_registered_and_each_id_given_once():
    source = Path(checks.__file__).read_text()
    functions = {getattr(checks, name) for name in dir(checks) if name.startswith("check_")}
    assert functions == {*checks.ALWAYS, *checks.IN_PUBLIC}
    assert set(checks.ALWAYS) <= registry.registry.registered_checks
    assert set(checks.IN_PUBLIC) <= registry.registry.deployment_checks
    ids = re.findall(r'id="research\.(E\d+)"|warning\(\s*"(W\d+)"', source)
    assert sorted(map("".join, ids)) == ["E001", "E002", "E003", *(f"W{number:03}" for number in range(1, 13))]
