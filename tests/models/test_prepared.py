"""Prepared queries answer as querysets do, and their SQL is written once."""

import gc
import threading
import weakref
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from research.models import Publication, prepared
from research.models.prepared import NOW

pytestmark = pytest.mark.django_db


def publications(is_staff, limit):
    return Publication.objects.seen_by(is_staff, NOW).order_by("slug")[:limit]


def keys(is_staff, limit):
    return publications(is_staff, limit).publicity(NOW)


@pytest.fixture
def three(make_publication):
    """A published one, one whose time will come in an hour, and a draft."""
    prepared.written.cache_clear()
    due = timezone.now() + timedelta(hours=1)
    return [
        make_publication(slug="a", title="Owls"),
        make_publication(slug="b", publish_at=due),
        make_publication(slug="c", status="draft"),
    ]


def test_records_are_whole(three):
    (found,) = prepared.records(publications, False, 9)
    fields = [field.attname for field in Publication._meta.concrete_fields]
    wanted = Publication.objects.get(slug="a")
    assert [getattr(found, name) for name in fields] == [getattr(wanted, name) for name in fields]
    assert found.get_deferred_fields() == set()


def test_each_question_is_of_its_own_time(three, monkeypatch):
    first, second, third = (each.pk for each in three)
    assert [each.pk for each in prepared.records(publications, False, 9)] == [first]
    assert prepared.rows(keys, True, 9) == [(first, True), (second, False), (third, False)]
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert [each.pk for each in prepared.records(publications, False, 9)] == [first, second]
    assert prepared.rows(keys, True, 9) == [(first, True), (second, True), (third, False)]
    assert prepared.rows(keys, True, 9) == list(Publication.objects.order_by("slug").publicity())


def test_other_arguments_are_another_query(three):
    assert [len(prepared.records(publications, *asked)) for asked in ((True, 9), (True, 2), (False, 2))] == [3, 2, 1]


def test_the_sql_is_written_once(three, django_assert_num_queries):
    with django_assert_num_queries(3):
        for _ in range(3):
            prepared.records(publications, False, 9)
    assert prepared.written.cache_info()[:2] == (2, 1)  # hits, misses


def test_a_time_that_would_stand_still_is_refused(three):
    def forgotten():
        return Publication.objects.public()

    with pytest.raises(ValueError, match="forgotten is prepared with the time of today in it"):
        prepared.records(forgotten)


def test_what_is_remembered_keeps_no_connection_of_a_thread_that_has_ended():
    prepared.columns.cache_clear()
    used = []

    def ask():
        prepared.columns(connections["default"].vendor, Publication)
        used.append(weakref.ref(connections["default"]))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    gc.collect()
    assert used[0]() is None
