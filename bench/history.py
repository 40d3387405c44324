"""What a save of a publication costs with its version: python -m bench.history. In one process, without a server."""

import os
import statistics
import tempfile
import time

AUTHORS = (3, 12, 88)
SAVES = 9


def measure():
    """[{"authors": …, "ms": processor time of a save, "queries": …, "bytes": of one version}, …]."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.create_superuser("owner", "", "an-owl-sees-at-night"))
    return [measure_one(client, count) for count in AUTHORS]


def measure_one(client, count):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from lxml import html

    from research.history import versions

    publication = fill(count)
    address = f"/admin/research/publication/{publication.pk}/change/"
    times = []
    for number in range(SAVES):
        form = html.fromstring(client.get(address).content).get_element_by_id("publication_form")
        fields = dict(form.form_values()) | {"tldr": f"Save {number}", "_save": "Save"}
        start = time.process_time()
        with CaptureQueriesContext(connection) as queries:
            if client.post(address, fields).status_code != 302:
                raise RuntimeError("The publication was not saved.")
        times.append(time.process_time() - start)
    size = len(versions.of(publication).first().serialized_data)
    return {
        "authors": count,
        "ms": round(statistics.median(times) * 1000, 1),
        "queries": len(queries),
        "bytes": size,
    }


def fill(count):
    from research.models import Authorship, Person, Publication

    name = f"paper-{count}"
    publication = Publication.objects.create(
        title="Owls", slug=name, citation_key=name, year=2024, abstract="words " * 250
    )
    for position in range(count):
        person = Person.objects.create(given_name="Jane", family_name=f"Doe{count}-{position}")
        Authorship.objects.create(publication=publication, person=person, position=position)
    publication.links.create(url="https://example.org/code")
    return publication


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portfolio.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import override_settings

        call_command("migrate", verbosity=0)
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            for row in measure():
                print(row)


if __name__ == "__main__":
    main()
