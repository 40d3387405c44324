"""A publication as an entry of a list, which is rendered once for each state of what it shows."""

import hashlib
from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.urls import get_script_prefix

from . import metadata
from .citations.record import item, with_item_parts
from .models import Authorship, Person, Publication, PublicationLink

MOST_REMEMBERED = 1024  # states; an entry, of about 4 kB, has two: of its rows, and of the objects made of them

_remembered = {}


class Entry(NamedTuple):
    """An entry as it stands in a list; `has_star`: whether the list needs the footnote on equal contribution."""

    html: str
    has_star: bool


def listed(keys, site):
    """
    The entries of publications, on the `site` of `context_processors.Site`, in three queries; `keys` are rows of
    `Publication.objects.publicity()`.

    Only where one of them is new are the publications themselves fetched, which takes ten times as long.
    """
    keys = dict(keys)
    wanted = states(keys, site)
    found = [_remembered.get(state) for state in wanted]
    if None in found:
        there = with_item_parts(Publication.objects).in_bulk(keys)
        fetched = [there[key] for key in keys if key in there]
        # What was public when it was asked for, and is hidden meanwhile, is not for the visitor any longer.
        fetched = [each for each in fetched if each.is_public or not keys[each.pk]]
        found = [entry(each, site) for each in fetched]
        # Else somebody has saved meanwhile, or a time has come, and nobody knows what was fetched.
        if states({each.pk: each.is_public for each in fetched}, site) == wanted:
            remember(zip(wanted, found, strict=True))
    return found


def entry(publication, site):
    """
    The entry of a publication; uses what `with_item_parts` has fetched.

    It is remembered by the values that it is made of, so it cannot be stale: after a change the entries that the
    change concerns are rendered, and no others.
    """
    authors = [columns(each) + columns(each.person) for each in publication.authorships.all()]
    links = [columns(link) for link in publication.links.all()]
    state = digest(around(site), publication.is_public, columns(publication), authors, links)
    found = _remembered.get(state)
    if found is None:
        context = {"publication": publication, "site": site, "coins": metadata.coins(item(publication))}
        html = render_to_string("research/partials/publication.html", context)
        found = Entry(html, publication.has_equal_contribution)
        remember([(state, found)])
    return found


def remember(found):
    """Keep entries, as (state, entry); the oldest go."""
    _remembered.update(found)
    for oldest in list(_remembered)[:-MOST_REMEMBERED]:
        _remembered.pop(oldest, None)


def forget():
    """Render all entries anew, as after a start."""
    _remembered.clear()


def states(keys, site):
    """
    The digests of publications, in the order of `keys`, {key: whether everybody may see it}: of every column of their
    rows, as the database has them, and of what else the template and COinS depend on. No object is made for a row,
    and no value is converted.
    """
    rows = {key: [bool(is_public)] for key, is_public in keys.items()}
    if rows:
        with connection.cursor() as cursor:
            for sql in queries_of_rows(connection.vendor, len(rows)):
                cursor.execute(sql, list(rows))
                for key, *values in cursor.fetchall():
                    rows[key].append(values)
    return [digest(around(site), *row) for row in rows.values()]


@lru_cache(maxsize=64)
def queries_of_rows(vendor, count):
    """
    The SQL for the rows of `count` publications, of their authors and of their links, each after its publication's key.

    Django writes it once: to look up ninety columns by their names takes longer than to fetch them.
    """
    people = [f"person__{name}" for name in names(Person)]
    keys = range(count)
    parts = [
        model.objects.filter(publication__in=keys).order_by("position", "pk").values_list("publication_id", *columns)
        for model, columns in ((Authorship, names(Authorship) + people), (PublicationLink, names(PublicationLink)))
    ]
    publications = Publication.objects.filter(pk__in=keys).order_by().values_list(*names(Publication))
    return [query.query.sql_with_params()[0] for query in (publications, *parts)]


def around(site):
    """What an entry depends on besides its rows and the time of day."""
    return get_script_prefix(), settings.SITE_URL, settings.MEDIA_URL, site.profile.person_id


def digest(*values):
    return hashlib.sha256(repr(values).encode()).digest()


def columns(record):
    """The values of a record's columns, as a query for values gives them."""
    values = (getattr(record, name) for name in names(type(record)))
    return tuple(value.name if isinstance(value, FieldFile) else value for value in values)


@cache
def names(model):
    return [field.attname for field in model._meta.concrete_fields]
