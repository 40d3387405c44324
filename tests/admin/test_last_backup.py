"""What the first page says of the last backup."""

import json
import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from research.archive import backup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def sentence(client):
    found = re.search(r'<p class="(last-backup[^"]*)">(.*?)</p>', client.get("/admin/").content.decode())
    return found and (found[1], re.sub(r"<[^>]+>", "", found[2]).replace("\xa0", " "))


def test_without_a_backup_it_says_what_to_do(owner_client):
    assert sentence(owner_client) == (
        "last-backup late",
        "No backup yet. On the server, run manage.py backup FILE, and have manage.py backup --keep FOLDER run every "
        "day.",
    )


def note(folder, **ago):
    (folder / "site.zip").touch()
    backup.note(folder / "site.zip")
    entry = json.loads((folder / backup.NOTE).read_text())
    entry["made"] = (timezone.now() - timedelta(**ago)).isoformat()
    (folder / backup.NOTE).write_text(json.dumps(entry))


def test_it_says_when_the_last_one_was_made_and_where_it_lies(owner_client, folder):
    note(folder, hours=3)
    assert sentence(owner_client) == ("last-backup", f"The last backup was made 3 hours ago: {folder / 'site.zip'}.")


def test_one_that_is_old_makes_it_ask(owner_client, folder):
    note(folder, days=9)
    kind, text = sentence(owner_client)
    assert (kind, text.endswith("site.zip. That is long: has the timer stopped?")) == ("last-backup late", True)


def test_one_that_was_not_copied_is_said(owner_client, folder):
    (folder / "site.zip").touch()
    backup.note(folder / "site.zip", "the bucket x did not take it.")
    kind, text = sentence(owner_client)
    assert (kind, text.endswith("site.zip. It was not copied: the bucket x did not take it.")) == (
        "last-backup late",
        True,
    )


def test_only_the_owner_is_told(staff_client, folder):
    note(folder, hours=3)
    assert sentence(staff_client("view_publication")) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"made": "yesterday", "path": "x"}'])
def test_a_spoilt_note_is_no_note(text, folder):
    (folder / backup.NOTE).write_text(text)
    assert backup.last() is None


def test_the_note_is_a_path_that_can_be_followed(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "site.zip").write_bytes(b"x")
    backup.note("site.zip")
    made, path = backup.last()
    assert path == os.fspath(folder / "site.zip")
    assert timezone.now() - made < timedelta(minutes=1)


def test_it_asks_nothing_of_the_database(owner_client, folder, queries_of):
    without = queries_of(lambda: owner_client.get("/admin/"))
    note(folder, hours=1)
    assert queries_of(lambda: owner_client.get("/admin/")) == without
