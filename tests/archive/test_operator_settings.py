"""The operator's settings go with a backup, and come back as a file to choose from."""

import stat

import pytest

from portfolio import environment
from research.archive import backup, operator_settings, restore

from .conftest import content

THEN = {"SITE_URL": "https://jane-doe.org", "EMAIL_URL": "smtp+tls://jane:word@mail.jane-doe.org:587"}


@pytest.fixture
def archive(site, fill, settings, tmp_path):
    """The archive of a site with two settings."""
    settings.GIVEN = dict(THEN)
    fill()
    backup.write(tmp_path / "site.zip")
    return tmp_path / "site.zip"


def test_what_differs_lies_beside_the_restored_site_for_its_owner_alone(archive, enter_site, settings):
    assert restore.verify(archive)["settings"] == THEN
    settings.GIVEN = {"SITE_URL": "https://jane-doe.org", "PAGE_CACHE_MB": "8"}
    with enter_site("other", migrated=False) as folder:
        (folder / "settings-of-the-backup").write_text("of an earlier restore")
        restored = restore.restore(archive)
        left = folder / "settings-of-the-backup"
        assert left.read_text() == f"EMAIL_URL={THEN['EMAIL_URL']}\n"
        assert stat.S_IMODE(left.stat().st_mode) == 0o600
        assert restored.warnings == [
            f"The site had other settings then: EMAIL_URL. They are in {left}. "
            "Set again what still holds, and remove that file."
        ]


def test_the_same_settings_are_not_spoken_of(archive, site):
    assert restore.restore(archive).warnings == []
    assert not (site / "settings-of-the-backup").exists()


@pytest.mark.parametrize("found", [None, [], "SITE_URL", {"SITE_URL": 1, "../x": "y", "A\nB": "z", "": ""}])
def test_what_can_be_no_settings_is_passed_over(found):
    assert operator_settings.differing({"settings": found}) == {}
    assert operator_settings.differing({}) == {}  # of a program before there were any


def test_a_value_stays_on_its_line(site):
    operator_settings.lay_beside({"settings": {"SECURITY_CONTACT": "mailto:a@b.example\nDEBUG=true"}})
    assert (site / operator_settings.FILE).read_text() == "SECURITY_CONTACT=mailto:a@b.example DEBUG=true\n"


def test_a_folder_in_the_way_leaves_the_site_restored(archive, enter_site, settings):
    settings.GIVEN = {}
    with enter_site("other", migrated=False) as folder:
        (folder / operator_settings.FILE).mkdir()
        warnings = restore.restore(archive).warnings
        assert warnings == ["The site is restored, but the settings that it had could not be written (Is a directory)."]
        assert content(folder)


def test_given_is_what_the_operator_has_set_but_for_the_machines(monkeypatch, tmp_path):
    (tmp_path / "address").write_text("smtp://mail.jane-doe.org\n")
    monkeypatch.setattr(environment, "_asked", [])
    monkeypatch.setenv("SITE_URL", " https://jane-doe.org ")
    monkeypatch.setenv("EMAIL_URL_FILE", str(tmp_path / "address"))
    monkeypatch.setenv("SECRET_KEY", "k" * 60)
    monkeypatch.delenv("BACKUP_COPY", raising=False)
    for name in ("SITE_URL", "EMAIL_URL", "SECRET_KEY", "BACKUP_COPY"):
        environment.read(name, str, "", "must be a text.")
    assert environment.given(apart_from={"SECRET_KEY"}) == {
        "SITE_URL": "https://jane-doe.org",
        "EMAIL_URL": "smtp://mail.jane-doe.org",
    }
