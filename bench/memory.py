"""The memory of everything that the site runs: after its first page, and after a thousand different ones."""

import statistics
import tempfile

from bench import site
from bench.servers import get, memory, running

PAGES, RUNS = 1_000, 3


def measure() -> dict:
    """{"idle_mb": …, "after_1000_pages_mb": …}, in MB (10**6 bytes) of PSS: medians, since single runs are 5 apart."""
    with tempfile.TemporaryDirectory() as folder:
        site.run(folder, "-c", f"from bench import publication_pages; publication_pages.prepare({PAGES})")
        measured = [weighed(site.server(folder)) for _ in range(RUNS)]
    idle, after = (round(statistics.median(figures), 1) for figures in zip(*measured, strict=True))
    return {"idle_mb": idle, f"after_{PAGES}_pages_mb": after}


def weighed(server):
    """(MB after the first page, MB after all of them) of a server that is started for it."""
    with running(server) as process:
        idle = memory(process)
        for number in range(PAGES):
            get(f"{server.url}/publications/paper-{number}/")
        return idle, memory(process)
