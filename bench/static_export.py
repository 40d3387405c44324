"""How long a static copy of a site of 1,000 publications takes, and what it holds.

A process and a database of its own, as the owner runs it. ``python -m bench.static_export``
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.publication_pages import ROOT, prepare

COUNT = 1_000
RESULT = re.compile(r"(\d+) pages, (\d+) files, ([\d.]+) MB")


def export(folder, environment):
    """One run of the command: {"s": wall-clock time, "cpu_s": of all its processes, "pages": …, "files": …, "mb": …}"""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "manage.py", "export_site", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pages, files, megabytes = RESULT.match(done.stdout).groups()
    sizes = {"pages": int(pages), "files": int(files), "mb": float(megabytes)}
    return {"s": round(seconds, 1), "cpu_s": round(cpu, 1)} | sizes


def measure() -> dict:
    """{"cores": …, "first": {"s": …, "cpu_s": …, "pages": …, "files": …, "mb": …}}"""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": folder}
        subprocess.run([sys.executable, "-m", "bench.static_export", "fill"], check=True, cwd=ROOT, env=environment)
        site = Path(folder) / "site"
        return {"cores": os.cpu_count(), "first": export(site, environment)}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        prepare(COUNT)
    else:
        print(measure())
