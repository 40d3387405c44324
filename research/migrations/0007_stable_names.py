import uuid

from django.db import migrations, models

LABEL = models.CharField(
    blank=True, help_text="What visitors read, such as “Newsletter”. The kind where empty.", max_length=60
)


def name_records(apps, schema_editor):
    """A UUID for each row that is there already: AddField would give all of them the same."""
    for name in ("Project", "Publication"):
        for row in apps.get_model("research", name).objects.only("pk").iterator(chunk_size=500):
            row.uuid = uuid.uuid4()
            row.save(update_fields=["uuid"])


def rename_linkset(apps, schema_editor):
    """A publication that has the reserved slug gets another; the old address of its page leads there."""
    table = apps.get_model("research", "Publication").objects
    if publication := table.filter(slug="linkset").first():
        publication.slug = next(
            slug for n in range(2, 1000) if not table.filter(slug=(slug := f"linkset-{n}")).exists()
        )
        publication.save(update_fields=["slug"])
        former = apps.get_model("research", "FormerPublicationSlug").objects
        former.update_or_create(slug="linkset", defaults={"publication": publication})


class Migration(migrations.Migration):
    dependencies = [("research", "0006_identifiers")]

    operations = [
        *(
            migrations.AddField(name, "uuid", models.UUIDField(default=None, editable=False, null=True))
            for name in ("project", "publication")
        ),
        migrations.RunPython(name_records, migrations.RunPython.noop),
        *(
            migrations.AlterField(name, "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True))
            for name in ("project", "publication")
        ),
        migrations.AddField("profile", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        # In two steps, because AddField would write today into the row: None says that it was not edited since.
        migrations.AddField("profile", "updated", models.DateTimeField(editable=False, null=True)),
        migrations.AlterField("profile", "updated", models.DateTimeField(auto_now=True, null=True)),
        *(migrations.AlterField(name, "label", LABEL) for name in ("profilelink", "projectlink", "publicationlink")),
        migrations.RunPython(rename_linkset, migrations.RunPython.noop),
        migrations.AddConstraint(
            "publication",
            models.CheckConstraint(
                condition=models.Q(("slug", "linkset"), _negated=True),
                name="publication_slug_is_not_reserved",
                violation_error_message="The address “linkset” is used by the site. Change it a little.",
            ),
        ),
    ]
