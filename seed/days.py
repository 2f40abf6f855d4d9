"""The story's own calendar, on the standard library alone.

It does not use `siklus.kernel.dates`: the known answers must not lean on what they are to check.
"""

from __future__ import annotations

import datetime
from calendar import monthrange

_EPOCH = datetime.date(1970, 1, 1).toordinal()


def date_of(day: int) -> datetime.date:
    """The calendar date of a day number (1970-01-01 = 0)."""
    return datetime.date.fromordinal(day + _EPOCH)


def day_of(year: int, month: int = 1, day: int = 1) -> int:
    """The day number of a date."""
    return datetime.date(year, month, day).toordinal() - _EPOCH


def iso(day: int) -> str:
    """yyyy-mm-dd."""
    return date_of(day).isoformat()


def birthday(day: int, years: int) -> int:
    """The same day of another year; 29 February falls back to the 28th."""
    return month_later(day, 12 * years)


def month_later(day: int, months: int) -> int:
    """The same day of the month some months later (or earlier), or that month's last day."""
    date = date_of(day)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return day_of(year, month + 1, min(date.day, monthrange(year, month + 1)[1]))


def age_on(birth: int, on: int) -> int:
    """Completed years."""
    return age_in_months(birth, on) // 12


def age_in_months(birth: int, on: int) -> int:
    """Completed months."""
    born, now = date_of(birth), date_of(on)
    months = (now.year - born.year) * 12 + now.month - born.month
    return months if month_later(birth, months) <= on else months - 1


def month_start(day: int) -> int:
    """The first day of the month of a day."""
    return date_of(day).replace(day=1).toordinal() - _EPOCH


def months(first: int, last: int) -> list[int]:
    """The first days of all months touched by [first, last]."""
    starts, start = [], month_start(first)
    while start <= last:
        starts.append(start)
        start = month_later(start, 1)
    return starts
