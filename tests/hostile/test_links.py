"""Addresses that would run or lead astray: no form takes one, and no import brings one to a page."""

import json

import pytest
from django.apps import apps

from research.importing.works import work
from research.models.fields import AddressField
from research.sources import bibtex, csl, ris
from tests.admin.page import open_page

REFUSAL = "This is not a web address. It begins with https://, such as https://example.org/paper."
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "https://example.org/\x7f",
    "https://example.org/\u202egpj.exe",
    "  javascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "view-source:javascript:alert(1)",
    "blob:https://example.org/1",
    "file:///etc/passwd",
    "feed:javascript:alert(1)",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example\\",
    "https:evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
]
FORMS = {
    "publication.url": ("/admin/research/publication/add/", "url", {"title": "Owls"}),
    "publicationlink.url": ("/admin/research/publication/add/", "links-0-url", {"title": "Owls"}),
    "projectlink.url": ("/admin/research/project/add/", "links-0-url", {"title": "Owls", "summary": "Owls"}),
    "person.url": ("/admin/research/person/add/", "url", {"family_name": "Doe"}),
    "profilelink.address": ("/admin/research/profile/1/change/", "links-0-address", {}),
}


def test_every_field_of_an_address_is_tried():
    models = apps.get_app_config("research").get_models()
    fields = [field for model in models for field in model._meta.get_fields() if isinstance(field, AddressField)]
    assert {f"{field.model._meta.model_name}.{field.name}" for field in fields} <= set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_no_form_takes_it(name, owner_client, profile):
    path, field, values = FORMS[name]
    page = open_page(owner_client, path)
    if field.startswith("links"):
        page.add_row("links", kind="github" if name.startswith("profile") else "website")
    told = {}
    for address in ADDRESSES:
        answer = page.post(**values, **{field: address})
        told[address] = [text for place, text in answer.sentences if place == field]
    assert [address for address, sentences in told.items() if len(sentences) != 1] == []
    assert apps.get_model("research", name.partition(".")[0]).objects.count() == 0


def braced(address):
    return f"@misc{{a, title={{Owls}}, year=2024, url={{{address}}}}}"


IMPORTS = {
    "bibtex": lambda address: bibtex.parse(braced(address)),
    "ris": lambda address: ris.parse(f"TY  - JOUR\nTI  - Owls\nPY  - 2024\nUR  - {address}\nER  - \n"),
    "csl": lambda address: csl.parse(
        json.dumps([{"type": "article", "title": "Owls", "URL": address, "issued": {"date-parts": [[2024]]}}])
    ),
}


@pytest.mark.parametrize("name", IMPORTS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_import_brings_it(name, address):
    [found] = IMPORTS[name](address).found
    url = work([found]).get("url")
    assert url == "" or (url.startswith(("https://", "http://")) and url.isascii() and url.isprintable()), url


@pytest.mark.parametrize("name", IMPORTS)
def test_an_import_brings_a_web_address(name):
    [found] = IMPORTS[name]("https://example.org/owls").found
    assert work([found]).get("url") == "https://example.org/owls"
