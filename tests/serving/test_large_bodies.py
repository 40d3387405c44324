"""Bodies of 100 MB, and without an end, really sent to the real server by itself and through Caddy."""

import http.client
import json
import re
from contextlib import closing, suppress
from itertools import chain, repeat
from pathlib import Path
from select import select
from socket import MSG_PEEK
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from lxml import html

from bench.servers import processes
from portfolio import lanes
from tests.running.server import TOKEN, publication_fields

from .conftest import GO_ON, PATIENCE

SIZE, PIECE = 100_000_000, 100_000  # bytes
NO_END = 10_000  # pieces; who could send a gigabyte could send anything
MOST_MEMORY = 300  # MB, of the application and of Caddy together
ADD, IMPORT = "/admin/research/publication/add/", "/admin/research/publication/add-from/"
DROP = "/admin/markdown/upload/"  # where a picture goes that is dropped on a text
TRIED_BY_STRANGERS = ("/", "/admin/login/", ADD, DROP)
PICTURE_TOO_LARGE = "This file is 101 MB; a picture may have at most 20 MB. Save it smaller and upload it again."
KINDS = ("urlencoded", "file", "text")  # the last two as parts of a form with files
TEXT_TOO_LONG = (
    "The texts of a form may have 2.6 MB together. Go back with your browser's button: what you typed should still be "
    "there. Shorten it, and save again."
)


@pytest.fixture(params=["application", "Caddy"])
def door(request, doors):
    """The one or the other; what was sent to it has cost little memory, and has left nothing."""
    yield doors[request.param]
    memory = most_memory(doors.values())
    print(f"{memory:.0f} MB at most, of the application and Caddy")
    assert memory < MOST_MEMORY
    for _ in range(1_000):  # an upload goes when its request is closed, shortly after it was answered
        left = [file for folder in ("tmp", "media") for file in (doors["application"].site / folder).rglob("*")]
        if not left:
            break
        assert doors["application"].get()[0] == 200
    assert left == []


def most_memory(servers):
    """The most that each process has had so far, in MB (10**6 bytes) altogether (proc(5), status: VmHWM)."""
    pids = [pid for server in servers for pid in processes(server.process)]
    peaks = [re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
    return sum(int(peak[1]) for peak in peaks) * 1024 / 1e6


def form(kind, field, fields):
    """(Content-Type, what comes before the value of a field, what comes after it)"""
    place = "PLACE"
    if kind == "urlencoded":
        content_type, body = "application/x-www-form-urlencoded", urlencode(fields | {field: place}).encode()
    else:
        value = SimpleUploadedFile("large.pdf", b"%PDF-1.7 PLACE") if kind == "file" else place
        content_type, body = MULTIPART_CONTENT, encode_multipart(BOUNDARY, fields | {field: value})
    return content_type, *body.split(place.encode())


def send(door, path, kind, field="title", fields=None, length=SIZE, session="", meanwhile=lambda: None):
    """
    Send a form with a field of 100 MB, as browsers do: until it is answered. Another visitor reads meanwhile.

    `length` (bytes) is what it says of the field; None for a body in chunks. Returns (status, text).
    """
    with closing(http.client.HTTPConnection("127.0.0.1", door.port, timeout=PATIENCE)) as connection:

        def large():
            for number in range(SIZE // PIECE):
                if number % 250 == 0:
                    assert door.get()[0] == 200
                    meanwhile()
                if is_answered(connection.sock):
                    return
                yield bytes(PIECE)

        with suppress(BrokenPipeError, ConnectionResetError):
            request(connection, path, form(kind, field, fields or {}), large(), length, session)
        response = connection.getresponse()
        return response.status, response.read().decode()


def request(connection, path, form, large, length, session):
    content_type, begin, end = form
    cookies = f"csrftoken={TOKEN}" + (f"; sessionid={session}" if session else "")
    headers = {"Content-Type": content_type, "Cookie": cookies, "X-CSRFToken": TOKEN}
    headers |= {"Content-Length": len(begin + end) + length} if length else {"Transfer-Encoding": "chunked"}
    connection.request("POST", path, chain([begin], large, [end]), headers, encode_chunked=not length)


def is_answered(sock):
    return bool(select([sock], [], [], 0)[0]) and sock.recv(100, MSG_PEEK) != GO_ON


@pytest.mark.parametrize("path", TRIED_BY_STRANGERS)
def test_what_a_stranger_sends_too_much_of_is_refused_with_a_sentence(door, path):
    for kind in KINDS:
        assert send(door, path, kind) == (413, f"{lanes.TOO_LARGE_OF_A_STRANGER[1]}\n")
        assert send(door, path, kind, length=None) == (411, f"{lanes.NO_LENGTH[1]}\n")


@pytest.mark.parametrize(("length", "status"), [(200_000_001, 413), (10**18, 413), (None, 411)])
def test_a_body_without_an_end_is_cut_off_though_its_sender_heeds_no_answer(session, door, length, status):
    for key in ("", session):
        with closing(http.client.HTTPConnection("127.0.0.1", door.port, timeout=PATIENCE)) as connection:
            with pytest.raises((BrokenPipeError, ConnectionResetError)):
                request(connection, ADD, form("file", "pdf", {}), repeat(bytes(PIECE), NO_END), length, key)
            assert connection.getresponse().status == status
        assert door.get()[0] == 200


@pytest.mark.parametrize(
    ("path", "kind", "field", "status", "sentence"),
    [
        (ADD, "file", "pdf", 200, "This file has 100 MB; at most 50 MB can be uploaded."),
        (ADD, "file", "thumbnail", 200, PICTURE_TOO_LARGE),
        (ADD, "text", "abstract", 413, TEXT_TOO_LONG),
        (ADD, "urlencoded", "abstract", 413, TEXT_TOO_LONG),
        (IMPORT, "file", "file", 200, "“large.pdf” has 100 MB: too much to be read. Divide it into several files."),
        (IMPORT, "text", "text", 413, TEXT_TOO_LONG),
        (DROP, "file", "image", 400, PICTURE_TOO_LARGE),
        ("/", "file", "pdf", 405, "This address answers GET, HEAD alone."),
    ],
)
def test_the_owner_is_told_what_is_too_much_and_what_to_do(session, door, path, kind, field, status, sentence):
    typed = publication_fields("Typed") if path == ADD else {}
    seen = []
    as_owner = {"session": session, "meanwhile": lambda: seen.extend((door.site / "tmp").iterdir())}
    answered, text = send(door, path, kind, field, typed, **as_owner)
    assert (answered, said(text)) == (status, sentence)
    assert ('value="Typed"' in text) == (path == ADD and status == 200)
    assert bool(seen) == (kind == "file")  # there was something to leave behind
    assert send(door, path, kind, field, typed, None, **as_owner) == (411, f"{lanes.NO_LENGTH[1]}\n")


def said(text):
    """The one sentence that an answer says."""
    if text.startswith("{"):
        return json.loads(text)["error"]
    if not text.startswith("<"):
        return text.strip()
    page = html.fromstring(text)
    [sentence] = page.xpath("//ul[contains(@class, 'errorlist')]/li/text()") or page.xpath(
        "(//p[@class='errornote'] | //main//p)[1]/text()"
    )
    return sentence
