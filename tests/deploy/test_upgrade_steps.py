"""The steps of deploy/upgrade, with a stand-in for the application; test_upgrade.py does them with real releases."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from .conftest import ROOT, STAND_INS, git, program

BIND = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
STAND_INS = STAND_INS | {
    "curl": "printf 200",
    "date": 'echo >> "$PORTFOLIO_ROOT/time"; echo "20261121-$(wc -l < "$PORTFOLIO_ROOT/time")"',  # no name comes twice
    "sleep": "",
    "systemctl": f"""
echo "$*" >> "$PORTFOLIO_ROOT/asked"
case $* in "start portfolio-site@"*)
    mkdir -p "$PORTFOLIO_ROOT/run/portfolio/${{2#*@}}"
    {sys.executable} -c '{BIND}' "$PORTFOLIO_ROOT/run/portfolio/${{2#*@}}/web.sock"
esac""",
}


class Steps:
    """A server in the folder `root`, on which a first release runs; `asked` is what was asked of the programs on it."""

    def __init__(self, root):
        self.root = root
        self.source = root / "opt/portfolio/source"
        for folder in ("bin", "etc/portfolio", "etc/systemd/system", "opt/portfolio/source", "var/backups/portfolio"):
            (root / folder).mkdir(parents=True)
        for name, text in STAND_INS.items():
            program(root / "bin" / name, text)
        (root / "etc/portfolio/environment").write_text("SITE_URL=https://jane-doe.test\n")
        shutil.copytree(ROOT / "deploy", self.source / "deploy")
        git(self.source, "init", "--quiet")
        git(self.source, "add", "--all")
        git(self.source, "commit", "--quiet", "--message", "The first release")
        digest = "{ python3 -VV; cat deploy/requirements.txt; } | sha256sum | cut -c 1-16"
        done = subprocess.run(digest, shell=True, cwd=self.source, capture_output=True, text=True, check=True)
        environment = root / "opt/portfolio/environments" / done.stdout.strip()
        (environment / "bin").mkdir(parents=True)
        (environment / "complete").touch()
        collect = 'case $* in *collectstatic*) mkdir "$(dirname "$1")/.static" ;; esac'
        program(environment / "bin/python", f'echo "$*" >> "$PORTFOLIO_ROOT/asked"\n{collect}')
        assert self.upgrade("HEAD").returncode == 0
        self.first = self.running()

    def upgrade(self, *arguments):
        """Run deploy/upgrade; returns the finished process."""
        (self.root / "asked").unlink(missing_ok=True)
        variables = {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "PORTFOLIO_ROOT": str(self.root)}
        command = [self.source / "deploy/upgrade", *arguments]
        return subprocess.run(command, env=variables, cwd="/", capture_output=True, text=True, check=False)

    def running(self):
        return (self.root / "opt/portfolio/current").readlink().name

    def releases(self):
        return {path.name for path in (self.root / "opt/portfolio/releases").iterdir()}

    def asked(self):
        return (self.root / "asked").read_text().splitlines()


@pytest.fixture
def steps():
    with tempfile.TemporaryDirectory(prefix="rp") as folder:  # a socket's path may have a hundred characters
        yield Steps(Path(folder))


@pytest.mark.parametrize("signal", ["INT", "TERM", "HUP"])
def test_who_interrupts_the_switch_gets_a_whole_one(steps, signal):
    program(steps.root / "bin/mv", f'/bin/mv "$@"\ncase $* in *portfolio/current) kill -{signal} $PPID ;; esac')
    done = steps.upgrade("HEAD")
    assert (done.returncode, done.stderr) == (0, "")
    second = steps.running()
    assert (steps.releases(), second == steps.first) == ({steps.first, second}, False)
    assert (steps.root / "opt/portfolio/previous").readlink().name == steps.first
    assert f"stop --no-block portfolio-site@{steps.first}" in steps.asked()
    assert f"disable --now portfolio-site@{second}" not in steps.asked()


def test_who_interrupts_before_the_switch_keeps_the_old_release_alone(steps):
    program(steps.root / "bin/find", "kill -TERM $PPID")
    assert steps.upgrade("HEAD").returncode == 130
    assert (steps.running(), steps.releases()) == (steps.first, {steps.first})
    assert [line for line in steps.asked() if steps.first in line] == []


def test_a_release_whose_python_is_gone_is_backed_up_by_the_next_before_it_migrates(steps):
    (steps.root / "opt/portfolio/current/.venv").unlink()
    done = steps.upgrade("--again")
    assert (done.returncode, done.stderr) == (0, "")
    manage = steps.root / "opt/portfolio/releases" / steps.running() / "manage.py"
    assert [line for line in steps.asked() if "manage.py" in line][1:] == [
        f"{manage} backup --keep {steps.root}/var/backups/portfolio",
        f"{manage} migrate --noinput --verbosity 0",
    ]
