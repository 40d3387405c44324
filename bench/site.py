"""This site under its production server, as `make run` starts it."""

import os
import shlex
import subprocess
import sys

from bench.servers import ROOT, Server, free_port


def command(port):
    """The server's own command: the last that `make run` gives."""
    recipe = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "run", f"PORT={port}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    last = recipe.stdout.replace("\\\n", " ").strip().splitlines()[-1]
    return shlex.split(last.removeprefix("exec "))


def server(folder, **environment):
    """The server of the site whose data are in `folder`."""
    port = free_port()
    return Server(command(port), port, {"DATA_DIR": str(folder), "PORT": str(port)} | environment)


def run(folder, *arguments, **environment):
    """What a Python program of this project prints, for the site whose data are in `folder`."""
    environment |= {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
    done = subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.PIPE, cwd=ROOT, env=environment)
    return done.stdout.decode()
