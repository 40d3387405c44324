"""Servers as processes of their own, on a core of their own: started, asked, weighed, ended."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE, CORE_OF_THE_LOAD = "0", "1"
PATIENCE = 60  # seconds


class Missing(Exception):
    """What is to be measured cannot be had on this machine; the text says why."""


@dataclass
class Server:
    """How a server is started: its command, the port that it listens on, and what its environment has beside PATH."""

    command: list
    port: int
    environment: dict = field(default_factory=dict)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running(server):
    """The process of a server, from its first answer until the block ends."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            ["taskset", "-c", CORE, *server.command],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | server.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for(server, process, log)
            yield process
        finally:
            end(process)


def wait_for(server, process, log):
    deadline = time.monotonic() + PATIENCE
    while not answers(server):
        if process.poll() is not None or time.monotonic() > deadline:
            log.seek(0)
            raise RuntimeError(f"{server.command[0]} does not answer:\n{log.read().decode(errors='replace')}")
        time.sleep(0.005)


def answers(server):
    try:
        get(server.url + "/")
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def end(process):
    """End the processes of a session: as an operator does, and then for certain."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in processes(process):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue


def processes(process):
    """The numbers of all processes of a server that were started in a session of its own."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == process.pid:
                pids.append(int(folder.name))
        except ProcessLookupError:
            continue
    return pids


def memory(process):
    """
    The memory of all processes of a server in MB (10**6 bytes), as PSS: what several processes share is counted in
    parts, so that the sum is what the machine gives for them.
    """
    kilobytes = 0
    for pid in processes(process):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6


def cpu_seconds(process):
    """The time on a core that all processes of a server have had since they began (proc(5), stat: utime and stime)."""
    ticks = 0
    for pid in processes(process):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def get(url):
    """The body of a page, which must be there."""
    with urllib.request.urlopen(url, timeout=PATIENCE) as response:
        return response.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
