"""The example site: content.toml and pictures/, put into an empty database."""

import datetime
import tomllib
from pathlib import Path

from .. import media
from ..history.recording import change
from ..models import (
    Authorship,
    Person,
    Profile,
    ProfileLink,
    Project,
    ProjectLink,
    Publication,
    PublicationLink,
    Topic,
)

FOLDER = Path(__file__).parent


def content():
    """The parsed content.toml."""
    return tomllib.loads((FOLDER / "content.toml").read_text(encoding="utf-8"))


def site_is_empty():
    """Whether the owner has written nothing yet."""
    tables = (Publication, Project, Person, Topic, ProfileLink)
    return not (Profile.current().is_written or any(table.objects.exists() for table in tables))


def example_is_loaded():
    """Whether everything of the example is there, edited or not."""
    example = content()
    slugs = {entry["slug"] for entry in example["publications"]}
    project_slugs = {entry["slug"] for entry in example["projects"]}
    return slugs <= set(Publication.objects.values_list("slug", flat=True)) and project_slugs <= set(
        Project.objects.values_list("slug", flat=True)
    )


def example_is_present():
    """Whether anything of the example is there, so that it can be removed."""
    example = content()
    return (
        Publication.objects.filter(slug__in=[entry["slug"] for entry in example["publications"]]).exists()
        or Project.objects.filter(slug__in=[entry["slug"] for entry in example["projects"]]).exists()
    )


def load(replace=False):
    """Fill the site with the example; `replace` removes all other content first."""
    example = content()
    pictures = store_pictures(example)
    with change("Replaced by the example" if replace else "Loaded the example"):
        if replace:
            remove_all()
        people = {entry.pop("key"): Person.objects.create(**spellings(entry)) for entry in example["people"]}
        publications = {entry["slug"]: make_publication(entry, people, pictures) for entry in example["publications"]}
        for position, entry in enumerate(example["projects"]):
            make_project(entry, position, people, publications)
        fill_profile(example["profile"], people, pictures)


def remove_all():
    for table in (Project, Publication, Topic, ProfileLink):  # a project that comes back names its publications
        table.objects.all().delete()
    Profile.objects.all().delete()
    Person.objects.all().delete()


def remove_example(user=None):
    """Remove what the example brought, and nothing else: records by their slugs, people whom nothing else names."""
    example = content()
    written = example["profile"]
    with change("Removed the example", user):
        Project.objects.filter(slug__in=[entry["slug"] for entry in example["projects"]]).delete()
        Publication.objects.filter(slug__in=[entry["slug"] for entry in example["publications"]]).delete()
        ProfileLink.objects.filter(address__in=[link["address"] for link in written["links"]]).delete()
        profile = Profile.current()
        if profile.photo_alt == written["photo_alt"]:  # an owner's own photo has words of its own
            profile.photo = ""
        for field in Profile._meta.concrete_fields:
            if getattr(profile, field.name) == written.get(field.name):
                setattr(profile, field.name, field.get_default())
        if profile.person and profile.person.name == names_by_key(example)[written["person"]]:
            profile.person = None
        profile.save()
        for entry in example["people"]:
            person = Person.objects.filter(given_name=entry["given_name"], family_name=entry["family_name"])
            person.filter(authorships=None, projects=None).delete()


def names_by_key(example):
    return {entry["key"]: f"{entry['given_name']} {entry['family_name']}" for entry in example["people"]}


def store_pictures(example):
    """A dict from a file's name in pictures/ to its name in the media."""
    names = {entry["thumbnail"] for entry in example["publications"]} | {example["profile"]["photo"]}
    stored = {}
    for name in sorted(names):
        with (FOLDER / "pictures" / name).open("rb") as file:
            stored[name] = media.store_picture(file)
    return stored


def spellings(entry):
    return entry | {"other_spellings": "\n".join(entry.get("other_spellings", []))}


def make_publication(entry, people, pictures):
    authors, links = entry.pop("authors"), entry.pop("links", [])
    entry["thumbnail"] = pictures[entry["thumbnail"]]
    if "online_date" in entry:
        entry["online_date"] = datetime.date.fromisoformat(entry["online_date"])
    publication = Publication(**entry)
    publication.full_clean()
    publication.save()
    for position, author in enumerate(authors):
        Authorship.objects.create(
            publication=publication,
            person=people[author["person"]],
            position=position,
            equal_contribution=author.get("equal", False),
        )
    add_links(PublicationLink, links, publication=publication)
    return publication


def make_project(entry, position, people, publications):
    links = entry.pop("links", [])
    its_people = [people[key] for key in entry.pop("people", [])]
    its_publications = [publications[slug] for slug in entry.pop("publications", [])]
    project = Project(position=position, **entry)
    project.full_clean()
    project.save()
    project.people.set(its_people)
    project.publications.set(its_publications)
    add_links(ProjectLink, links, project=project)


def fill_profile(entry, people, pictures):
    links = entry.pop("links")
    entry["photo"], entry["person"] = pictures[entry["photo"]], people[entry["person"]]
    profile, _ = Profile.objects.update_or_create(pk=1, defaults=entry)
    add_links(ProfileLink, links, profile=profile)


def add_links(table, links, **owner):
    for position, entry in enumerate(links):
        link = table(position=position, **entry, **owner)
        link.full_clean()
        link.save()
