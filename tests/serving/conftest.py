"""A site in a folder of its own, its servers, and other processes that change its content."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 20  # seconds
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
    """Run Python code with the site's models in a process of its own."""

    return lambda code: run_in(data_dir, code)


def run_in(data_dir, code):
    code = f"import django; django.setup()\nfrom research.models import *\n{code}"
    subprocess.run([sys.executable, "-c", code], env=environment(data_dir), cwd=ROOT, check=True)


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
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, dict(response.getheaders()), body.decode()

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


@pytest.fixture
def start_server(site):
    """Start a server for the site, and wait until it answers."""
    processes = []

    def start(port=0):
        with socket.create_server(("127.0.0.1", port)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--workers", "1", "--no-ws", "--blocking-threads", "3", "--backpressure", "64"]
        command += ["--workers-kill-timeout", "5", "--log-level", "warning", "tests.serving.wsgi:application"]
        variables = environment(site, PORT=str(port))
        processes.append(subprocess.Popen(command, env=variables, cwd=ROOT, start_new_session=True))
        server = Server(site, port, processes[-1])
        while True:
            try:
                server.get("/robots.txt")
                return server
            except ConnectionRefusedError:
                with suppress(subprocess.TimeoutExpired):
                    pytest.fail(f"The server ended before it answered: {processes[-1].wait(0.05)}")

    yield start
    for process in processes:
        process.terminate()
        process.wait(PATIENCE)


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
