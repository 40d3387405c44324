import uuid

import django.db.models.deletion
from django.db import migrations, models


def name_topics(apps, schema_editor):
    """A UUID for each row that is there already: AddField would give all of them the same."""
    for topic in apps.get_model("research", "Topic").objects.only("pk").iterator(chunk_size=500):
        topic.uuid = uuid.uuid4()
        topic.save(update_fields=["uuid"])


class Migration(migrations.Migration):
    dependencies = [("research", "0009_watching")]

    operations = [
        migrations.AddField("topic", "uuid", models.UUIDField(default=None, editable=False, null=True)),
        migrations.RunPython(name_topics, migrations.RunPython.noop),
        migrations.AlterField("topic", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        migrations.CreateModel(
            name="FormerTopicSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_slugs", to="research.topic"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
