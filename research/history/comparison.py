"""Two states of a record, field by field, in the words of the field."""

import difflib
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst

from .. import images
from ..archive.rows import read
from ..models.fields import PictureField
from . import records

NOTHING = "–"
MOST_WORDS = 3_000  # what is longer is not compared word by word, which takes quadratic time
UNSEEN = {"uuid", "sources", "created"}  # the site's own notes
LABELS = {"authorships": "Authors", "links": "Links", "arxiv_id": "arXiv"}


@dataclass(frozen=True)
class Side:
    """What a field held: pieces of text as ("", "ins" or "del", text), and the address of a picture."""

    pieces: tuple
    picture: str = ""


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    old: Side
    new: Side


def compare(model, old, new):
    """The `Difference` of each field in which two states differ, in the order of the model."""
    found = []
    for name, label, shown in shown_fields(model):
        before, after = shown(old), shown(new)
        if before is not None and after is not None and before != after:
            found.append(Difference(name, label, *sides(model, name, before, after)))
    return found


def labels(model, old, new):
    """What the fields in which two states differ are called."""
    return [difference.label for difference in compare(model, old, new)]


def shown_fields(model):
    """(name, label, function from a state to a text) of all that is compared."""
    for field in records.kept_fields(model):
        if not field.primary_key and field.name not in UNSEEN:
            yield (
                field.name,
                label(field),
                lambda state, field=field: value_text(field, state["fields"], state["names"]),
            )
    for field in model._meta.many_to_many:
        yield field.name, label(field), lambda state, field=field: set_text(field, state)
    for name in records.RECORDS[model]:
        rows = authors_text if name == "authorships" else links_text
        part = model._meta.get_field(name).related_model
        yield name, LABELS[name], lambda state, name=name, part=part, rows=rows: rows(part, state, name)


def label(field):
    return LABELS.get(field.name) or capfirst(str(field.verbose_name))


def sides(model, name, before, after):
    """The two sides of a difference."""
    if any(field.name == name and isinstance(field, PictureField) for field in model._meta.concrete_fields):
        return Side((("", file_name(before)),), picture_address(before)), Side(
            (("", file_name(after)),), picture_address(after)
        )
    old, new = marked(before or NOTHING, after or NOTHING)
    return Side(old), Side(new)


def marked(before, after):
    """Two texts as pieces: what only the first has is "del", what only the second has "ins"."""
    one, other = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (before, after))
    if len(one) + len(other) > MOST_WORDS or len(one) < 4 or len(other) < 4:
        return (("del", before),), (("ins", after),)
    old, new = [], []
    for kind, start, end, from_, to in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            old.append(("", "".join(one[start:end])))
            new.append(("", "".join(other[from_:to])))
        else:
            old.append(("del", "".join(one[start:end])))
            new.append(("ins", "".join(other[from_:to])))
    return tuple(piece for piece in old if piece[1]), tuple(piece for piece in new if piece[1])


# --- Words -------------------------------------------------------------------------------------------------------


def value_text(field, values, names):
    """What a column held, as a text; None where the version does not know the column."""
    if field.attname not in values:
        return None
    value = values[field.attname]
    if value in (None, ""):
        return ""
    if field.is_relation:
        return name_of(names, field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(field, models.FileField):
        return value if isinstance(field, PictureField) else file_name(value)
    if isinstance(field, models.DateField):
        return date_format(read(field, value), "j F Y, H:i" if isinstance(field, models.DateTimeField) else "j F Y")
    return str(value).replace("\r\n", "\n")  # as browsers end lines; nobody sees the difference


def name_of(names, model, key):
    return names.get(model._meta.label_lower, {}).get(str(key), f"number {key}")


def set_text(field, state):
    if field.name not in state["sets"]:
        return None
    return ", ".join(sorted(name_of(state["names"], field.related_model, key) for key in state["sets"][field.name]))


def authors_text(part, state, name):
    """The authors as a line, with the marks that they have in print."""
    person = part._meta.get_field("person").related_model
    return ", ".join(
        name_of(state["names"], person, row["person_id"])
        + "*" * row["equal_contribution"]
        + " (corresponding)" * row["corresponding"]
        for row in state["parts"].get(name, [])
    )


def links_text(part, state, name):
    """A line for each link: what it is called, where it leads, and whether it is hidden."""
    return "\n".join(link_text(part, row) for row in state["parts"].get(name, []))


def link_text(part, row):
    kind = dict(part._meta.get_field("kind").flatchoices).get(row["kind"], row["kind"])
    target = row.get("address") or row.get("url") or file_name(row.get("file", ""))
    return f"{row['label'] or kind}: {target}{'' if row.get('visible', True) else ' (hidden)'}"


def file_name(name):
    return name.rpartition("/")[2] or NOTHING


def picture_address(name):
    """The address of a small version of a picture; "" for none."""
    try:
        picture = images.Picture.parse(name)
    except ValueError:
        return ""
    small = [rendition for rendition, width in picture.srcset("webp") if width >= 360] or [picture.fallback]
    return settings.MEDIA_URL + small[0]
