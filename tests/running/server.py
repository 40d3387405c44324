"""The site as an operator runs it: its commands and the production server, in processes and a folder of their own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import closing, nullcontext, suppress
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "t" * 32
LOG_IN = """
from django.contrib.auth import get_user_model
from django.test import Client
user, _ = get_user_model().objects.get_or_create(username="owner", is_staff=True, is_superuser=True)
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""


def publication_fields(title):
    """The fields of the form of a new publication."""
    fields = {"title": title, "year": "2024", "type": "preprint", "status": "published", "_save": "Save"}
    return fields | {
        f"{rows}-{count}_FORMS": "0" for rows in ("authorships", "links") for count in ("TOTAL", "INITIAL")
    }


class Site:
    """A site in `folder`; `variables` are those of its environment."""

    def __init__(self, folder, **variables):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        # With DEBUG its pages need no collected static files.
        self.environment = kept | {"DATA_DIR": str(folder), "DEBUG": "true", "EMAIL_URL": "dummymail://"} | variables
        self.server = None
        self.open_connection = None  # one that all requests share, where it is given

    def run(self, *arguments, check=True):
        """Run manage.py; returns the finished process, after checking that it says it is well."""
        finished = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or finished.returncode == 0, finished.stderr
        return finished

    def python(self, code):
        """What code prints that is run in the site."""
        return self.run("shell", "--verbosity", "0", "-c", code).stdout.strip()

    def start(self, threads=3, options=(), prefix=()):
        """Start the server, and wait until it answers; `prefix` is a command that starts it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--no-ws", "--blocking-threads", str(threads), "--backpressure", "64"]
        with tempfile.NamedTemporaryFile("w+", delete=False) as log:  # not on the site's disk, which may be full
            self.log = Path(log.name)
            self.server = subprocess.Popen(
                [*prefix, *command, *options, "portfolio.wsgi:application"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not self.answers():
            with suppress(subprocess.TimeoutExpired):
                self.server.wait(timeout=0.05)
                raise AssertionError(self.log.read_text())

    def answers(self):
        with suppress(ConnectionRefusedError):
            return self.get("/robots.txt")[0] == 200

    def kill(self):
        """End the server and its workers as a power cut would: at once."""
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.log.unlink()
            self.server = None

    def request(self, method, path, body=None, headers=None):
        """(status, body as text) of the server's answer."""
        status, content = self.get_bytes(path, method, body, headers)
        return status, content.decode()

    def get_bytes(self, path, method="GET", body=None, headers=None):
        with closing(self.connection()) if self.open_connection is None else nullcontext(self.open_connection) as used:
            used.request(method, path, body, headers or {})
            response = used.getresponse()
            return response.status, response.read()

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path, session=""):
        return self.request("GET", path, headers={"Cookie": f"sessionid={session}"} if session else {})

    def log_in(self):
        """The key of a new session of the owner."""
        return self.python(LOG_IN)

    def add_publication(self, session, title, picture=b"", **more):
        """Send the form of a new publication, with a thumbnail (bytes); returns (status, body). 302: it is saved."""
        return self.request(*self.new_publication(session, title, picture, **more))

    def new_publication(self, session, title, picture=b"", **more):
        """The request that sends the form: (method, path, body, headers)."""
        fields = publication_fields(title) | more
        if picture:
            fields["thumbnail"] = SimpleUploadedFile("figure.png", picture)
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        headers["Content-Type"] = MULTIPART_CONTENT
        return "POST", "/admin/research/publication/add/", encode_multipart(BOUNDARY, fields), headers
