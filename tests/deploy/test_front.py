"""deploy/Caddyfile: what Caddy takes from the disk is sent as the application sends it."""

import http.client
import re
import socket

import pytest

from tests.running.server import TOKEN
from tests.running.test_acknowledged import picture

from .conftest import PATIENCE
from .load import Load

# What a browser goes by when it shows or keeps a file; the application's other headers are for pages.
TOLD = ("content-type", "cross-origin-resource-policy", "x-content-type-options", "access-control-allow-origin")
TOLD_OF_UPLOADS = (*TOLD, "cache-control", "content-security-policy")


class AtSocket(http.client.HTTPConnection):
    """A connection to the release that runs, without Caddy."""

    def __init__(self, path):
        super().__init__("127.0.0.1", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


def ask(connection, server, path):
    """(status, headers, body) of an answer; of a type's parameters, quotes may be left out."""
    connection.request("GET", path, headers={"Host": f"127.0.0.1:{server.port}"})
    response = connection.getresponse()
    told = TOLD_OF_UPLOADS if path.startswith("/media/") else TOLD
    headers = {name: (response.getheader(name) or "").replace('"utf-8"', "utf-8") for name in told}
    assert "immutable" in response.getheader("Cache-Control", "") or response.status == 404
    body = response.read()
    connection.close()
    return response.status, headers, body


@pytest.fixture
def asked(server):
    """Ask Caddy and the application for the same; returns both answers."""
    through = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    behind = AtSocket(server.root / "opt/portfolio/current/run/web.sock")
    return lambda path: (ask(through, server, path), ask(behind, server, path))


def test_what_comes_from_the_disk_is_as_the_application_would_send_it(server, asked):
    session = server.site.log_in()
    assert server.site.add_publication(session, "Owls", picture(1))[0] == 302
    page = server.site.get("/publications/owls/")[1]
    shown = set(re.findall(r'"(/(?:media|static)/[^" ]+\.(?:webp|avif|png|js|woff2|svg))"', page))
    assert {path.split("/")[1] for path in shown} == {"media", "static"}
    for path in sorted(shown):
        front, application = asked(path)
        assert (path, front) == (path, application)
        assert front[0] == 200
    # What is not on the disk is the application's to answer.
    for path in ("/static/nowhere.js", "/media/nowhere.png", "/media/../db.sqlite3", "/static/../../manage.py"):
        assert (path, asked(path)[0][0]) == (path, 404)
    # Neither the application nor a static copy is there any more.
    server.systemctl("stop", f"portfolio-site@{server.running()}")
    assert {server.site.get(path)[0] for path in shown if not path.endswith((".png", ".webp", ".avif"))} == {200}
    assert server.site.get("/")[0] == 502


def test_no_reader_is_without_an_answer_when_the_application_is_killed(server):
    server.site.add_publication(server.site.log_in(), "Owls")
    server.manage("export_site", str(server.data / "copy/site"))
    with Load(server.site, lifeboat=True) as load:
        load.go_on_until(lambda: load.answered > 200)
        assert load.from_lifeboat == 0
        server.kill()
        load.go_on_until(lambda: load.from_lifeboat > 200)
    assert load.failures == []
    print(f"{load.answered} reads, {load.from_lifeboat} of them from the static copy, {len(load.failures)} failed.")


def spelled(name, value):
    """Headers of a visitor that the application cannot tell from `name`: WSGI has one sign for "-" and "_"."""
    words = name.split("-")
    return {f"{words[0]}{first}{words[1]}{second}{words[2]}": value for first in "_-" for second in "_-"}


def test_caddy_neither_names_itself_nor_passes_a_visitors_number_on(standing_server):
    connection = http.client.HTTPConnection("127.0.0.1", standing_server.port, timeout=PATIENCE)
    host = f"127.0.0.1:{standing_server.port}"
    for name, value in spelled("X-Request-ID", "of-a-visitor").items():
        connection.request("GET", "/admin/login/", headers={"Host": host, name: value})
        response = connection.getresponse()
        response.read()
        assert (response.status, response.getheader("Server")) == (200, None)
        assert response.getheader("X-Request-ID") not in (None, value), name
    connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", standing_server.http_port, timeout=PATIENCE)
    connection.request("GET", "/publications/?q=owls", headers={"Host": "jane-doe.org"})
    response = connection.getresponse()
    assert (response.status, response.getheader("Server")) == (301, None)
    assert response.getheader("Location") == "https://jane-doe.org/publications/?q=owls"
    connection.close()


def test_a_visitor_behind_caddy_cannot_choose_the_address_that_guesses_are_counted_by(standing_server):
    connection = http.client.HTTPConnection("127.0.0.1", standing_server.port, timeout=PATIENCE)
    given = {"Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
    given["Host"] = f"127.0.0.1:{standing_server.port}"
    statuses = []
    for number in range(12):
        forged = spelled("X-Forwarded-For", f"203.0.113.{number}") | dict.fromkeys(("Za", "Zb", "Zc", "Zd"), "z")
        body = f"username=admin&password=guess-{number}"
        connection.request(
            "POST", "/admin/login/", body, {"Host": f"127.0.0.1:{standing_server.port}"} | given | forged
        )
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()
    assert statuses == [200] * 10 + [429] * 2


def test_caddy_compresses_no_page_that_the_application_does_not(standing_server):
    """A page of a session may hold a secret beside words of the request (BREACH); what visitors get has none."""

    def encoding(path, session=""):
        connection = http.client.HTTPConnection("127.0.0.1", standing_server.port, timeout=PATIENCE)
        headers = {"Host": f"127.0.0.1:{standing_server.port}", "Accept-Encoding": "zstd, gzip"}
        connection.request("GET", path, headers=headers | ({"Cookie": f"sessionid={session}"} if session else {}))
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, response.getheader("Content-Encoding")

    session = standing_server.site.log_in()
    standing_server.site.add_publication(session, "Owls")
    script = re.search(r'"(/static/[^" ]+\.js)"', standing_server.site.get("/")[1])[1]
    assert encoding("/admin/research/publication/?q=owls", session) == (200, None)
    assert encoding("/admin/login/") == (200, None)
    assert encoding("/publications/") == (200, "gzip")
    assert encoding(script) == (200, "gzip")
