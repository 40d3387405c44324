"""Visitors who are slow on purpose, before the real server by itself: others are answered meanwhile."""

import socket
from contextlib import ExitStack

import pytest

from portfolio.lanes import FILES, STRANGERS

from .conftest import PATIENCE

HEAD = "{} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SILENT = HEAD.format("GET /") + "X-Slow: "
POST = HEAD.format("POST /admin/login/")
# With this cookie Django reads the body, to look for the other half of the token.
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\na="
BODY = POST + f"Cookie: csrftoken={'a' * 32}\r\n" + FORM
DOWNLOAD = HEAD.format("GET /media/files/x/large.pdf") + "\r\n"


@pytest.fixture
def server(site, start_server):
    (site / "media/files/x").mkdir(parents=True)
    (site / "media/files/x/large.pdf").write_bytes(b"%PDF-" + bytes(20_000_000))
    return start_server()


def hold(server, stack, text, count):
    """So many connections that have sent a text, and send and take no more."""
    held = []
    for _ in range(count):
        one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE))
        one.sendall(text.encode())
        held.append(one)
    return held


@pytest.mark.parametrize(("text", "count"), [("", 100), (SILENT, 100), (BODY, 40), (DOWNLOAD, 40)])
def test_others_are_answered_while_some_are_slow(server, text, count):
    with ExitStack() as stack:
        held = hold(server, stack, text, count)
        if text in (BODY, DOWNLOAD):  # wait until each is in its lane, or has been refused
            lane = STRANGERS if text is BODY else FILES
            refused = 0
            while refused < count - lane:
                refused = sum(is_refused(one) for one in held)
        assert [server.get(path)[0] for path in ("/", "/admin/login/", "/publications/?q=owls")] == [200] * 3
        if text is not BODY:
            assert server.get("/media/files/x/none.pdf")[0] == 404
    assert server.get("/media/files/x/large.pdf", Range="bytes=0-4")[2] == "%PDF-"


def is_refused(connection):
    connection.setblocking(False)
    try:
        return b" 503 " in connection.recv(20, socket.MSG_PEEK)
    except BlockingIOError:
        return False
