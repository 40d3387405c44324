"""A real Caddy before the real server, by deploy/Caddyfile: readers get the last static copy while nothing answers."""

from contextlib import ExitStack

import pytest

from .conftest import caddy_before

STARTING = "The site is being started. What you typed is not lost: go back, and send it again in a minute."


@pytest.fixture
def copy(site, run):
    """The folder of a static copy of the site, where Caddy looks for it."""
    folder = site / "copy/site"
    run(f"from django.core.management import call_command\ncall_command('export_site', {str(folder)!r})")
    return folder


@pytest.fixture
def caddy(copy, tmp_path):
    """A function that starts Caddy before a server."""
    with ExitStack() as stack:
        yield lambda server: stack.enter_context(caddy_before(server, tmp_path / "caddy"))


def test_readers_see_no_difference_while_the_application_is_down(start_server, caddy, copy):
    server = start_server()
    through = caddy(server)
    live = {path: through.get(path) for path in ("/", "/publications/", "/publications/owls/owls.bib")}
    assert {status for status, _, _ in live.values()} == {200}
    server.kill()
    for path, (_, headers, text) in live.items():
        status, lifeboat, copied = through.get(path)
        assert (path, status, copied) == (path, 200, text)
        assert lifeboat["Content-Type"].replace('"', "") == headers["Content-Type"].replace('"', "")
    assert through.get("/nowhere/")[0] == 502  # nobody can tell whether it is there


def test_who_writes_is_told_to_wait(start_server, caddy):
    server = start_server()
    through = caddy(server)
    assert through.get("/admin/login/")[0] == 200
    server.kill()
    for answer in (through.get("/admin/login/"), through.ask("POST", "/"), through.ask("POST", "/admin/")):
        assert (answer[0], answer[1]["Retry-After"], answer[2]) == (502, "60", STARTING)


def test_the_live_site_is_back_as_soon_as_it_answers(start_server, caddy, rename):
    server = start_server()
    through = caddy(server)
    server.kill()
    assert "<h1>Old Name</h1>" in through.get()[2]
    rename("New Name")
    assert "<h1>Old Name</h1>" in through.get()[2]
    start_server(server.port)
    assert "<h1>New Name</h1>" in through.get()[2]
