"""What feeds call a record for good: a UUID of its own."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from research.models import Profile, Project, Publication

BEFORE = [("research", "0006_identifiers")]


@pytest.mark.django_db
def test_every_record_has_a_name_of_its_own(make_publication, make_project, profile):
    records = [make_publication(), make_publication(), make_project(), make_project(), profile]
    assert len({record.uuid for record in records}) == 5
    before = [record.uuid for record in records]
    for record in records:
        record.save()
        record.refresh_from_db()
    assert [record.uuid for record in records] == before


@pytest.mark.django_db(transaction=True)
def test_a_site_from_before_the_names_gets_them_as_it_migrates():
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        old = MigrationExecutor(connection).loader.project_state(BEFORE).apps
        table = old.get_model("research", "Publication").objects
        for slug in ("owls", "linkset", "linkset-2"):
            table.create(title=slug, slug=slug, citation_key=slug, year=2024, folded=slug, appeared=20240000)
        for slug in ("nest", "hollow"):
            old.get_model("research", "Project").objects.create(title=slug, slug=slug, summary=slug)
        old.get_model("research", "Profile").objects.get_or_create(pk=1)
    finally:
        MigrationExecutor(connection).migrate(newest)
    names = [record.uuid for model in (Publication, Project, Profile) for record in model.objects.all() if record.uuid]
    assert (len(names), len(set(names))) == (6, 6)
    assert Profile.objects.get().updated is None
    renamed = Publication.objects.get(title="linkset")
    assert (renamed.slug, renamed.former_slugs.get().slug) == ("linkset-3", "linkset")
    assert set(Publication.objects.values_list("slug", flat=True)) == {"owls", "linkset-2", "linkset-3"}
