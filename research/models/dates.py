"""Dates as far as they are known: a year, a month of a year, or a day."""

import calendar
import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format


class PartialDate(NamedTuple):
    year: int
    month: int | None = None
    day: int | None = None

    @property
    def iso(self):
        """ISO 8601 in the known precision: "2024", "2024-05" or "2024-05-07"; valid in HTML's <time>."""
        return "-".join(f"{part:0{width}d}" for part, width in zip(self, (4, 2, 2), strict=True) if part)

    def __str__(self):
        if not self.month:
            return str(self.year)
        month = date_format(datetime.date(self.year, self.month, 1), "F Y")
        return f"{self.day} {month}" if self.day else month


def check_partial_date(year, month, day):
    """Raise ValidationError, with a sentence by the field it belongs to, for a date that no calendar has."""
    if day and not month:
        raise ValidationError({"month": "Give the month too, or leave the day empty."})
    if month == 0 or day == 0:
        raise ValidationError({"month" if month == 0 else "day": "Count from 1, or leave it empty."})
    if year and month and day and not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise ValidationError({"day": f"There is no day {day} in this month."})


class AppearedField(models.PositiveIntegerField):
    """
    The day of first appearance as a number, YYYYMMDD: online where that is known, else in print; 00 for what is not
    known. It is computed whenever the row is saved, so that the lists are ordered by an index.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"editable": False, "default": 0} | kwargs)

    def pre_save(self, instance, add):
        online = instance.online_date
        if isinstance(online, str):
            online = datetime.date.fromisoformat(online)
        year, month, day = (
            (online.year, online.month, online.day) if online else (instance.year, instance.month, instance.day)
        )
        number = year * 10_000 + (month or 0) * 100 + (day or 0)
        setattr(instance, self.attname, number)
        return number
