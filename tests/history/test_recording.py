"""Whatever changes content leaves versions: who, what, and what it was before."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from research import merging
from research.example import load
from research.history import records, versions
from research.history.recording import FOUND, change, touch
from research.models import Authorship, Person, Profile, Project, Publication, Topic

pytestmark = pytest.mark.django_db
QUERIES_OF_A_CHANGE = 22


def test_a_change_of_a_part_is_a_version_of_its_record(paper, causes, admin_user):
    for number, alter in enumerate(
        [
            lambda: paper.authorships.first().delete(),
            lambda: paper.links.create(kind="data", url="https://example.org/data"),
            paper.topics.clear,
            lambda: paper.topics.add(Topic.objects.get()),
            Topic.objects.get().publications.clear,
        ],
        start=1,
    ):
        with change(f"Change {number}", admin_user):
            alter()
        assert causes(paper)[0] == (f"Change {number}", "admin")
    assert len(causes(paper)) == 6


def test_a_change_that_changes_nothing_leaves_no_version(paper, causes):
    with change("Saved"):
        paper.save()
        paper.topics.add(*paper.topics.all())
    assert causes(paper) == [("Made", "")]


def test_what_was_there_before_its_first_version_is_kept(make_publication, causes):
    publication = make_publication(title="Owls")
    with change("Rewritten"):
        publication.title = "Bats"
        publication.save()
    assert causes(publication) == [("Rewritten", ""), (FOUND, "")]
    assert [versions.state(version)["fields"]["title"] for version in versions.of(publication)] == ["Bats", "Owls"]


def test_what_was_written_around_the_history_is_kept_with_the_next_change(paper, causes):
    Publication.objects.update(title="Written by SQL")
    Authorship.objects.filter(person__family_name="Roe").update(equal_contribution=True)
    with change("Rewritten"):
        paper.title = "Bats"
        paper.save()
    assert causes(paper) == [("Rewritten", ""), (FOUND, ""), ("Made", "")]
    found = versions.state(versions.of(paper)[1])
    assert found["fields"]["title"] == "Written by SQL"
    assert [row["equal_contribution"] for row in found["parts"]["authorships"]] == [True, True]


@pytest.mark.parametrize("again", ["saved", "deleted", "left"])
def test_what_was_found_is_kept_though_the_first_who_touched_it_took_it_back(paper, causes, again):
    """As an import does with a work that cannot be written: the next one may be of the same publication."""
    Publication.objects.update(title="Written by SQL")
    with change("Imported"):
        with pytest.raises(RuntimeError), transaction.atomic():
            Publication.objects.get().delete() if again == "saved" else Publication.objects.get().save()
            raise RuntimeError
        publication = Publication.objects.get()
        publication.title = "Bats"
        if again != "left":
            publication.save()
        if again == "deleted":
            publication.delete()
    kept = versions.of(paper)
    last = {"saved": ["Imported"], "deleted": ["Imported"], "left": []}[again]
    assert causes(paper) == [*((cause, "") for cause in last), (FOUND, ""), ("Made", "")]
    assert versions.state(kept[len(last)])["fields"]["title"] == "Written by SQL"


def test_what_was_found_is_kept_though_it_was_deleted_and_came_back_first(make_person, causes):
    jane = make_person("Jane Doe")
    with change("Imported"):
        with pytest.raises(RuntimeError), transaction.atomic():
            Person.objects.get().delete()
            raise RuntimeError
        jane.family_name = "Dough"
        jane.save()
    assert causes(jane) == [("Imported", ""), (FOUND, "")]


def test_a_change_that_fails_leaves_nothing(paper, causes):
    with pytest.raises(RuntimeError), change("Failed"):
        paper.title = "Bats"
        paper.save()
        raise RuntimeError
    assert causes(paper) == [("Made", "")]
    assert Publication.objects.get().title == "Owls"
    with transaction.atomic():  # tried out, and taken back
        with change("Tried"):
            Publication.objects.get().delete()
        transaction.set_rollback(True)
    assert causes(paper) == [("Made", "")]


def test_a_deletion_is_recorded_even_where_nobody_records(paper, causes):
    Project.objects.update(title="Found so")
    key = paper.pk
    Publication.objects.all().delete()
    (version,) = versions.deleted(Publication)
    assert (version.object_id, version.object_repr, version.revision.comment) == (str(key), "Owls", "Deleted")


def test_who_named_a_deleted_record_gets_a_version_too(paper, profile, causes, admin_user):
    jane, project = Person.objects.get(family_name="Doe"), Project.objects.get()
    with change("Set up"):
        project.people.add(jane)
        profile.person = jane
        profile.save()
    Authorship.objects.filter(person=jane).delete()
    with change("Deleted Jane", admin_user):
        jane.delete()
    assert causes(project)[0] == causes(profile)[0] == ("Deleted Jane", "admin")
    assert versions.state(versions.of(project)[0])["sets"]["people"] == []
    assert versions.state(versions.of(profile)[0])["fields"]["person_id"] is None


def test_a_merge_says_whom_it_merged_in_every_work_it_touched(paper, make_person, causes):
    double = make_person("Janet Doe")
    with change("Added"):
        Authorship.objects.create(publication=paper, person=double, position=2)
    merging.merge([double], Person.objects.get(given_name="Jane"))
    cause = ("Merged Janet Doe into Jane Doe", "")
    assert causes(paper)[0] == cause
    assert causes(Person.objects.get(given_name="Jane"))[0] == cause
    assert [version.object_repr for version in versions.deleted(Person)] == ["Janet Doe"]


def test_the_example_says_so_and_can_be_brought_back_when_it_is_removed(settings, db, causes, monkeypatch):
    monkeypatch.setattr(load, "store_pictures", lambda example: dict.fromkeys(pictures(example), ""))
    load.load()
    assert causes(Publication.objects.first()) == [("Loaded the example", "")]
    titles = {str(publication) for publication in Publication.objects.all()}
    load.remove_example()
    gone = versions.deleted(Publication)
    assert {version.object_repr for version in gone} == titles
    assert {version.revision.comment for version in gone} == {"Removed the example"}
    assert causes(Profile.current())[0] == ("Removed the example", "")
    load.load(replace=True)
    assert causes(Profile.current())[0] == ("Replaced by the example", "")


def pictures(example):
    return {entry["thumbnail"] for entry in example["publications"]} | {example["profile"]["photo"]}


@pytest.mark.parametrize("count", [1, 3])
def test_many_records_of_one_change_are_read_together(make_publication, make_person, count):
    for number in range(count):
        make_publication([make_person(f"Jane Doe{number}")])
    keys = list(Publication.objects.values_list("pk", flat=True))
    assert versions.of_key(Publication, 0).count() == 0  # the number of its content type is asked once only
    with CaptureQueriesContext(connection) as queries, change("All"):
        touch(Publication, keys)
        Publication.objects.update(title="Seen")
    assert len(queries) == QUERIES_OF_A_CHANGE
    assert [versions.of_key(Publication, key).count() for key in keys] == [2] * count


def test_a_state_tells_all_and_only_what_is_written(paper):
    state = records.state(*records.load(Publication, [paper.pk]))
    assert state["fields"]["title"] == "Owls"
    assert {"folded", "appeared", "updated", "id"}.isdisjoint(state["fields"])
    assert [row["person_id"] for row in state["parts"]["authorships"]] == [
        row.person_id for row in paper.authorships.all()
    ]
    assert set(state["names"]["research.person"].values()) == {"Jane Doe", "John Roe"}
    assert records.digest(state) == records.digest(state | {"names": {}})
