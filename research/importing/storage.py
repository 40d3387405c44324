"""Found records and the owner's decisions as JSON, and back: what an import keeps between two pages."""

import json
from dataclasses import asdict, fields
from datetime import date

from ..citations.item import Contributor, Item
from ..names import Name
from ..sources.found import Found


def found_to_json(found):
    """A `Found` as what JSON can hold; what is empty is left out."""
    data = asdict(found)
    data["item"] = {name: value for name, value in data["item"].items() if value not in ("", None, ())}
    if day := data["item"].get("online_date"):
        data["item"]["online_date"] = day.isoformat()
    for name in ("equal_contribution", "corresponding"):
        data[name] = sorted(data[name])
    data = {name: value for name, value in data.items() if value not in ("", None, (), [])}
    return json.loads(json.dumps(data))  # lists for tuples, as it will come back


def found_from_json(data):
    """The `Found` that `found_to_json` was given; fields that this version does not know are left out."""
    item = {"key": "", "title": ""} | known(Item, data["item"])
    for name in ("authors", "editors"):
        item[name] = tuple(
            Contributor(**known(Contributor, one) | {"name": Name(**one["name"])}) for one in item.get(name, ())
        )
    if day := item.get("online_date"):
        item["online_date"] = date.fromisoformat(day)
    item["keywords"] = tuple(item.get("keywords", ()))
    item["attachments"] = tuple(map(tuple, item.get("attachments", ())))
    rest = known(Found, data) | {"item": Item(**item)}
    for name in ("equal_contribution", "corresponding"):
        rest[name] = frozenset(rest.get(name, ()))
    for name in ("other_dois", "other_arxiv_ids"):
        rest[name] = tuple(rest.get(name, ()))
    return Found(**rest)


def known(kind, data):
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in data.items() if name in names}
