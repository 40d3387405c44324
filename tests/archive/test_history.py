"""A backup carries the history, and the files of what can still be undone."""

import pytest

from research.archive import backup, container, restore
from research.history import reverting, versions
from research.history.recording import change
from research.models import Publication

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
