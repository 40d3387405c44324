"""Uploaded files, as they are served."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

pytestmark = pytest.mark.django_db


def body(response):
    return b"".join(response.streaming_content)


def test_a_picture_is_served_for_good_under_its_name(client, stored_picture):
    name = stored_picture()
    response = client.get(f"/media/{name}")
    assert response.status_code == 200
    assert body(response).startswith(b"\x89PNG")
    assert {header: response[header] for header in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
        "Content-Type": "image/png",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    again = client.get(f"/media/{name}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["files/x/evil.html", "files/x/evil.svg", "files/x/noext", "db.sqlite3", "secret_key"])
def test_what_is_not_of_a_listed_kind_is_not_served_even_if_it_lies_there(client, name):
    default_storage.save(name, ContentFile(b"<script>"))
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    "name", ["../secret_key.txt", "images/../../secret.txt", "%2e%2e/secret.txt", "/etc/passwd.txt", "a\x00.png"]
)
def test_nothing_outside_of_the_media_folder_is_served(client, settings, name):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT.parent / "secret.txt").write_text("secret")
    (settings.MEDIA_ROOT.parent / "secret_key.txt").write_text("secret")
    assert client.get(f"/media/{name}").status_code in (400, 404)


def test_documents_other_than_pdfs_are_downloaded(client):
    default_storage.save("files/x/slides.pptx", ContentFile(b"PK"))
    default_storage.save("files/x/paper.pdf", ContentFile(b"%PDF-"))
    slides, paper = client.get("/media/files/x/slides.pptx"), client.get("/media/files/x/paper.pdf")
    assert slides["Content-Disposition"] == 'attachment; filename="slides.pptx"'
    assert paper["Content-Disposition"] == 'inline; filename="paper.pdf"'
    assert (body(slides), body(paper)) == (b"PK", b"%PDF-")


def test_a_missing_file_is_a_missing_page(client):
    assert client.get("/media/images/none.png").status_code == 404
