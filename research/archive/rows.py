"""
The rows of a database as lines of JSON, and back.

Tables are those of a state of the migrations, not of today's models, so that an archive fits the program that made it
and every later one. Keys are kept: links, the log of the admin and the addresses of filters hold them.
"""

import hashlib
import itertools
import json
from contextlib import contextmanager
from functools import lru_cache

from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, models
from django.db.migrations.loader import MigrationLoader
from django.db.utils import ConnectionHandler

# Who is logged in, and who guesses. Second factors are content: without them the restored site would be open to
# whoever has the password.
NOT_CONTENT = {
    "sessions.session",
    *("axes.accessattempt", "axes.accessattemptexpiration", "axes.accesslog", "axes.accessfailurelog"),
}
BATCH = 500
SNAPSHOT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"}


def applied():
    """The migrations that the database has, as a sorted list of [app, name]."""
    loader = MigrationLoader(connection)
    return sorted(list(node) for node in loader.applied_migrations if node in loader.graph.nodes)


def unknown(migrations):
    """Those of an archive's migrations that this program does not have: a newer one made them."""
    known = MigrationLoader(None).graph.nodes
    return [migration for migration in migrations if tuple(migration) not in known]


def make_tables(executor, targets):
    """
    Make the tables of the state after the migrations `targets` in an empty database, and note all that led there.

    To go through the migrations makes the same, but for rows, and takes ten times as long: it draws up a state between
    each two of their operations.
    """
    with connection.schema_editor() as editor:
        for model in executor.loader.project_state(targets).apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
    executor.recorder.ensure_schema()
    for migration, _ in executor.migration_plan(targets):
        executor.recorder.record_applied(migration.app_label, migration.name)


def tables(migrations):
    """The models of the state after `migrations`, those of many-to-many tables too, as a dict by label."""
    return dict(tables_after(tuple(map(tuple, migrations))))


@lru_cache(maxsize=2)  # of an archive and of today: a restore asks for them four times, and to draw them up takes long
def tables_after(migrations):
    found = MigrationLoader(None).project_state(list(migrations)).apps.get_models(include_auto_created=True)
    return {
        model._meta.label_lower: model
        for model in found
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in NOT_CONTENT
    }


def columns(model):
    return [field for field in model._meta.local_concrete_fields if not field.generated]


@contextmanager
def snapshot():
    """Inside, every query sees the database as it is at the first one; nobody who writes has to wait."""
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def rows(model):
    """All instances of a model, in the order of their keys, without holding them all."""
    return model._base_manager.order_by("pk").iterator(chunk_size=BATCH)


def line(row):
    """A row as a line of JSON, in bytes."""
    values = {field.attname: written(field, row) for field in columns(type(row))}
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def digest(model):
    """The SHA-256 of all rows as lines, as the manifest of an archive has it."""
    digest = hashlib.sha256()
    for row in rows(model):
        digest.update(line(row))
    return digest.hexdigest()


def lock(found):
    """
    Keep everybody else from writing these tables, until the transaction ends; reading goes on.

    SQLite has one writer at a time, which a transaction is from its beginning (`transaction_mode`).
    """
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in found.values())
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def written(field, row):
    value = field.value_from_object(row)
    return value if value is None or type(value) in (str, int, float, bool) else field.value_to_string(row)


def read(field, value):
    """What a column holds. Text is taken as it is: a field of ours may correct what it is given."""
    if value is None or isinstance(field, models.CharField | models.TextField | models.FileField):
        return value
    return field.to_python(value)


def load(model, lines):
    """Insert rows as they are: no column is computed anew, and nobody is told. Raises ValueError for no such row."""
    fields = columns(model)
    size = connection.ops.bulk_batch_size(fields, [None] * BATCH)
    instances = (instance(model, fields, json.loads(line)) for line in lines)
    while batch := list(itertools.islice(instances, size)):
        # What saving one row `raw` calls (Model.save_base), for many.
        model._base_manager._insert(batch, fields=fields, raw=True, using=connection.alias)


def instance(model, fields, values):
    if values.keys() != {field.attname for field in fields}:
        raise ValueError(f"a row of {model._meta.label_lower} has other columns than the table")
    return model(**{field.attname: read(field, values[field.attname]) for field in fields})


def clear(model):
    """Remove all rows, and nothing that refers to them: the database looks for that at the end of the transaction."""
    model._base_manager.all()._raw_delete(connection.alias)


def last_keys(found):
    """The highest key that each table has ever given, by label: none may be given twice, old links hold them."""
    keys = {}
    with connection.cursor() as cursor:
        for label, model in found.items():
            if not (key := model._meta.auto_field):
                continue
            if connection.vendor == "sqlite":
                cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            else:
                cursor.execute(
                    "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                    [connection.ops.quote_name(model._meta.db_table), key.column],
                )
            highest = model._base_manager.aggregate(highest=models.Max(key.attname))["highest"]
            keys[label] = max(cursor.fetchone()[0] or 0, highest or 0)
    return keys


def set_last_keys(found, keys):
    """Let each table go on behind the highest key that it has given before."""
    with connection.cursor() as cursor:
        for label, highest in keys.items():
            table = found[label]._meta.db_table
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, highest])
            elif highest:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s)::regclass, %s)",
                    [connection.ops.quote_name(table), found[label]._meta.auto_field.column, highest],
                )


@contextmanager
def another_database(path):
    """Inside, the site's database is the SQLite file `path`, made where it is missing; the site's own is untouched."""
    own = connections["default"]
    # It goes when the process does, so nothing has to wait for the disk.
    options = {"init_command": "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF"}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
    connections["default"] = ConnectionHandler({"default": database})["default"]
    ContentType.objects.clear_cache()  # it remembers keys of the other database
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = own
        ContentType.objects.clear_cache()
