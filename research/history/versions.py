"""The versions that are kept: all of a record's newest ones, and those of what was deleted for 30 days."""

import json

from django.db.models import Count, Max
from django.utils import timezone
from reversion.models import Revision, Version

from ..media import SUPERSEDED
from .records import RECORDS

MOST = 100  # versions of one record; younger ones than SUPERSEDED are kept however many they are


def of(record):
    """The versions of a record, the newest first."""
    return of_key(type(record), record.pk)


def of_key(model, key):
    return Version.objects.get_for_object_reference(model, key).select_related("revision__user").order_by("-pk")


def state(version):
    """What the record was, as `records.state` has it."""
    return json.loads(version.serialized_data)


def deleted(model):
    """The last version of each record that was deleted and can still be brought back, the latest first."""
    found = Version.objects.get_deleted(model).select_related("revision__user").order_by("-pk")
    return found.filter(revision__date_created__gte=timezone.now() - SUPERSEDED)


def deleted_before(version, model):
    """(key, state) of each record of a model that was among the deleted ones when this version was written."""
    earlier = Version.objects.get_for_model(model).filter(pk__lt=version.pk)
    newest = earlier.order_by().values("object_id").annotate(newest=Max("pk")).values("newest")
    for last in Version.objects.filter(pk__in=newest, serialized_data__contains='"around"').order_by("pk"):
        if "around" in (found := state(last)):  # what a deletion alone writes
            yield int(last.object_id), found


def last_of_deleted(model, key):
    """The last version of a record that was deleted, or None."""
    return deleted(model).filter(object_id=str(key)).first()


def prune():
    """Remove what is older than the rule says; returns the number of versions."""
    limit = timezone.now() - SUPERSEDED
    count = 0
    for model in RECORDS:
        versions = Version.objects.get_for_model(model)
        gone = Version.objects.get_deleted(model).filter(revision__date_created__lt=limit)
        count += versions.filter(object_id__in=list(gone.values_list("object_id", flat=True))).delete()[0]
        many = versions.order_by().values("object_id").annotate(count=Count("pk")).filter(count__gt=MOST)
        for key in many.values_list("object_id", flat=True):
            oldest_kept = of_key(model, key).values_list("pk", flat=True)[MOST - 1]
            surplus = versions.filter(object_id=key, pk__lt=oldest_kept, revision__date_created__lt=limit)
            count += surplus.delete()[0]
    Revision.objects.filter(version=None).delete()
    return count
