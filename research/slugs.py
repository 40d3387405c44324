"""The last part of a record's address, made from its title."""

from itertools import chain, count

from django.db.models import Q
from django.utils.text import slugify

from . import markup

LONGEST = 90  # leaves room for a number


def make(title, fallback):
    """ "Attention in *C. elegans*" as attention-in-c-elegans; the fallback where no letter of it is Latin."""
    return slugify(markup.plain(title))[:LONGEST] or fallback


def first_free(slug, taken):
    """The slug, with a number behind it where it is among those that are taken."""
    endings = chain([""], (f"-{number}" for number in count(2)))
    return next(slug + ending for ending in endings if slug + ending not in taken)


def unused(slug, record):
    """The slug, with a number behind it where another record of the kind has it already or had it before."""
    others = type(record)._default_manager.exclude(pk=record.pk)
    # Asked for at once: where hundreds have the same title, one question for each number would take seconds.
    alike = others.filter(Q(slug__startswith=slug) | Q(former_slugs__slug__startswith=slug))
    taken = chain.from_iterable(alike.values_list("slug", "former_slugs__slug"))
    return first_free(slug, {*record.RESERVED_SLUGS, *taken})
