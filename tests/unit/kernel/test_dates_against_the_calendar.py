"""Month arithmetic against the standard library's calendar, every day of two centuries; the run-time's tables too."""

from __future__ import annotations

import calendar
import datetime
import random

import pytest

from siklus.kernel import dates
from siklus.rules import runtime

FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)
ALL = [FIRST + datetime.timedelta(n) for n in range((LAST - FIRST).days + 1)]


def later(date: datetime.date, months: int) -> datetime.date:
    """The same day of the month, clamped, as anybody would count it on a calendar."""
    years, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return datetime.date(years, month + 1, min(date.day, calendar.monthrange(years, month + 1)[1]))


def test_every_day_has_its_year_month_and_first_day() -> None:
    for date in ALL:
        day = dates.day_of(date)
        assert (dates.year_of(day), dates.month_of(day)) == (date.year, date.month)
        assert dates.start_of_month(day) == dates.day_of(date.replace(day=1))
        assert dates.start_of_year(day) == dates.day_of(date.replace(month=1, day=1))
        assert dates.start_of_week(day) == day - date.weekday()
        july = datetime.date(date.year if date.month > 6 else date.year - 1, 7, 1)
        assert dates.start_of_school_year(day) == dates.day_of(july)
        assert dates.date_of(day) == date


@pytest.mark.parametrize("months", [1, -1, 12, -840])
def test_a_shift_by_months_is_that_of_the_calendar(months: int) -> None:
    for date in ALL:
        assert dates.add_months(dates.day_of(date), months) == dates.day_of(later(date, months))


def test_months_between_is_the_largest_number_that_fits() -> None:
    chance = random.Random(1)
    for _ in range(20_000):
        start, end = (dates.day_of(chance.choice(ALL)) for _ in range(2))
        months = dates.months_between(start, end)
        assert dates.add_months(start, months) <= end < dates.add_months(start, months + 1)


def test_the_tables_of_generated_python_are_the_formula() -> None:
    chance = random.Random(2)
    far = [dates.day_of(datetime.date(1850, 2, 28)), dates.day_of(datetime.date(2199, 12, 31)), dates.NEVER]
    days = [*far, *(dates.day_of(each) for each in ALL[::7]), *(dates.day_of(each) for each in ALL[:62])]
    for day in days:
        months = chance.randint(-1500, 1500)
        assert runtime.add_months(day, months) == dates.add_months(day, months)
        other = chance.choice(days[1:])
        if day < dates.NEVER and other < dates.NEVER:
            assert runtime.months_between(day, other) == dates.months_between(day, other)


def test_never_stays_never() -> None:
    assert dates.add_months(dates.NEVER, 1) == dates.add_days(dates.NEVER, -9) == dates.NEVER
    assert dates.iso(dates.NEVER) == "9999-12-31"


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "20260101x", "hari ini", ""])
def test_what_is_not_in_the_calendar_is_not_a_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        dates.parse_day(text)
