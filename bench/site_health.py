"""What the desk's page "Site health" costs, and its count on the first page, with 1,000 publications and 2,000 people.

A process and a database of its own. ``python -m bench.site_health``
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from bench.publication_pages import ROOT, RUNS, prepare

COUNT = 1_000


def cost(call):
    """(median of processor time in ms, queries) of a call, after one that is not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        with CaptureQueriesContext(connection) as queries:
            call()
        times.append((time.process_time() - start) * 1_000)
    return round(statistics.median(times), 1), len(queries)


def measure() -> dict:
    """{"the count": (ms, queries), "all checks": …, "duplicate_people": …, …} of this process's own DATA_DIR."""
    prepare(COUNT)
    from research.health import registry

    checks = {registry.Result(check, []).name: check.find for check in registry.CHECKS}
    calls = {"the count": registry.count_of_faults, "all checks": registry.examine} | checks
    return {name: cost(call) for name, call in calls.items()}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for name, (milliseconds, queries) in measure().items():
            print(f"{name:24} {milliseconds:7} ms {queries:3} queries")
    else:
        with tempfile.TemporaryDirectory() as folder:
            environment = {"PATH": os.environ["PATH"], "DATA_DIR": folder}
            subprocess.run([sys.executable, "-m", "bench.site_health", "fill"], check=True, cwd=ROOT, env=environment)
