"""The load: wrk, on a core of its own."""

import json
import shutil
import subprocess
from pathlib import Path

from bench.servers import CORE_OF_THE_LOAD, Missing

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 32


def load(url, seconds):
    """{"requests_per_second": …, "p50_ms": …, "p99_ms": …} of 32 connections that ask again as soon as they are answered."""
    if not shutil.which("wrk"):
        raise Missing("wrk is not installed (bench/install_programs.sh)")
    command = ["taskset", "-c", CORE_OF_THE_LOAD, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", SCRIPT, url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured = json.loads(done.stdout.splitlines()[-1])
    if measured.pop("errors"):
        raise RuntimeError(f"Not every request of {url} was answered:\n{done.stdout}")
    return measured
