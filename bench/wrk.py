"""The load: wrk, on a core of its own."""

import json
import shutil
import subprocess
from pathlib import Path

from bench.servers import CORE_OF_THE_LOAD, Missing

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 32


def load(url, seconds):
    """
    {"requests": …, "requests_per_second": …, "p50_ms": …, "p99_ms": …} of 32 connections, each of which asks again as
    soon as it is answered. Raises RuntimeError where a request is not answered, or not with success.
    """
    if not shutil.which("wrk"):
        raise Missing("wrk is not installed (bench/install_programs.sh)")
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s", "-s", SCRIPT]
    command = ["taskset", "-c", CORE_OF_THE_LOAD, "wrk", *options, url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured = json.loads(done.stdout.splitlines()[-1])
    if measured.pop("errors") or not measured["requests"]:
        raise RuntimeError(f"Not every request of {url} was answered:\n{done.stdout}")
    return measured
