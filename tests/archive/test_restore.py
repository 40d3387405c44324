"""A backup, put back: nothing is lost, nothing is added, and what was there before is kept."""

import json
import shutil
import stat

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client

from portfolio.login import factors
from research.archive import backup, container, restore, rows
from research.models import Person, Profile, Publication

from .conftest import content, pages, stored_document


@pytest.fixture
def archive(site, fill, tmp_path):
    """The archive of a site with a little of everything."""
    fill()
    (site / "secret_key").write_text("k" * 60)
    path = tmp_path / "site.zip"
    backup.write(path)
    return path


def left_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != "generation")  # the page cache's


def test_a_site_comes_back_to_the_byte_where_nothing_was(site, archive, enter_site):
    before, seen = content(site), pages(site)
    assert {status for status, _, _ in seen.values()} == {200, 301, 303, 404}
    with enter_site("other", migrated=False) as other:
        restored = restore.restore(archive)
        assert restored.replaced is None
        assert content(other) == before
        assert pages(other) == seen
        assert authenticate(username="jane", password="secret-of-jane").is_superuser
        assert left_in(other) == ["db.sqlite3", "media"]


def test_the_secret_key_comes_back_for_its_owner_alone(archive, enter_site, settings, tmp_path):
    settings.SECRET_KEY = "k" * 60
    backup.write(archive)
    with enter_site("other") as other:
        (other / "secret_key").write_text("another")
        restore.restore(archive)
        assert (other / "secret_key").read_text() == "k" * 60
        assert stat.S_IMODE((other / "secret_key").stat().st_mode) == 0o600


def test_a_secret_key_that_the_environment_gives_is_not_in_the_archive(archive):
    with container.opened(archive) as opened:  # the tests' own is not the one in the folder
        assert container.SECRET_KEY not in opened.manifest["members"]


def test_what_is_replaced_is_kept_and_comes_back(
    archive, enter_site, make_person, make_publication, stored_picture, a_day_later
):
    with enter_site("other") as other:
        a_day_later()
        get_user_model().objects.create_superuser("john", password="secret-of-john")
        mine = make_publication([make_person("John Roe")], slug="mine", thumbnail=stored_picture(colour="yellow"))
        before, seen = content(other), pages(other)
        replaced = restore.restore(archive).replaced
        assert (replaced.parent, stat.S_IMODE(replaced.stat().st_mode)) == (other, 0o600)
        assert not Publication.objects.filter(slug=mine.slug).exists()
        assert not default_storage.exists(mine.thumbnail.name)
        assert get_user_model().objects.get().username == "jane"
        restore.restore(replaced)
        assert content(other) == before
        assert pages(other) == seen


def test_everybody_is_logged_out_for_an_account_may_be_another_ones_now(archive, site):
    client = Client()
    client.force_login(get_user_model().objects.get())
    assert client.get("/admin/").status_code == 200
    restore.restore(archive)
    assert Session.objects.count() == 0
    assert client.get("/admin/").status_code == 302


def test_second_factors_come_back_and_guesses_and_sessions_do_not(site, enter_site, tmp_path, django_user_model):
    jane = django_user_model.objects.create_superuser("jane", password="secret-of-jane")
    Client().force_login(jane)
    app = factors.offer_app(jane)
    app.confirmed = True
    app.save()
    (code, *_) = factors.new_recovery_codes(jane)
    passkey = {"credential_id": b"\0\xff", "public_key": b"\x01\xfe", "transports": ["usb", "nfc"]}
    jane.passkeys.create(name="Key", sign_count=3, **passkey)
    guess = {"username": "jane", "ip_address": "203.0.113.1", "failures_since_start": 3}
    AccessAttempt.objects.create(**guess)
    backup.write(tmp_path / "a.zip")
    with enter_site("other"):
        restore.restore(tmp_path / "a.zip")
        there = django_user_model.objects.get()
        assert factors.app_of(there).key == app.key
        assert factors.is_right(there, code) is True
        kept = there.passkeys.get()
        assert {name: getattr(kept, name) for name in passkey} == passkey
        assert (AccessAttempt.objects.count(), Session.objects.count()) == (0, 0)
        assert {group.name for group in Group.objects.all()} == {"Editors", "Readers"}


def test_no_key_is_given_twice_also_after_a_restore(site, make_person, enter_site, tmp_path):
    Profile.current()
    kept, gone = make_person("Jane Doe"), make_person("John Roe")
    former = gone.pk
    gone.delete()
    backup.write(tmp_path / "a.zip")
    with enter_site("other"):
        restore.restore(tmp_path / "a.zip")
        assert Person.objects.get().pk == kept.pk
        assert make_person("Richard Miles").pk > former


def test_a_file_that_the_disk_has_spoilt_is_mended(archive, site, fill):
    before = content(site)
    name = Profile.current().photo.name
    (site / "media" / name).write_bytes(b"spoilt")
    restore.restore(archive)
    assert content(site) == before


@pytest.mark.parametrize("table", ["research_publication", "research_authorship"])
def test_a_database_that_does_not_take_the_rows_stays_as_it_is(table, archive, enter_site, make_publication):
    with enter_site("other") as other:
        make_publication(slug="mine")
        before = content(other)[0]
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TRIGGER no BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        with pytest.raises(container.ArchiveRefused, match="did not take the backup; nothing was changed: disk full"):
            restore.restore(archive)
        assert content(other)[0] == before


def test_a_full_disk_before_the_rows_leaves_the_old_site(archive, enter_site, make_publication, monkeypatch):
    with enter_site("other") as other:
        make_publication(slug="mine")
        before = content(other)

        def full(storage, name, content):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("research.storage.DurableStorage._save", full)
        with pytest.raises(CommandError, match="No space left on device"):
            call_command("restore", archive)
        assert content(other) == before


def test_a_disk_that_is_too_small_is_found_out_before_anything_happens(archive, enter_site, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 99, 1_000_000))
    with enter_site("other") as other:
        with pytest.raises(container.ArchiveRefused, match=r"needs \d+ MB on the disk, and 1 MB are free"):
            restore.restore(archive)
        assert left_in(other) == ["db.sqlite3"]


def test_a_site_that_cannot_be_read_is_not_replaced_unkept(archive, enter_site, monkeypatch):
    def damaged():
        raise OperationalError("database disk image is malformed")

    monkeypatch.setattr(restore, "site_is_empty", damaged)
    with enter_site("other") as other:
        with pytest.raises(container.ArchiveRefused, match=r"cannot be read, and so cannot be kept .*malformed"):
            restore.restore(archive)
        assert left_in(other) == ["db.sqlite3", "media"]


def test_a_site_that_is_not_migrated_yet_is_not_touched(archive, enter_site):
    with enter_site("other"):
        call_command("migrate", "research", "0004", verbosity=0)
        with pytest.raises(container.ArchiveRefused, match=r"Run manage.py migrate"):
            restore.restore(archive)


def test_a_backup_of_a_newer_program_is_refused(archive, site, monkeypatch):
    before = content(site)
    applied = rows.applied()
    monkeypatch.setattr(rows, "applied", lambda: [*applied, ["research", "9999_later"]])
    monkeypatch.setattr(rows, "tables", lambda migrations, tables=rows.tables: tables(applied))
    backup.write(archive)
    with pytest.raises(container.ArchiveRefused, match=r"newer program \(0.1.0, with research 9999_later\)"):
        restore.restore(archive)
    assert content(site) == before


def test_a_backup_of_an_older_program_gets_what_came_later(enter_site, tmp_path):
    """0001 knew neither former people nor folded texts; what later migrations compute is computed from its rows."""
    with enter_site("old", migrated=False):
        call_command("migrate", "research", "0001", verbosity=0)
        call_command("migrate", "auth", verbosity=0)
        call_command("migrate", "admin", verbosity=0)
        models = rows.tables(rows.applied())
        jane = models["research.person"].objects.create(pk=7, given_name="Jane", family_name="Dœ")
        models["research.profile"].objects.create(pk=1, name="Jane", person=jane)
        publication = models["research.publication"].objects.create(
            pk=3, title="Ówls", slug="owls", citation_key="k", year=2020, month=5
        )
        models["research.authorship"].objects.create(publication=publication, person=jane)
        manifest = backup.write(tmp_path / "old.zip")
        assert ["research", "0002_profile"] not in manifest["migrations"]
        assert "research.formerperson" not in manifest["counts"]
    with enter_site("new"):
        restore.restore(tmp_path / "old.zip")
        owls = Publication.objects.get()
        assert (owls.pk, owls.folded, owls.appeared) == (3, "owls", 20200500)
        assert [person.pk for person in Person.objects.filter(folded="jane doe")] == [7]
        assert Profile.objects.get().person_id == 7
        assert Client().get("/publications/owls/").status_code == 200


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda m: m["counts"].update({"research.topic": 9}), "has not as many rows"),
        (lambda m: m["counts"].pop("research.topic"), "its tables are not those of its migrations"),
        (lambda m: m["migrations"].clear(), "its tables are not those of its migrations"),
        (lambda m: m["last_keys"].update({"research.nothing": 1}), "holds what is no site"),
        (lambda m: m.update(made="yesterday"), "holds what is no site"),
        (lambda m: m.update(migrations=7), "holds what is no site"),
        (lambda m: m.pop("counts"), "holds what is no site"),
    ],
)
def test_an_archive_that_contradicts_itself_is_refused(spoil, sentence, archive, site):
    before = content(site)
    rewrite(archive, spoil)
    with pytest.raises(container.ArchiveRefused, match=sentence):
        restore.restore(archive)
    assert content(site) == before


def test_rows_without_their_files_are_refused(archive, site):
    before = content(site)
    photo = f"media/{Profile.current().photo.name}"
    rewrite(archive, lambda manifest: manifest["members"].pop(photo))
    with pytest.raises(container.ArchiveRefused, match=r"research.profile 1 has no file images/"):
        restore.restore(archive)
    assert content(site) == before


@pytest.mark.parametrize(
    "row",
    [b"[]", b"{}", b"7", b"not json", b"[" * 100_000, b'{"id": 1, "name": "x", "slug": "x", "folded": [9]}'],
)
def test_rows_that_are_none_are_refused(row, archive, site):
    before = content(site)

    def spoil(manifest):
        manifest["counts"]["research.topic"] = 1

    rewrite(archive, spoil, {"database/research.topic.jsonl": row})
    with pytest.raises(container.ArchiveRefused, match="The backup holds what is no site of this program: "):
        restore.restore(archive)
    assert content(site) == before


def rewrite(path, change, other_members=None):
    """Write an archive anew with a changed manifest; members that it names no more are left out."""
    with container.opened(path) as archive:
        manifest = json.loads(json.dumps(archive.manifest))
        members = {name: b"".join(archive.chunks(name)) for name in manifest["members"]} | (other_members or {})
    change(manifest)
    with container.written(path) as writer:
        for name in manifest.pop("members"):
            writer.add(name, [members[name]], compressed=True)
        writer.finish({name: value for name, value in manifest.items() if name not in ("format", "version")})


def test_the_commands_say_what_they_did(site, fill, tmp_path, capsys):
    fill()
    stored_document("unclaimed.pdf")
    call_command("backup", tmp_path / "a.zip")
    size = (tmp_path / "a.zip").stat().st_size / 1e6
    assert capsys.readouterr().out.endswith(f" files, {size:.1f} MB.\n")
    call_command("verify_backup", tmp_path / "a.zip")
    assert f"{tmp_path / 'a.zip'} can be restored: " in capsys.readouterr().out
    call_command("restore", tmp_path / "a.zip")
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("The site is as it was on 20")
    assert second.startswith(f"What it was before is in {site}/replaced-")
    assert third == "Start the server again, and log in with the password of that time."
