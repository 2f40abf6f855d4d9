"""The story's own calendar, on the standard library alone.

It does not use `siklus.kernel.dates`: the known answers must not lean on what they are to check.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_FEBRUARY = 2
_SHORT_MONTHS = (4, 6, 9, 11)


@lru_cache(maxsize=1 << 16)
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
    return day_of(year, month + 1, min(date.day, _month_length(year, month + 1)))


def _month_length(year: int, month: int) -> int:
    if month == _FEBRUARY:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in _SHORT_MONTHS else 31


def age_on(birth: int, on: int) -> int:
    """Completed years."""
    return age_in_months(birth, on) // 12


def age_in_months(birth: int, on: int) -> int:
    """Completed months; somebody born on the 31st completes one on the last day of a shorter month."""
    born, now = date_of(birth), date_of(on)
    months = (now.year - born.year) * 12 + now.month - born.month
    is_complete = now.day >= born.day or now.day == _month_length(now.year, now.month)
    return months if is_complete else months - 1


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
