"""
What the worst files that anybody can upload cost: processor time and peak memory of `research.images.accept`.

Each is made, and then opened, in a process of its own, because the peak of a process never falls. The files of
tests/hostile, and some that are as large as an upload may be. ``python -m bench.hostile_files``
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 8

MAKE = """
import sys
from bench.hostile_files import largest
from tests.hostile.files import CORPUS
name, path = sys.argv[1:]
with open(path, "wb") as file:
    file.write((CORPUS | largest())[name]())
"""
OPEN = """
import json, sys, time
from research import images
start = time.process_time()
try:
    with open(sys.argv[1], "rb") as file:
        images.accept(file)
    answer = "accepted"
except images.ImageRefused as refusal:
    answer = str(refusal)
seconds = time.process_time() - start
with open("/proc/self/status") as status:
    kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps({"seconds": round(seconds, 2), "mb": round(kilobytes * 1.024 / 1000), "answer": answer}))
"""


def largest():
    """{name: a function that gives the content} of files of about 19 MB, and of one of 50 million pixels."""
    from tests.hostile import files
    from tests.images.drawn import chunk, png

    return {
        "19 MB of empty parts.png": lambda: files.png_with(chunk(b"teSt", b"") * 1_580_000),
        "19 MB of empty texts.png": lambda: files.png_with(chunk(b"tEXt", b"a\0b") * 1_260_000),
        "19 MB of empty parts.jpg": lambda: files.jpeg_with(files.segment(0xEF, b"") * 4_750_000),
        "19 MB of fill bytes.jpg": lambda: files.jpeg_with(b"\xff" * 19_000_000),
        "19 MB of metadata.jpg": lambda: files.jpeg_with(files.segment(0xE1, b"Exif\0\0" + b"a" * 60_000) * 316),
        "19 MB of Photoshop's.jpg": lambda: files.jpeg_with(
            files.segment(0xED, b"Photoshop 3.0\0" + b"8BIM\0\1\0\0\0\0\0\0" * 5_000) * 316
        ),
        "19 MB of comments.gif": lambda: files.gif_with(b"!\xfe\x01a\0" * 3_800_000),
        "19 MB of one comment.gif": lambda: files.gif_with(b"!\xfe" + (b"\xff" + b"a" * 255) * 74_000 + b"\0"),
        "50 million pixels of one bit.png": lambda: png(7_071, 7_071, 1, 0, bytes(885) * 7_071),
        "50 million pixels with transparency.png": lambda: png(7_071, 7_071, 8, 6, bytes(28_285) * 7_071),
    }


def run(code, *arguments):
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def measure() -> dict:
    """{name: {"seconds", "mb", "answer"}} of every file, in seconds of processor time and MB of the whole process."""
    from tests.hostile.files import BOMBS

    with tempfile.TemporaryDirectory() as folder:
        path, found = str(Path(folder, "file")), {}
        for name in [*BOMBS, *largest()]:
            run(MAKE, name, path)
            found[name] = json.loads(run(OPEN, path))
        return found


if __name__ == "__main__":
    results = measure()
    for figure, unit in (("seconds", "s of processor time"), ("mb", "MB at the peak")):
        print(f"\nThe worst of {len(results)}, by {unit}:")
        for name in sorted(results, key=lambda name: -results[name][figure])[:SHOWN]:
            print(f"{results[name][figure]:8} {name}: {results[name]['answer'][:60]}")
