"""A local server in place of the sources, and a clock that nobody has to wait for."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from research.sources import fetch


@dataclass
class Server:
    """
    What stands at each path, a list of (status, headers, body) of which the last stays; and what was asked for.

    A path "HEAD /x" is what stands at /x for that method; what is asked for so has its method before its path.
    """

    url: str = ""
    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def puts(self, path, body, status=200, **headers):
        content = body if isinstance(body, bytes) else body.encode()
        found = (status, {name.replace("_", "-"): value for name, value in headers.items()}, content)
        self.answers.setdefault(path, []).append(found)


@pytest.fixture
def server(settings, tmp_path):
    """A `Server` that all of the sources lead to."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.do_GET("HEAD ")

        def do_GET(self, method=""):
            state.asked.append((method + self.path, dict(self.headers)))
            found = state.answers.get(method + self.path) or state.answers.get(self.path)
            found = found or state.answers.get(self.path.partition("?")[0]) or [(404, {}, b"")]
            status, headers, content = found.pop(0) if len(found) > 1 else found[0]
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            if method:
                return
            if headers.get("X-Test") == "drip":
                while not state.released.wait(0.02):
                    try:
                        self.wfile.write(b" ")
                    except OSError:
                        return
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{httpd.server_address[1]}"
    settings.SOURCE_URLS = {name: f"{state.url}/{name}" for name in settings.DEFAULT_SOURCE_URLS}
    settings.DATA_DIR = tmp_path
    yield state
    state.released.set()
    httpd.shutdown()
    httpd.server_close()


class Clock:
    """The time in seconds; waiting is only written down."""

    def __init__(self):
        self.time, self.waits = 1_000_000.0, []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.time += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(fetch, "CLOCK", clock)
    return clock
