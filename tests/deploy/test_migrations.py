"""
A release works with the database of its successor, so that no request fails while one takes the other's place.

So a migration adds. What takes away waits until the release before it no longer needs that, and says so by
`second_step_of`: the name of the migration that came with the release that stopped using it (CONTRIBUTING.md).
"""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

FIRST_INSTALLED = 9  # up to this one there was no upgrade
TAKE_AWAY = (
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.AddConstraint,
    migrations.AlterUniqueTogether,
    migrations.RunSQL,
)


def refused(operation, state):
    """What the old release could not work with in an operation on a state, as a sentence; "" for nothing."""
    name = operation.describe()
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return next(filter(None, (refused(each, state) for each in operation.database_operations)), "")
    if isinstance(operation, TAKE_AWAY):
        return f"{name}: the release before this one may need it as it was."
    if isinstance(operation, migrations.AlterField):
        before = state.models["research", operation.model_name_lower].fields[operation.name]
        return "" if takes(operation.field, before) else f"{name}: what the release before this one saves may not fit."
    if isinstance(operation, migrations.AddField):
        field = operation.field
        has_value = field.null or field.has_db_default() or isinstance(field, models.ManyToManyField)
        return "" if has_value else f"{name}: the release before this one saves rows without it. Give it a db_default."
    return ""


def takes(field, before):
    """Whether the column of a field takes all that it took before: it is the same, may be null now, or is longer."""

    def column(field):
        options = field.deconstruct()[3]
        kept = {name: value for name, value in options.items() if name not in (*field.non_db_attrs, "default")}
        return kept.pop("null", False), kept.pop("max_length", 0), field.get_internal_type(), kept

    (null, length, *rest), (null_before, length_before, *rest_before) = column(field), column(before)
    return null >= null_before and length >= length_before and rest == rest_before


def problems(migration, state):
    """The sentences about a migration of research; `state` is that of the models before it, and is changed."""
    if getattr(migration, "second_step_of", None):
        return []
    sentences = []
    for operation in migration.operations:
        sentences.append(refused(operation, state))
        operation.state_forwards("research", state)
    return [sentence for sentence in sentences if sentence]


def own_migrations():
    """Those of research since the first release that can be upgraded, by name."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {name: found[app, name] for app, name in found if app == "research" and int(name[:4]) > FIRST_INSTALLED}


def test_every_migration_leaves_the_release_before_it_working():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = {
        name: problems(migration, loader.project_state(("research", name), at_end=False))
        for name, migration in own_migrations().items()
    }
    assert {name: sentences for name, sentences in found.items() if sentences} == {}


def test_a_second_step_names_a_migration_that_came_before_it():
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    firsts = {name: getattr(migration, "second_step_of", None) for name, migration in own_migrations().items()}
    astray = {name: first for name, first in firsts.items() if first and ("research", first) not in known}
    late = {name: first for name, first in firsts.items() if first and first >= name}
    assert (astray, late) == ({}, {})


def added(**options):
    return migrations.AddField("publication", "mood", models.CharField(max_length=20, **options))


@pytest.mark.parametrize(
    ("operation", "is_fine"),
    [
        (added(db_default="calm"), True),
        (added(null=True), True),
        (added(default="calm"), False),
        (migrations.AddField("publication", "moods", models.ManyToManyField("research.Topic")), True),
        (migrations.CreateModel("Mood", [("name", models.TextField())]), True),
        (migrations.AddIndex("publication", models.Index(fields=["year"], name="by_year")), True),
        (migrations.RunPython(migrations.RunPython.noop), True),
        (migrations.RemoveField("publication", "note"), False),
        (migrations.RenameField("publication", "note", "remark"), False),
        (migrations.DeleteModel("Topic"), False),
        (migrations.AlterField("publication", "slug", models.SlugField(max_length=5, unique=True)), False),
        (migrations.AlterField("publication", "slug", models.SlugField(max_length=5000)), False),
        (migrations.AlterField("publication", "slug", models.SlugField(max_length=5000, unique=True)), True),
        (migrations.AlterField("publication", "slug", models.SlugField(max_length=5000, unique=True, null=True)), True),
        (migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("publication", "note")]), True),
        (migrations.SeparateDatabaseAndState(database_operations=[migrations.DeleteModel("Topic")]), False),
    ],
)
def test_what_the_old_release_could_not_work_with_is_refused_unless_it_is_a_second_step(operation, is_fine):
    migration = migrations.Migration("0999_mood", "research")
    migration.operations = [operation]
    state = MigrationLoader(None, ignore_no_migrations=True).project_state()
    assert (problems(migration, state) == []) is is_fine
    migration.second_step_of = "0998_before"
    assert problems(migration, state) == []
