"""
Queries that almost every page asks, with SQL that Django writes once.

To write the SQL of a small query takes Django 0.3 ms and more, ten times as long as SQLite takes to answer it, and the
home page asks half a dozen of them. A query is prepared from a function that makes a queryset; its arguments, which can
be hashed, are what differs from one SQL to another. The time differs with each question: NOW stands for it.

    def due(limit): return Publication.objects.public(NOW)[:limit]

    prepared.records(due, 10)
"""

from datetime import datetime
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils import timezone


class Now(models.Expression):
    """The time at which a prepared query is asked."""

    output_field = models.DateTimeField()

    def as_sql(self, compiler, connection):
        return "%s", [self]


NOW = Now()


def records(queryset_of, *arguments):
    """The records that `queryset_of(*arguments)` gives, as a list; it leaves out no column, and selects no other."""
    connection = connections[DEFAULT_DB_ALIAS]
    model, sql, parameters = written(connection.vendor, queryset_of, *arguments)
    names, converted = columns(connection.vendor, model)
    steps = [(place, column, convert) for place, column in converted for convert in converters(connection, column)]
    found = []
    for row in asked(connection, sql, parameters):
        values = list(row)
        for place, column, convert in steps:
            values[place] = convert(values[place], column, connection)
        found.append(model.from_db(connection.alias, names, values))
    return found


def rows(queryset_of, *arguments):
    """The rows of a queryset of `values_list` as the database has them: on SQLite 0 and 1 are its truth values."""
    connection = connections[DEFAULT_DB_ALIAS]
    _, sql, parameters = written(connection.vendor, queryset_of, *arguments)
    return asked(connection, sql, parameters)


def asked(connection, sql, parameters):
    """What the database answers, at the present time in place of NOW."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(sql, [now if isinstance(each, Now) else each for each in parameters])
        return cursor.fetchall()


@lru_cache(maxsize=256)
def written(vendor, queryset_of, *arguments):
    """(the model, the SQL, its parameters) of a queryset, for the database of this `vendor`."""
    queryset = queryset_of(*arguments)
    sql, parameters = queryset.query.sql_with_params()
    now = timezone.now()
    if any(isinstance(each, datetime | str) and str(each)[:10] == f"{now:%Y-%m-%d}" for each in parameters):
        raise ValueError(f"{queryset_of.__name__} is prepared with the time of today in it; NOW must stand for it.")
    return queryset.model, sql, parameters


@lru_cache
def columns(vendor, model):
    """(the names of a model's columns, (place, column) of those whose values are not Python's as they come)."""
    connection, fields = connections[DEFAULT_DB_ALIAS], model._meta.concrete_fields
    found = [(place, field.get_col(model._meta.db_table)) for place, field in enumerate(fields)]
    return [field.attname for field in fields], [each for each in found if converters(connection, each[1])]


def converters(connection, column):
    """
    What makes Python's value of the database's, in order: the database's own steps, then the field's. The former are
    the connection's, so nothing may keep them.
    """
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
