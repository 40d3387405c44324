"""What is saved while a restore runs is in the site or in what is kept of it; and what fails once it is done."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from research import media
from research.archive import backup, container, restore, rows
from research.models import Publication, Topic


@pytest.fixture
def trial(site, make_publication, tmp_path):
    """An archive that was tried out: of a site with a publication."""
    make_publication(slug="restored")
    folder = tmp_path / "trial"
    folder.mkdir()
    return restore.Trial(timezone.now(), folder, rows.applied(), restore.write_tables(folder))


@pytest.fixture
def other(enter_site, make_publication):
    """The site into which is restored."""
    with enter_site("other") as folder:
        make_publication(slug="mine")
        yield folder


@pytest.fixture
def meanwhile(monkeypatch):
    """Have somebody act whenever the site was kept, a few times."""

    def meanwhile(act, times=1):
        keep, left = restore.keep_present, [act] * times

        def keep_and_act(folder):
            kept = keep(folder)
            if left:
                left.pop()()
            return kept

        monkeypatch.setattr(restore, "keep_present", keep_and_act)

    return meanwhile


def add_topic():
    number = Topic.objects.count()
    Topic.objects.create(name=f"Late {number}", slug=f"late-{number}")


def slugs_in(path, label):
    with container.opened(path) as archive:
        return [json.loads(line)["slug"] for line in archive.lines(label)]


@pytest.mark.parametrize("times", [0, 1, restore.TRIES - 1])
def test_a_save_meanwhile_is_in_what_is_kept(times, trial, other, meanwhile):
    meanwhile(add_topic, times)
    kept = restore.exchange(trial)
    assert [publication.slug for publication in Publication.objects.all()] == ["restored"]
    assert [*other.glob("replaced-*")] == [kept.path]
    assert slugs_in(kept.path, "research.publication") == ["mine"]
    assert slugs_in(kept.path, "research.topic") == [f"late-{number}" for number in range(times)]


def test_a_new_password_meanwhile_is_kept_too(trial, other, meanwhile, django_user_model):
    jane = django_user_model.objects.create_superuser("jane", password="secret-of-jane")

    def change():
        jane.set_password("another-of-jane")
        jane.save()

    meanwhile(change)
    with container.opened(restore.exchange(trial).path) as archive:
        [line] = archive.lines("auth.user")
    assert json.loads(line)["password"] == jane.password


def test_a_first_save_into_an_empty_site_is_kept(trial, enter_site, meanwhile):
    with enter_site("empty"):
        meanwhile(lambda: Publication.objects.create(title="Owls", slug="first", citation_key="k", year=2024))
        assert slugs_in(restore.exchange(trial).path, "research.publication") == ["first"]


def test_a_site_in_which_somebody_saves_without_end_is_not_replaced(trial, other, meanwhile):
    meanwhile(add_topic, restore.TRIES)
    with pytest.raises(container.ArchiveRefused, match=r"saved 5 times .* nothing was changed"):
        restore.exchange(trial)
    assert (Publication.objects.get().slug, Topic.objects.count()) == ("mine", 5)
    assert [*other.glob("replaced-*")] == []


def test_what_fails_once_it_is_done_is_said_with_the_way_back(site, other, settings, monkeypatch, capsys, tmp_path):
    (other / "secret_key").write_text("k" * 60)
    settings.SECRET_KEY = "k" * 60
    backup.write(tmp_path / "site.zip")
    Publication.objects.all().delete()
    add_topic()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restore, "put_secret_key", full)
    monkeypatch.setattr(media, "discard", full)
    call_command("restore", tmp_path / "site.zip")
    said = capsys.readouterr()
    [replaced] = other.glob("replaced-*")
    assert Publication.objects.get().slug == "mine"
    first, second = said.err.splitlines()
    assert first.startswith("The site is restored, but not its secret key, so links that were signed are void (")
    assert second.startswith("The site is restored, but files that it no longer needs are still there (No space")
    assert {line.partition(" What it was before ")[2] for line in (first, second)} == {f"is in {replaced}."}
    assert said.out.startswith("The site is as it was on ")


def test_files_that_find_no_room_are_said_in_a_sentence(site, make_publication, stored_picture, tmp_path, monkeypatch):
    def full(storage, name, content):
        raise OSError(28, "No space left on device")

    make_publication(thumbnail=stored_picture(), title="Owls")
    backup.write(tmp_path / "site.zip")
    monkeypatch.setattr("research.storage.DurableStorage._save", full)
    monkeypatch.setattr(restore, "digest", lambda name: "another")
    with (
        container.opened(tmp_path / "site.zip") as archive,
        pytest.raises(container.ArchiveRefused, match=r"stored, and nothing was changed: No space left on device\.$"),
    ):
        restore.put_files(archive)
