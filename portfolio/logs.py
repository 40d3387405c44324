"""
Lines of the log: as text for a person at a terminal, as JSON for everything else; neither with a visitor's address.

A person who runs `make run` reads the lines as they come; what goes to a file or the journal is searched by programs.
"""

import datetime
import ipaddress
import json
import logging
import re
import sys

# Addresses that open a draft, or make a browser a known one, for whoever reads them.
SECRET = re.compile(r"(/drafts/|/known-browser/)[^/\s\"'\\]+")

WORD = re.compile(r"[0-9A-Fa-f:.]+")  # what an address is written with, and the port behind it


def formatter():
    """The formatter for where the lines go."""
    return TextFormatter("%(levelname)s: %(message)s") if sys.stderr.isatty() else JsonFormatter()


class TextFormatter(logging.Formatter):
    def format(self, record):
        return without_secrets(super().format(record), request_of(record))


class JsonFormatter(logging.Formatter):
    """One JSON object on a line; what a record brings beside what is named here, such as the request, is left out."""

    def format(self, record):
        request = request_of(record)
        line = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(request, "id", None),
            "method": getattr(request, "method", None),
            "path": getattr(request, "path", None),
            "status": getattr(record, "status_code", None),
            "exception": self.formatException(record.exc_info) if record.exc_info else None,
        }
        line = {name: value for name, value in line.items() if value is not None}
        return without_secrets(json.dumps(line, ensure_ascii=False), request)


class AccessFormatter(JsonFormatter):
    """For Granian's access log, should somebody turn it on: its own line would begin with the visitor's address."""

    def format(self, record):
        asked = record.args
        line = f"{asked['method']} {asked['path']} {asked['status']} {asked['dt_ms']:.1f} ms"
        return super().format(logging.LogRecord(record.name, record.levelno, "", 0, line, None, None))


def request_of(record):
    """The request that a record belongs to, or None."""
    request = getattr(record, "request", None)
    if hasattr(request, "META"):  # Django's development server logs its socket by that name
        return request
    module = sys.modules.get("portfolio.request_ids")  # the server's own process answers no requests
    return module and module.current.get()


def without_secrets(text, request):
    """The text without the addresses of who asked, and without what opens something."""
    for address in visitors(request):
        text = text.replace(address, "(visitor)")
    return SECRET.sub(r"\1…", text)


def visitors(request):
    """The addresses of a request that are not those of front servers, the longest first."""
    if request is None:
        return []
    from .proxies import is_trusted

    named = f"{request.META.get('REMOTE_ADDR', '')},{request.META.get('HTTP_X_FORWARDED_FOR', '')}"
    # A header may hold anything that a visitor has written: only what is an address is looked for in the line.
    found = {part for word in WORD.findall(named) for part in (word, word.rpartition(":")[0]) if is_address(part)}
    return sorted((address for address in found if not is_trusted(address)), key=len, reverse=True)


def is_address(text):
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
