"""What names a download: nothing in it begins a new header, and a file never runs in the site's name."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from research import draft_links, media
from research.citations.formats import FORMATS
from research.models import Publication

from . import texts

pytestmark = pytest.mark.django_db

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
NAMES = [
    'owls"; filename="evil.html',
    "owls\r\nSet-Cookie: a=b",
    "owls\nx",
    "owls;x",
    "../owls",
    "..\\owls",
    "owls/owls",
    "owls\0",
    "öwls",
    "\u202eslwo",
    "owls'%22",
    "owls x",
]


def body(response):
    """All of a file. A response that is closed before its end would close the transaction of the test with it."""
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("name", NAMES)
def test_no_address_or_key_of_a_record_can_leave_its_place_in_a_header(name, make_publication):
    publication = make_publication(slug="owls", citation_key="owls")
    for field in ("slug", "citation_key"):
        if field == "citation_key" and name in ("owls/owls", "../owls"):
            continue  # a key names no file
        with pytest.raises(ValidationError):
            Publication._meta.get_field(field).clean(name, publication)


def test_a_citation_is_named_by_the_slug_whatever_its_key(client, make_publication):
    make_publication(slug="owls", citation_key="../x:y+z")
    for module in FORMATS:
        response = client.get(f"/publications/owls/owls.{module.EXTENSION}")
        assert response["Content-Disposition"] == f'inline; filename="owls.{module.EXTENSION}"'


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_file_is_sent_under_a_tame_name(name, client):
    file = ContentFile(b"%PDF-1.7", name="x")
    file._name = file.name = f"{name}.pdf"
    stored = media.store_document(file)
    response = client.get(f"/media/{stored}")
    assert response.status_code == 200
    shown = response["Content-Disposition"].removeprefix('inline; filename="').removesuffix('"')
    assert shown == stored.rpartition("/")[2]
    assert shown.isascii() and not set(shown) & set('"\r\n;/\\ ')
    assert "Set-Cookie" not in response.headers
    assert body(response) == b"%PDF-1.7"


def test_nothing_of_a_payload_in_a_name_comes_into_a_header(client):
    stored = [media.store_document(SimpleUploadedFile(name, b"%PDF-1.7")) for name in texts.file_names(".pdf")]
    assert [name for name in stored if not re.fullmatch(r"files/[0-9a-f]{32}/[\w.-]+\.pdf", name, re.ASCII)] == []
    for name in stored:
        response = client.head(f"/media/{name}")
        assert response["Content-Disposition"] == f'inline; filename="{name.rpartition("/")[2]}"'
    assert len({name for name in stored if texts.MARK in name}) > 250  # which shows that the names have arrived


@pytest.fixture
def paper(make_publication):
    default_storage.save("files/x/paper.pdf", ContentFile(b"%PDF-1.7"))
    return make_publication(slug="owls", pdf="files/x/paper.pdf")


def test_a_pdf_is_in_its_sandbox_wherever_it_is_sent_from(client, paper, make_publication):
    draft = make_publication(slug="bats", pdf="files/x/paper.pdf", status="draft")
    by_link = draft_links.path(draft, timezone.now() + timedelta(days=1))
    addresses = ["/media/files/x/paper.pdf", "/publications/owls/owls.pdf", f"{by_link}paper.pdf"]
    for address in addresses:
        response = client.get(address)
        assert (address, response.status_code, response["Content-Type"]) == (address, 200, "application/pdf")
        assert (response["Content-Security-Policy"], response["X-Content-Type-Options"]) == (SANDBOX, "nosniff")
        assert body(response) == b"%PDF-1.7"


@pytest.mark.parametrize("extension", media.TYPES)
def test_every_kind_of_upload_is_sent_with_its_own_type_in_a_sandbox(extension, client):
    default_storage.save(f"files/x/evil{extension}", ContentFile(b"<script>alert(1)</script>"))
    response = client.get(f"/media/files/x/evil{extension}")
    assert response["Content-Type"] == media.TYPES[extension]
    assert (response["Content-Security-Policy"], response["X-Content-Type-Options"]) == (SANDBOX, "nosniff")
    is_shown = extension in (".jpg", ".png", ".webp", ".avif", ".pdf")
    assert response["Content-Disposition"].partition(";")[0] == ("inline" if is_shown else "attachment")
    assert body(response) == b"<script>alert(1)</script>"


@pytest.mark.parametrize("editors", ["12", "et al", ",", "Jane Doe\n12", "-,-\n\n*"])
def test_editors_that_are_no_names_break_no_page_and_no_format(editors, client, make_publication):
    make_publication(slug="owls", type="book", editors=editors)
    paths = ["/", "/publications/", "/publications/owls/", "/publications.bib", "/publications.ris"]
    paths += [f"/publications/owls/owls.{module.EXTENSION}" for module in FORMATS]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    assert editors.splitlines()[0] in client.get("/publications/owls/owls.json").content.decode()
