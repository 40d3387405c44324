"""A publication as an entry of a list, which is rendered once for each state of what it shows."""

import hashlib
from functools import cache
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.urls import get_script_prefix

from . import metadata
from .citations.record import item, with_item_parts
from .models import Authorship, Person, Publication, PublicationLink
from .models.publishable import is_public

MOST_REMEMBERED = 512  # entries, of about 4 kB; the oldest goes first

_remembered = {}


class Entry(NamedTuple):
    """An entry as it stands in a list; `has_star`: whether the list needs the footnote on equal contribution."""

    html: str
    has_star: bool


def listed(publications, site):
    """
    The entries of a queryset of publications, on the `site` of `context_processors.Site`, in three queries.

    Only where one of them is new are the publications themselves fetched, which takes ten times as long.
    """
    found = [_remembered.get(state) for state in states(publications, site)]
    return found if None not in found else [entry(each, site) for each in with_item_parts(publications)]


def entry(publication, site):
    """
    The entry of a publication; uses what `with_item_parts` has fetched.

    It is remembered by the values that it is made of, so it cannot be stale: after a change the entries that the
    change concerns are rendered, and no others.
    """
    authors = [columns(each) + columns(each.person) for each in publication.authorships.all()]
    state = digest(columns(publication), authors, [columns(link) for link in publication.links.all()], site)
    found = _remembered.get(state)
    if found is None:
        context = {"publication": publication, "site": site, "coins": metadata.coins(item(publication))}
        html = render_to_string("research/partials/publication.html", context)
        found = _remembered[state] = Entry(html, publication.has_equal_contribution)
        for oldest in list(_remembered)[:-MOST_REMEMBERED]:
            _remembered.pop(oldest, None)
    return found


def forget():
    """Render all entries anew, as after a start."""
    _remembered.clear()


def states(publications, site):
    """The digests of the publications, without an object for each of their rows."""
    rows = list(publications.values_list())
    keys = [row[0] for row in rows]
    authors, links = (
        {
            key: [row[1:] for row in group]
            for key, group in groupby(query.filter(publication__in=keys), key=lambda row: row[0])
        }
        for query in queries_of_parts()
    )
    return [digest(row, authors.get(row[0], []), links.get(row[0], []), site) for row in rows]


@cache
def queries_of_parts():
    """
    The authors and the links of publications, the key of their publication before their values.

    The queries are made once: to look up the sixty columns by their names costs a tenth of a home page.
    """
    people = [f"person__{name}" for name in names(Person)]
    return [
        model.objects.order_by("publication_id", "position", "pk").values_list("publication_id", *names(model), *more)
        for model, more in ((Authorship, people), (PublicationLink, []))
    ]


def digest(publication, authors, links, site):
    """What names the state of an entry: every column of its rows, and what else its template and COinS depend on."""
    values = dict(zip(names(Publication), publication, strict=True))
    shown = is_public(values["status"], values["publish_at"])
    around = get_script_prefix(), settings.SITE_URL, settings.MEDIA_URL, site.profile.person_id, shown
    return hashlib.sha256(repr((around, publication, authors, links)).encode()).digest()


def columns(record):
    """The values of a record's columns, as a query for values gives them."""
    values = (getattr(record, name) for name in names(type(record)))
    return tuple(value.name if isinstance(value, FieldFile) else value for value in values)


@cache
def names(model):
    return [field.attname for field in model._meta.concrete_fields]
