"""What the server does at night and what becomes of it: a failure reaches the owner, by mail and on the desk."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from research import error_mail
from research.archive import backup, copies, restore
from research.health import backups as check


@pytest.fixture(autouse=True)
def mailing_site(site, settings, monkeypatch, django_user_model):
    """An empty site that sends mail, to its owner, in this thread."""
    settings.SENDS_MAIL, settings.SITE_URL = True, "https://jane-doe.org"
    monkeypatch.setattr(error_mail, "sent", {})
    monkeypatch.setattr(error_mail, "apart", lambda call, *arguments: call(*arguments))
    django_user_model.objects.create_superuser("jane", "jane@example.org", "secret-of-jane")
    return site


@pytest.fixture
def kept(tmp_path):
    """The folder of backups."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def fail(sentence, *command, **options):
    with pytest.raises(CommandError, match=sentence):
        call_command(*command, **options)
    return [(message.subject, message.to) for message in mail.outbox]


def of(subject):
    return [(f"{subject} on https://jane-doe.org", ["jane@example.org"])]


def test_a_backup_that_fails_is_mailed(kept, monkeypatch):
    def broken(path):
        raise DatabaseError("disk image is malformed")

    monkeypatch.setattr(backup, "write", broken)
    assert fail("malformed", "backup", kept / "by-hand.zip") == []  # who types it reads it
    assert fail("malformed", "backup", keep=kept) == of("The backup of the site has failed")


@pytest.mark.parametrize(
    ("module", "name", "command", "subject"),
    [
        (backup, "write", lambda folder: call_command("backup", keep=folder), "The backup of the site has failed"),
        (
            restore,
            "verify",
            lambda folder: call_command("verify_backup", folder),
            "The trial of the newest backup has failed",
        ),
    ],
)
def test_so_is_what_nobody_has_thought_of(kept, monkeypatch, module, name, command, subject):
    def broken(path):
        raise ZeroDivisionError

    call_command("backup", keep=kept)
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(ZeroDivisionError):
        command(kept)
    assert [(message.subject, message.to) for message in mail.outbox] == of(subject)


def test_a_copy_that_fails_is_mailed(kept, monkeypatch, settings):
    def refuse(path):
        raise copies.NotCopied("It does not answer.")

    settings.BACKUP_COPY = {"bucket_name": "owls"}
    monkeypatch.setattr(copies, "copy", refuse)
    assert fail("is good, but", "backup", keep=kept) == of("The backup of the site was not copied")


def test_a_trial_that_fails_is_mailed_and_on_the_desk_until_one_succeeds(kept, monkeypatch):
    assert fail("There is no backup in", "verify_backup", kept) == of("The trial of the newest backup has failed")
    assert backup.last_trial()[1] == f"There is no backup in {kept}."
    call_command("backup", keep=kept)
    [path] = kept.iterdir()
    path.write_bytes(b"PK")
    fail("is no backup, or only a part", "verify_backup", kept)
    assert [found.command for found in check.find()] == [check.TRIAL]
    assert backup.last_trial()[1] in check.find()[0].sentence
    monkeypatch.setattr(restore, "verify", lambda path: {"counts": {}, "members": {}})
    call_command("verify_backup", path)  # by hand
    assert backup.last_trial()[1] != ""
    call_command("verify_backup", kept)
    assert (backup.last_trial()[1], check.find()) == ("", [])
