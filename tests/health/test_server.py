"""Backups, room on the disk, settings, and files: what is wrong on the server."""

import datetime
import json
import os
import shutil
import time
from collections import namedtuple

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from research import media
from research.archive import backup, keeping
from research.health import backups, configuration, disk_space, missing_files, unclaimed_files
from research.models import Profile, PublicationLink

Disk = namedtuple("Disk", "total used free")
FOLDER = "images/" + "a" * 32 + "-400x300"


def note(data_dir, **changed):
    path = data_dir / backup.NOTE
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def ago(**time):
    return timezone.now() - datetime.timedelta(**time)


@pytest.mark.parametrize(("days", "found"), [(0, []), (1, []), (2, ["The last backup is 2 days old."])])
def test_an_old_backup_is_said(said, data_dir, days, found):
    made = ago(days=days)
    note(data_dir, made=made.isoformat())
    assert [sentence.partition(" Has ")[0] for (sentence,) in said(backups)] == found


def test_a_backup_that_was_not_copied_is_said_until_one_was(said, data_dir):
    note(data_dir, not_copied="the bucket owls did not take it.")
    assert said(backups) == [("The last backup is on this server alone: the bucket owls did not take it.",)]
    note(data_dir, not_copied="")
    assert said(backups) == []


def test_a_backup_that_is_gone_is_said(said, data_dir):
    (data_dir / "site.zip").unlink()
    gone = f"The last backup is not there any more: {data_dir}/site.zip. Make another, unless you have moved it."
    assert said(backups) == [(gone,)]


def test_a_backup_where_the_server_may_not_look_is_not_gone(said, data_dir):
    note(data_dir, path=str(data_dir / "site.zip" / "inside"))
    assert said(backups) == []


def test_a_trial_that_failed_is_said_until_one_did_not(said, data_dir):
    backup.note_trial("backup.zip is damaged.")
    today = timezone.now()
    assert said(backups) == [(f"A backup was tried out on {today:%-d %B %Y}, and failed: backup.zip is damaged.",)]
    backup.note_trial()
    assert said(backups) == []


@pytest.mark.parametrize("days", [8, 9])
@pytest.mark.parametrize("was_tried", [True, False])
def test_a_trial_that_is_late_is_said(said, data_dir, days, was_tried):
    """The first one is, too: it could have been made since there is a backup."""
    if was_tried:
        (data_dir / backup.TRIAL_NOTE).write_text(json.dumps({"tried": ago(days=days).isoformat(), "problem": ""}))
    for made in (ago(hours=1), ago(days=days)):
        keeping.path_for(data_dir, made).touch()
    late = [("No backup was tried out for 9 days. Has the server's timer stopped?",)]
    assert said(backups) == (late if days == 9 else [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tried": "yesterday", "problem": ""}'])
def test_a_spoilt_note_of_a_trial_is_none(text, data_dir):
    (data_dir / backup.TRIAL_NOTE).write_text(text)
    assert backup.last_trial() is None


def test_no_backup_is_said_with_the_command(data_dir):
    (data_dir / backup.NOTE).unlink()
    [found] = backups.find()
    assert (found.sentence.partition(".")[0], found.command) == (
        "There is no backup of the site",
        "manage.py backup --keep FOLDER",
    )


@pytest.mark.parametrize(
    ("total", "free", "is_full"),
    [(20e9, 1.1e9, False), (20e9, 0.9e9, True), (5e9, 499e6, True), (5e9, 501e6, False), (400e9, 19e9, True)],
)
def test_a_disk_that_is_nearly_full_is_said(monkeypatch, total, free, is_full):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(total, total - free, free))
    sentences = [found.sentence.partition(".")[0] for found in disk_space.find()]
    full = f"The server's disk is nearly full: {free / 1e6:,.0f} MB of {total / 1e9:,.0f} GB are free"
    assert sentences == ([full] if is_full else [])


def test_what_the_system_checks_say_of_a_public_site_is_said(db, settings, tmp_path):
    settings.IS_LOCAL, settings.IS_HTTPS, settings.SITE_URL = False, False, "http://jane-doe.org"
    settings.SENDS_MAIL = False
    assert [found.sentence[-15:] for found in configuration.find()] == ["(research.W003)", "(research.W004)"]
    (tmp_path / "secret_key").touch(0o644)
    assert len(configuration.find()) == 3
    settings.IS_LOCAL = True  # somebody tries it out at home
    assert [found.sentence[-15:] for found in configuration.find()] == ["(research.W001)"]


@pytest.mark.django_db
def test_files_that_rows_name_and_nobody_has_are_said(said, make_publication, make_project, profile, stored_picture):
    there = stored_picture()
    gone = f"{FOLDER}/master.png"
    publication = make_publication(title="Owls", thumbnail=there, pdf=gone)
    PublicationLink.objects.create(publication=publication, file=gone)
    project = make_project(title="Mice", thumbnail=gone)
    Profile.objects.update(photo=there, cv=gone)
    assert said(missing_files) == [
        (f"Your profile names {gone}, and there is no such file.", "/admin/research/profile/1/change/"),
        (f"“Owls” names {gone}, and there is no such file.", f"/admin/research/publication/{publication.pk}/change/"),
        (
            f"A link of “Owls” names {gone}, and there is no such file.",
            f"/admin/research/publication/{publication.pk}/change/",
        ),
        (f"“Mice” names {gone}, and there is no such file.", f"/admin/research/project/{project.pk}/change/"),
    ]
    default_storage.delete(there)  # its renditions are still there
    assert len(said(missing_files)) == 6


def test_a_storage_elsewhere_is_asked_for_its_folders_alone(stored_picture, monkeypatch):
    there = stored_picture()
    monkeypatch.setattr(media, "FileSystemStorage", int)
    monkeypatch.setattr(type(default_storage), "exists", lambda self, name: name == "images", raising=False)
    assert media.missing({there, f"{FOLDER}/master.png"}) == {f"{FOLDER}/master.png"}


def test_every_model_that_names_files_is_looked_at():
    naming = {model for model in apps.get_app_config("research").get_models() if media.stored_fields(model)[0]}
    assert {model for model, *_ in missing_files.OWNERS} == naming


@pytest.mark.django_db
def test_uploads_that_nothing_needs_are_said_with_the_command_that_removes_them(
    stored_picture, make_publication, profile
):
    make_publication(thumbnail=stored_picture(colour="red"))
    shown = stored_picture(colour="blue")
    Profile.objects.update(biography=f"![](/media/{shown})")
    default_storage.save(f"files/{'b' * 32}/x.pdf", ContentFile(b"%PDF-1.7"))
    assert unclaimed_files.find() == []  # it is young
    old = time.time() - media.UNCLAIMED_SECONDS - 1
    for folder in media.stored_folders():
        for name in default_storage.listdir(folder)[1]:
            os.utime(default_storage.path(f"{folder}/{name}"), (old, old))
    [found] = unclaimed_files.find()
    assert (found.sentence, found.command) == (
        "1 upload of 0.0 MB is on no page.",
        "manage.py discard_unclaimed_files",
    )
    call_command("discard_unclaimed_files", verbosity=0)
    assert unclaimed_files.find() == []
