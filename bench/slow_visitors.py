"""
What readers get while slowhttptest holds hundreds of slow connections to the application, no front server before it.

`python -m bench.slow_visitors`; slowhttptest is Debian's.
"""

import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench import site
from bench.servers import Missing, running

CONNECTIONS, SECONDS, PROBES = 700, 12, 12
MODES = {
    "headers": (["-H"], "/"),
    "bodies": (["-B", "-j", f"csrftoken={'a' * 32}"], "/admin/login/"),
    "downloads": (["-X"], "/media/files/x/large.pdf"),
}


def measure() -> dict:
    """{"headers": {"tried": connections, "answered": pages of PROBES}, …}"""
    if not shutil.which("slowhttptest"):
        raise Missing("slowhttptest is not installed (apt-get install slowhttptest)")
    with tempfile.TemporaryDirectory() as folder:
        site.run(folder, "-m", "bench.content")
        large = Path(folder, "media/files/x/large.pdf")
        large.parent.mkdir(parents=True)
        large.write_bytes(b"%PDF-" + bytes(30_000_000))
        server = site.server(Path(folder))
        with running(server):
            return {name: attack(server.url, *mode) for name, mode in MODES.items()}


def attack(url, options, path):
    command = [
        "slowhttptest",
        *options,
        "-c",
        CONNECTIONS,
        "-r",
        200,
        "-l",
        SECONDS,
        "-i",
        5,
        "-p",
        3,
        "-u",
        url + path,
    ]
    attacker = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(SECONDS / 3)  # until most of them are there
    answered = sum(is_answered(f"{url}/publications/?q={number}") for number in range(PROBES))
    attacker.wait()
    return {"tried": CONNECTIONS, "answered": answered}


def is_answered(url):
    try:
        with urllib.request.urlopen(url, timeout=4) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    for name, result in measure().items():
        print(f"{name:10} {result['answered']} of {PROBES} pages answered beside {result['tried']} slow connections")
