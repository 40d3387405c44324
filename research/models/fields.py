"""Model fields of the field's own kinds: identifiers, web addresses, uploaded pictures and documents."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from .. import identifiers
from ..markup import url_is_safe


class IdentifierField(models.CharField):
    """Text that `normalise` brings into its one written form; for anything else it raises ValueError."""

    normalise = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 255, "blank": True, "default": ""} | kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if not value or not value.strip():
            return ""
        try:
            return type(self).normalise(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class DOIField(IdentifierField):
    normalise = staticmethod(identifiers.doi)


class ArxivField(IdentifierField):
    normalise = staticmethod(identifiers.arxiv)


class OrcidField(IdentifierField):
    normalise = staticmethod(identifiers.orcid)


def validate_address(address):
    """Refuse what a link must not lead to; a path of this site (`/media/…`) may be linked."""
    if not url_is_safe(address) or address.startswith("#"):
        raise ValidationError("This is not a web address. It begins with https://, such as https://example.org/paper.")


def is_address(field):
    """The condition that a column holds nothing or what can be a web address: for a constraint of the database."""
    empty_or_web = Q((field, "")) | Q((f"{field}__startswith", "https://")) | Q((f"{field}__startswith", "http://"))
    own_path = Q((f"{field}__startswith", "/")) & ~Q((f"{field}__startswith", "//"))
    return empty_or_web | own_path


class AddressField(models.CharField):
    """A web address that is safe to link: http or https, or a path on this site."""

    default_validators = [validate_address]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 2000, "blank": True, "default": ""} | kwargs)


class StoredFileField(models.FileField):
    """
    The name of a file that research.media has already checked and stored; the field itself writes nothing.

    Saving a model must touch no file: a raw upload is refused, loudly, instead of being stored unchecked.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 255, "blank": True, "default": ""} | kwargs)

    def pre_save(self, instance, add):
        file = getattr(instance, self.attname)
        if file and not file._committed:
            raise ValueError(f"{self.name} takes the name of a stored file; research.media stores uploads.")
        return file


class PictureField(StoredFileField):
    """The name of a picture's master file, as `images.accept` makes it; `images.Picture.parse` reads it."""


class DocumentField(StoredFileField):
    """The name of a stored document: a PDF, slides, a data file."""


class PdfField(DocumentField):
    """The name of a stored PDF."""
