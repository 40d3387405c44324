"""A server in a folder: the real scripts and releases, a real Caddy before them, stand-ins for systemd."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running.server import Site

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).parent
PATIENCE = 60  # seconds
STAND_INS = {
    "id": '[ "$1" = -u ] && echo 0 || echo portfolio',
    "journalctl": 'cat "$PORTFOLIO_ROOT/log/${2#portfolio-site@}"',
    "systemctl": f'exec {sys.executable} {HERE / "systemctl"} "$@"',
}


def program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def git(folder, *arguments):
    identity = ["-c", "user.name=Jane Doe", "-c", "user.email=jane@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


class Server:
    """A server whose / is the folder `root`, with a clone of `project`: the project as it is in the working folder."""

    def __init__(self, root):
        self.root = root
        self.project = root / "project"
        self.source = root / "opt/portfolio/source"
        self.data = root / "var/lib/portfolio"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        for folder in ("bin", "etc/portfolio", "etc/systemd/system", "var/lib/portfolio", "var/backups/portfolio"):
            (root / folder).mkdir(parents=True)
        for name, text in STAND_INS.items():
            program(root / "bin" / name, text)
        self.environment = {"PATH": f"{root}/bin:{os.environ['PATH']}", "PORTFOLIO_ROOT": str(root)}
        (root / "etc/portfolio/environment").write_text(
            f"SITE_URL=http://127.0.0.1:{self.port}\nDATA_DIR={self.data}\nTRUSTED_PROXIES=unix\nEMAIL_URL=dummymail://\n"
        )
        self.site = Site(self.data, SITE_URL=f"http://127.0.0.1:{self.port}")
        self.site.port = self.port
        self.copy_project()
        git(root, "clone", "--quiet", str(self.project), str(self.source))
        self.bring_dependencies()
        self.caddy = None

    def copy_project(self):
        names = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        for name in names:
            if name and (ROOT / name).is_file():
                (self.project / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.project / name)
        git(self.project, "init", "--quiet")
        self.commit("The first release")

    def commit(self, message):
        git(self.project, "add", "--all")
        git(self.project, "commit", "--quiet", "--message", message)

    def bring_dependencies(self):
        """Put this Python's packages where a release looks for those that are installed already."""
        digest = "{ python3 -VV; cat deploy/requirements.txt; } | sha256sum | cut -c 1-16"
        done = subprocess.run(digest, shell=True, cwd=self.source, capture_output=True, text=True, check=True)
        folder = self.root / "opt/portfolio/environments" / done.stdout.strip()
        folder.mkdir(parents=True)
        (folder / "complete").touch()
        for path in Path(sys.prefix).iterdir():
            (folder / path.name).symlink_to(path)

    def upgrade(self, *arguments):
        """Run deploy/upgrade; returns the finished process."""
        command = [str(self.source / "deploy/upgrade"), *arguments]
        return subprocess.run(command, env=self.environment, cwd="/", capture_output=True, text=True, check=False)

    def manage(self, *arguments):
        """Run manage.py of the release that runs."""
        command = [str(self.root / "opt/portfolio/current/deploy/manage"), *arguments]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def running(self):
        """The name of the release that answers."""
        return (self.root / "opt/portfolio/current").readlink().name

    def start_caddy(self):
        if shutil.which("caddy") is None:
            pytest.fail("caddy is not installed, so that this cannot be tested: tests/install_programs.sh")
        folder = self.root / "etc/caddy"
        folder.mkdir()
        text = (ROOT / "deploy/Caddyfile").read_text()
        for place, here in (
            ("/opt/portfolio", f"{self.root}/opt/portfolio"),
            ("/var/lib/portfolio", f"{self.root}/var/lib/portfolio"),
            ("http://{$DOMAIN:jane-doe.org}", "http://jane-doe.org"),
        ):
            assert place in text
            text = text.replace(place, here)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.http_port = free.getsockname()[1]
        options = f"\tadmin off\n\thttp_port {self.http_port}\n"
        (folder / "Caddyfile").write_text(text.replace("\tservers {", f"{options}\tservers {{"))
        shutil.copy(ROOT / "deploy/static-copy.caddy", folder)
        variables = {"HOME": str(folder), "PATH": os.environ["PATH"], "DOMAIN": f"http://127.0.0.1:{self.port}"}
        with (folder / "log").open("w") as log:
            self.caddy = subprocess.Popen(
                ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")],
                env=variables,
                stdout=log,
                stderr=log,
            )
        while not self.site.answers():
            assert self.caddy.poll() is None, (folder / "log").read_text()

    def kill(self):
        """End the release that runs as a power cut would, its worker too."""
        os.killpg(int((self.root / f"run/{self.running()}.pid").read_text()), signal.SIGKILL)

    def systemctl(self, *arguments):
        subprocess.run([str(self.root / "bin/systemctl"), *arguments], env=self.environment, check=True)

    def end(self):
        if self.caddy:
            self.caddy.terminate()
            self.caddy.wait(PATIENCE)
        for file in (self.root / "run").glob("*.pid"):
            self.systemctl("stop", f"portfolio-site@{file.stem}")
        for file in (self.root / "run").glob("*.ending"):
            while Path("/proc", file.read_text()).exists():
                time.sleep(0.05)


@contextmanager
def installed():
    """A server whose first release runs behind Caddy. Its path is short: a socket's may have a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="rp") as folder:
        server = Server(Path(folder))
        try:
            done = server.upgrade("HEAD")
            assert done.returncode == 0, done.stdout + done.stderr
            server.start_caddy()
            yield server
        finally:
            server.end()


@pytest.fixture
def server():
    """A server of the test's own, which it may change as it likes."""
    with installed() as server:
        yield server


@pytest.fixture(scope="module")
def standing_server():
    """A server that the tests of a module only ask."""
    with installed() as server:
        yield server
