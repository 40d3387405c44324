"""A publication of which everything is known."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from research.models import Person, PublicationLink, Topic

from .machine import body


@pytest.fixture(autouse=True)
def one_number_for_all_requests(monkeypatch):
    """So that all headers of two answers can be compared."""
    monkeypatch.setattr("portfolio.request_ids.given_id", lambda request: "test-0123456789")


@pytest.fixture
def make_record(make_publication, make_person):
    """A publication with all its parts; another `type`, or other fields, may be given."""

    def make(slug="owls", authors=None, **fields):
        name = default_storage.save(f"files/{slug}/Owls final.pdf", ContentFile(b"%PDF-1.7 owls"))
        slides = default_storage.save(f"files/{slug}/slides.pptx", ContentFile(b"PK\x03\x04"))
        if authors is None:
            authors = [
                make_person("Jane Doe", orcid="0000-0002-1825-0097"),
                make_person("Jan Berg", particle="van der", suffix="Jr."),
                Person.objects.create(family_name="ATLAS Collaboration"),
            ]
        defaults = {
            "slug": slug,
            "title": "Owls *fly* at $x^2$",
            "citation_key": "doe2024owls",
            "type": "article",
            "year": 2024,
            "month": 11,
            "day": 5,
            "online_date": date(2024, 10, 1),
            "venue": "Journal of Owls",
            "venue_short": "J. Owls",
            "volume": "12",
            "issue": "3",
            "pages": "101 -- 117",
            "publisher": "Nest Press",
            "issn": "2049-3630",
            "doi": "10.1000/owls",
            "arxiv_id": "2412.04984",
            "language": "en",
            "license": "CC-BY-4.0",
            "abstract": "We fly & see.",
            "pdf": name,
        }
        publication = make_publication(authors, **defaults | fields)
        publication.topics.add(*(Topic.objects.get_or_create(name=name, slug=name)[0] for name in ("flight", "owls")))
        PublicationLink.objects.create(publication=publication, kind="code", url="https://code.example/owls")
        PublicationLink.objects.create(publication=publication, kind="slides", file=slides, position=1)
        return publication

    return make


@pytest.fixture
def count_queries(client):
    """How many queries a request takes."""

    def count(path, **kwargs):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path, **kwargs)
            assert (response.status_code, bool(body(response))) == (200, True)
        return len(queries)

    return count
