"""
What all admins of content share: every change is a version, none goes over another's, and none is lost.

A form whose content the database could not take is shown again, with everything that was typed.
"""

import logging

from django.db import InternalError, OperationalError

from ..storage import hindrance
from .meanwhile import RecordingAdmin
from .searching import SearchingAdmin
from .versions import VersionPages

logger = logging.getLogger("django.request")
UNSAVED = "Nothing was saved: {}. What you typed is still here. Once that is mended on the server, save again."


# A full disk, and what PostgreSQL says where it only reads: one that was put in the place of another does.
NOT_WRITABLE = (OperationalError, InternalError)


class UnsavedForm:
    """Mixed into a form that was right, to let it say that it could not be saved, and why."""

    hindrance = ""

    def clean(self):
        cleaned = super().clean()
        self.add_error(None, UNSAVED.format(self.hindrance))
        return cleaned


class StoringAdmin(SearchingAdmin, VersionPages, RecordingAdmin):
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NOT_WRITABLE as error:
            if request.method != "POST":
                raise
            logger.error("Nothing was saved: %s", error)
            request.hindrance = hindrance(error)
            # Outside of a transaction: a folder that cannot be written to cannot begin one.
            return self._changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if not hasattr(request, "hindrance"):
            return form
        return type(form)(form.__name__, (UnsavedForm, form), {"hindrance": request.hindrance})
