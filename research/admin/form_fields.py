"""
The form fields of the models' own kinds of field.

An upload is checked and stored while the form is checked, and kept when another field is wrong.
"""

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from markdownx.models import MarkdownxField
from markdownx.widgets import AdminMarkdownxWidget

from .. import images, media
from ..models.fields import DocumentField, PdfField, PictureField
from ..storage import StoreUnavailable, not_stored

SALT = "research.uploads"


class Kept(str):
    """The name of a file that an earlier try of the same form has stored."""


class UploadWidget(forms.ClearableFileInput):
    """A file input that shows what is stored, and carries an upload through a form that has to be sent again."""

    template_name = "admin/upload.html"

    def value_from_datadict(self, data, files, name):
        sent = super().value_from_datadict(data, files, name)
        if sent is not None:  # an upload, or False for "remove"
            return sent
        try:
            return Kept(signing.loads(data.get(f"{name}-kept", ""), salt=SALT))
        except signing.BadSignature:
            return None

    def value_omitted_from_data(self, data, files, name):
        return super().value_omitted_from_data(data, files, name) and f"{name}-kept" not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        stored = getattr(value, "stored_name", None) or (value if isinstance(value, Kept) else None)
        shown = stored or getattr(value, "name", None) if getattr(value, "_committed", True) else stored
        context["widget"] |= {
            "kept": signing.dumps(str(stored), salt=SALT) if stored else "",
            "shown": shown,
            "url": settings.MEDIA_URL + shown if shown else "",
            "can_be_removed": bool(shown) and not self.is_required,
            "preview": preview_url(shown),
        }
        return context


def preview_url(name):
    """The address of a small version of a picture; "" for what is none."""
    try:
        picture = images.Picture.parse(str(name))
    except ValueError:
        return ""
    small = [rendition for rendition, width in picture.srcset("webp") if width >= 360] or [picture.fallback]
    return settings.MEDIA_URL + small[0]


class UploadField(forms.FileField):
    """Cleans to the name of the stored file, False (remove it), or None (leave it)."""

    widget = UploadWidget
    accept = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.widget.attrs.setdefault("accept", self.accept)

    def store(self, file):
        """Check and store an upload; returns its name, or raises ValueError with a sentence."""
        raise NotImplementedError

    def clean(self, data, initial=None):
        if isinstance(data, Kept):
            return self.kept(data)
        file = super().clean(data, None)
        if not data:
            return file if data is False else None
        try:
            data.stored_name = self.store(file)
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from refusal
        except OSError as error:
            raise ValidationError(f"{not_stored('The file', error)} Nothing else was lost.") from error
        return data.stored_name

    def kept(self, name):
        """The name of a file that an earlier try has stored, if it is still there."""
        try:
            if default_storage.exists(name):
                return str(name)
        except StoreUnavailable as error:
            raise ValidationError(f"{error} The file is not lost: save again in a minute.") from error
        raise ValidationError("The uploaded file is no longer there. Choose it again.")

    def bound_data(self, data, initial):
        """What a refused form shows: the upload that it has stored already, else what was there before."""
        return data if isinstance(data, Kept) or getattr(data, "stored_name", None) else initial

    def has_changed(self, initial, data):
        return data is not None and str(data) != str(initial or "")


class PictureUploadField(UploadField):
    accept = "image/jpeg,image/png,image/webp,image/gif,image/avif"

    def store(self, file):
        return media.store_picture(file)


class DocumentUploadField(UploadField):
    accept = ",".join(media.DOCUMENTS)

    def store(self, file):
        return media.store_document(file)


class PdfUploadField(UploadField):
    accept = ".pdf"

    def store(self, file):
        return media.store_document(file, (".pdf",))


# What every ModelAdmin of the site says in `formfield_overrides`.
FORM_FIELDS = {
    PictureField: {"form_class": PictureUploadField, "widget": UploadWidget},
    DocumentField: {"form_class": DocumentUploadField, "widget": UploadWidget},
    PdfField: {"form_class": PdfUploadField, "widget": UploadWidget},
    MarkdownxField: {"widget": AdminMarkdownxWidget},
}
