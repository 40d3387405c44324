import codecs
import logging
import tempfile

from django.conf import settings
from django.db import DatabaseError, InternalError, OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.utils.module_loading import import_string

from .. import colours, stylesheet
from ..storage import StoreUnavailable, hindrance
from .page import private_for_staff

logger = logging.getLogger("django.request")


def not_found(request, exception):
    """The page for an address that leads nowhere."""
    try:
        response = render(request, "404.html", status=404)
        return private_for_staff(request, response)
    except DatabaseError:
        logger.exception("The page for a missing address could not be made.")
        return server_error(request)


def server_error(request):
    """The page for a fault of the site: it asks nothing of the database."""
    return HttpResponseServerError(plain_page("500.html", request))


FAULTS = [
    "plain.html",
    "500.html",
    "503.html",
    "django/forms/errors/list/default.html",
    "django/forms/errors/list/ul.html",
]


def prepare():
    """Read now what takes forms and tells of faults: when it is needed, it may be that no file can be opened."""
    for handler in settings.FILE_UPLOAD_HANDLERS:
        import_string(handler)
    for template in FAULTS:
        get_template(template)
    tempfile.gettempdir()  # is looked for once, by writing
    codecs.lookup("unicode_escape")  # for the log


def plain_page(template, request, **context):
    """A page that asks nothing of the database."""
    try:
        url = stylesheet.url(colours.DEFAULT_ACCENT)
    except (OSError, ValueError):  # static files that were never collected: a plain page is better than none
        url = ""
    context |= {"stylesheet_url": url, "number": getattr(request, "id", "")}
    return render_to_string(template, context)


class UnsavedIsSaid:
    """
    Middleware: where the database took nothing of what was sent, because the disk is full, the answer says so; and
    where the store of uploads does not answer.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, (OperationalError, InternalError)) and request.method == "POST":
            logger.error("Nothing was saved: %s", exception)
            return HttpResponse(plain_page("503.html", request, hindrance=hindrance(exception)), status=503)
        if isinstance(exception, StoreUnavailable):
            logger.error("%s", exception, exc_info=exception)
            sentence = f"{exception} Try again in a minute.\n"
            kind, headers = "text/plain; charset=utf-8", {"Retry-After": "60", "Cache-Control": "no-store"}
            return HttpResponse(sentence, status=503, content_type=kind, headers=headers)
        return None
