"""`export_site --if-changed`: a timer's way, which writes nothing while the copy shows what the site shows."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from research import renewal
from research.models import Profile, Publication

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def renew(settings, tmp_path, capsys):
    """Run the command on one folder; returns whether it wrote it."""
    settings.DATA_DIR = tmp_path
    Profile.objects.update_or_create(pk=1)

    def renew(**options):
        call_command("export_site", str(tmp_path / "site"), if_changed=True, **options)
        output = capsys.readouterr().out
        skipped = output == f"{tmp_path}/site shows what the site shows.\n"
        assert skipped or output.splitlines()[0].split()[1] == "pages,"
        return not skipped

    return renew


def test_a_copy_is_written_once_for_each_change(renew, make_publication, tmp_path):
    assert renew()
    assert not renew()
    make_publication(slug="owls")
    assert renew()
    assert (tmp_path / "site/publications/owls/index.html").exists()
    assert not renew()


def test_a_copy_is_renewed_when_the_time_of_a_publication_has_come(renew, make_publication, settings, tmp_path):
    moment = timezone.now() + datetime.timedelta(hours=1)
    make_publication(slug="owls", publish_at=moment)
    assert renew()
    assert not (tmp_path / "site/publications/owls").exists()
    state = renewal.state(tmp_path / "site", settings.SITE_URL)
    assert not renewal.is_needed(state, clock=lambda: moment.timestamp() - 1)
    assert renewal.is_needed(state, clock=moment.timestamp)


def test_what_waits_to_be_public_is_not_told_by_the_copy(renew, make_publication, tmp_path):
    moment = timezone.now() + datetime.timedelta(hours=1)
    make_publication(slug="owls", publish_at=moment)
    renew()
    assert str(moment.timestamp()) in renewal.path().read_text()
    leaks = [path for path in (tmp_path / "site").rglob("*") if path.is_file() and b"owls" in path.read_bytes()]
    assert leaks == []
    assert str(moment.timestamp()) not in (tmp_path / "site/.static-copy").read_text()


def test_a_copy_for_another_address_or_one_that_was_removed_is_written(renew, tmp_path):
    assert renew()
    assert renew(base_url="https://jane-doe.org")
    assert renew()
    (tmp_path / "site").rename(tmp_path / "elsewhere")
    assert renew()


def test_a_copy_is_written_by_another_release(renew, settings, tmp_path):
    assert renew()
    settings.BASE_DIR, here = tmp_path / "release", settings.BASE_DIR
    settings.BASE_DIR.mkdir()
    (settings.BASE_DIR / "manage.py").touch()
    assert renewal.is_needed(renewal.state(tmp_path / "site", settings.SITE_URL))
    settings.BASE_DIR = here
    assert not renew()


def test_a_failure_is_not_taken_for_a_copy(renew, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/mine").touch()
    for _ in range(2):
        with pytest.raises(Exception, match="holds files that are not of an export"):
            renew()
    (tmp_path / "site/mine").unlink()
    assert renew()
    assert Publication.objects.count() == 0
