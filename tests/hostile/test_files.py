"""Hostile files through every form that takes one: a sentence, or harmless once they are stored; never a fault."""

import json
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from research.media import TYPES
from research.models.fields import StoredFileField
from tests.admin.page import open_page

from .files import CORPUS, FOREIGN, MARK, POLYGLOTS, UNUSUAL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts_are_kept")]

# Each form with its fields of pictures and of documents, as {field of the form: the model's}.
FORMS = {
    "/admin/research/publication/add/": (
        {"thumbnail": "publication.thumbnail"},
        {"pdf": "publication.pdf", "links-0-file": "publicationlink.file"},
    ),
    "/admin/research/project/add/": ({"thumbnail": "project.thumbnail"}, {}),
    "/admin/research/profile/1/change/": ({"photo": "profile.photo"}, {"cv": "profile.cv"}),
}
FIELDS = [field for fields in FORMS.values() for kind in fields for field in kind.values()]
ACCEPTED_DOCUMENTS = {".pdf", ".zip", ".pptx", ".csv", ".txt"}
PICTURES = {".png", ".jpg", ".webp", ".avif"}
TAKEN = {"turned and located.jpg", "jpeg and page.html", "png and archive.zip", "two eyes.mpo", "print colours.jpg"}
NEVER_A_PICTURE = {"drawing.svg", "drawing.png", "figure.eps", "picture.tiff", "of 50,000 x 50,000.png", "paper.pdf"}


@cache
def made(name):
    """The content of a file of the corpus, made once."""
    return CORPUS[name]()


def upload(name):
    file = SimpleUploadedFile("x", made(name), "image/png")
    file._name = name  # as a program sends it: Django's own tidies what a browser may send
    return file


@pytest.fixture
def browser(admin_user, profile):
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    return client


def answers(browser, path, fields, tried):
    """What a form says to each file that is tried, in all of its fields at once: {(file, field): its sentences}."""
    page, found = open_page(browser, path), {}
    if "links-0-file" in fields:
        page.add_row("links", kind="slides")
    for name in tried:
        response = browser.post(page.url, page.fields | {field: upload(name) for field in fields} | {"_save": "Save"})
        assert (name, response.status_code) in ((name, 200), (name, 302))
        told = sentences(response) if response.status_code == 200 else {}
        found |= {(name, field): told.get(field, []) for field in fields}
    return found


def sentences(response):
    """{field: its sentences} of a refused form and its rows; reading them off the page takes as long as all else."""
    rows = [form for admin in response.context["inline_admin_formsets"] for form in admin.formset.forms]
    forms = [response.context["adminform"].form, *rows]
    return {form.add_prefix(name): list(errors) for form in forms for name, errors in form.errors.items()}


def carrying(folder, extensions):
    """The stored files of these kinds that hold what was hidden in a file of the corpus."""
    files = [path for path in Path(folder).rglob("*") if path.suffix in extensions]
    assert files
    return [path.name for path in files if MARK in path.read_bytes() or b"Exif" in path.read_bytes()]


def test_every_field_that_takes_a_file_is_tried():
    models = apps.get_app_config("research").get_models()
    fields = [field for model in models for field in model._meta.get_fields() if isinstance(field, StoredFileField)]
    assert sorted(f"{field.model._meta.model_name}.{field.name}" for field in fields) == sorted(FIELDS)
    assert len(CORPUS) > 80


@pytest.mark.parametrize("path", FORMS)
def test_every_file_is_refused_with_a_sentence_or_stored_without_harm(path, browser, settings):
    pictures, documents = FORMS[path]
    # The project's form has the publication's field of pictures: it is tried with what could be stored with harm.
    tried = CORPUS if documents else POLYGLOTS | UNUSUAL | FOREIGN
    found = answers(browser, path, [*pictures, *documents], tried)
    odd = {key: told for key, told in found.items() if told and not (len(told) == 1 and told[0].endswith((".", "?")))}
    assert odd == {}
    stored = {field: {name for name in tried if not found[name, field]} for field in [*pictures, *documents]}
    for field in pictures:
        assert stored[field] >= TAKEN
        assert not NEVER_A_PICTURE & stored[field]
    for field in documents:
        assert {"paper.pdf", "paper and page.pdf"} <= stored[field]
        assert {Path(name).suffix.lower() for name in stored[field]} <= ACCEPTED_DOCUMENTS
        assert not {"page.pdf", "page and paper.pdf", "jpeg and paper.pdf"} & stored[field]
    assert carrying(settings.MEDIA_ROOT, PICTURES) == []
    kept = {path.suffix for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    assert kept <= set(TYPES)


def test_every_picture_dropped_on_a_text_is_refused_with_a_sentence_or_stored_without_harm(browser, settings):
    odd, stored = {}, []
    for name in CORPUS:
        response = browser.post("/admin/markdown/upload/", {"image": upload(name)})
        answer = json.loads(response.content)
        if response.status_code == 200 and list(answer) == ["image_code"]:
            stored.append(name)
        elif response.status_code != 400 or not answer["error"].endswith("."):
            odd[name] = (response.status_code, answer)
    assert odd == {}
    assert "turned and located.jpg" in stored
    assert carrying(settings.MEDIA_ROOT, PICTURES) == []
