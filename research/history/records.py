"""
What a version is of: a record with its parts, as one value that JSON can hold.

    {"fields": {"title": "Owls", …}, "sets": {"topics": [1, 2]},
     "parts": {"authorships": [{"id": 7, "person_id": 3, …}], "links": […]},
     "names": {"research.person": {"3": "Jane Doe"}},   what keys were called, for those who read it later
     "around": {…}}                                     what else referred to a record that was deleted

Two states are the same when fields, sets and parts are; names are other records' business.
"""

import hashlib
import json

from django.db import models
from django.db.models import Prefetch

from ..archive.rows import written
from ..models import Person, Profile, Project, Publication, Topic
from ..models.dates import AppearedField
from ..models.people import FormerPerson
from ..models.publishable import FormerSlug
from ..search import FoldedField

# Each record with its parts: rows that are nothing without it, in their order.
RECORDS = {
    Publication: ("authorships", "links"),
    Project: ("links",),
    Profile: ("links",),
    Person: (),
    Topic: (),
}
COMPARED = ("fields", "sets", "parts")
LARGEST_KEY = 2**63 - 1  # an address can name a larger one, which databases refuse to look for


def part_models():
    """(model of a part, its record's model, the foreign key between them) of each part."""
    for model, names in RECORDS.items():
        for name in names:
            relation = model._meta.get_field(name)
            yield relation.related_model, model, relation.field


def kept_fields(model):
    """The columns that a version holds: not those that are computed anew at every save."""
    return [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, FoldedField | AppearedField) and not getattr(field, "auto_now", False)
    ]


def load(model, keys, lock=False):
    """The records of those keys that there are, with all that `state` reads, in as many queries as one takes."""
    possible = [key for key in keys if int(key) <= LARGEST_KEY]
    records = model._base_manager.filter(pk__in=possible).prefetch_related(*prefetches(model))
    return list(records.select_for_update() if lock else records)


def prefetches(model):
    for name in RECORDS[model]:
        part = model._meta.get_field(name).related_model
        references = [field.name for field in references_of(part) if field.related_model is not model]
        yield Prefetch(name, part._base_manager.select_related(*references).order_by("position", "pk"))
    yield from (field.name for field in (*model._meta.many_to_many, *references_of(model)))


def references_of(model):
    return [field for field in model._meta.concrete_fields if field.is_relation]


def state(record, with_surroundings=False):
    """The state of a record that `load` has read."""
    model = type(record)
    names = {}
    parts = {}
    for name in RECORDS[model]:
        own = model._meta.get_field(name).field
        rows = getattr(record, name).all()
        parts[name] = [{"id": row.pk} | values(row, without=own) for row in rows]
        for row in rows:
            note_references(names, row, without=own)
    note_references(names, record)
    sets = {}
    for field in model._meta.many_to_many:
        others = getattr(record, field.name).all()
        sets[field.name] = sorted(other.pk for other in others)
        note_names(names, others)
    found = {"fields": values(record), "sets": sets, "parts": parts, "names": names}
    return found | ({"around": surroundings(record)} if with_surroundings else {})


def values(row, without=None):
    fields = (field for field in kept_fields(type(row)) if not field.primary_key and field is not without)
    return {field.attname: written(field, row) for field in fields}


def note_references(names, row, without=None):
    fields = (field for field in references_of(type(row)) if field is not without)
    note_names(names, (other for field in fields if (other := getattr(row, field.name)) is not None))


def note_names(names, records):
    for record in records:
        names.setdefault(record._meta.label_lower, {})[str(record.pk)] = str(record)


def referrers(record):
    """(relation, keys) of each other record that names this one and lets it go: by a set or an optional reference."""
    for relation in record._meta.related_objects:
        if relation.related_model not in RECORDS:
            continue
        if relation.many_to_many or relation.on_delete is models.SET_NULL:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
            yield relation, sorted(rows.values_list("pk", flat=True))


def surroundings(record):
    """What goes with a record that is deleted and is neither it nor its part: who named it, its former addresses."""
    named = {
        f"{relation.related_model._meta.label_lower}.{relation.field.name}": keys
        for relation, keys in referrers(record)
    }
    for relation in record._meta.related_objects:
        if issubclass(relation.related_model, FormerSlug | FormerPerson):
            former = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
            column = "key" if relation.related_model is FormerPerson else "slug"
            named["former"] = sorted(former.values_list(column, flat=True))
    return named


def same(one, other):
    """Whether two states (or None, for a record that is not there) are the same."""
    if one is None or other is None:
        return one is other
    return all(one[part] == other[part] for part in COMPARED)


def digest(found):
    """What a form remembers of the state that it was filled from: 32 hexadecimal digits."""
    text = json.dumps([found[part] for part in COMPARED], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
