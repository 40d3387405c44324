"""Visitors who are slow on purpose, before the real server by itself: others are answered meanwhile."""

import shutil
import socket
import subprocess
from contextlib import ExitStack, contextmanager
from pathlib import Path

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
    write_large_file(site)
    return start_server()


def write_large_file(site):
    (site / "media/files/x").mkdir(parents=True, exist_ok=True)
    (site / "media/files/x/large.pdf").write_bytes(b"%PDF-" + bytes(20_000_000))


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


CONNECTIONS, PAGES = 300, 60
# How slowhttptest is slow, and how many of its connections must then be held: the others find their lane full.
ATTACKS = {
    "headers": (["-H"], "/", 200),
    "bodies": (["-B", "-j", f"csrftoken={'a' * 32}"], "/admin/login/", STRANGERS),
    "downloads": (["-X"], "/media/files/x/large.pdf", FILES),
}


@contextmanager
def attack(door, options, path):
    """slowhttptest, which opens its connections within a second."""
    if shutil.which("slowhttptest") is None:
        pytest.fail("slowhttptest is not installed, so that this cannot be tested: tests/install_programs.sh")
    command = ["slowhttptest", *options, "-c", str(CONNECTIONS), "-r", str(CONNECTIONS), "-i", "1", "-l", "60"]
    process = subprocess.Popen([*command, "-u", f"http://127.0.0.1:{door.port}{path}"], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def held(door):
    """How many connections a server has that neither side has ended (proc(5), net/tcp: its own port, the state 1)."""
    tables = [Path("/proc/net", name).read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table]
    return sum(row[1].endswith(f":{door.port:04X}") and row[3] == "01" for row in rows)


@pytest.mark.parametrize("name", ["application", "Caddy"])
@pytest.mark.parametrize("slow", ATTACKS)
def test_others_are_answered_while_slowhttptest_opens_hundreds_of_connections(doors, name, slow):
    door = doors[name]
    write_large_file(door.site)
    options, path, least = ATTACKS[slow]
    answered = 0
    for _ in range(10):  # it ends when all its connections were cut off, on a busy machine too soon
        with attack(door, options, path) as attacker:
            while answered < PAGES and attacker.poll() is None:
                if held(door) >= least:
                    pages = ("/", "/admin/login/", f"/publications/?q={slow}{name}{answered}")
                    assert [door.get(path)[0] for path in pages] == [200] * 3
                    answered += len(pages)
        if answered == PAGES:
            break
    assert answered == PAGES
