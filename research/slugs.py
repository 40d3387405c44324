"""The last part of a record's address, made from its title."""

from django.db.models import Q
from django.utils.text import slugify

from . import markup

LONGEST = 90  # leaves room for a number


def make(title, fallback):
    """ "Attention in *C. elegans*" as attention-in-c-elegans; the fallback where no letter of it is Latin."""
    return slugify(markup.plain(title))[:LONGEST] or fallback


def first_free(slug, is_taken):
    """The slug, with a number behind it where `is_taken(slug)`."""
    endings = ["", *(f"-{number}" for number in range(2, 1000))]
    return next(slug + ending for ending in endings if not is_taken(slug + ending))


def unused(slug, record):
    """The slug, with a number behind it where another record of the kind has it already or had it before."""
    others = type(record)._default_manager.exclude(pk=record.pk)
    return first_free(slug, lambda found: is_taken(found, record, others))


def is_taken(slug, record, others):
    return slug in record.RESERVED_SLUGS or others.filter(Q(slug=slug) | Q(former_slugs__slug=slug)).exists()
