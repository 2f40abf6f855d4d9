"""Calendar arithmetic on day numbers (1970-01-01 = 0), the only place in Siklus where a month is defined.

`birth + n months` clamps to the end of the month; `months_between(a, b)` is the largest n with `a + n months <= b`.
Months are counted from March of the year 0000, so that a leap day is the last day of its year; every division here is
of whole numbers and floors. Other engines write the same formulas and are held to `conformance/operators/`.
"""

from __future__ import annotations

import datetime

NEVER = 2932896
"""9999-12-31. A limit that does not exist; adding to it gives it back."""

DAYS_PER_WEEK = 7
HOURS_PER_DAY = 24
MONTHS_PER_YEAR = 12
LEAP_CYCLE_DAYS = 4 * 365 + 1
"""Four years: moved by so many days, ages in months and days between stay what they were (1901 to 2099)."""
_ISO_LENGTH = len("yyyy-mm-dd")
_EPOCH = datetime.date(1970, 1, 1).toordinal()


def day_of(date: datetime.date) -> int:
    """The day number of a calendar date."""
    return date.toordinal() - _EPOCH


def date_of(day: int) -> datetime.date:
    """The calendar date of a day number; OverflowError outside the years 1 to 9999."""
    return datetime.date.fromordinal(day + _EPOCH)


def parse_day(text: str) -> int:
    """The day number of an ISO date `yyyy-mm-dd`; ValueError if it is not in the calendar.

    Nothing else is read: Python also takes `20261121` and `2026-W47-6`, which no other engine does.
    """
    if len(text) != _ISO_LENGTH or text[4] != "-" or text[7] != "-":
        raise ValueError(f"not a date: {text!r}")
    return day_of(datetime.date.fromisoformat(text))


def iso(day: int) -> str:
    """`yyyy-mm-dd` of a day number."""
    return date_of(day).isoformat()


def month_index(day: int) -> int:
    """Months from March 0000 to the month that holds this day."""
    z = day + 719468
    era = z // 146097
    q = z - era * 146097
    year = (q - q // 1460 + q // 36524 - q // 146096) // 365
    rest = q - (365 * year + year // 4 - year // 100)
    return (year + 400 * era) * 12 + (5 * rest + 2) // 153


def first_day_of(month: int) -> int:
    """The first day of a month given as `month_index`."""
    y = month // 12
    p = month % 12
    return 365 * y + y // 4 - y // 100 + y // 400 + (153 * p + 2) // 5 - 719468


def add_months(day: int, months: int) -> int:
    """The same day of the month, `months` later (or earlier), clamped to that month's last day."""
    if day >= NEVER:
        return NEVER
    here = month_index(day)
    first = first_day_of(here + months)
    return first + min(day - first_day_of(here), first_day_of(here + months + 1) - first - 1)


def add_days(day: int, days: int) -> int:
    """`day + days`, where never stays never."""
    return NEVER if day >= NEVER else day + days


def months_between(start: int, end: int) -> int:
    """Completed months from start to end; negative when end is earlier."""
    months = month_index(end) - month_index(start)
    return months if add_months(start, months) <= end else months - 1


def age_months(birth: int, on: int) -> int:
    """Completed months of life on a day."""
    return months_between(birth, on)


def age_years(birth: int, on: int) -> int:
    """Completed years of life on a day (floor, so -1 the day before birth)."""
    return months_between(birth, on) // MONTHS_PER_YEAR


def weeks_between(start: int, end: int) -> int:
    """Completed weeks from start to end (floor)."""
    return (end - start) // DAYS_PER_WEEK


def month_of(day: int) -> int:
    """Month of the year, 1 to 12."""
    return (month_index(day) + 2) % 12 + 1


def year_of(day: int) -> int:
    """Calendar year."""
    return (month_index(day) + 2) // 12


def start_of_month(day: int) -> int:
    """First day of the month of this day."""
    return first_day_of(month_index(day))


def start_of_year(day: int) -> int:
    """1 January of the year of this day."""
    january = month_index(day) - 10
    return first_day_of(january - january % 12 + 10)


def start_of_school_year(day: int) -> int:
    """The 1 July on or before this day."""
    july = month_index(day) - 4
    return first_day_of(july - july % 12 + 4)


def start_of_iso_week(year: int, week: int) -> int:
    """The Monday of a numbered week; ValueError when the year has no such week."""
    return day_of(datetime.date.fromisocalendar(year, week, 1))


def start_of_week(day: int) -> int:
    """The Monday on or before this day."""
    return day - (day + 3) % DAYS_PER_WEEK
