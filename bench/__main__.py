"""`make bench`: every benchmark, its figures printed and written to bench/results.json."""

import json
from pathlib import Path

from bench import image_upload, publication_pages, static_export

BENCHMARKS = {
    "image_upload": image_upload.measure,
    "publication_pages": publication_pages.measure,
    "static_export": static_export.measure,
}

if __name__ == "__main__":
    results = {name: measure() for name, measure in BENCHMARKS.items()}
    path = Path(__file__).parent / "results.json"
    path.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))
