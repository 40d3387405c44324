"""What a public page costs without any page cache, on sites of 10 to 10,000 publications; and their export.

Each site is a process and a database of its own. ``python -m bench.publication_pages``
"""

import functools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10, 100, 1_000, 10_000)
EXPORTED = 5_000
PEOPLE, TOPICS, AUTHORS, ABSTRACT = 2_000, 30, 4, 150  # an abstract's length is in words
RUNS = 5
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "xu", "ya", "ze"]


@functools.cache
def vocabulary():
    """3,000 words of two to four syllables."""
    return ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(3_000)]


def text(length):
    """A sentence of so many words."""
    return " ".join(random.choices(vocabulary(), k=length)).capitalize()


def fill(count):
    """A site of `count` publications, always the same: their authors, topics, links, and one project."""
    from research.models import Authorship, Person, Profile, Publication, PublicationLink, Topic

    random.seed(1)
    people = Person.objects.bulk_create(
        Person(given_name=text(1), family_name=text(1), other_spellings=text(2)) for _ in range(PEOPLE)
    )
    topics = Topic.objects.bulk_create(Topic(name=f"{text(2)} {n}", slug=f"topic-{n}") for n in range(TOPICS))
    publications = Publication.objects.bulk_create(
        (publication(Publication.Type.values, number) for number in range(count)), batch_size=500
    )
    authorships, filings, links = [], [], []
    filing = Publication.topics.through
    for one in publications:
        for position, person in enumerate(random.sample(people, AUTHORS)):
            authorships.append(Authorship(publication=one, person=person, position=position))
        filings += [filing(publication=one, topic=topic) for topic in random.sample(topics, 2)]
        links.append(PublicationLink(publication=one, kind="code", url="https://code.example/" + one.slug))
    for model, rows in ((Authorship, authorships), (filing, filings), (PublicationLink, links)):
        model.objects.bulk_create(rows, batch_size=500)
    Profile.objects.update_or_create(
        pk=1, defaults={"name": "Jane Doe", "biography": text(80), "person": authorships[0].person}
    )


def publication(types, number):
    from research.models import Publication

    return Publication(
        title=text(9),
        slug=f"paper-{number}",
        citation_key=f"key{number}",
        type=types[number % len(types)],
        year=1985 + number % 40,
        month=1 + number % 12,
        venue=f"Journal of {text(2)}",
        venue_short=f"J. {SYLLABLES[number % 17].title()}",
        volume="12",
        pages="101–117",
        doi=f"10.1000/{number}",
        abstract=text(ABSTRACT),
        tldr=text(14),
        selected=number < 10,
    )


def pages(count):
    """The address of each measured page, by its name. "bace" is found in most abstracts."""
    from research.models import Publication

    rare = Publication.objects.get(slug="paper-0").title.split()[1]
    middle = -(-count // 50) // 2
    return {
        "about": "/",
        "list": "/publications/",
        "middle_page": f"/publications/page/{middle}/" if middle > 1 else "/publications/",
        "search": f"/publications/?q={rare}",
        "search_common": "/publications/?q=bace",
        "search_two_words_and_type": f"/publications/?q={rare}+bace&type=conference-paper",
        "record": "/publications/paper-0/",
    }


def measure_page(client, address, runs=RUNS):
    """Its queries, the median time in ms that a request has the core, and its size in bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        count = len(queries)  # the next request forgets them
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    times = []
    for _ in range(runs):
        forget()
        start = time.process_time()
        client.get(address)
        times.append((time.process_time() - start) * 1000)
    return {"queries": count, "ms": round(statistics.median(times), 1), "bytes": len(response.content)}


def forget():
    """Empty what the process remembers of texts that it has rendered: a visitor may be the first to see them."""
    from research import entries, markup
    from research.citations import text

    entries.forget()
    markup._remembered.cache_clear()
    text.runs.cache_clear()


def prepare(count):
    """Set up Django, with a site of `count` publications in this process's own DATA_DIR."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "portfolio.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(count)


def measure_site(count):
    """{"list": {"queries": …, "ms": …, …}, …} of a site that is filled in this process's own DATA_DIR."""
    prepare(count)
    from django.conf import settings
    from django.test import Client, override_settings

    plain_names = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with override_settings(STORAGES=plain_names, STATIC_ROOT=settings.DATA_DIR):
        client = Client(headers={"host": "127.0.0.1"})
        if count == EXPORTED:
            return {"bibtex": measure_page(client, "/publications.bib", runs=3)}
        return {name: measure_page(client, address) for name, address in pages(count).items()}


def measure() -> dict:
    """{"10": {"list": {"queries": …, "ms": …, "bytes": …}, …}, …, "5000": {"bibtex": …}}"""
    results = {}
    for count in (*SIZES, EXPORTED):
        with tempfile.TemporaryDirectory() as folder:
            environment = {"PATH": os.environ["PATH"], "DATA_DIR": folder}
            command = [sys.executable, "-m", "bench.publication_pages", str(count)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env=environment)
            results[str(count)] = json.loads(done.stdout)
    return results


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure_site(int(sys.argv[1]))))
    else:
        for count, site in measure().items():
            for name, result in site.items():
                print(
                    f"{count:>6} {name:26} {result['queries']:3} queries {result['ms']:8} ms {result['bytes']:9} bytes"
                )
