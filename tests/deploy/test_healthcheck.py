"""What a container says of the health of its site."""

import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "deploy" / "healthcheck.py"


def check(folder):
    """(status, what it says) of the script, run in `folder` as in a container."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        cwd=folder,
        env={"SITE_URL": "https://jane-doe.org"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip()


@pytest.fixture
def answer(tmp_path):
    """A function that lets a server at the socket give one answer, and returns the list of what it was asked."""
    (tmp_path / "run").mkdir()
    asked, threads = [], []

    def serve(text):
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(tmp_path / "run" / "web.sock"))
        server.listen()
        server.settimeout(10)  # a script that does not ask fails its test, and holds up nothing

        def once():
            with server, suppress(TimeoutError), server.accept()[0] as peer:
                asked.append(peer.recv(1000).decode())
                peer.sendall(text.encode())

        threads.append(threading.Thread(target=once))
        threads[0].start()
        return asked

    yield serve
    for thread in threads:
        thread.join()


def test_a_site_that_is_well_is_asked_under_its_own_name(answer, tmp_path):
    asked = answer("HTTP/1.1 200 OK\r\n\r\n")
    assert check(tmp_path) == (0, "")
    assert asked == [
        "GET /healthz HTTP/1.0\r\nHost: jane-doe.org\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("HTTP/1.1 503 Service Unavailable\r\n\r\nno 200 here", "HTTP/1.1 503 Service Unavailable"), ("", "no answer")],
)
def test_a_site_that_is_not_well_is_quoted(answer, tmp_path, text, said):
    answer(text)
    assert check(tmp_path) == (1, f"The site is not well: {said}")


def test_a_site_that_does_not_answer_is_said_to_be_so(tmp_path):
    assert check(tmp_path) == (1, "The site does not answer: [Errno 2] No such file or directory.")
