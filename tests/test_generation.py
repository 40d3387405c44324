"""Every committed change of content makes a new generation, however it was written, and nothing else does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from portfolio.login import factors
from research import generation, roles
from research.models import Profile, Project, Publication, Topic

ROOT = Path(__file__).resolve().parent.parent
ODD_FOR_EVER = """
import sys
import django
django.setup()
from research import generation
with generation.changing():
    print("changing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def number():
    """A function that returns the number as a process that serves pages has it."""
    reader = generation.reader()
    reader.look()
    return reader.number


@pytest.fixture
def file_number():
    """As `number`, for what the file beside SQLite does."""
    reader = generation.Reader()
    reader.look()
    return reader.number


beside_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL holds the number itself: test_shared_generation.py"
)


@pytest.fixture
def other_writer(tmp_path):
    """Another process that is changing content until its standard input is closed."""
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portfolio.settings"}
    command = [sys.executable, "-c", ODD_FOR_EVER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout.readline() == "changing\n"
        yield process
        process.kill()


def raw_sql():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE research_profile SET name = %s", ["Jane"])


def many_raw_sql():
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE research_profile SET name = %s", [["Jane"], ["Joan"]])


def in_a_transaction():
    with transaction.atomic(), transaction.atomic():
        Profile.objects.update(name="Jane")


CHANGES = {
    "save": lambda: Topic(name="Owls", slug="owls").save(),
    "update": lambda: Profile.objects.update(name="Jane"),
    "bulk_create": lambda: Topic.objects.bulk_create([Topic(name="Owls", slug="owls")]),
    "delete": lambda: Profile.objects.all().delete(),
    "relation": lambda: Publication.objects.get().topics.add(Topic.objects.get(slug="flight")),
    "raw SQL": raw_sql,
    "raw SQL, many times": many_raw_sql,
    "a transaction": in_a_transaction,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_content_makes_a_new_generation(change, number, make_publication):
    Profile.objects.get_or_create(pk=1)
    make_publication()
    Topic.objects.create(name="Flight", slug="flight")
    before = number()
    CHANGES[change]()
    assert number() != before
    assert not generation.reader().is_changing(number())


@pytest.mark.django_db(transaction=True)
def test_reading_and_logging_in_change_nothing(number, client, admin_user):
    before = number()
    for password in ("wrong", "password"):
        client.post("/admin/login/", {"username": "admin", "password": password})
    assert client.get("/admin/security/").status_code == 200
    factors.offer_app(admin_user)
    factors.new_recovery_codes(admin_user)
    roles.give(admin_user, roles.EDITOR)
    User.objects.update(first_name="Jane")
    list(Publication.objects.all())
    with transaction.atomic():
        Publication.objects.count()
    assert number() == before


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_changes_nothing_and_neither_does_the_next_that_reads(number):
    before = number()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Profile.objects.update(name="Jane")
        raise ZeroDivisionError
    with transaction.atomic():
        Publication.objects.count()
    assert number() == before


@beside_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_number_is_odd_from_before_the_commit_until_after_it(number, monkeypatch):
    seen = []
    commit = connection._commit

    def watched():
        seen.append(generation.is_odd(number()))
        commit()
        seen.append(generation.is_odd(number()))

    monkeypatch.setattr(connection, "_commit", watched)
    with transaction.atomic():
        Profile.objects.update(name="Jane")
        seen.append(generation.is_odd(number()))
    assert [*seen, generation.is_odd(number())] == [False, True, True, False]


@pytest.mark.django_db(transaction=True)
def test_what_runs_after_the_commit_finds_the_new_generation(number):
    before, after = number(), []
    with transaction.atomic():
        Profile.objects.update(name="Jane")
        transaction.on_commit(lambda: after.append(number()))
    assert after == [number()]
    assert number() != before


@beside_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_change_that_no_reader_would_see_is_not_made(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    with pytest.raises(OperationalError, match=r"Nothing was saved: .* cannot be written"), transaction.atomic():
        Profile.objects.update(name="Jane")
    assert not Profile.objects.filter(name="Jane").exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_is_watched_once_also_when_it_is_made_again_or_while_others_watch(number):
    def first_watcher(execute, *arguments):
        return execute(*arguments)

    wrappers, copy = list(connection.execute_wrappers), connection.copy()
    generation.watch(None, connection)
    assert connection.execute_wrappers == wrappers
    with copy.execute_wrapper(first_watcher):
        generation.watch(None, copy)
    assert [isinstance(each, generation.Watch) for each in copy.execute_wrappers] == [True]


def test_a_writer_that_was_killed_at_its_commit_leaves_a_new_generation(file_number, other_writer):
    before = file_number()
    reader = generation.Reader()
    assert generation.is_odd(reader.look())
    other_writer.kill()
    other_writer.wait()
    assert not generation.is_odd(reader.look())
    assert file_number() == reader.number() != before


def test_of_two_writers_the_last_settles(file_number, other_writer):
    with generation.changing():
        pass
    assert generation.is_odd(file_number())
    other_writer.communicate()
    assert not generation.is_odd(file_number())


def test_a_lost_file_is_made_again_with_another_number():
    reader = generation.Reader()
    before = reader.look()
    generation.path().unlink()
    assert reader.look() != before
    after = reader.number()
    with generation.changing():
        pass
    assert reader.number() != after


@pytest.mark.parametrize(
    ("sql", "writes"),
    [
        ('UPDATE "research_profile" SET "name" = %s', True),
        ("insert into research_topic values (1)", True),
        ('DELETE FROM "research_publication_topics"', True),
        ('CREATE TABLE "new__research_topic" ("id" integer)', True),
        ("TRUNCATE research_topic", True),
        ("WITH old AS (DELETE FROM research_topic RETURNING id) SELECT * FROM old", True),
        ('SELECT "research_profile"."name" FROM "research_profile"', False),
        (" (select 1 from research_topic) union (select 2)", False),
        ('UPDATE "django_session" SET "session_data" = %s', False),
        ('INSERT INTO "django_admin_log" VALUES (%s)', False),
        ('SAVEPOINT "research_1"', False),
        ("VACUUM research_topic", False),
        ("CREATE INDEX CONCURRENTLY research_index ON research_topic (name)", False),
    ],
)
def test_what_may_write_content_is_told_from_what_cannot(sql, writes):
    assert generation.writes_content(sql) is writes


def test_the_next_publication_is_the_earliest_that_becomes_public_by_itself(make_publication, make_project):
    assert generation.next_publication() == float("inf")
    now = timezone.now()
    days = [now + timezone.timedelta(days=days) for days in (-1, 1, 2, 3)]
    make_publication(publish_at=days[0])
    make_publication(publish_at=days[1], status="draft")
    make_publication(publish_at=days[3])
    assert generation.next_publication() == days[3].timestamp()
    make_project(publish_at=days[2])
    assert generation.next_publication() == days[2].timestamp()
    assert Project.objects.awaited().count() == 1
