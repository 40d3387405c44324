"""A site in a folder of its own, its servers, and other processes that change its content."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from bench import site as measured_site
from bench.servers import free_port
from tests.running.server import LOG_IN

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 20  # seconds
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"  # Caddy lets it through
NEW_SITE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
Profile.objects.filter(pk=1).update(name="Old Name")
Publication.objects.create(title="Owls", slug="owls", citation_key="owls", year=2024)
"""


@pytest.fixture
def data_dir():
    """A folder with a short path: a socket's may have a hundred characters."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def run(data_dir):
    """Run Python code with the site's models in a process of its own; returns what it prints."""

    return lambda code: run_in(data_dir, code)


def run_in(data_dir, code):
    code = f"import django; django.setup()\nfrom research.models import *\n{code}"
    command, variables = [sys.executable, "-c", code], environment(data_dir)
    return subprocess.run(command, env=variables, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


@pytest.fixture
def rename(run):
    """Change the owner's name in another process."""
    return lambda name: run(f"Profile.objects.update(name={name!r})")


@pytest.fixture(scope="session")
def new_site(made_once):
    return made_once("site-with-one-publication", lambda folder: run_in(folder, NEW_SITE))


@pytest.fixture
def site(new_site, data_dir):
    """The folder of a site with one publication."""
    return Path(shutil.copytree(new_site, data_dir, dirs_exist_ok=True))


def environment(data_dir, **variables):
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    site = {"DATA_DIR": str(data_dir), "SITE_URL": "http://127.0.0.1:8000"}  # whatever port a server gets
    return clean | site | {"DJANGO_SETTINGS_MODULE": "tests.serving.settings"} | variables


class Server:
    """A process of the production server, as `make run` starts it."""

    def __init__(self, site, port, process=None):
        self.site = site
        self.port = port
        self.process = process

    def get(self, path="/", **headers):
        """(status, headers, text) of a page."""
        return self.ask("GET", path, headers=headers)

    def ask(self, method, path, body=None, headers=None):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()

    def kill(self):
        """End the server and its worker at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        with suppress(ConnectionError):
            while True:  # the worker holds its port until the system has taken it back
                self.get("/robots.txt")

    def name(self):
        """The owner's name, as the about page has it."""
        return self.get()[2].partition("<h1>")[2].partition("</h1>")[0]

    def rendered(self):
        """The paths that Django has answered so far, whichever server asked it."""
        file = self.site / "rendered"
        return file.read_text().split() if file.exists() else []


@contextmanager
def running(site, port=0, **variables):
    """The server of a site, with the very options of `make run`, from its first answer until the block ends."""
    port = port or free_port()
    _, *options, _ = measured_site.command(port)
    command = [sys.executable, "-m", "granian", *options, "tests.serving.wsgi:application"]
    variables = environment(site, PORT=str(port), **variables)
    process = subprocess.Popen(command, env=variables, cwd=ROOT, start_new_session=True)
    server = Server(site, port, process)
    try:
        until_it_answers(server)
        yield server
    finally:
        end(process)


def end(process):
    """End a server; one that does not is killed with its worker, and fails the test."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


@contextmanager
def caddy_before(server, folder):
    """Caddy, with deploy/Caddyfile and its own files in `folder`, before a server; it too can be asked as a Server."""
    if shutil.which("caddy") is None:
        pytest.fail("caddy is not installed, so that this cannot be tested: tests/install_programs.sh")
    port = free_port()
    text = (ROOT / "deploy/Caddyfile").read_text()
    for old, new in [
        ("http://{$DOMAIN:jane-doe.org}", "http://jane-doe.org:0"),
        ("{$DOMAIN:jane-doe.org}", f"http://127.0.0.1:{port}"),
        ("/var/lib/portfolio", str(server.site)),
        ("unix//opt/portfolio/current/run/web.sock", f"127.0.0.1:{server.port}"),
    ]:
        assert old in text
        text = text.replace(old, new)
    folder.mkdir()
    (folder / "Caddyfile").write_text(text.replace("\tservers {", "\tadmin off\n\tservers {"))
    shutil.copy(ROOT / "deploy/static-copy.caddy", folder)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with (folder / "log").open("w") as log:
        home = {"HOME": str(folder), "PATH": os.environ["PATH"]}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=home, start_new_session=True)
    caddy = Server(server.site, port, process)
    try:
        until_it_answers(caddy)
        yield caddy
    finally:
        end(process)


@pytest.fixture(scope="module")
def doors(new_site, tmp_path_factory):
    """The application by itself, and Caddy before it, for all tests of a module; uploads arrive in the site's `tmp`."""
    site = Path(shutil.copytree(new_site, tmp_path_factory.mktemp("doors") / "site"))
    (site / "tmp").mkdir()
    with running(site, TMPDIR=str(site / "tmp")) as server, caddy_before(server, site / "caddy") as caddy:
        yield {"application": server, "Caddy": caddy}


@pytest.fixture(scope="module")
def session(doors):
    """The owner's, behind both doors."""
    return run_in(doors["application"].site, LOG_IN).strip()


def until_it_answers(server):
    while server.process.poll() is None:
        try:
            server.get("/robots.txt")
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                server.process.wait(0.05)
        else:
            break
    if server.process.poll() is not None:  # another may have taken its port
        pytest.fail(f"The server ended before it answered: {server.process.returncode}")


@pytest.fixture
def start_server(site):
    """Start a server for the site, and wait until it answers."""
    with ExitStack() as stack:
        yield lambda port=0: stack.enter_context(running(site, port))


@pytest.fixture
def server(start_server):
    return start_server()


@pytest.fixture
def barrier(site):
    """`with barrier() as held:` holds what is rendered; `held()` waits for the next and returns what lets it go on."""

    @contextmanager
    def hold():
        path = site / "barrier"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.settimeout(PATIENCE)
            listener.bind(str(path))
            listener.listen(100)

            def held():
                page = listener.accept()[0]
                path.unlink(missing_ok=True)  # only those that have come by now are held
                return page.close

            yield held

    return hold
