"""The JSON-LD of every page, by the vocabulary of schema.org."""

import copy

import pytest

from research.citations.item import TYPES
from research.models import Person, Profile

from .machine import Page
from .schema_org import complaints

pytestmark = pytest.mark.django_db


def json_ld(client, path):
    return Page(client.get(path)).json_ld


def every_page(client, make_record, profile, stored_picture):
    """{name: JSON-LD} of a record of each type with all its parts, of the list, and of the page about the owner."""
    jane = Person.objects.create(given_name="Jane", family_name="Doe", orcid="0000-0002-1825-0097", other_spellings="J")
    Profile.objects.update(photo=stored_picture(size=(500, 500)), headline="Owls", person=jane)
    numbered = {
        "number": "7",
        "event": "Owls 2024",
        "place": "Vienna",
        "series": "Birds",
        "genre": "Kind",
        "version": "2",
    }
    for number, kind in enumerate(TYPES):
        identifiers = {"doi": f"10.1000/{kind}", "arxiv_id": f"2412.{number:05}", "citation_key": kind}
        make_record(kind, authors=[jane], type=kind, isbn="9783161484100", **numbered, **identifiers)
    documents = {kind: json_ld(client, f"/publications/{kind}/") for kind in TYPES}
    return documents | {"about": json_ld(client, "/"), "list": json_ld(client, "/publications/")}


def planted_faults(right):
    """{name: a document with a fault} of one without."""
    faults = {name: copy.deepcopy(right) for name in ("type", "property", "value", "place", "context", "deep")}
    faults["type"]["@type"] = "ScholarlyArtcle"
    faults["property"]["headlin"] = "Owls"
    faults["value"]["isAccessibleForFree"] = "yes"
    faults["place"]["author"] = [{"@type": "PropertyValue", "value": "Jane Doe"}]
    faults["context"]["@context"] = "https://schema.example"
    faults["deep"]["isPartOf"]["isPartOf"]["volume"] = "12"
    return faults


def test_every_page_says_only_what_schema_org_has_words_for(client, make_record, profile, stored_picture, tmp_path):
    documents = every_page(client, make_record, profile, stored_picture)
    faults = planted_faults(documents["article"])
    found = complaints(tmp_path, documents | faults)  # which sees all that were planted
    assert {name for name, sentences in found.items() if sentences} == set(faults)
