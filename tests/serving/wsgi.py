"""
The production application, whose renderings a test can count and hold.

Django's answer to each request is written to the file `rendered` in DATA_DIR, one path per line. Where there is a
socket `barrier`, it then waits there until the test answers, with the page rendered and not yet handed over.
"""

import os
import socket
from pathlib import Path

from portfolio.wsgi import application

DATA_DIR = Path(os.environ["DATA_DIR"])
django_application = application.application


def held(environ, start_response):
    response = django_application(environ, start_response)
    with (DATA_DIR / "rendered").open("a") as file:
        file.write(environ["PATH_INFO"] + "\n")
    if (DATA_DIR / "barrier").exists():
        with socket.socket(socket.AF_UNIX) as barrier:
            barrier.connect(str(DATA_DIR / "barrier"))
            barrier.recv(1)
    return response


application.application = held
