"""
What readers get while slowhttptest holds hundreds of slow connections, to the application alone or to Caddy before it.

`python -m bench.slow_visitors`; slowhttptest and Caddy are Debian's.
"""

import csv
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench import site
from bench.servers import ROOT, Missing, Server, free_port, running

CONNECTIONS, SECONDS, PROBES = 700, 12, 12
MODES = {
    "headers": (["-H"], "/"),
    "bodies": (["-B", "-j", f"csrftoken={'a' * 32}"], "/admin/login/"),
    "downloads": (["-X"], "/media/files/x/large.pdf"),
}


def measure() -> dict:
    """{"application": {"headers": {"held": connections at once, "answered": pages of PROBES}, …}, "caddy": the same}"""
    for program in ("slowhttptest", "caddy"):
        if not shutil.which(program):
            raise Missing(f"{program} is not installed (apt-get install {program})")
    with tempfile.TemporaryDirectory() as folder:
        site.run(folder, "-m", "bench.content")
        large = Path(folder, "media/files/x/large.pdf")
        large.parent.mkdir(parents=True)
        large.write_bytes(b"%PDF-" + bytes(30_000_000))
        application = site.server(Path(folder))
        caddy = front(folder, application)
        with running(application), running(caddy):
            return {
                name: {mode: attack(server.url, *options, folder) for mode, options in MODES.items()}
                for name, server in (("application", application), ("caddy", caddy))
            }


def front(folder, application):
    """Caddy with deploy/Caddyfile, its places on this machine."""
    options = f"\tadmin off\n\thttp_port {free_port()}\n"
    text = (ROOT / "deploy/Caddyfile").read_text().replace("\tservers {", f"{options}\tservers {{")
    for place, here in (
        ("unix//opt/portfolio/current/run/web.sock", f"127.0.0.1:{application.port}"),
        ("/opt/portfolio/current/www", f"{folder}/www"),
        ("/var/lib/portfolio", str(folder)),
        ("http://{$DOMAIN:jane-doe.org}", "http://jane-doe.org"),
    ):
        assert place in text
        text = text.replace(place, here)
    Path(folder, "Caddyfile").write_text(text)
    shutil.copy(ROOT / "deploy/static-copy.caddy", folder)
    port = free_port()
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]
    return Server(command, port, {"XDG_DATA_HOME": str(folder), "DOMAIN": f"http://127.0.0.1:{port}"})


def attack(url, options, path, folder):
    """{"held": the most connections that were open at once, "answered": how many of PROBES pages meanwhile}"""
    command = ["slowhttptest", *options, "-c", CONNECTIONS, "-r", 200, "-l", SECONDS, "-i", 5, "-p", 3]
    command += ["-g", "-o", f"{folder}/slow", "-u", url + path]
    attacker = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(SECONDS / 3)  # until most of them are there
    answered = sum(is_answered(f"{url}/publications/?q={number}") for number in range(PROBES))
    attacker.wait()
    seconds = csv.DictReader(Path(folder, "slow.csv").read_text().splitlines())
    held = max(int(second["Connected"]) for second in seconds)
    return {"held": held, "answered": answered}


def is_answered(url):
    try:
        with urllib.request.urlopen(url, timeout=4) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    for server, results in measure().items():
        for mode, result in results.items():
            print(f"{server:12} {mode:10} {result['answered']} of {PROBES} pages beside {result['held']} connections")
