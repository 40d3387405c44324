import logging

from django.db import DatabaseError
from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from .. import colours, stylesheet
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
    try:
        url = stylesheet.url(colours.DEFAULT_ACCENT)
    except (OSError, ValueError):  # static files that were never collected: a plain page is better than none
        url = ""
    return HttpResponseServerError(render_to_string("500.html", {"stylesheet_url": url}))
