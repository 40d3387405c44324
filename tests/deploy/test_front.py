"""deploy/Caddyfile: what Caddy takes from the disk is sent as the application sends it."""

import http.client
import re
import socket

import pytest

from tests.running.test_acknowledged import picture

from .conftest import PATIENCE

# Which server it is, how it would be asked for again, and what each answer has of its own.
APART = {"server", "date", "etag", "last-modified", "vary", "content-length", "transfer-encoding", "connection"}


class AtSocket(http.client.HTTPConnection):
    """A connection to the release that runs, without Caddy."""

    def __init__(self, path):
        super().__init__("127.0.0.1", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


def ask(connection, server, path):
    """(status, headers, body) of an answer."""
    connection.request("GET", path, headers={"Host": f"127.0.0.1:{server.port}"})
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    body = response.read()
    connection.close()
    return response.status, {name: value for name, value in headers.items() if name not in APART}, body


@pytest.fixture
def asked(server):
    """Ask Caddy and the application for the same; returns both answers."""
    through = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    behind = AtSocket(server.root / "opt/portfolio/current/run/web.sock")
    return lambda path: (ask(through, server, path), ask(behind, server, path))


def from_disk(answer):
    """Without the headers that say how a file may be asked for, which Caddy always sends."""
    status, headers, body = answer
    types = {"text/javascript; charset=utf-8": 'text/javascript; charset="utf-8"'}
    kind = types.get(headers["content-type"], headers["content-type"])
    return status, headers | {"accept-ranges": "bytes", "content-type": kind}, body


def test_what_comes_from_the_disk_is_as_the_application_would_send_it(server, asked):
    session = server.site.log_in()
    assert server.site.add_publication(session, "Owls", picture(1))[0] == 302
    page = server.site.get("/publications/owls/")[1]
    shown = set(re.findall(r'"(/(?:media|static)/[^" ]+\.(?:webp|avif|png|js|woff2|svg))"', page))
    assert {path.split("/")[1] for path in shown} == {"media", "static"}
    for path in sorted(shown):
        front, application = asked(path)
        assert (path, from_disk(front)) == (path, from_disk(application))
        assert front[0] == 200
    # What is not on the disk is the application's to answer.
    for path in ("/static/nowhere.js", "/media/nowhere.png", "/media/../db.sqlite3", "/static/../../manage.py"):
        assert (path, asked(path)[0][0]) == (path, 404)
