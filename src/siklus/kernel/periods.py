"""Reporting periods as half-open ranges of days: month, quarter, calendar year, school year, cumulative to a month."""

from __future__ import annotations

import re
from dataclasses import dataclass

from siklus.kernel import dates

MONTHS_PER_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Period:
    """`start <= day < stop`; `kind` is the name the rule language uses."""

    kind: str
    start: int
    stop: int
    name: str

    def __contains__(self, day: int) -> bool:
        return self.start <= day < self.stop

    def cut_off(self, as_of: int) -> int:
        """The day on which the period is judged: today while it runs, its last day afterwards."""
        return min(as_of, self.stop - 1)


def parse_period(text: str) -> Period:
    """A period from `2026`, `2026-Q1`, `2026-03`, `2026-W47`, `2025/2026`, `2026-01..03`; ValueError for all else."""
    for pattern, build in _FORMS:
        match = re.fullmatch(pattern, text)
        if match is not None:
            return build(*(int(part) for part in match.groups()))
    raise ValueError(f"not a period: {text!r}")


def year(number: int) -> Period:
    """A calendar year."""
    return Period("year", _first(number, 1), _first(number + 1, 1), f"{number}")


def quarter(number: int, which: int) -> Period:
    """A quarter, 1 to 4."""
    _check(1 <= which <= 4, f"quarter {which}")
    first = (which - 1) * MONTHS_PER_QUARTER + 1
    return Period("quarter", _first(number, first), _after(number, first + 2), f"{number}-Q{which}")


def month(number: int, which: int) -> Period:
    """A calendar month, 1 to 12."""
    _check(1 <= which <= dates.MONTHS_PER_YEAR, f"month {which}")
    return Period("month", _first(number, which), _after(number, which), f"{number}-{which:02}")


def week(number: int, which: int) -> Period:
    """A week from Monday, as the calendar of ISO counts them."""
    start = dates.start_of_iso_week(number, which)
    return Period("week", start, start + dates.DAYS_PER_WEEK, f"{number}-W{which:02}")


def school_year(first: int, second: int) -> Period:
    """1 July of the first year to 30 June of the second."""
    _check(second == first + 1, f"school year {first}/{second}")
    start = dates.start_of_school_year(_first(second, 1))
    return Period("school year", start, dates.add_months(start, dates.MONTHS_PER_YEAR), f"{first}/{second}")


def yearly(number: int, today: int) -> tuple[Period, ...]:
    """What is judged with a calendar year: the year itself, and the school year that runs on its cut-off day."""
    whole = year(number)
    began = dates.year_of(dates.start_of_school_year(whole.cut_off(today)))
    return whole, school_year(began, began + 1)


def month_of(day: int) -> Period:
    """The calendar month a day lies in."""
    date = dates.date_of(day)
    return month(date.year, date.month)


def cumulative(number: int, first: int, last: int) -> Period:
    """From the start of the first month to the end of the last, within one year (PWS)."""
    _check(1 <= first <= last <= dates.MONTHS_PER_YEAR, f"months {first}..{last}")
    return Period(
        "month cumulative", _first(number, first), _after(number, last), f"{number}-{first:02}..{last:02}"
    )


def _first(year_number: int, month_number: int) -> int:
    return dates.parse_day(f"{year_number:04}-{month_number:02}-01")


def _after(year_number: int, month_number: int) -> int:
    return dates.add_months(_first(year_number, month_number), 1)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"not a period: {what}")


_FORMS = (
    (r"(\d{4})", year),
    (r"(\d{4})-Q([1-4])", quarter),
    (r"(\d{4})-(\d{2})", month),
    (r"(\d{4})-W(\d{2})", week),
    (r"(\d{4})/(\d{4})", school_year),
    (r"(\d{4})-(\d{2})\.\.(\d{2})", cumulative),
)
