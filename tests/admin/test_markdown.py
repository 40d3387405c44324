"""The two addresses of the Markdown editor."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from research import images, markup

KINDS = "pictures here are JPEG, PNG, WebP, GIF and AVIF"
PREVIEW = "/admin/markdown/preview/"
UPLOAD = "/admin/markdown/upload/"
WRITERS = ["change_profile", "change_publication", "change_project"]


@pytest.fixture
def small(picture):
    return lambda **options: picture(size=(60, 40), **options)


@pytest.mark.parametrize(
    "text",
    [
        "I study **owls**, $x^2$ and https://example.org.",
        "# Heading\n\n- one\n- two[^1]\n\n[^1]: Note",
        "<script>alert(1)</script><b onclick=x>bold</b> [x](javascript:alert(1))",
        "",
        "a\0b",
        "😀",
    ],
)
def test_the_preview_is_what_visitors_will_see(text, owner_client):
    response = owner_client.post(PREVIEW, {"content": text})
    assert response.status_code == 200
    assert response.content.decode() == markup.render(text)
    assert response["Cache-Control"] == "private, no-store"
    assert "<script" not in response.content.decode()


def test_a_preview_of_nothing_is_empty(owner_client):
    response = owner_client.post(PREVIEW)
    assert (response.status_code, response.content) == (200, b"")


def test_an_uploaded_picture_is_checked_stored_and_shown(owner_client, small, media_files):
    response = owner_client.post(UPLOAD, {"image": small()})
    name = images.accept(small()).name
    assert response.json() == {"image_code": f"![](/media/{name})"}
    assert response["Cache-Control"] == "private, no-store"
    assert media_files() == set(images.Picture.parse(name).names)
    assert f'src="/media/{name.rpartition("/")[0]}/' in markup.render(response.json()["image_code"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"<html><script>alert(1)</script>",
            f"This file is a web page; {KINDS}. Save the picture itself from that page and upload that.",
        ),
        (b"<svg/>", f"This file is an SVG drawing; {KINDS}. Export it as PNG and upload that."),
        (b"", "This file is empty. Choose the picture again and upload it."),
        (None, "No picture arrived. Drop it on the text again."),
        ("a text", "No picture arrived. Drop it on the text again."),
    ],
)
def test_what_is_no_picture_is_refused(content, sentence, owner_client, media_files):
    file = SimpleUploadedFile("a.png", content, "image/png") if isinstance(content, bytes) else content
    response = owner_client.post(UPLOAD, {} if file is None else {"image": file})
    assert (response.status_code, response.json()) == (400, {"error": sentence})
    assert media_files() == set()


def test_a_full_disk_gets_a_sentence(owner_client, small, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", fail)
    response = owner_client.post(UPLOAD, {"image": small()})
    assert (response.status_code, response.json()) == (
        503,
        {
            "error": "The picture could not be stored: the server's disk is full or not writable. "
            "Your text is still here."
        },
    )


@pytest.mark.parametrize("url", [PREVIEW, UPLOAD])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_posting_is_allowed(url, method, owner_client):
    response = getattr(owner_client, method)(url)
    assert (response.status_code, response["Allow"]) == (405, "POST")


def refused(client, media_files, small):
    """That nobody is shown or may store anything."""
    preview = client.post(PREVIEW, {"content": "**secret**"})
    upload = client.post(UPLOAD, {"image": small()})
    assert [(response.status_code, response.json()) for response in (preview, upload)] == [
        (403, {"error": "Log in to write."})
    ] * 2
    assert media_files() == set()
    return True


def test_a_visitor_is_refused(client, db, media_files, small):
    assert refused(client, media_files, small)


def test_staff_that_may_not_write_is_refused(staff_client, media_files, small):
    assert refused(staff_client("view_profile", "view_publication", "change_person"), media_files, small)


def test_who_may_write_but_is_no_staff_is_refused(staff_client, media_files, small, django_user_model):
    client = staff_client(*WRITERS)
    django_user_model.objects.update(is_staff=False)
    assert refused(client, media_files, small)


def test_a_user_who_was_shut_out_is_refused(staff_client, media_files, small, django_user_model):
    client = staff_client(*WRITERS)
    django_user_model.objects.update(is_active=False)
    assert refused(client, media_files, small)


@pytest.mark.parametrize("permission", [*WRITERS, "add_publication", "add_project"])
def test_staff_that_may_write_one_of_the_texts_is_served(permission, staff_client, small, media_files):
    client = staff_client(permission)
    assert client.post(PREVIEW, {"content": "**owls**"}).content.decode() == markup.render("**owls**")
    assert client.post(UPLOAD, {"image": small()}).status_code == 200
    assert media_files() != set()


def test_a_post_from_another_site_is_refused(admin_user, small, media_files):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert client.post(PREVIEW, {"content": "x"}).status_code == 403
    assert client.post(UPLOAD, {"image": small()}).status_code == 403
    assert media_files() == set()


def test_every_editor_of_the_forms_leads_here(owner_client, profile):
    text = owner_client.get("/admin/research/profile/1/change/").content.decode()
    assert text.count("data-markdownx-editor-resizable") == 3
    assert text.count(f'data-markdownx-urls-path="{PREVIEW}"') == 3
    assert text.count(f'data-markdownx-upload-urls-path="{UPLOAD}"') == 3


@pytest.mark.parametrize("url", ["/markdownx/markdownify/", "/markdownx/upload/"])
def test_the_addresses_that_the_editor_came_with_do_not_exist(url, owner_client):
    assert owner_client.post(url, {"content": "x"}).status_code == 404
