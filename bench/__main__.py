"""
`make bench`: every benchmark, or those that are named. Prints the figures and their ratios, and writes them to
bench/results.json and, once the usual ones have all run here, into the tables of bench/README.md.

Those of what is kept take long, and their figures are no matter of speed: they run where they are named.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench import (
    archive,
    cold_start,
    databases,
    image_upload,
    lost,
    memory,
    publication_pages,
    report,
    save,
    stack,
    static_export,
    throughput,
)

USUAL = (throughput, memory, save, cold_start, publication_pages, image_upload, static_export, databases)
OF_WHAT_IS_KEPT = (lost, archive, stack)
BENCHMARKS = {module.__name__.removeprefix("bench."): module.measure for module in (*USUAL, *OF_WHAT_IS_KEPT)}
RESULTS = Path(__file__).parent / "results.json"


def main(names):
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("The benchmarks need two cores: one for the servers, one for the load.")
    # Some alone are measured anew beside what the others had.
    results = json.loads(RESULTS.read_text()) if names and RESULTS.exists() else {}
    usual = list(BENCHMARKS)[: len(USUAL)]
    for name in names or usual:
        start = time.monotonic()
        print(f"{name} ...", end=" ", flush=True, file=sys.stderr)
        results[name] = BENCHMARKS[name]()
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    # A few alone, in a fresh clone, would take the place of all that README.md shows.
    if set(usual) <= set(results):
        report.write_readme(results)
    print(report.tables(results))


if __name__ == "__main__":
    main(sys.argv[1:])
