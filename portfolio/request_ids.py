"""A number for each request, which its answer, its lines in the log and its error page have in common."""

import re
import secrets
from contextvars import ContextVar

from .proxies import is_trusted

HEADER = "X-Request-ID"
FORM = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)

current = ContextVar("current", default=None)  # the request that this thread answers


class RequestIds:
    """Middleware that gives each request an id: the one that a trusted front server has given it, else a new one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = given_id(request) or secrets.token_hex(8)
        token = current.set(request)
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response[HEADER] = request.id
        return response


def given_id(request):
    """The id in the header of a front server whose word counts; "" where there is none that can be taken."""
    if not is_trusted(request.META.get("REMOTE_ADDR", "")):
        return ""
    found = FORM.fullmatch(request.headers.get(HEADER, ""))
    return found[0] if found else ""
