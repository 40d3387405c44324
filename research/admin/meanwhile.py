"""
Two windows on one record: the second save is told what the first has changed, and loses nothing.

A form remembers the state of the record that it was filled from. Where that is not the state any more, nothing is
saved: the form comes back as it was typed, with what is there now beside it, and with the rows that came or went
meanwhile. It now remembers that newer state, so that saving it once more is the answer "save over".
"""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils.formats import date_format

from ..history import comparison, records, reverting, versions
from ..history.recording import change
from .form_fields import SALT

SEEN = "_seen"
DELETED = "deleted-"


@dataclass
class Meanwhile:
    """What has happened to a record since a form was filled from it: its state now, and what to say."""

    sentence: str
    now: dict
    seen: str  # what the form that comes back remembers
    was: dict | None = None  # the state that the form was filled from, where a version has it
    differences: tuple = ()
    is_deleted: bool = False


class MeanwhileForm:
    """Mixed into a form that may be right, and must not be saved yet."""

    meanwhile = None

    def clean(self):
        cleaned = super().clean()
        self.add_error(None, self.meanwhile.sentence)
        return cleaned


class RecordingAdmin(admin.ModelAdmin):
    """A ModelAdmin all of whose changes become versions, none of them over another's."""

    def _changeform_view(self, request, object_id, form_url, extra_context):
        if request.method != "POST" or hasattr(request, "hindrance"):
            request.seen = self.seen(object_id)  # before the form is filled: what comes between is told, not lost
            return super()._changeform_view(request, object_id, form_url, extra_context)
        with change(user=request.user):
            if object_id is None or not request.POST.get(SEEN):
                return super()._changeform_view(request, object_id, form_url, extra_context)
            return self.compared_changeform_view(request, object_id, form_url, extra_context)

    def _delete_view(self, request, object_id, extra_context):
        with change(user=request.user):
            return super()._delete_view(request, object_id, extra_context)

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        with change(user=request.user):
            return super().changelist_view(request, extra_context)

    def get_changelist_formset(self, request, **kwargs):
        """A row of the list saves what was changed in its own window, not what another has changed meanwhile."""
        formset = super().get_changelist_formset(request, **kwargs)
        for field in formset.form.base_fields.values():
            field.show_hidden_initial = True
        return formset

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if not hasattr(request, "meanwhile"):
            return form
        return type(form)(form.__name__, (MeanwhileForm, form), {"meanwhile": request.meanwhile})

    # --- The state that was seen ----------------------------------------------------------------------------------

    def present(self, object_id, lock=False):
        """A list with the record that an address names, [] where there is none."""
        key = unquote(object_id or "")
        return records.load(self.model, [key] if key.isdecimal() else [], lock)

    def seen(self, object_id):
        return "".join(records.digest(records.state(record)) for record in self.present(object_id))

    def compared_changeform_view(self, request, object_id, form_url, extra_context):
        """Save the form if the record is as it was seen; else show it again beside what is there now."""
        found = self.present(object_id, lock=True)
        if not found:
            return self.deleted_changeform_view(request, object_id, form_url, extra_context)
        now = records.state(found[0])
        if request.POST[SEEN] != records.digest(now):
            request.meanwhile = self.what_happened(found[0], now, request.POST[SEEN])
            self.follow(request, found[0])
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def deleted_changeform_view(self, request, object_id, form_url, extra_context):
        """
        The record is gone: show what was typed with what it was, and bring it back where that is saved once more.

        Where it cannot come back, what was typed becomes the form of a new one.
        """
        version = versions.last_of_deleted(self.model, unquote(object_id))
        if version is None:
            return super()._changeform_view(request, object_id, form_url, extra_context)
        sentence = (
            f"It was deleted meanwhile, {by_whom(version)}. Nothing was saved now, and what you typed is still here."
        )
        token = f"{DELETED}{version.pk}"
        if request.POST[SEEN] == token:
            try:
                reverting.bring_back(version, request.user)
            except reverting.NotReverted as refusal:
                return self.as_new(request, f"{sentence} It cannot come back: {refusal}", version, extra_context)
            return super()._changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                record, _ = reverting.bring_back(version, request.user)
                request.meanwhile = Meanwhile(sentence, versions.state(version), token, is_deleted=True)
                self.follow(request, record)
                answer = super()._changeform_view(request, object_id, form_url, extra_context).render()
                transaction.set_rollback(True)
        except reverting.NotReverted as refusal:
            return self.as_new(request, f"{sentence} It cannot come back: {refusal}", version, extra_context)
        return answer

    def as_new(self, request, sentence, version, extra_context):
        """What was typed, as the form of a new record."""
        request.meanwhile = Meanwhile(
            f"{sentence} Saving it makes a new one.", versions.state(version), "", is_deleted=True
        )
        self.follow(request, self.model())
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return super()._changeform_view(request, None, address, extra_context)

    def what_happened(self, record, now, seen):
        kept = [(version, versions.state(version)) for version in versions.of(record)[:20]]
        was = next((state for _, state in kept if records.digest(state) == seen), None)
        newest = kept[0][0] if kept and records.same(kept[0][1], now) else None
        who = by_whom(newest) if newest else "by something that leaves no trace in the history"
        sentence = (
            f"This was changed meanwhile, {who}. Nothing was saved now, and what you typed is still here. Compare the "
            "two below; then save yours over it, or take the other one."
        )
        return Meanwhile(sentence, now, records.digest(now), was)

    def follow(self, request, record):
        """Make the rows that were sent those of the record now: who came meanwhile is there, who went is a new row."""
        data = request.POST.copy()
        was = request.meanwhile.was or request.meanwhile.now
        for formset, inline in self.get_formsets_with_inlines(request, record if record.pk else None):
            prefix = formset.get_default_prefix()
            rows = inline.get_queryset(request).filter(**{formset.fk.name: record.pk}) if record.pk else ()
            follow_rows(data, prefix, rows, formset.form.base_fields, was["parts"].get(prefix, []))
            for number in range(int(data[f"{prefix}-TOTAL_FORMS"])):  # a new record has no key yet
                data[f"{prefix}-{number}-{formset.fk.name}"] = str(record.pk or "")
        request.POST = data

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        meanwhile = getattr(request, "meanwhile", None)
        if meanwhile is not None:
            context["seen"], context["meanwhile"] = meanwhile.seen, meanwhile
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            typed = typed_state(context["adminform"].form, formsets, meanwhile.now)
            meanwhile.differences = described(self.model, meanwhile, typed)
        elif request.POST.get(SEEN):  # refused for another reason
            context["seen"] = request.POST[SEEN]
        elif obj is not None and self.has_change_permission(request, obj):
            context["seen"] = getattr(request, "seen", "")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def by_whom(version):
    """Such as "by jane on 21 November 2026, 14:03 (Changed)"."""
    revision = version.revision
    who = f"by {revision.user}" if revision.user else "without anybody logged in"
    return f"{who} on {date_format(revision.date_created, 'j F Y, H:i')} ({revision.comment})"


def follow_rows(data, prefix, rows, fields, was):
    """Rewrite the sent rows of an inline so that they stand on `rows`, those of the database (see `follow`)."""
    sent = [taken(data, f"{prefix}-{number}-") for number in range(int(data.get(f"{prefix}-TOTAL_FORMS") or 0))]
    there = {str(row.pk): row for row in rows}
    known = {row.get("id", [""])[0] for row in sent}
    files = {str(row["id"]): row for row in was}
    initial = [row for row in sent if row.get("id", [""])[0] in there]
    came = [as_sent(row, fields) for key, row in there.items() if key not in known]
    initial += came
    people = {row["person"][0]: row for row in came if "person" in row}
    new = []
    for row in sent:
        if same := people.get(row.get("person", [""])[0]):  # added in both windows
            same |= row | {"id": same["id"]}
        elif row.get("id", [""])[0] not in there:
            new.append(row)
    new = [as_new_row(row, fields, files) for row in new if not (row.get("id", [""])[0] and "DELETE" in row)]
    data[f"{prefix}-INITIAL_FORMS"], data[f"{prefix}-TOTAL_FORMS"] = str(len(initial)), str(len(initial) + len(new))
    for number, row in enumerate([*initial, *new]):
        for name, values in row.items():
            data.setlist(f"{prefix}-{number}-{name}", values)


def taken(data, start):
    """What was sent of one row, which is taken out."""
    return {name.removeprefix(start): data.pop(name) for name in list(data) if name.startswith(start)}


def as_sent(row, fields):
    """A row of the database as its form would send it."""
    values = {name: row.serializable_value(name) for name in fields if hasattr(row, name)}
    texts = {
        name: ["on" if value is True else str(value)]
        for name, value in values.items()
        if value is not None and value is not False and not isinstance(row._meta.get_field(name), models.FileField)
    }
    return texts | {"id": [str(row.pk)]}


def as_new_row(row, fields, files):
    """A row that is no longer there, as one that is added; it brings its file along."""
    old = files.get(row.get("id", [""])[0], {})
    kept = {
        f"{name}-kept": [signing.dumps(old[name], salt=SALT)] for name in fields if name == "file" and old.get(name)
    }
    return kept | row | {"id": [""]}


# --- What was typed ----------------------------------------------------------------------------------------------


def typed_state(form, formsets, now):
    """The state that saving the form as it was typed would make; what is wrong in it as it was before."""
    names = {label: dict(known) for label, known in now["names"].items()}
    instance = form.instance
    records.note_references(names, instance)
    state = {"fields": now["fields"] | records.values(instance), "sets": dict(now["sets"]), "parts": dict(now["parts"])}
    for name in state["sets"]:
        if name in getattr(form, "cleaned_data", {}):
            others = form.cleaned_data[name]
            state["sets"][name] = sorted(other.pk for other in others)
            records.note_names(names, others)
    for formset in formsets:
        rows = [row for row in formset.forms if not is_left_out(formset, row)]
        rows.sort(key=lambda row: row.instance.position)
        state["parts"][formset.prefix] = [
            {"id": row.instance.pk} | records.values(row.instance, without=formset.fk) for row in rows
        ]
        for row in rows:
            note_row(names, row.instance, formset.fk)
    return state | {"names": names}


def is_left_out(formset, row):
    """Whether a row would not be saved: it is to go, or nothing was typed into it."""
    is_going = formset.can_delete and formset._should_delete_form(row)
    return is_going or not (row.instance.pk or row.has_changed())


def note_row(names, row, own):
    whole = [field for field in records.references_of(type(row)) if field is not own]
    if all(getattr(row, field.attname) is not None for field in whole):
        records.note_references(names, row, without=own)


def described(model, meanwhile, typed):
    """(`comparison.Difference` of what is there now and what was typed, who changed the field) for each such field."""
    found = comparison.compare(model, meanwhile.now, typed)
    if meanwhile.was is None:
        return [(difference, "") for difference in found]
    theirs = {difference.name for difference in comparison.compare(model, meanwhile.was, meanwhile.now)}
    mine = {difference.name for difference in comparison.compare(model, meanwhile.was, typed)}
    return [(difference, changed_by(difference.name in theirs, difference.name in mine)) for difference in found]


def changed_by(them, you):
    if them and you:
        return "changed in both"
    return "changed there" if them else "changed by you"
