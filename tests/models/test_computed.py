"""Columns that are computed when a row is saved: the folded texts, and the day of first appearance."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from research.models import Person, Publication, Topic

pytestmark = pytest.mark.django_db

FIELDS = {
    "title": "Der *Flügel* bei $x^2$",
    "venue": "Journal of Öwls",
    "venue_short": "J. Öwls",
    "event": "12th Symposium",
    "tldr": "They **glide**.",
    "abstract": "Paragraph one.\n\nParagraph — two.",
}
FOLDED = "der flugel bei x2 journal of owls j. owls 12th symposium they glide. paragraph one. paragraph - two."


def test_a_publication_holds_its_texts_folded(make_publication):
    publication = make_publication(**FIELDS)
    assert publication.folded == FOLDED
    publication.refresh_from_db()
    assert publication.folded == FOLDED


def test_a_change_is_folded_when_it_is_saved(make_publication):
    publication = make_publication(**FIELDS)
    for name in FIELDS:
        setattr(publication, name, "")
    publication.title = "ÉTÉ"
    publication.save()
    publication.refresh_from_db()
    assert publication.folded == "ete"


def test_a_person_and_a_topic_hold_their_names_folded():
    person = Person(
        given_name="Álvaro", particle="de la", family_name="Cruz", suffix="Jr.", other_spellings="A. Cruz\nX"
    )
    person.save()
    topic = Topic.objects.create(name="Økologie", slug="eco")
    assert (person.folded, topic.folded) == ("alvaro de la cruz jr. a. cruz x", "okologie")


def test_rows_that_are_made_many_at_once_are_computed_too():
    Person.objects.bulk_create([Person(family_name="Ångström"), Person(family_name="Łoś")])
    Topic.objects.bulk_create([Topic(name="Größe", slug="size")])
    Publication.objects.bulk_create(
        Publication(title="Çà", slug=f"p{n}", citation_key=f"k{n}", year=2020 + n) for n in range(2)
    )
    assert sorted(Person.objects.values_list("folded", flat=True)) == ["angstrom", "los"]
    assert list(Topic.objects.values_list("folded", flat=True)) == ["grosse"]
    computed = Publication.objects.order_by("pk").values_list("folded", "appeared")
    assert list(computed) == [("ca", 20200000), ("ca", 20210000)]


@pytest.mark.parametrize(
    ("fields", "appeared"),
    [
        ({"year": 2024}, 20240000),
        ({"year": 2024, "month": 5}, 20240500),
        ({"year": 2024, "month": 12, "day": 31}, 20241231),
        ({"year": 1665, "month": 3, "day": 6}, 16650306),
        ({"year": 2024, "month": 12, "online_date": datetime.date(2023, 2, 1)}, 20230201),
        ({"year": 2024, "online_date": "2023-02-01"}, 20230201),
    ],
)
def test_a_publication_appeared_online_or_else_in_print(make_publication, fields, appeared):
    publication = make_publication(**fields)
    publication.refresh_from_db()
    assert publication.appeared == appeared


def test_the_newest_are_first_by_the_day_of_appearance(make_publication):
    make_publication(title="In print in May", year=2024, month=5)
    make_publication(title="Some day of the year", year=2024)
    make_publication(title="Online in April", year=2025, online_date="2024-04-30")
    make_publication(title="B of May", year=2024, month=5, day=2)
    make_publication(title="A of May", year=2024, month=5, day=2)
    assert [str(publication) for publication in Publication.objects.newest_first()] == [
        "A of May",
        "B of May",
        "In print in May",
        "Online in April",
        "Some day of the year",
    ]


def test_a_changed_date_moves_the_publication(make_publication):
    publication = make_publication(year=2024)
    publication.online_date = datetime.date(2023, 1, 2)
    publication.save()
    assert Publication.objects.get().appeared == 20230102


def test_the_migration_computes_what_was_there_before(make_publication, make_person):
    make_publication([make_person("Ana Ångström")], **FIELDS, month=7)
    Topic.objects.create(name="Größe", slug="size")
    Publication.objects.update(folded="", appeared=0, updated=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    Person.objects.update(folded="")
    Topic.objects.update(folded="")
    import_module("research.migrations.0004_computed").compute(apps, None)
    publication = Publication.objects.get()
    assert (publication.folded, publication.appeared, publication.updated.year) == (FOLDED, 20240700, 2020)
    assert (Person.objects.get().folded, Topic.objects.get().folded) == ("ana angstrom", "grosse")


@pytest.mark.django_db(transaction=True)
def test_a_site_from_before_the_columns_is_filled_as_it_migrates():
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate([("research", "0002_profile")])
    try:
        old = MigrationExecutor(connection).loader.project_state([("research", "0002_profile")]).apps
        old.get_model("research", "Person").objects.create(given_name="Ana", family_name="Ångström")
        old.get_model("research", "Topic").objects.create(name="Größe", slug="size")
        old.get_model("research", "Publication").objects.create(
            title="Flügel", slug="wings", citation_key="wings", year=2024, month=2
        )
    finally:
        MigrationExecutor(connection).migrate(newest)
    publication = Publication.objects.get()
    assert (publication.folded, publication.appeared) == ("flugel", 20240200)
    assert (Person.objects.get().folded, Topic.objects.get().folded) == ("ana angstrom", "grosse")
