"""
How many threads of the server may wait for slow visitors: the inner layer of the WSGI application, around Django.

The server has a few threads, and one that waits for a body to arrive, or for a file to be taken, does nothing else:
with three of them, three slow visitors stop the site for everybody. Here each kind has its lane, and the other threads
are for pages. Who is logged in is trusted, and waits for a thread as pages do.

How long a body takes is for the front server to say (deploy/Caddyfile). It cannot be said here: Granian stops answering
anybody when a request is given up while its body is being read.
"""

from importlib import import_module
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, connection
from django.http import HttpResponse, parse_cookie
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from .bodies import Body
from .headers import SecurityHeaders
from .proxies import TrustedProxies

# Together less than the threads that `make run` gives the server (Makefile): what is left is for pages.
FILES, STRANGERS = 6, 3
SMALL_FILE = 256_000  # bytes; it is handed to the server at once, and no thread waits until it is taken
MOST_OF_STRANGERS, MOST_OF_OWNERS = 100_000, 200_000_000  # bytes of a body

TOO_LARGE = (
    "413 Content Too Large",
    f"This is more than can be taken at once: {MOST_OF_OWNERS // 1_000_000} MB. Send the files one by one.",
)
TOO_LARGE_OF_A_STRANGER = (
    "413 Content Too Large",
    "You are not logged in, and this is more than a login. Log in in another window, come back and send it again.",
)
NO_LENGTH = (
    "411 Length Required",
    "What was sent does not say how long it is, so nothing of it was read. Send it with another browser or program.",
)
BUSY = ("503 Service Unavailable", "The server is receiving other forms. Go back and send yours again in a minute.")
BUSY_WITH_FILES = ("503 Service Unavailable", "Too many files are being downloaded. Try again in a minute.")


class Lanes:
    """The WSGI application `application`, of which slow visitors get only their share."""

    def __init__(self, application):
        self.application = application
        self.files, self.strangers = map(BoundedSemaphore, (FILES, STRANGERS))

    def __call__(self, environ, start_response):
        length = length_of(environ)
        if not length:
            # Django would take a body that comes in chunks for an empty one, and lose what was typed without a word.
            if environ["REQUEST_METHOD"] not in ("GET", "HEAD") and "HTTP_TRANSFER_ENCODING" in environ:
                return refuse(environ, start_response, NO_LENGTH)
            return self.answer(environ, start_response)
        is_owner = is_logged_in(environ)
        if length > (MOST_OF_OWNERS if is_owner else MOST_OF_STRANGERS):
            return refuse(environ, start_response, TOO_LARGE if is_owner else TOO_LARGE_OF_A_STRANGER)
        environ["wsgi.input"] = Body(environ["wsgi.input"])
        if is_owner:
            return self.answer(environ, start_response)
        if not self.strangers.acquire(blocking=False):
            return refuse(environ, start_response, BUSY)
        try:
            return self.answer(environ, start_response)
        finally:
            self.strangers.release()

    def answer(self, environ, start_response):
        """The application's answer. A file is read at once where it is small, else it waits in its lane."""
        begun = []
        response = self.application(environ, lambda *arguments: begun.append(arguments))
        if getattr(response, "streaming", False) and environ["REQUEST_METHOD"] == "GET":
            if int(response.get("Content-Length", SMALL_FILE + 1)) <= SMALL_FILE:
                content = [b"".join(response)]
                response.close()
                response = content
            elif self.files.acquire(blocking=False):
                response = File(response, self.files)
            else:
                response.close()
                return refuse(environ, start_response, BUSY_WITH_FILES)
        start_response(*begun[-1])
        return response


class File:
    """A streamed response that is in a lane until the server has sent it or given it up."""

    def __init__(self, response, lane):
        self.response = response
        self.lane = lane

    def __iter__(self):
        return iter(self.response)

    def close(self):
        if self.lane:
            self.response.close()
            self.lane.release()
            self.lane = None

    __del__ = close


def length_of(environ):
    """The bytes of the body that Django may read, by Django's own rule (WSGIRequest): 0 for one without a length."""
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def is_logged_in(environ):
    """Whether the request has the session of somebody who is logged in; its body is not looked at."""
    key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return False
    try:
        return SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key)
    except Error:
        return False
    finally:
        connection.close_if_unusable_or_obsolete()


def refuse(environ, start_response, reason):
    """The answer with a status and a sentence, and with the headers of every other answer."""
    status, sentence = reason
    headers = {"Cache-Control": "no-store", "Retry-After": "60", "Connection": "close"}
    response = HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", headers=headers)
    response["Content-Length"] = len(response.content)

    def secured(request):
        return SecurityMiddleware(lambda request: response).process_response(request, response)

    SecurityHeaders(TrustedProxies(XFrameOptionsMiddleware(secured)))(WSGIRequest(environ))
    start_response(status, list(response.items()))
    return [response.content]
