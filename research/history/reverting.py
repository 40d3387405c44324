"""
A record becomes again what a version says, or comes back from being deleted.

It is saved like anything else, so that it is a new version itself, its former addresses lead to it, files, search
columns, `updated` and the generation of the site's pages are right. What the version names and is no longer there is
found out before anything is written: what an author or an address is needed for stops it with a sentence, what can be
left out is left out, and said.
"""

from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, models
from django.utils import timezone
from django.utils.formats import date_format

from .. import merging
from ..archive.rows import read
from ..media import folder_of, folders_in
from ..models import FormerPerson, Person, Profile, Topic
from ..roles import may_change_profile
from . import records, versions
from .recording import change


class NotReverted(ValueError):
    """Nothing was changed; the text says why, and what to do."""


@dataclass
class Plan:
    """What would be written: the unsaved record, its rows and sets; what stands against it, what would be missing."""

    record: models.Model
    is_gone: bool
    state: dict
    rows: dict = field(default_factory=dict)
    sets: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def revert(version, user=None):
    """Make the record what the version says; returns it and sentences on what is missing. Raises NotReverted."""
    return carry_out(version, f"Reverted to the version of {when(version)}", user)


def bring_back(version, user=None):
    """Undo the deletion that the version is of; returns the record and sentences. Raises NotReverted."""
    return carry_out(version, "Brought back after it was deleted", user)


def when(version):
    return date_format(version.revision.date_created, "j F Y, H:i")


def carry_out(version, cause, user):
    try:
        with change(cause, user):
            planned = plan(version)
            if planned.problems:
                raise NotReverted(" ".join(planned.problems))
            write(planned, user)
            return planned.record, planned.notes
    except IntegrityError as error:
        raise NotReverted(
            "It contradicts something that is on the site now, so nothing was changed. Compare the two, and correct "
            "by hand what you need."
        ) from error


# --- Planning ----------------------------------------------------------------------------------------------------


def plan(version):
    """A Plan of what reverting to the version would do; writes nothing."""
    state = versions.state(version)
    model, key = version._model, int(version.object_id)
    present = model._base_manager.filter(pk=key).first()
    planned = Plan(present or model(pk=key), present is None, state)
    set_values(planned, planned.record, state["fields"])
    for name in records.RECORDS[model]:
        plan_rows(planned, name, state["parts"].get(name, []))
    for name, keys in state["sets"].items():
        plan_set(planned, name, keys)
    if planned.is_gone and "around" in state:
        rejoin(planned, version)
    note_lost_pictures(planned)
    check(planned)
    return planned


def set_values(planned, row, values):
    """Set the columns of a row, as far as what they name is there; whether all of it is."""
    is_whole = True
    for column in records.kept_fields(type(row)):
        if column.attname not in values or column.primary_key:
            continue
        value = read(column, values[column.attname])
        if isinstance(column, models.FileField) and value and not default_storage.exists(value):
            is_whole = False
            planned.notes.append(f"The {column.verbose_name} of then is no longer kept: {value.rpartition('/')[2]}.")
        elif (
            column.is_relation
            and value is not None
            and (found := resolve(planned, column.related_model, value)) != value
        ):
            is_whole = found is not None
            setattr(row, column.attname, found)
        else:
            setattr(row, column.attname, value)
    return is_whole


def resolve(planned, model, key):
    """The key of what a version names: its own, that of what it was merged into or what has its name, or None."""
    if model._base_manager.filter(pk=key).exists():
        return key
    name = planned.state["names"].get(model._meta.label_lower, {}).get(str(key), f"number {key}")
    if model is Person:
        former = FormerPerson.objects.filter(key=key).select_related("person").first()
        namesakes = [person for person in Person.objects.all() if person.name == name] if former is None else []
        if former is not None or len(namesakes) == 1:
            person = former.person if former else namesakes[0]
            planned.notes.append(f"{name} is {person} now.")
            return person.pk
    if model is Topic and (namesake := Topic.objects.filter(name=name).first()):
        return namesake.pk
    planned.notes.append(f"The {model._meta.verbose_name} “{name}” is not on the site any more.")
    return None


def plan_rows(planned, name, rows):
    relation = type(planned.record)._meta.get_field(name)
    own, placed, people = relation.field.attname, [], {}
    for values in rows:
        row = relation.related_model(pk=values["id"], **{own: planned.record.pk})
        is_whole = set_values(planned, row, values)
        person = getattr(row, "person_id", None)
        if name == "authorships" and not is_whole:
            who = planned.state["names"]["research.person"].get(str(values["person_id"]))
            planned.problems.append(
                f"{who} was an author then, and is not among the people any more. Bring them back (People, Deleted), "
                "or add a person of that name, and try again."
            )
        elif person in people:  # two who are one now: the first place, with the marks of both
            people[person].equal_contribution |= row.equal_contribution
            people[person].corresponding |= row.corresponding
        elif is_whole or getattr(row, "url", ""):
            placed.append(row)
            people |= {person: row} if person else {}
    planned.rows[name] = placed


def plan_set(planned, name, keys):
    model = type(planned.record)._meta.get_field(name).related_model
    planned.sets[name] = {found for key in keys if (found := resolve(planned, model, key)) is not None}


def rejoin(planned, version):
    """Plan what tied the record to others that had been deleted before it was, so that its own version lacks it."""
    key = int(version.object_id)
    for name, keys in planned.sets.items():
        other = version._model._meta.get_field(name).related_model
        label = f"{version._model._meta.label_lower}.{name}"
        gone = [there for there, state in versions.deleted_before(version, other) if key in named(state, label)]
        keys.update(other._base_manager.filter(pk__in=gone).values_list("pk", flat=True))
    for relation in version._model._meta.related_objects:
        if relation.many_to_many and relation.related_model in records.RECORDS:
            name, label = relation.field.name, f"{relation.related_model._meta.label_lower}.{relation.field.name}"
            gone = versions.deleted_before(version, relation.related_model)
            keys = [there for there, state in gone if key in state["sets"].get(name, [])]
            planned.state["around"][label] = [*named(planned.state, label), *keys]


def named(state, label):
    """The keys of those whose set or reference, such as "research.project.publications", named a deleted record."""
    return state["around"].get(label, [])


def note_lost_pictures(planned):
    stored = {folder_of(str(value)) for value in vars(planned.record).values() if value}
    for folder in sorted(folders_in(planned.record) - stored):
        if not default_storage.exists(folder):
            planned.notes.append("A picture in a text of then is no longer kept.")


def check(planned):
    """Collect what the record itself stands in the way of, such as an address that another one has now."""
    try:
        planned.record.full_clean()
    except ValidationError as error:
        for name, faults in error.error_dict.items():
            planned.problems += [sentence(planned.record, name, fault) for fault in faults]


def sentence(record, name, fault):
    if name == NON_FIELD_ERRORS or fault.code != "unique":
        label = "" if name == NON_FIELD_ERRORS else f"{record._meta.get_field(name).verbose_name}: "
        return label[:1].upper() + label[1:] + " ".join(fault.messages)
    label = "address" if name == "slug" else record._meta.get_field(name).verbose_name
    return (
        f"Another {record._meta.verbose_name} has the {label} “{getattr(record, name)}” now. Change that one, and try "
        "again."
    )


# --- Writing -----------------------------------------------------------------------------------------------------


def write(planned, user):
    record = planned.record
    record.save(force_insert=planned.is_gone)
    for name, rows in planned.rows.items():
        write_rows(getattr(record, name), rows)
    for name, keys in planned.sets.items():
        getattr(record, name).set(keys)
    if planned.is_gone:
        write_surroundings(record, planned.state, user)
    tell_dependents(record)


def write_rows(related, rows):
    """Rows that differ go first and come again: two authors who have changed places never stand in one place."""
    there = {row.pk: records.values(row) for row in related.all()}
    wanted = {row.pk: row for row in rows}
    going = [key for key, values in there.items() if key not in wanted or records.values(wanted[key]) != values]
    related.filter(pk__in=going).delete()
    for key, row in wanted.items():
        if key in going or key not in there:
            row.save(force_insert=True)


def write_surroundings(record, state, user):
    """What else went with a record: when it was made, its former addresses, and who named it, as far as `user` may."""
    if "created" in state["fields"]:  # saving has put today's
        type(record)._base_manager.filter(pk=record.pk).update(created=state["fields"]["created"])
    if isinstance(record, Person):
        FormerPerson.objects.filter(key=record.pk).delete()
    around = state.get("around", {})
    for relation in record._meta.related_objects:
        if relation.related_model is Profile and not may_change_profile(user):
            continue
        label = f"{relation.related_model._meta.label_lower}.{relation.field.name}"
        if relation.get_accessor_name() in ("former_slugs", "former_keys"):
            column = "slug" if relation.get_accessor_name() == "former_slugs" else "key"
            for value in around.get("former", []):
                bring_back_former(relation, record, column, value)
        for other in relation.related_model._base_manager.filter(pk__in=around.get(label, [])):
            if relation.many_to_many:
                getattr(other, relation.field.name).add(record)
            elif getattr(other, relation.field.attname) is None:
                setattr(other, relation.field.attname, record.pk)
                other.save()


def bring_back_former(relation, record, column, value):
    """A former address leads here again, unless somebody else has it now."""
    is_taken = column == "slug" and type(record)._base_manager.filter(slug=value).exists()
    if not is_taken:
        relation.related_model.objects.get_or_create(**{column: value}, defaults={relation.field.name: record})


def tell_dependents(record):
    """What shows the record has changed with it."""
    if isinstance(record, Person):
        merging.touch(record)
    elif isinstance(record, Topic):
        record.publications.update(updated=timezone.now())
