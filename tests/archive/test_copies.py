"""Copies of backups in a real store that speaks S3, encrypted; and what opens them again."""

import os
import pty
from contextlib import suppress
from datetime import timedelta
from functools import cache
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from pyrage import DecryptError, x25519
from pyrage import passphrase as library

from research.archive import backup, copies, keeping, passphrase
from research.archive.container import ArchiveRefused
from tests import s3_store

from .conftest import content
from .test_keeping import NOW, ago

PASSPHRASE = "owls see in the dark, and fly"


@pytest.fixture
def copied(make_bucket, settings):
    """The bucket into which backups are copied."""
    bucket = make_bucket()
    settings.BACKUP_COPY = {
        "bucket_name": bucket.name,
        "location": "jane",
        "endpoint_url": bucket.endpoint,
        "region_name": "us-east-1",
        "access_key": s3_store.KEYS["AWS_ACCESS_KEY_ID"],
        "secret_key": s3_store.KEYS["AWS_SECRET_ACCESS_KEY"],
    }
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    return bucket


@pytest.fixture
def backups(tmp_path):
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture(scope="module")
def worked_out():
    """What makes a key, and works with a passphrase, which takes long by design: done once for each content."""
    key = x25519.Identity.generate()
    identities = SimpleNamespace(generate=lambda: key, from_str=x25519.Identity.from_str)
    return {
        "pyrage.x25519": SimpleNamespace(Identity=identities),
        "pyrage.passphrase": SimpleNamespace(decrypt=cache(library.decrypt)),
        "research.archive.passphrase.encrypted": cache(passphrase.encrypted),
    }


@pytest.fixture
def known_key(worked_out, monkeypatch):
    """All copies have the same key; the two tests without this work as the site does."""
    for name, known in worked_out.items():
        monkeypatch.setattr(name, known)


@pytest.fixture
def downloaded(site, fill, copied, backups, tmp_path):
    """The path of a copy that came back from the bucket, with its key beside it."""
    fill()
    call_command("backup", keep=backups)
    for name in copied.names():
        copied.client.download_file(copied.name, name, str(tmp_path / name.removeprefix("jane/")))
    [path] = tmp_path.glob("*.zip.age")
    return path


def test_a_copy_comes_back_as_the_site(downloaded, site, enter_site, capsys):
    before = content(site)
    call_command("verify_backup", downloaded)
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"{downloaded} can be restored: ")
    with enter_site("other") as other:
        call_command("restore", downloaded)
        assert content(other) == before
        assert [*other.glob("trial-*")] == []


def test_the_program_age_opens_it_without_this_one(downloaded, backups, tmp_path):
    key = downloaded.with_name(downloaded.name.replace(".zip.age", ".key.age"))
    process, terminal = pty.fork()  # age asks for a passphrase at a terminal alone
    if not process:
        os.execvp("age", ["age", "-d", "-i", str(key), "-o", str(tmp_path / "opened.zip"), str(downloaded)])
    said = b""
    while b"passphrase" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, PASSPHRASE.encode() + b"\n")
    with suppress(OSError):  # it has ended
        while os.read(terminal, 1000):
            pass
    assert os.waitpid(process, 0)[1] == 0
    os.close(terminal)
    [original] = backups.iterdir()
    assert (tmp_path / "opened.zip").read_bytes() == original.read_bytes()


@pytest.mark.usefixtures("known_key")
def test_nothing_in_the_bucket_can_be_read(downloaded, site):
    (site / "secret_key").write_text("k" * 60)
    [key] = downloaded.parent.glob("*.key.age")
    assert key.read_bytes().split(b"\n")[1].endswith(b" 17")  # the work, and so the memory, that it takes
    for path in downloaded.parent.glob("*.age"):
        assert path.read_bytes().startswith(copies.MARK)
        assert not any(word in path.read_bytes() for word in (b"Jane", b"manifest", b"PK\x03\x04", b"AGE-SECRET-KEY"))


@pytest.mark.usefixtures("known_key")
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda path, key, settings: key.unlink(),
            r"is encrypted with the key backup-.*\.key\.age. Put that beside it",
        ),
        (lambda path, key, settings: setattr(settings, "BACKUP_PASSPHRASE", ""), "Its passphrase is missing"),
        (lambda path, key, settings: setattr(settings, "BACKUP_PASSPHRASE", "x" * 16), "is not the passphrase of"),
        (lambda path, key, settings: key.write_bytes(key.read_bytes()[:-1]), "is not the passphrase of"),
        (lambda path, key, settings: path.write_bytes(path.read_bytes()[:-1]), "is damaged or was changed"),
        (
            lambda path, key, settings: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
            "is damaged or was changed",
        ),
        (lambda path, key, settings: path.write_bytes(path.read_bytes() + b"x"), "is damaged or was changed"),
        (lambda path, key, settings: path.write_bytes(copies.MARK), "is damaged or was changed"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_the_reason(spoil, sentence, downloaded, site, settings):
    before = content(site)
    spoil(downloaded, downloaded.with_name(downloaded.name.replace(".zip.age", ".key.age")), settings)
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", downloaded)
    assert content(site) == before
    assert [*site.glob("trial-*")] == []


@pytest.mark.usefixtures("known_key")
def test_a_bucket_that_takes_nothing_leaves_the_backup_good_and_is_said(site, copied, backups, settings):
    settings.BACKUP_COPY = settings.BACKUP_COPY | {"bucket_name": "not-there"}
    with pytest.raises(CommandError, match=r"is good, but the bucket not-there did not take its copy\. .*NoSuchBucket"):
        call_command("backup", keep=backups)
    [path] = backups.iterdir()
    assert backup.last()[1] == str(path)
    assert backup.not_copied().startswith("the bucket not-there did not take it. An error occurred (NoSuchBucket)")
    call_command("verify_backup", path)
    settings.BACKUP_COPY = settings.BACKUP_COPY | {"bucket_name": copied.name}
    call_command("backup", keep=backups)
    assert backup.not_copied() == ""


@pytest.mark.usefixtures("known_key")
def test_a_store_that_does_not_answer_is_said(site, copied, backups, settings):
    settings.BACKUP_COPY = settings.BACKUP_COPY | {"endpoint_url": "http://127.0.0.1:9"}
    with pytest.raises(CommandError, match="Could not connect to the endpoint URL") as refused:
        call_command("backup", keep=backups)
    assert (refused.value.returncode, len([*backups.iterdir()])) == (3, 1)


def test_an_archive_that_is_not_there_is_another_failure_than_a_copy(site, copied, backups):
    with pytest.raises(CommandError) as refused:
        call_command("backup", keep=backups / "nowhere")
    assert (refused.value.returncode, [*backups.iterdir()]) == (1, [])


@pytest.mark.usefixtures("known_key")
def test_copies_are_kept_like_backups_and_halves_of_them_are_not(site, copied, backups):
    for day in range(1, 40):
        for suffix in (copies.ARCHIVE, copies.KEY):
            name = keeping.path_for("jane", ago(day)).name.removesuffix(".zip")
            copied.client.put_object(Bucket=copied.name, Key=f"jane/{name}{suffix}", Body=b"x")
    half = keeping.path_for("jane", NOW + timedelta(hours=1)).name + ".age"
    for name in (half, "notes.txt"):
        copied.client.put_object(Bucket=copied.name, Key=f"jane/{name}", Body=b"x")
    [path] = [keeping.path_for(backups, NOW)]
    backup.write(path)
    copies.copy(path)
    kept = keeping.worth_keeping([NOW, *(ago(day) for day in range(1, 40))])
    stems = [keeping.path_for("jane", moment).name.removesuffix(".zip") for moment in kept]
    pairs = {f"jane/{stem}{end}" for stem in stems for end in (copies.ARCHIVE, copies.KEY)}
    assert copied.names() == {"jane/notes.txt"} | pairs


def test_a_busy_machine_is_asked_again_for_the_key(settings, monkeypatch):
    settings.BACKUP_PASSPHRASE = PASSPHRASE
    answers = [DecryptError("Excessive work parameter for passphrase.\nDecryption would take around 60 seconds.")] * 9
    waiting = iter([*answers, b"AGE-SECRET-KEY-1"])

    def decrypt(encrypted, passphrase):
        answer = next(waiting, answers[0])
        if isinstance(answer, bytes):
            return answer
        raise answer

    monkeypatch.setattr("pyrage.passphrase", SimpleNamespace(decrypt=decrypt))
    assert copies.decrypted_key(b"x") == "AGE-SECRET-KEY-1"
    with pytest.raises(ArchiveRefused, match="too slow or too busy"):
        copies.decrypted_key(b"x")


def test_a_single_backup_is_not_copied(site, copied, tmp_path):
    call_command("backup", tmp_path / "a.zip")
    assert copied.names() == set()
