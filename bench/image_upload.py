"""What one uploaded picture costs: peak memory and time of ``research.images.accept``.

Each run is a fresh process, because the peak of a process never falls. ``python bench/image_upload.py``
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = {12: (4000, 3000), 50: (8660, 5773)}
KINDS = {"jpeg": ("RGB", "jpg", {"quality": 85}), "png": ("RGB", "png", {}), "png_rgba": ("RGBA", "png", {})}
RUNS = 2  # what matters is the peak of memory, which is the same each time

MAKE = """
import json, random, sys
from PIL import Image, ImageDraw
path, mode, (width, height), options = json.loads(sys.argv[1])
random.seed(1)
if path.endswith("jpg"):  # as a photograph: detail everywhere
    noise = [Image.effect_noise((width // 16, height // 16), 90) for _ in range(3)]
    image = Image.merge("RGB", noise).resize((width, height))
else:  # as a figure: a photograph of this size is larger than the 20 MB an upload may have
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(900):
        colour = tuple(random.randrange(256) for _ in range(3))
        x, y = random.randrange(width), random.randrange(height)
        draw.ellipse([x, y, x + random.randrange(50, 900), y + random.randrange(50, 900)], fill=colour)
        draw.line([x, y, random.randrange(width), random.randrange(height)], fill=colour, width=7)
if mode == "RGBA":
    image.putalpha(Image.linear_gradient("L").resize((width, height)))
image.save(path, **options)
"""

# VmHWM, not ru_maxrss: the latter survives exec, so it would count the process that started this one.
ACCEPT = """
import json, re, sys, time
sys.path.insert(0, sys.argv[1])
from research.images import accept
with open(sys.argv[2], "rb") as file:
    start = time.perf_counter()
    accepted = accept(file)
    seconds = time.perf_counter() - start
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
sizes = [len(content) for content in accepted.files.values()]
print(json.dumps({"ms": seconds * 1000, "peak_mb": peak / 1e6, "files": len(sizes), "stored_kb": sum(sizes) / 1e3}))
"""


def measure_file(path: Path, runs: int = RUNS) -> dict:
    """The highest peak in MB (10**6 bytes) and the median time in ms of ``runs`` fresh processes."""
    command = [sys.executable, "-c", ACCEPT, str(ROOT), str(path)]
    results = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(runs)]
    return {
        "upload_mb": round(path.stat().st_size / 1e6, 1),
        "peak_mb": round(max(result["peak_mb"] for result in results)),
        "ms": round(statistics.median(result["ms"] for result in results)),
        "files": results[0]["files"],
        "stored_kb": round(results[0]["stored_kb"]),
    }


def measure() -> dict:
    """{"jpeg_12mp": {"peak_mb": …, "ms": …}, …} for 12 and 50 megapixels."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for megapixels, size in SIZES.items():
            for kind, (mode, suffix, options) in KINDS.items():
                path = Path(folder) / f"{kind}.{suffix}"
                make = json.dumps([str(path), mode, size, options])
                subprocess.run([sys.executable, "-c", MAKE, make], check=True)
                results[f"{kind}_{megapixels}mp"] = measure_file(path)
    return results


if __name__ == "__main__":
    for name, result in measure().items():
        print(f"{name:14} {result['peak_mb']:5} MB {result['ms']:6} ms   {result}")
