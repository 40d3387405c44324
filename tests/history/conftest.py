import pytest

from research.history import versions
from research.history.recording import change
from research.models import PublicationLink, Topic


@pytest.fixture
def causes():
    """What the versions of a record say, the newest first, as (cause, who)."""
    return lambda record: [
        (version.revision.comment, str(version.revision.user or "")) for version in versions.of(record)
    ]


@pytest.fixture
def paper(make_publication, make_person, stored_picture, make_project):
    """A publication with all its parts, whose first version is kept: two authors, a link, a topic, a thumbnail."""
    with change("Made"):
        publication = make_publication(
            [(make_person("Jane Doe"), "*"), make_person("John Roe")],
            title="Owls",
            slug="owls",
            doi="10.1000/owls",
            thumbnail=stored_picture(),
            sources={"title": ["arXiv", "0123456789abcdef"]},
        )
        PublicationLink.objects.create(publication=publication, kind="code", url="https://example.org/owls")
        publication.topics.add(Topic.objects.create(name="Birds", slug="birds"))
        make_project(title="Nests").publications.add(publication)
    return publication


@pytest.fixture
def rewrite():
    """A function that changes everything about the paper, its parts too, as one change."""

    def do(publication, user=None):
        with change("Rewritten", user):
            publication.title, publication.slug, publication.thumbnail, publication.doi = "Bats", "bats", "", ""
            publication.save()
            first, second = publication.authorships.all()
            first.delete()
            second.corresponding = True
            second.save()
            publication.links.all().delete()
            publication.links.create(kind="data", url="https://example.org/bats")
            publication.topics.clear()

    return do
