"""
A real PostgreSQL from Debian's package, for as long as tests need it.

``python -m tests.postgresql COMMAND …`` runs a command with one as its DATABASE_URL.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000  # bytes; a container gives it 64 MB unless told else


class Missing(Exception):
    """There is no PostgreSQL on this machine; the text says what to do."""


def memory():
    """A folder that is no disk, which would only be waited for; None for the usual one where it has little room."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else None


@contextmanager
def running():
    """The DATABASE_URL of a PostgreSQL of its own, which is reached through a socket in its folder alone."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        raise Missing("These tests need PostgreSQL. Install it: apt-get install postgresql")
    # Not in pytest's own folders, which nobody but root may enter; and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir=memory()))
    user = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres")
    owner = user.get("user") or pwd.getpwuid(os.geteuid()).pw_name

    def run(program, *arguments):
        command = [str(programs[-1] / program), *arguments]
        with (folder / "output").open("w+") as output:  # a pipe would stay open as long as the server runs
            finished = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False, **user)
        assert finished.returncode == 0, (command, (folder / "output").read_text())

    run("initdb", "--auth=trust", f"--username={owner}", "--encoding=UTF8", "--locale=C.UTF-8", "data")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    run("pg_ctl", "--pgdata=data", f"--options={options}", "--log=log", "--wait", "--silent", "start")
    try:
        run("createdb", f"--host={folder}", f"--username={owner}", "site")
        yield f"postgres://{owner}@/{folder}/site"
    finally:
        run("pg_ctl", "--pgdata=data", "--mode=immediate", "--silent", "stop")
        shutil.rmtree(folder)


def main(command):
    try:
        with running() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    except Missing as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
