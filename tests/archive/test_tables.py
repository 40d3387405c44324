"""The tables in which an archive is tried out are those that the migrations make."""

import re

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from research.archive import rows

EARLIER = [("research", "0004_computed"), ("auth", "0012_alter_user_first_name_max_length"), ("admin", "0001_initial")]


def made():
    """What is in the database, by kind and name: the words of the SQL of each; and the migrations that it notes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        # In another order: a column that a migration added is the last one.
        found = {(kind, name): sorted(re.split(r"[\s,()]+", sql)) for kind, name, sql in cursor}
    return found, rows.applied()


@pytest.mark.parametrize("targets", [None, EARLIER], ids=["today's", "earlier"])
def test_they_are_those_that_the_migrations_make_one_after_the_other(targets, enter_site):
    found = []
    for name in ("migrated", "at once"):
        with enter_site(name, migrated=False):
            executor = MigrationExecutor(connection)
            wanted = targets or executor.loader.graph.leaf_nodes()
            executor.migrate(wanted) if name == "migrated" else rows.make_tables(executor, wanted)
            found.append(made())
    assert found[0] == found[1]
    assert ("table", "research_publication") in found[0][0]
