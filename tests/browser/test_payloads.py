"""Nothing that is typed, pasted or imported runs: hundreds of known payloads in every field, in a real browser."""

import pytest
from django.test import Client

from research import markup
from research.citations import formats
from research.models import Import, Project, Publication
from tests.hostile import texts


def public_pages():
    found = ["/", "/publications/", "/projects/"]
    found += [record.get_absolute_url() for model in (Publication, Project) for record in model.objects.all()]
    return [*found, "/feed.xml", "/publications/feed.xml", "/sitemap.xml", "/unapi?id=k1"]


def files():
    """The formats, each of some records and of all of them."""
    records = [f"/publications/p{number}/p{number}.{each.EXTENSION}" for number in (0, 9) for each in formats.FORMATS]
    return records + [f"/publications.{each.EXTENSION}" for each in formats.OF_LISTS] + ["/unapi?id=k9&format=ris"]


def test_what_runs_and_what_could_is_seen(visit, watch, profile, monkeypatch):
    """The other tests find nothing because there is nothing."""
    monkeypatch.setattr("research.markup.CLEANERS", dict.fromkeys(markup.CLEANERS, Passing()))
    monkeypatch.setattr("research.markup._parse", lambda kind, text, top_heading: text)
    watch.expect("404: GET /nowhere/")
    script = "<a href=' JaVa&#9;script:alert(1)'>x</a><script></script>"
    profile.biography = f"<img src=/nowhere/ onerror=alert(1)>{script}"
    profile.save()
    visitor = visit()
    found = visitor.open("/")
    assert {what for what, *_ in found} == {"policy", "ran", "suspect"}
    assert {detail for what, _, detail in found if what == "policy"} == {"script-src-attr"}
    assert len([element for what, _, element in found if what == "suspect"]) == 3
    assert [visitor.holds(text) for text in ("Jane Doe", texts.MARK)] == [True, False]


class Passing:
    def clean(self, source):
        return source


def test_no_payload_runs_or_could_on_a_page_for_visitors(visit, filled):
    visitor = visit()
    assert visitor.open(*public_pages()) == []
    assert visitor.open(*files()) == []


@pytest.mark.parametrize("name", ["a.bib", "a.ris", "a.json"])
def test_no_payload_of_an_imported_file_runs(visit, profile, admin_user, name):
    client = Client()
    client.force_login(admin_user)
    text = dict(texts.citation_files())[name]
    client.post("/admin/research/publication/add-from/", {"text": text})
    run = Import.objects.get()
    while run.waiting:
        client.post(f"/admin/research/publication/add-from/{run.pk}/", {"action": "step"})
        run.refresh_from_db()
    assert run.proposals.count() > 200
    review = f"/admin/research/publication/add-from/{run.pk}/"
    pages = [review, *(f"{review}?page={number}" for number in range(2, 6)), "/admin/research/publication/add-from/"]
    assert visit(user=admin_user).open(*pages) == []
