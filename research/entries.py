"""A publication as an entry of a list, which is rendered once for each state of what it shows."""

import hashlib
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix

from . import metadata
from .citations.record import item

MOST_REMEMBERED = 512  # entries, of about 4 kB; the oldest goes first

_remembered = {}


def html(publication, site):
    """
    The entry of a publication, on the `site` of `context_processors.Site`; uses what `with_item_parts` has fetched.

    It is remembered by the values that it is made of, so it cannot be stale: after a change the entries that the
    change concerns are rendered, and no others.
    """
    state = digest(publication, site.profile.person_id)
    found = _remembered.get(state)
    if found is None:
        context = {"publication": publication, "site": site, "coins": metadata.coins(item(publication))}
        found = _remembered[state] = render_to_string("research/partials/publication.html", context)
        for oldest in list(_remembered)[:-MOST_REMEMBERED]:
            _remembered.pop(oldest, None)
    return found


def digest(publication, owner):
    """What names the state of an entry: every column of its rows, and what else its template and COinS depend on."""
    around = get_script_prefix(), settings.SITE_URL, settings.MEDIA_URL, owner, publication.is_public
    authors = [(columns(each), columns(each.person)) for each in publication.authorships.all()]
    links = [columns(link) for link in publication.links.all()]
    return hashlib.sha256(repr((around, columns(publication), authors, links)).encode()).digest()


def columns(record):
    """The values of a record's columns, as far as they were fetched."""
    values = vars(record)
    return [values.get(name) for name in column_names(type(record))]


@cache
def column_names(model):
    return [field.attname for field in model._meta.concrete_fields]


def forget():
    """Render all entries anew, as after a start."""
    _remembered.clear()
