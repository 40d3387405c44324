"""The format in which django-reversion stores a version: a record with its parts, as one text (see `records`)."""

import json

from . import records


class Serializer:
    internal_use_only = True  # no format of dumpdata

    def serialize(self, rows, **options):
        (record,) = rows
        found = records.state(record, with_surroundings=getattr(record, "is_being_deleted", False))
        self.text = json.dumps(found, ensure_ascii=False)

    def getvalue(self):
        return self.text
