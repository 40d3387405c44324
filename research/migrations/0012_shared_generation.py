from django.db import migrations


def make(apps, schema_editor):
    """PostgreSQL holds the generation of the content (research/shared_generation.py); SQLite has a file beside it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE site_generation (id integer PRIMARY KEY CHECK (id = 1), number uuid NOT NULL)"
        )
        schema_editor.execute("INSERT INTO site_generation VALUES (1, gen_random_uuid())")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE site_generation")


class Migration(migrations.Migration):
    """No model has the table: it is no content, so that no backup holds it and no restore replaces it."""

    dependencies = [("research", "0011_health")]

    operations = [migrations.RunPython(make, remove, elidable=False)]
