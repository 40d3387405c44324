"""Wagtail with the same page, from a virtual environment of its own, under the same production server."""

import os
import subprocess
import sys

from bench import site
from bench.servers import ROOT, Missing, Server, free_port

FOLDER = ROOT / "bench" / "wagtail"
ENVIRONMENT = FOLDER / ".venv"
REQUIREMENTS = FOLDER / "requirements.txt"
PICTURES = ROOT / "research" / "example" / "pictures"


def install():
    """The virtual environment, made at the first run and after each change of what it holds."""
    installed = ENVIRONMENT / "installed"
    if installed.exists() and installed.stat().st_mtime > REQUIREMENTS.stat().st_mtime:
        return
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True, capture_output=True)
        pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", REQUIREMENTS], check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        raise Missing("Wagtail could not be installed: " + error.stderr.decode().strip().splitlines()[-1]) from error
    installed.touch()


def server(folder, content):
    """Wagtail that shows `content`, a JSON text of ``bench.content``; its data are in `folder`."""
    install()
    folder.mkdir()
    (folder / "content.json").write_text(content)
    port, environment = free_port(), {"PEER_FOLDER": str(folder)}
    subprocess.run(
        [ENVIRONMENT / "bin" / "python", "-m", "bench.wagtail.fill", folder / "content.json", PICTURES],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        check=True,
    )
    _, *options, _ = site.command(port)
    return Server([str(ENVIRONMENT / "bin" / "granian"), *options, "bench.wagtail.wsgi:application"], port, environment)
