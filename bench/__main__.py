"""
`make bench`: every benchmark, or those that are named. Prints the figures and their ratios, and writes them to
bench/results.json and bench/README.md.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench import (
    cold_start,
    databases,
    image_upload,
    memory,
    publication_pages,
    report,
    save,
    static_export,
    throughput,
)

BENCHMARKS = {
    module.__name__.removeprefix("bench."): module.measure
    for module in (throughput, memory, save, cold_start, publication_pages, image_upload, static_export, databases)
}
RESULTS = Path(__file__).parent / "results.json"


def main(names):
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("The benchmarks need two cores: one for the servers, one for the load.")
    # Some alone are measured anew beside what the others had.
    results = json.loads(RESULTS.read_text()) if names and RESULTS.exists() else {}
    for name in names or BENCHMARKS:
        start = time.monotonic()
        print(f"{name} ...", end=" ", flush=True, file=sys.stderr)
        results[name] = BENCHMARKS[name]()
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    report.write_readme(results)
    print(report.tables(results))


if __name__ == "__main__":
    main(sys.argv[1:])
