"""A backup carries the history, and the files of what can still be undone."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from research import media
from research.archive import backup, container, restore
from research.history import reverting, versions
from research.history.recording import change
from research.models import Publication, SupersededFile

from .conftest import content


@pytest.fixture
def archive(site, make_publication, make_person, stored_picture, django_user_model, tmp_path):
    """The archive of a site where a publication was rewritten, and another one deleted."""
    owner = django_user_model.objects.create_superuser("jane", password="secret-of-jane")
    with change("Made", owner):
        rewritten = make_publication([make_person("Jane Doe")], title="Owls", thumbnail=stored_picture())
        deleted = make_publication(title="Bats", thumbnail=stored_picture(colour="red"))
    with change("Rewritten", owner):
        rewritten.title, rewritten.thumbnail = "Mice", ""
        rewritten.save()
        deleted.delete()
    path = tmp_path / "site.zip"
    backup.write(path)
    return path


def test_nothing_is_discarded_while_its_files_are_copied(archive, a_day_later, monkeypatch, site, tmp_path):
    a_day_later()
    copy = backup.add_files

    def tidy():
        SupersededFile.objects.update(since=timezone.now() - 2 * media.SUPERSEDED)
        call_command("discard_unclaimed_files")

    def tidy_and_copy(*arguments):
        tidy()
        return copy(*arguments)

    monkeypatch.setattr(backup, "add_files", tidy_and_copy)
    manifest = backup.write(tmp_path / "another.zip")
    files = container.files_of(manifest)
    assert {name.split("/")[1] for name in files} == {name.split("/")[1] for name in content(site)[1]}
    assert len(files) == len(content(site)[1]) > 1
    tidy()
    assert content(site)[1] == {}  # there was something to lose


def test_what_was_changed_and_deleted_can_be_had_back_after_a_restore(site, archive, enter_site):
    before = content(site)
    with container.opened(archive) as opened:
        assert len({name.split("/")[1] for name in opened.files}) == 2  # both pictures, which no publication shows
    with enter_site("other", migrated=False) as other:
        restore.restore(archive)
        assert content(other) == before
        (deleted,) = versions.deleted(Publication)
        assert (deleted.object_repr, str(deleted.revision.user)) == ("Bats", "jane")
        bats, _ = reverting.bring_back(deleted)
        owls, notes = reverting.revert(versions.of(Publication.objects.get(title="Mice")).last())
        assert notes == []
        assert (owls.title, bats.title) == ("Owls", "Bats")
        for publication in (owls, bats):
            assert (other / "media" / publication.thumbnail.name).exists()
