"""
Requests per second of the about page with ten publications: a file under nginx, this site with its page cache and
without, and Wagtail. One server at a time, on one core, with the load on another; ``python -m bench throughput``
"""

import statistics
import tempfile
from pathlib import Path

from bench import nginx, site, wrk
from bench.servers import Missing, cpu_seconds, get, memory, running
from bench.wagtail import peer

ROUNDS, SECONDS, WARM_UP_SECONDS = 5, 3, 1
RATIOS = [("cached", "nginx"), ("cached", "uncached"), ("cached", "wagtail")]


def measure() -> dict:
    """
    {"nginx": {"requests_per_second": …, "p50_ms": …, "p99_ms": …, "cpu_ms": …, "memory_mb": …, "page_bytes": …},
    "cached": …, "uncached": …, "wagtail": …, "ratios": {"cached/nginx": …, …}}: medians of rounds in which each has its
    turn, so that what else the machine does meets all of them. `cpu_ms` is the server's time on its core for a request.
    What cannot be had here is {"missing": "the reason"}.
    """
    with tempfile.TemporaryDirectory() as folder:
        servers, missing = prepare(Path(folder))
        rounds = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                try:
                    rounds[name].append(measure_once(server))
                except Missing as reason:
                    missing[name] = {"missing": str(reason)}
    return summary({name: medians(measured) for name, measured in rounds.items() if measured} | missing)


def prepare(folder):
    """The servers by their names, and what of them is missing."""
    content = site.run(folder / "site", "-m", "bench.content")
    servers = {
        "cached": site.server(folder / "site"),
        "uncached": site.server(folder / "site", PAGE_CACHE_MB="0"),
    }
    with running(servers["uncached"]):
        page = get(servers["uncached"].url + "/")
    peers = {
        "nginx": lambda: nginx.server(folder / "nginx", page),
        "wagtail": lambda: peer.server(folder / "wagtail", content),
    }
    missing = {}
    for name, prepared in peers.items():
        try:
            servers[name] = prepared()
        except Missing as reason:
            missing[name] = {"missing": str(reason)}
    return servers, missing


def measure_once(server):
    with running(server) as process:
        page = get(server.url + "/")
        wrk.load(server.url + "/", WARM_UP_SECONDS)
        get(server.url + "/")  # answered when what the load has left unanswered is done
        before = cpu_seconds(process)
        measured = wrk.load(server.url + "/", SECONDS)
        cpu_ms = (cpu_seconds(process) - before) * 1000 / measured.pop("requests")
        return measured | {"cpu_ms": cpu_ms, "memory_mb": memory(process), "page_bytes": len(page)}


def medians(measured):
    return {name: round(statistics.median(one[name] for one in measured), 3) for name in measured[0]}


def summary(results):
    def ratio(one, other):
        rates = [results[name].get("requests_per_second") for name in (one, other)]
        return round(rates[0] / rates[1], 2) if all(rates) else None

    return results | {"ratios": {f"{one}/{other}": ratio(one, other) for one, other in RATIOS}}
