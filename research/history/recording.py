"""
Every change of content becomes a version, whoever makes it.

    with change("Merged two people", user): …    all or nothing, and each record that it touches gets a version

What a record was before its first change is compared with its newest version: where they differ, because something
has written around this module, what was found becomes a version too. So the state before a change is never lost.
What `update()`, `bulk_create()` and SQL write sends no signal: who uses them says `touch` before, or `note_new` after.
"""

import json
from contextlib import contextmanager
from contextvars import ContextVar

import reversion
from django.core import serializers
from django.db import transaction
from django.db.models import Max
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from reversion.models import Version

from . import records

FORMAT = "record"
ADDED, CHANGED, DELETED = "Added", "Changed", "Deleted"
FOUND = "Found so, before the next change"

_current = ContextVar("change", default=None)


class Change:
    """
    The records that one change has touched, and what they were before: a state, or None where they were not.

    `found` are those of them, as they were, whose newest version says something else.
    """

    def __init__(self, cause, user):
        self.cause, self.user = cause, user
        self.before, self.found = {}, {}

    def touch(self, model, keys):
        """Remember what these records are, before they change."""
        new = {key for key in keys if (model, key) not in self.before}
        if not new:
            return
        self.before |= {(model, key): None for key in new}
        known = latest_states(model, new)
        for record in records.load(model, new):
            self.before[model, record.pk] = state = records.state(record)
            if record.pk not in known or not records.same(known[record.pk], state):
                self.found[model, record.pk] = record

    def record(self):
        """
        Write a version of each record that has changed, and what it was found to be.

        Only now: what was written when it was touched would go with a savepoint that is rolled back.
        """
        found, added, changed = [], [], []
        for model in {model for model, _ in self.before}:
            for record in records.load(model, [key for its_model, key in self.before if its_model is model]):
                found += self.found_to_be(model, record.pk)
                before = self.before[model, record.pk]
                if before is None:
                    added.append(record)
                elif not records.same(before, records.state(record)):
                    changed.append(record)
        write(found, FOUND)
        if self.cause:
            write(added + changed, self.cause, self.user)
        else:
            write(added, ADDED, self.user)
            write(changed, CHANGED, self.user)

    def found_to_be(self, model, key):
        """A record as it was found, in a list; an empty one where its newest version says the same."""
        return [self.found[model, key]] if (model, key) in self.found else []


@contextmanager
def change(cause="", user=None):
    """
    Around a change of content: one transaction, with a version of each record that it changes.

    Inside of another one it joins that; the cause that is said last, the nearest to what is done, is the one written.
    """
    outer = _current.get()
    if outer is not None:
        outer.cause = cause or outer.cause
        outer.user = outer.user or user
        with transaction.atomic():
            yield outer
        return
    with transaction.atomic():
        this = Change(cause, user)
        token = _current.set(this)
        try:
            yield this
            if not transaction.get_rollback():
                this.record()
        finally:
            _current.reset(token)


def touch(model, keys):
    """Before rows are changed in a way that sends no signal."""
    if this := _current.get():
        this.touch(model, keys)


def note_new(rows):
    """After records were added in a way that sends no signal."""
    if this := _current.get():
        for row in rows:
            this.before.setdefault((type(row), row.pk), None)


def write(found, cause, user=None):
    """Store the present states of records as their newest versions, in one revision."""
    if not found:
        return
    with reversion.create_revision(manage_manually=True):
        reversion.set_comment(cause)
        reversion.set_user(user if user is not None and user.pk else None)
        for record in found:
            reversion.add_to_revision(record)


def latest_states(model, keys):
    """A dict from keys to the states of their newest versions, of those that have one."""
    versions = Version.objects.get_for_model(model).filter(object_id__in=map(str, keys))
    newest = versions.order_by().values("object_id").annotate(newest=Max("pk")).values("newest")
    found = Version.objects.filter(pk__in=newest).values_list("object_id", "serialized_data")
    return {int(key): json.loads(text) for key, text in found}


# --- What happens to rows ----------------------------------------------------------------------------------------


def record_is_saved(sender, instance, raw=False, **kwargs):
    if instance.pk is not None and not raw:
        touch(sender, [instance.pk])


def record_was_saved(sender, instance, raw=False, **kwargs):
    if not raw:
        note_new([instance])  # one that was there before is known already


def record_is_deleted(sender, instance, **kwargs):
    """A deleted record's last version is what it was; also where nobody records, so that no deletion is for good."""
    this = _current.get()
    for relation, keys in records.referrers(instance):
        touch(relation.related_model, keys)
    for record in records.load(sender, [instance.pk]):
        record.is_being_deleted = True
        if this is None:
            write([record], DELETED)
        else:
            write(this.found_to_be(sender, record.pk), FOUND)  # it goes with the deletion, if that is rolled back
            write([record], this.cause or DELETED, this.user)


def part_changes(model, key):
    """The receiver for a part, before it is saved or deleted, whose foreign key leads to a record of the model."""

    def receive(sender, instance, raw=False, **kwargs):
        owner = getattr(instance, key.attname)
        if owner is not None and not raw:
            touch(model, [owner])

    return receive


def set_changes(field):
    """The receiver for a many-to-many field of a record."""

    def receive(sender, instance, action, reverse, pk_set, **kwargs):
        if not action.startswith("pre_"):
            return
        if not reverse:
            keys = [instance.pk]
        elif pk_set is not None:
            keys = pk_set
        else:  # everything is taken out, from the other side
            rows = sender._base_manager.filter(**{field.m2m_reverse_name(): instance.pk})
            keys = list(rows.values_list(field.m2m_column_name(), flat=True))
        touch(field.model, keys)

    return receive


def connect():
    """Watch all records and their parts; called once, when the app is ready."""
    serializers.register_serializer(FORMAT, "research.history.record_format")
    for model in records.RECORDS:
        reversion.register(model, format=FORMAT)
        uid = f"history-{model._meta.label}"
        pre_save.connect(record_is_saved, sender=model, dispatch_uid=uid)
        post_save.connect(record_was_saved, sender=model, dispatch_uid=uid)
        pre_delete.connect(record_is_deleted, sender=model, dispatch_uid=uid)
        for field in model._meta.many_to_many:
            m2m_changed.connect(
                set_changes(field), sender=field.remote_field.through, weak=False, dispatch_uid=f"{uid}-{field.name}"
            )
    for part, model, key in records.part_models():
        receive, uid = part_changes(model, key), f"history-{part._meta.label}"
        for signal in (pre_save, pre_delete):
            signal.connect(receive, sender=part, weak=False, dispatch_uid=uid)
