"""From the start of the server to its first page, in seconds, with the files in the machine's memory already."""

import statistics
import tempfile
import time
from pathlib import Path

from bench import site
from bench.servers import running

RUNS = 5


def measure() -> dict:
    """{"seconds": …}, the median of several starts."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        site.run(folder, "-m", "bench.content")
        for _ in range(RUNS):
            server = site.server(Path(folder))
            start = time.perf_counter()
            with running(server):
                seconds.append(time.perf_counter() - start)
    return {"seconds": round(statistics.median(seconds), 2)}
