"""The generation where PostgreSQL holds it: it changes with the content in one moment, or not at all."""

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse

from research import generation, shared_generation
from research.models import Authorship, Profile, Publication
from research.pagecache import PageCache

from .test_pagecache import LONG, Site, get

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has a file beside it: test_generation.py"),
]


@pytest.fixture
def other():
    """Another connection to the same database, as another machine has."""
    other = connections["default"].copy()
    other.inc_thread_sharing()
    yield other
    other.close()


def number_seen_by(connection):
    with connection.cursor() as cursor:
        cursor.execute(shared_generation.READ)
        return cursor.fetchone()[0]


def test_others_see_the_number_change_when_they_see_the_content_change(other):
    Profile.objects.get_or_create(pk=1)
    before = number_seen_by(other)
    with transaction.atomic():
        Profile.objects.update(name="Jane")
        shared_generation.change(connection)
        assert shared_generation.read() != before
        assert number_seen_by(other) == before
    assert number_seen_by(other) == shared_generation.read() != before


def test_a_statement_of_its_own_commits_with_the_number_or_not_at_all(other, monkeypatch):
    Profile.objects.get_or_create(pk=1)
    before = number_seen_by(other)

    def broken(to):
        raise OperationalError("the server was shut down")

    monkeypatch.setattr(shared_generation, "change", broken)
    with pytest.raises(OperationalError, match="shut down"):
        Profile.objects.update(name="Jane")
    assert (Profile.objects.filter(name="Jane").count(), number_seen_by(other)) == (0, before)
    monkeypatch.undo()
    Profile.objects.update(name="Jane")
    assert (Profile.objects.filter(name="Jane").count(), number_seen_by(other) == before) == (1, False)


def test_what_a_commit_would_wait_for_is_done_before_the_number_is_locked(other, make_publication, make_person):
    """Else one that commits an author's row would hold the number, and wait for one that removes the author."""
    publication, person = make_publication(), make_person()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE research_person SET id = id + 1000 WHERE id = %s", [person.pk])
        with connection.cursor() as own:
            own.execute("SET lock_timeout = 100")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            Authorship.objects.create(publication=publication, person=person, position=0)
        cursor.execute("SET lock_timeout = 100")
        shared_generation.change(other)  # nobody holds the number
        cursor.execute("ROLLBACK")


def test_a_connection_that_was_cut_is_made_again():
    before = shared_generation.read()
    cut_all()
    assert shared_generation.read() == before


def cut_all():
    """End every connection to the database, as a restart of PostgreSQL does."""
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    own.close()


def test_without_the_number_no_page_is_kept_and_none_is_sent_from_memory(monkeypatch, caplog):
    site = Site()
    cache = PageCache(site, 1_000_000, reader=generation.reader())
    site.pages["/"] = lambda environ: HttpResponse(LONG)
    assert [get(cache).status, get(cache).status, site.rendered] == [200, 200, ["/"]]
    with monkeypatch.context() as patched:
        patched.setattr(shared_generation, "READ", "SELECT number FROM no_such_table")
        assert [get(cache).status, get(cache).status, site.rendered] == [200, 200, ["/"] * 3]
    assert caplog.text.count("Pages are rendered for every visitor") == 1
    assert [get(cache).status, get(cache).status, site.rendered] == [200, 200, ["/"] * 3]


def test_before_its_table_is_there_content_can_be_written():
    """As the migrations before it do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE site_generation RENAME TO site_generation_later")
    try:
        Publication.objects.create(title="Owls", slug="owls", citation_key="owls", year=2024)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE site_generation_later RENAME TO site_generation")
    assert Publication.objects.count() == 1
