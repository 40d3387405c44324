"""
Links by which somebody without an account sees one draft, until a day.

A link is a signed text: whose draft, until when, and the record's present key. Nothing is stored for it; a new key, a
new secret key of the site, or the day ends it.
"""

import datetime

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from .models import DraftKey, Project, Publication

SALT = "research.draft_links"
DAYS = (1, 3, 7, 14, 30, 90)
USUAL_DAYS = 14


class LinkRefused(ValueError):
    """The link shows nothing; the text is a sentence for whoever has it. `is_over`: it was valid once."""

    def __init__(self, sentence, is_over=True):
        super().__init__(sentence)
        self.is_over = is_over


def path(record, until):
    """The path of a link that shows the record until a moment."""
    token = signing.Signer(salt=SALT).sign_object([record.uuid.hex, key_of(record.uuid), int(until.timestamp())])
    return reverse("draft", args=[token])


def opened(token):
    """(the record that a link's token shows, the moment until which it does). Raises LinkRefused."""
    try:
        name, key, seconds = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature as error:
        raise LinkRefused("This link is not whole. Copy all of it, or ask for it again.", is_over=False) from error
    until = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    if until <= timezone.now():
        raise LinkRefused(f"This link was valid until {until:%-d %B %Y, %H:%M} UTC. Ask for a new one.")
    if key != key_of(name):
        raise LinkRefused("This link was withdrawn. Ask for a new one.")
    found = (model.objects.filter(uuid=name).first() for model in (Publication, Project))
    record = next(filter(None, found), None)
    if record is None:
        raise LinkRefused("What this link showed is no longer there.")
    return record, until


def key_of(uuid):
    return DraftKey.objects.filter(record=uuid).values_list("key", flat=True).first() or ""


def withdraw(record):
    """End all links to the record that there are."""
    DraftKey.objects.update_or_create(record=record.uuid, defaults={"key": get_random_string(16)})
