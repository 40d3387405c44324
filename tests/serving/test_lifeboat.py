"""A real Caddy before the real server, by deploy/Caddyfile: readers get the last static copy while nothing answers."""

import http.client
import shutil
import socket
import subprocess

import pytest

from .conftest import PATIENCE, ROOT

STARTING = "The site is being started. What you typed is not lost: go back, and send it again in a minute."


@pytest.fixture
def copy(site, run, tmp_path):
    """The folder of a static copy of the site."""
    folder = tmp_path / "copy"
    run(f"from django.core.management import call_command\ncall_command('export_site', {str(folder)!r})")
    return folder


@pytest.fixture
def caddy(copy, tmp_path):
    """A function that starts Caddy before a server, and gives `ask(path, method)`: (status, headers, text)."""
    if shutil.which("caddy") is None:
        pytest.fail("caddy is not installed, so that this cannot be tested: tests/install_programs.sh")
    processes = []

    def start(server):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        text = (ROOT / "deploy/Caddyfile").read_text()
        for old, new in [
            ("http://{$DOMAIN:jane-doe.org}", "http://jane-doe.org:0"),
            ("{$DOMAIN:jane-doe.org}", f"http://127.0.0.1:{port}"),
            ("/var/lib/portfolio/copy/site", str(copy)),
            ("unix//opt/portfolio/current/run/web.sock", f"127.0.0.1:{server.port}"),
        ]:
            assert old in text
            text = text.replace(old, new)
        folder = tmp_path / "caddy"
        folder.mkdir()
        (folder / "Caddyfile").write_text(text.replace("\tservers {", "\tadmin off\n\tservers {"))
        shutil.copy(ROOT / "deploy/static-copy.caddy", folder)
        command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
        log = (folder / "log").open("w")
        processes.append(
            subprocess.Popen(command, stdout=log, stderr=log, env={"HOME": str(folder), "PATH": "/usr/bin"})
        )
        log.close()
        return lambda path="/", method="GET", **sent: ask(port, path, method, processes[-1], **sent)

    yield start
    for process in processes:
        process.terminate()
        process.wait(PATIENCE)


def ask(port, path, method, process, body=None, **headers):
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"Host": f"127.0.0.1:{port}"} | headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        except ConnectionRefusedError:
            assert process.poll() is None, "Caddy ended before it answered"
        finally:
            connection.close()


def test_readers_see_no_difference_while_the_application_is_down(start_server, caddy, copy):
    server = start_server()
    through = caddy(server)
    live = {path: through(path) for path in ("/", "/publications/", "/publications/owls/owls.bib")}
    assert {status for status, _, _ in live.values()} == {200}
    server.kill()
    for path, (_, headers, text) in live.items():
        status, lifeboat, copied = through(path)
        assert (path, status, copied) == (path, 200, text)
        assert lifeboat["Content-Type"].replace('"', "") == headers["Content-Type"].replace('"', "")
    assert through("/nowhere/")[0] == 502  # nobody can tell whether it is there


def test_who_writes_is_told_to_wait(start_server, caddy):
    server = start_server()
    through = caddy(server)
    assert through("/admin/login/")[0] == 200
    server.kill()
    for answer in (through("/admin/login/"), through("/", "POST"), through("/admin/", "POST")):
        assert (answer[0], answer[1]["Retry-After"], answer[2]) == (502, "60", STARTING)


def test_the_live_site_is_back_as_soon_as_it_answers(start_server, caddy, rename):
    server = start_server()
    through = caddy(server)
    server.kill()
    assert "<h1>Old Name</h1>" in through()[2]
    rename("New Name")
    assert "<h1>Old Name</h1>" in through()[2]
    start_server(server.port)
    assert "<h1>New Name</h1>" in through()[2]


def test_who_sends_too_much_is_told_so_and_not_to_try_again(start_server, caddy):
    through = caddy(start_server())
    sentence = "This is more than can be taken at once: 200 MB. Send the files one by one."
    for length in (200_000_001, 1_000_000_000, 20_000_000_000):
        answer = through("/admin/", "POST", **{"Content-Length": str(length)})
        assert (answer[0], answer[2]) == (413, sentence)
    answer = through("/admin/login/", "POST", body=b"x" * 110_000)  # little enough to be under way whole
    assert (answer[0], answer[2].split(",")[0]) == (413, "You are not logged in")
