"""
The copy behind real servers of files: the same bytes as the live site, and the same types where a server can be told.

A program that is missing fails its tests: on Debian and Ubuntu they are in nginx-light and caddy.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.conf import settings

from tests.views.machine import body

from .conftest import names
from .test_export import LEADS_ON, STANDS_IN, address

pytestmark = pytest.mark.django_db
PATH = f"{os.environ['PATH']}:/usr/sbin"  # where Debian has nginx, and not everybody looks
NGINX = """{user} daemon off; pid {folder}/pid; error_log stderr warn; worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {server}
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def sample(name, *changes):
    """A file of deploy/ with some of its words changed, each of which has to be in it."""
    text = (settings.BASE_DIR / "deploy" / name).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def nginx(site, folder, port):
    changes = [("/srv/site", str(site)), ("listen 80;", f"listen 127.0.0.1:{port};")]
    server = sample("static-export.nginx.conf", *changes)
    # Else its workers, when root starts it, are somebody who may not read the folders of tests.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, server=server, user=user))
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(site, folder, port):
    changes = [("/srv/site", str(site)), ("jane-doe.org {", f"http://127.0.0.1:{port} {{")]
    server = sample("static-export.Caddyfile", *changes)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + server)
    shutil.copy(settings.BASE_DIR / "deploy" / "static-copy.caddy", folder)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def python(site, folder, port):
    return [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(site)]


@pytest.fixture
def serve(tmp_path):
    """Start a server of a copy; returns `ask(path)`, which gives (status, headers, body)."""
    started = []

    def serve(command, site):
        port = free_port()
        folder = tmp_path / "server"
        folder.mkdir()
        arguments = command(site, folder, port)
        if shutil.which(arguments[0], path=PATH) is None:
            pytest.fail(f"{arguments[0]} is not installed, so that this cannot be tested: tests/install_programs.sh")
        log = (folder / "log").open("w+")
        server = subprocess.Popen(arguments, stdout=log, stderr=log, env={"PATH": PATH, "HOME": str(folder)})
        started.append((server, log))
        wait_for(port, server, log)
        return lambda path: ask(port, path)

    yield serve
    for server, log in started:
        server.terminate()
        server.wait(20)
        log.close()


def wait_for(port, server, log):
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    log.seek(0)
    pytest.fail(f"{server.args[0]} did not start: {log.read()}")


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    answer = response.status, response.headers, response.read()
    connection.close()
    return answer


def kind(text):
    return (text or "").replace('charset="utf-8"', "charset=utf-8")


@pytest.mark.parametrize("command", [nginx, caddy, python])
def test_it_sends_every_file(site, export, serve, command):
    folder = export()
    ask = serve(command, folder)
    found = names(folder) - {".static-copy", ".nojekyll"}
    assert {name: ask(address(name))[2] for name in found} == {name: (folder / name).read_bytes() for name in found}


@pytest.mark.parametrize("command", [nginx, caddy])
def test_it_sends_every_type_as_the_live_site_does(client, site, export, serve, command):
    folder = export()
    ask = serve(command, folder)
    paths = [address(name) for name in names(folder) - STANDS_IN - LEADS_ON.keys() if not name.startswith("static/")]
    sent = {path: kind(ask(path)[1]["Content-Type"]) for path in paths}
    live = {path: client.get(path, follow=True) for path in paths}
    assert sent == {path: response["Content-Type"] for path, response in live.items()}
    assert {body(response)[:0] for response in live.values()} == {b""}  # closes the files
    statics = {
        name.rpartition(".")[2]: kind(ask(address(name))[1]["Content-Type"])
        for name in names(folder)
        if name.startswith("static/")
    }
    assert statics == {"js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "woff2": "font/woff2"}
    assert {ask(path)[1]["X-Content-Type-Options"] for path in paths} == {"nosniff"}


@pytest.mark.parametrize("command", [nginx, caddy])
def test_what_is_named_by_its_content_may_be_kept_and_nothing_else(site, export, serve, command):
    folder = export()
    ask = serve(command, folder)
    kept = {name for name in names(folder) - {".static-copy"} if ask(address(name))[1]["Cache-Control"]}
    by_content = ("media/", "style/", "static/", "publications/owls/preview-")
    assert kept == {name for name in names(folder) if name.startswith(by_content)}
    assert {ask(address(name))[1]["Content-Security-Policy"] for name in kept if name.startswith("media/")} == {
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    }


@pytest.mark.parametrize("command", [nginx, caddy])
def test_a_paper_is_in_the_sandbox_of_uploads(site, export, serve, command):
    folder = export()
    ask = serve(command, folder)
    papers = [address(name) for name in names(folder) if name.startswith("publications/") and name.endswith(".pdf")]
    assert papers
    sent = {ask(path)[1]["Content-Security-Policy"] for path in papers}
    assert sent == {"default-src 'none'; style-src 'unsafe-inline'; sandbox"}


@pytest.mark.parametrize("command", [nginx, caddy])
@pytest.mark.parametrize("path", ["/nowhere/", "/nowhere.bib", "/.git/HEAD", "/.static-copy", "/publications/nowhere/"])
def test_a_missing_address_and_a_repository_are_the_sites_own_404(site, export, serve, command, path):
    folder = export()
    (folder / ".git").mkdir()
    (folder / ".git/HEAD").write_text("ref: main")
    status, headers, content = serve(command, folder)(path)
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert content == (folder / "404.html").read_bytes()


@pytest.mark.parametrize("command", [nginx, caddy, python])
@pytest.mark.parametrize("path", ["/publications/owls", "/doi/10.48550/arXiv.2412.04984"])
def test_a_page_is_found_without_its_last_slash(site, export, serve, command, path):
    status, headers, _ = serve(command, export())(path)
    assert (status in (301, 308), headers["Location"].endswith(f"{path}/")) == (True, True)


def test_a_copy_in_a_folder_of_its_host_works_there(site, export, serve, tmp_path):
    folder = export("http://127.0.0.1:8000/site/")
    (tmp_path / "host").mkdir()
    (tmp_path / "host/site").symlink_to(folder)
    ask = serve(python, tmp_path / "host")
    page = ask("/site/")[2].decode()
    style = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    assert ask(style)[::2] == (200, (folder / style.removeprefix("/site/")).read_bytes())


def test_a_server_that_cannot_be_told_knows_the_common_types(site, export, serve):
    folder = export()
    ask = serve(python, folder)
    common = ("html", "css", "js", "png", "pdf", "svg", "json", "xml")
    types = {name.rpartition(".")[2]: ask("/" + quote(name))[1]["Content-Type"] for name in names(folder)}
    assert {ending: types[ending] for ending in common} == {
        **{"html": "text/html", "css": "text/css", "js": "text/javascript", "png": "image/png"},
        **{"pdf": "application/pdf", "svg": "image/svg+xml", "json": "application/json"},
        "xml": types["xml"],
    }
    assert types["xml"] in ("text/xml", "application/xml")
