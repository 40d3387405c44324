"""A change that another process commits is on the next page of every process, and each page is rendered once."""

import gzip
import http.client
import socket
from concurrent.futures import ThreadPoolExecutor

from .conftest import PATIENCE


def test_the_next_request_of_every_process_sees_a_change(start_server, rename):
    servers = [start_server(), start_server()]
    assert [server.name() for server in servers * 2] == ["Old Name"] * 4
    for name in ("New Name", "Newer Name"):
        rename(name)
        assert [server.name() for server in servers * 2] == [name] * 4
    assert servers[0].rendered().count("/") == 6


def test_a_page_of_the_old_state_never_gets_into_the_new_generation(server, rename, barrier):
    with ThreadPoolExecutor() as threads, barrier() as held:
        slow = threads.submit(server.name)
        go_on = held()  # the page is rendered, from the old state
        rename("New Name")
        assert server.name() == "New Name"
        go_on()
        assert slow.result(PATIENCE) == "Old Name"
    assert [server.name(), server.name()] == ["New Name", "New Name"]
    assert server.rendered().count("/") == 2


def test_a_failed_transaction_leaves_the_pages_as_they_are(server, run):
    server.name()
    run(
        "from django.db import transaction\n"
        "try:\n"
        "    with transaction.atomic():\n"
        "        Profile.objects.update(name='Nobody')\n"
        "        raise ZeroDivisionError\n"
        "except ZeroDivisionError:\n"
        "    pass"
    )
    assert server.name() == "Old Name"
    assert server.rendered().count("/") == 1


def test_two_hundred_visitors_of_a_cold_page_cause_one_rendering(server, barrier):
    """All have asked before the first rendering ends, so none of them can have found the page."""
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with barrier() as held:
        visitors = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(200)]
        for visitor in visitors:
            visitor.sendall(request)
        held()()
    answers = []
    for visitor in visitors:
        with visitor:
            response = http.client.HTTPResponse(visitor)
            response.begin()
            answers.append((response.status, response.read()))
            response.close()
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert server.rendered().count("/") == 1


def test_a_page_comes_compressed_validated_and_as_a_head(server):
    status, headers, _ = server.get("/", **{"Accept-Encoding": "identity"})
    assert (status, headers["cache-control"]) == (200, "public, max-age=0, must-revalidate")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
    packed = connection.getresponse()
    assert len(gzip.decompress(packed.read())) == int(headers["content-length"])
    connection.request("GET", "/", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    known = connection.getresponse()
    assert (known.status, known.read(), known.headers["ETag"]) == (304, b"", packed.headers["ETag"])
    connection.request("HEAD", "/", headers={"Accept-Encoding": "gzip"})
    head = connection.getresponse()
    assert (head.status, head.read(), head.headers["Content-Length"]) == (200, b"", packed.headers["Content-Length"])
    connection.close()
    assert server.rendered().count("/") == 1


def test_a_record_is_negotiated_from_memory(server):
    for _ in range(2):
        assert server.get("/publications/owls/")[1]["content-type"] == "text/html; charset=utf-8"
        assert server.get("/publications/owls/", Accept="application/x-bibtex")[2].startswith("@")
    assert server.rendered().count("/publications/owls/") == 2


def test_what_becomes_a_draft_is_gone_at_once(server, run):
    assert server.get("/publications/owls/")[0] == 200
    run("Publication.objects.update(status='draft')")
    assert server.get("/publications/owls/")[0] == 404
