"""How long versions are kept."""

import datetime

import pytest
from django.db.models import F
from reversion.models import Revision, Version

from research.history import versions
from research.history.recording import change
from research.models import Publication

pytestmark = pytest.mark.django_db


def rewrite(publication, *titles):
    for title in titles:
        with change(title):
            publication.title = title
            publication.save()


def age(days):
    Revision.objects.update(date_created=F("date_created") - datetime.timedelta(days=days))


def test_the_newest_versions_of_a_record_are_kept_for_good(paper, monkeypatch, causes):
    monkeypatch.setattr(versions, "MOST", 3)
    rewrite(paper, "A", "B", "C", "D")
    age(31)
    rewrite(paper, "E")
    assert versions.prune() == 3
    assert [cause for cause, _ in causes(paper)] == ["E", "D", "C"]
    assert not Revision.objects.filter(version=None).exists()


def test_the_versions_of_the_last_thirty_days_are_all_kept(paper, monkeypatch, causes):
    monkeypatch.setattr(versions, "MOST", 2)
    rewrite(paper, *"ABCD")
    age(29)
    assert versions.prune() == 0
    assert len(causes(paper)) == 5


def test_the_versions_of_what_was_deleted_go_after_thirty_days_and_those_of_others_stay(paper, make_publication):
    with change("Made"):
        other = make_publication()
    rewrite(paper, "A")
    key = paper.pk
    paper.delete()
    assert versions.prune() == 0
    assert [version.object_id for version in versions.deleted(Publication)] == [str(key)]
    age(31)
    assert list(versions.deleted(Publication)) == []
    versions.prune()
    kept = Version.objects.get_for_model(Publication)
    assert [version.object_id for version in kept] == [str(other.pk)]
