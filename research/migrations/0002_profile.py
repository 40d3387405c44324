from django.db import migrations


def make_profile(apps, schema_editor):
    """The one profile: the owner edits it, and never has to add it."""
    apps.get_model("research", "Profile").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("research", "0001_initial")]

    operations = [migrations.RunPython(make_profile, migrations.RunPython.noop)]
