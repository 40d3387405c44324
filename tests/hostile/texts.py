"""Texts that try to run in a page, from public collections, and a site with all of them in all of its fields."""

import json
import re
from pathlib import Path

from django.db import models

from research.history.recording import change
from research.models import Authorship, Person, Profile, ProfileLink, Project, ProjectLink, Publication, Topic
from research.names import parse_authors

FOLDER = Path(__file__).parent / "payloads"
COLLECTIONS = json.loads((FOLDER / "scripts.json").read_text(encoding="utf-8"))
PAYLOADS = [payload for collection in COLLECTIONS for payload in collection["payloads"]]
MARK = "Hostile-owls"  # begins every text, so that a test knows it where it is shown
LONGEST_NAME = 250  # bytes, with an extension of four
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
        found[name] = ("\n\n" if is_long else " ").join([MARK, *pack])
    return found


def how_many_fields():
    return sum(len(fields(model)) for model in WRITTEN) + 2  # and editors, and the label of a publication's link


def fill():
    """A site with every payload in every field, but for the profile's."""
    for number, pack in enumerate(packs()):
        address = ADDRESS.format(pack[0])
        person = Person.objects.create(**texts(Person, pack), url=address)
        topic = Topic.objects.create(**texts(Topic, pack), slug=f"t{number}")
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


def write_over(records, user):
    """Two versions more of each record, with half of the payloads in every field of each."""
    for half in (0, 1):
        pack = PAYLOADS[half::2]
        with change("Written over", user):
            for record in records:
                for name, text in texts(type(record), pack).items():
                    setattr(record, name, text)
                record.save()
                if hasattr(record, "links"):
                    link = {"address" if isinstance(record, Profile) else "url": ADDRESS.format(pack[0])}
                    record.links.create(kind="other", label=" ".join(pack), **link)
                if isinstance(record, Publication):  # a name that no upload can have, as an archive may bring it
                    name = " ".join([MARK, *pack]).replace("/", "")
                    record.links.create(kind="other", file=f"files/{'b' * 32}/{name}.pdf")


def file_names(extension):
    """Every payload in a name that a file can have: without folders, and as long as file systems take it."""
    names = [MARK]
    for payload in (re.sub(r"[/\\]", "", payload) for payload in PAYLOADS):
        longer = f"{names[-1]} {payload}"
        if len(longer.encode("utf-8", "replace")) > LONGEST_NAME:
            longer = f"{MARK} {payload}".encode("utf-8", "replace")[:LONGEST_NAME].decode(errors="ignore")
            names.append(longer)
        names[-1] = longer
    return [f"{name}{extension}" for name in names]


def delete_some(user):
    """Records of each kind that are deleted, with every payload in what they are called."""
    for number in range(5):
        words = " ".join([MARK, *PAYLOADS[number::5]])
        own = {"slug": f"gone{number}", "citation_key": f"gone{number}", "year": 2024}
        gone = [Person(family_name=words), Topic(name=words, slug=own["slug"]), Publication(title=words, **own)]
        gone.append(Project(title=words, slug=own["slug"]))
        for record in gone:
            record.save()
        with change("Deleted", user):
            for record in gone:
                record.delete()


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
