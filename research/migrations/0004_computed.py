from django.db import migrations


def compute(apps, schema_editor):
    """Fill the computed columns of the rows that were there before them: saving a row computes them."""
    for name, columns in (("Person", ["folded"]), ("Topic", ["folded"]), ("Publication", ["folded", "appeared"])):
        for row in apps.get_model("research", name).objects.iterator(chunk_size=500):
            row.save(update_fields=columns)


class Migration(migrations.Migration):
    dependencies = [("research", "0003_records")]

    operations = [migrations.RunPython(compute, migrations.RunPython.noop)]
