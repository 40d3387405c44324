"""
What PostgreSQL costs beside SQLite: requests per second of the about page from memory, and one save in the admin.

Both servers have the same pages in memory; beside PostgreSQL each request asks it for the generation first, through a
socket on the same machine, without a sync to a disk. ``python -m bench databases``
"""

import tempfile
from pathlib import Path

from bench import save, site, throughput
from tests import postgresql

ROUNDS = 5
SHOWN = ("requests_per_second", "p50_ms", "p99_ms", "cpu_ms")


def measure() -> dict:
    """{"sqlite": {"requests_per_second": …, "p50_ms": …, "p99_ms": …, "cpu_ms": …, "save_ms": …}, "postgresql": …}."""
    with tempfile.TemporaryDirectory() as folder, postgresql.running() as url:
        databases = {"sqlite": {}, "postgresql": {"DATABASE_URL": url}}
        saves = {name: save.measure(**variables)["ms"] for name, variables in databases.items()}
        servers = {name: prepared(Path(folder, name), variables) for name, variables in databases.items()}
        rounds = [{name: throughput.measure_once(one) for name, one in servers.items()} for _ in range(ROUNDS)]
    medians = {name: throughput.medians([one[name] for one in rounds]) for name in databases}
    return {name: {key: medians[name][key] for key in SHOWN} | {"save_ms": saves[name]} for name in databases}


def prepared(folder, variables):
    folder.mkdir()
    site.run(folder, "manage.py", "migrate", "--verbosity", "0", **variables)
    site.run(folder, "manage.py", "flush", "--no-input", "--verbosity", "0", **variables)
    site.run(folder, "-m", "bench.content", **variables)
    return site.server(folder, **variables)
