"""Texts that try to run in a page, from public collections, and a site with all of them in all of its fields."""

import json
from pathlib import Path

from django.db import models

from research.models import Authorship, Person, Profile, ProfileLink, Project, ProjectLink, Publication, Topic
from research.names import parse_authors

FOLDER = Path(__file__).parent / "payloads"
COLLECTIONS = json.loads((FOLDER / "scripts.json").read_text(encoding="utf-8"))
PAYLOADS = [payload for collection in COLLECTIONS for payload in collection["payloads"]]
AT_ONCE = 40  # payloads in one field: each may break out of what stands before it
# What has a form of its own that the database or the model watches over.
OTHERWISE = {"slug", "folded", "citation_key", "doi", "arxiv_id", "orcid", "url", "address", "accent_colour", "editors"}
ADDRESS = "https://example.org/?q={}"
WRITTEN = (Person, Topic, Publication, Project, Profile, ProjectLink, ProfileLink)
OF_THE_PROFILE = PAYLOADS[::5]  # its fields stand on one page, all together


def packs():
    """The payloads, so many at a time."""
    return [PAYLOADS[start : start + AT_ONCE] for start in range(0, len(PAYLOADS), AT_ONCE)]


def is_name(text):
    try:
        return bool(parse_authors(text))
    except ValueError:
        return False


def fields(model):
    """The names of the fields of a model that hold any text."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.choices or field.name in OTHERWISE or isinstance(field, models.FileField))
    ]


def texts(model, pack):
    """Every text field of a model with a pack; SQLite knows no greatest length."""
    found = {}
    for name in fields(model):
        is_long = isinstance(model._meta.get_field(name), models.TextField)
        found[name] = ("\n\n" if is_long else " ").join(pack)
    return found


def how_many_fields():
    return sum(len(fields(model)) for model in WRITTEN) + 2  # and editors, and the label of a publication's link


def fill():
    """A site with every payload in every field, but for the profile's."""
    for number, pack in enumerate(packs()):
        address = ADDRESS.format(pack[0])
        person = Person.objects.create(**texts(Person, pack), url=address)
        topic = Topic.objects.create(**texts(Topic, pack) | {"name": f"{number} {pack[0]}"}, slug=f"t{number}")
        publication = Publication.objects.create(
            **texts(Publication, pack),
            editors="\n".join(filter(is_name, pack)),
            **{"slug": f"p{number}", "citation_key": f"k{number}", "year": 2024, "url": address, "selected": True},
        )
        Authorship.objects.create(publication=publication, person=person, equal_contribution=True, corresponding=True)
        publication.topics.add(topic)
        publication.links.create(kind="other", url=address, label=" ".join(pack))
        project = Project.objects.create(**texts(Project, pack), slug=f"j{number}")
        project.links.create(kind="other", url=address, label=" ".join(pack))
        project.people.add(person)
        project.publications.add(publication)
    everything = texts(Profile, OF_THE_PROFILE)
    Profile.objects.update_or_create(pk=1, defaults=everything | {"selected_count": 100, "accent_colour": "#0b6a80"})
    for number, pack in enumerate(packs()):
        ProfileLink.objects.create(profile_id=1, kind="other", address=ADDRESS.format(number), label=" ".join(pack))


def citation_files():
    """(name of a file, text) with every payload in every field of BibTeX, RIS and CSL-JSON."""
    tags = ("title", "author", "journal", "note", "abstract", "keywords", "url", "publisher", "doi", "editor")
    bibtex = "\n".join(
        f"@article{{k{number},\n" + ",\n".join(f"  {tag} = {{{payload}}}" for tag in tags) + ",\n  year = {2024}\n}"
        for number, payload in enumerate(PAYLOADS)
    )
    ris = "\n".join(
        "TY  - JOUR\n"
        + "\n".join(f"{tag}  - {payload}" for tag in ("TI", "AU", "T2", "N1", "AB", "KW", "UR", "DO", "PB", "ID"))
        + "\nPY  - 2024\nER  - "
        for payload in (" ".join(payload.split()) for payload in PAYLOADS)
    )
    names = ("title", "container-title", "note", "abstract", "URL", "DOI", "publisher", "id", "event-title", "language")
    records = [
        dict.fromkeys(names, payload) | {"type": "article-journal", "author": [{"family": payload, "given": payload}]}
        for payload in PAYLOADS
    ]
    return [("a.bib", bibtex), ("a.ris", ris), ("a.json", json.dumps(records))]
