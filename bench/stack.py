"""
The memory of all processes that the site needs, the application and Caddy before it, after a thousand different pages
through both. ``python -m bench stack``
"""

import shutil
import tempfile
from pathlib import Path

from bench import site
from bench.servers import Missing, Server, free_port, get, memory, running

PAGES = 1_000
# As deploy/Caddyfile, without a certificate: a name of the internet has none here.
CONFIGURATION = """
{{
    admin off
    auto_https off
}}
:{port} {{
    reverse_proxy 127.0.0.1:{application}
}}
"""


def measure() -> dict:
    """{"application_mb": …, "caddy_mb": …, "all_mb": …} of PSS in MB (10**6 bytes), or {"missing": "the reason"}."""
    try:
        return weighed()
    except Missing as reason:
        return {"missing": str(reason)}


def weighed():
    if not shutil.which("caddy"):
        raise Missing("caddy is not installed (tests/install_programs.sh)")
    with tempfile.TemporaryDirectory() as folder:
        site.run(folder, "-c", f"from bench import publication_pages; publication_pages.prepare({PAGES})")
        application, configuration, port = site.server(folder), Path(folder) / "Caddyfile", free_port()
        configuration.write_text(CONFIGURATION.format(port=port, application=application.port))
        caddy = Server(
            ["caddy", "run", "--adapter", "caddyfile", "--config", str(configuration)], port, {"XDG_DATA_HOME": folder}
        )
        with running(application) as process, running(caddy) as front:
            for number in range(PAGES):
                get(f"{caddy.url}/publications/paper-{number}/")
            parts = {"application_mb": memory(process), "caddy_mb": memory(front)}
    return {name: round(size, 1) for name, size in (parts | {"all_mb": sum(parts.values())}).items()}
