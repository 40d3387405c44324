from django.db import DatabaseError
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from .. import colours
from .. import stylesheet as sheet
from ..models import Profile


@require_safe
def stylesheet(request, digest):
    """The stylesheet. Its address changes with its content; a page from before a change gets the new one."""
    try:
        accent = Profile.current().accent_colour
    except DatabaseError:
        accent = colours.DEFAULT_ACCENT  # the page that says that something is broken wants its style too
    response = HttpResponse(sheet.text(accent), content_type="text/css; charset=utf-8")
    is_current = digest == sheet.digest(accent)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
    return response
