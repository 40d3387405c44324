"""Stored files over HTTP, by RFC 9110: whole, in part, and not again to those who have them already."""

import os

import pytest
from django.core.files.storage import default_storage
from django.utils.http import http_date

from research.models import Publication
from research.views import files

from .machine import body

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 4
SIZE = len(CONTENT)
PAPER, SLIDES = "/publications/owls/owls.pdf", "/media/files/owls/slides.pptx"
everywhere = pytest.mark.parametrize("path", [PAPER, SLIDES])


@pytest.fixture(autouse=True)
def stored(make_record):
    publication = make_record()
    for name in (publication.pdf.name, "files/owls/slides.pptx"):
        with default_storage.open(name, "wb") as file:
            file.write(CONTENT)
    return publication


def get(client, path, **headers):
    """The (status, body) of an answer to GET, whose length must be what it says; `If_Range` names If-Range."""
    response = client.get(path, headers=headers)
    content = body(response)
    assert int(response["Content-Length"]) == len(content)
    return response, content


@everywhere
def test_a_file_comes_whole_with_what_is_needed_to_ask_for_a_part(client, path):
    response, content = get(client, path)
    assert (response.status_code, content == CONTENT) == (200, True)
    assert response["Accept-Ranges"] == "bytes"
    assert (response["ETag"][0], len(response["ETag"])) == ('"', 34)
    assert "Content-Range" not in response


@everywhere
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-199", 100, 199),
        ("bytes=1000-", 1000, SIZE - 1),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        ("bytes=-100", SIZE - 100, SIZE - 1),
        ("bytes=-9999", 0, SIZE - 1),
        ("bytes=0-", 0, SIZE - 1),
        (f"bytes=0-{SIZE - 1}", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-{SIZE - 1}", SIZE - 1, SIZE - 1),
        ("bytes=1000-" + "9" * 60, 1000, SIZE - 1),
        ("bytes=-" + "9" * 60, 0, SIZE - 1),
        ("BYTES=5-6", 5, 6),
        (" bytes=005-0006 ", 5, 6),
    ],
)
def test_a_part_comes_alone(client, path, asked, first, last):
    response, content = get(client, path, Range=asked)
    assert (response.status_code, content) == (206, CONTENT[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    whole = client.get(path)
    assert body(whole)
    for header in ("Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Link", "Accept-Ranges"):
        assert response[header] == whole[header]


@everywhere
@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 9}", "bytes=-0", "bytes=" + "9" * 60 + "-"])
def test_a_part_that_is_not_there_is_refused_with_the_size(client, path, asked):
    response, content = get(client, path, Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert content == b"This file has 1024 bytes: there is nothing in the part that you ask for.\n"


@everywhere
@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=--5",
        "bytes=-5-",
        "bytes=5-2",
        "bytes=+0-5",
        "bytes=0x0-5",
        "bytes=0_0-5",
        "bytes=0.5-7",
        "bytes=٠-٥",
        "bytes 0-5",
        "lines=0-5",
        "bytes=0-" + "9" * 100,
        "bytes=" + "9" * 5_000 + "-",
        "bytes=0-5,10-15",
        "bytes=0-,0-,0-",
        "bytes=" + ",".join(["0-"] * 5_000),
        "bytes=" + ",".join(f"{place}-{place}" for place in range(1_000)),
    ],
)
def test_what_cannot_be_read_and_several_parts_bring_the_whole_once(client, path, asked):
    response, content = get(client, path, Range=asked)
    assert (response.status_code, content == CONTENT) == (200, True)


@everywhere
def test_who_has_the_file_is_told_so(client, path):
    whole = client.get(path)
    assert body(whole)
    headers = [
        {"If-None-Match": whole["ETag"]},
        {"If-None-Match": f'"other", W/{whole["ETag"]}'},
        {"If-None-Match": "*"},
        {"If-None-Match": whole["ETag"], "If-Modified-Since": http_date(0)},
        {"If-None-Match": whole["ETag"], "Range": "bytes=0-5"},
        {"If-None-Match": whole["ETag"], "Range": f"bytes={SIZE}-"},
        {"If-Modified-Since": whole["Last-Modified"]},
    ]
    for each in headers:
        for method in (client.get, client.head):
            response = method(path, headers=each)
            assert (response.status_code, response.content, response["ETag"]) == (304, b"", whole["ETag"])
    for each in ({"If-None-Match": '"other"'}, {"If-Modified-Since": http_date(0)}):
        assert get(client, path, **each)[0].status_code == 200
    assert client.get(path, headers={"If-Match": '"other"'}).status_code == 412


@everywhere
def test_a_part_comes_only_of_the_file_that_is_there_already(client, path):
    whole = client.get(path)
    assert body(whole)
    for validator, status in {
        whole["ETag"]: 206,
        f"W/{whole['ETag']}": 200,  # a weak one does not say that the bytes are the same
        '"other"': 200,
        whole["Last-Modified"]: 200,
        "nonsense": 200,
    }.items():
        response, content = get(client, path, **{"Range": "bytes=7-8", "If-Range": validator})
        assert (response.status_code, content) == (status, CONTENT[7:9] if status == 206 else CONTENT)


@everywhere
def test_head_is_answered_as_if_for_the_whole(client, path):
    whole = client.get(path)
    assert body(whole)
    for asked in ("", "bytes=0-5", f"bytes={SIZE}-"):
        response = client.head(path, headers={"Range": asked})
        assert (response.status_code, body(response)) == (200, b"")
        assert dict(response.headers) == dict(whole.headers)


def test_the_date_of_a_file_is_when_it_was_stored(client):
    os.utime(default_storage.path("files/owls/slides.pptx"), (1_700_000_000, 1_700_000_000))
    assert client.head(SLIDES)["Last-Modified"] == http_date(1_700_000_000)


def test_the_date_of_a_paper_is_when_its_record_was_saved(client, stored):
    """Its address may get a file that was stored long ago."""
    os.utime(stored.pdf.path, (0, 0))
    stored.refresh_from_db()
    assert client.head(PAPER)["Last-Modified"] == http_date(stored.updated.timestamp())


def test_another_paper_has_another_etag(client, stored):
    before = client.head(PAPER)["ETag"]
    Publication.objects.update(pdf="files/owls/slides.pptx")
    after = client.head(PAPER)["ETag"]
    assert (before != after, client.head(PAPER)["ETag"] == after) == (True, True)


def test_nothing_tells_where_a_paper_is_stored(client):
    """Who knows that address could read the paper while its record is a draft again."""
    response = client.get(PAPER)
    assert body(response)
    assert [header for header in response.headers.values() if "/media/" in header or "final" in header] == []


def test_a_large_file_is_never_in_memory_as_a_whole(client, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 100)
    for headers in ({}, {"Range": "bytes=5-"}):
        pieces = [len(piece) for piece in client.get(SLIDES, headers=headers).streaming_content]
        assert (max(pieces), sum(pieces)) == (100, SIZE - 5 * bool(headers))
