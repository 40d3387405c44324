"""
A release works with the database of its successor, so that no request fails while one takes the other's place.

So a migration adds. What takes away waits until the release before it no longer needs that, and says so by
`second_step_of`: the name of the migration that came with the release that stopped using it (CONTRIBUTING.md).
"""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.utils import resolve_relation

# These came before the rules. With the first there was no upgrade; the others make relations that bind older tables.
FIRST_INSTALLED = ("research", "0009_watching")
BEFORE_THE_RULE = {
    ("research", "0010_former_topic_slugs"),
    ("django_otp_webauthn", "0001_squashed_0003_webauthncredential_hash_binary_to_hex"),
    ("django_otp_webauthn", "0004_webauthnuserhandle"),
}
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


def refused(operation, app, state, tables):
    """
    What the old release could not work with in an operation on a state, as a sentence; "" for nothing.

    `tables` are the models that there were before the migration, as (app, model).
    """
    name = operation.describe()
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        sentences = (refused(each, app, state, tables) for each in operation.database_operations)
        return next(filter(None, sentences), "")
    if isinstance(operation, TAKE_AWAY):
        return f"{name}: the release before this one may need it as it was."
    if isinstance(operation, migrations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        return "" if takes(operation.field, before) else f"{name}: what the release before this one saves may not fit."
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if not (field.null or field.has_db_default() or isinstance(field, models.ManyToManyField)):
            return f"{name}: the release before this one saves rows without it. Give it a db_default."
    if any(binds(field, app, model, tables) for model, field in new_fields(operation)):
        return f"{name}: the release before this one cannot delete what it refers to. Give it db_constraint=False."
    return ""


def new_fields(operation):
    """The fields that an operation adds, each with the name of its model."""
    if isinstance(operation, migrations.CreateModel):
        return [(operation.name_lower, field) for _, field in operation.fields]
    if isinstance(operation, migrations.AddField):
        return [(operation.model_name_lower, operation.field)]
    return []


def binds(field, app, model, tables):
    """Whether the database would keep a row of `tables` from going because a new field's rows refer to it."""
    if not field.is_relation:
        return False
    ends = {resolve_relation(field.remote_field.model, app, model)}
    if isinstance(field, models.ManyToManyField):
        if field.remote_field.through:
            return False  # a model of its own, whose fields are looked at
        return field.remote_field.db_constraint and not tables.isdisjoint({*ends, (app, model)})
    return field.db_constraint and not tables.isdisjoint(ends)


def takes(field, before):
    """Whether the column of a field takes all that it took before: it is the same, may be null now, or is longer."""

    def column(field):
        options = field.deconstruct()[3]
        kept = {name: value for name, value in options.items() if name not in (*field.non_db_attrs, "default")}
        return kept.pop("null", False), kept.pop("max_length", 0), field.get_internal_type(), kept

    (null, length, *rest), (null_before, length_before, *rest_before) = column(field), column(before)
    return null >= null_before and length >= length_before and rest == rest_before


def problems(migration, state):
    """The sentences about a migration; `state` is that of the models before it, and is changed."""
    if getattr(migration, "second_step_of", None):
        return []
    sentences = []
    tables = set(state.models)
    for operation in migration.operations:
        sentences.append(refused(operation, migration.app_label, state, tables))
        operation.state_forwards(migration.app_label, state)
    return [sentence for sentence in sentences if sentence]


def own_migrations():
    """Those of the project's apps that are to keep the rules, by (app, name)."""
    own = {
        config.label
        for config in apps.get_app_configs()
        if (settings.BASE_DIR / config.name.replace(".", "/")).is_dir()
    }
    assert own == {"django_otp_webauthn", "research"}
    found = MigrationLoader(None, ignore_no_migrations=True)
    before = {*BEFORE_THE_RULE, *found.graph.forwards_plan(FIRST_INSTALLED)}
    return {
        node: migration for node, migration in found.disk_migrations.items() if node[0] in own and node not in before
    }


def test_every_migration_leaves_the_release_before_it_working():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = {
        node: problems(migration, loader.project_state(node, at_end=False))
        for node, migration in own_migrations().items()
    }
    assert {node: sentences for node, sentences in found.items() if sentences} == {}


def test_a_second_step_names_a_migration_that_came_before_it():
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    firsts = {node: getattr(migration, "second_step_of", None) for node, migration in own_migrations().items()}
    astray = {node: first for node, first in firsts.items() if first and (node[0], first) not in known}
    late = {node: first for node, first in firsts.items() if first and first >= node[1]}
    assert (astray, late) == ({}, {})


def added(**options):
    return migrations.AddField("publication", "mood", models.CharField(max_length=20, **options))


def table(field):
    return migrations.CreateModel("Mood", [("name", models.TextField()), ("of", field)])


def key(to, **options):
    return models.ForeignKey(to, models.CASCADE, **options)


def many(to, **options):
    return models.ManyToManyField(to, **options)


@pytest.mark.parametrize(
    ("operation", "is_fine"),
    [
        (added(db_default="calm"), True),
        (added(null=True), True),
        (added(default="calm"), False),
        (migrations.AddField("publication", "moods", many("research.Topic")), False),
        (migrations.AddField("publication", "moods", many("research.Topic", db_constraint=False)), True),
        (migrations.AddField("publication", "topics_told", many("research.Topic", through="research.Told")), True),
        (migrations.AddField("publication", "of", key("research.Topic", null=True)), False),
        (migrations.AddField("publication", "of", key("self", null=True)), False),
        (migrations.AddField("publication", "of", key("Topic", null=True, db_constraint=False)), True),
        (migrations.CreateModel("Mood", [("name", models.TextField())]), True),
        (table(key("research.Topic")), False),
        (table(key("auth.User", db_constraint=True)), False),
        (table(key("research.Topic", db_constraint=False)), True),
        (table(key("self")), True),
        (table(many("research.Topic")), False),
        (table(many("research.Topic", db_constraint=False)), True),
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


def test_a_new_table_may_be_bound_to_another_new_one():
    migration = migrations.Migration("0999_mood", "research")
    day = migrations.CreateModel("Day", [("moods", many("research.Mood")), ("mood", key("Mood"))])
    migration.operations = [table(models.TextField()), day]
    assert problems(migration, MigrationLoader(None, ignore_no_migrations=True).project_state()) == []
