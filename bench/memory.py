"""The memory of everything that the site runs: after its first page, and after a thousand different ones."""

import tempfile

from bench import site
from bench.servers import get, memory, running

PAGES = 1_000


def measure() -> dict:
    """{"idle_mb": …, "after_1000_pages_mb": …}, in MB (10**6 bytes) of PSS."""
    with tempfile.TemporaryDirectory() as folder:
        site.run(folder, "-c", f"from bench import publication_pages; publication_pages.prepare({PAGES})")
        server = site.server(folder)
        with running(server) as process:
            idle = memory(process)
            for number in range(PAGES):
                get(f"{server.url}/publications/paper-{number}/")
            return {"idle_mb": round(idle, 1), f"after_{PAGES}_pages_mb": round(memory(process), 1)}
