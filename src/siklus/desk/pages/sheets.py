"""A recapitulation sheet on the desk: its figures one under the other to read, side by side as on paper to print."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.kernel import periods
from siklus.kernel.dates import DAYS_PER_WEEK, add_months, date_of, parse_day, start_of_week
from siklus.kernel.periods import Period
from siklus.library.forms.reports import MONTH, WEEK, Column, Report, words_of
from siklus.monitoring.sheets import Sheet
from siklus.rules.vocabulary import Vocabulary

_FORMS_BACK = {MONTH: 12, WEEK: 9}


@dataclass(frozen=True, slots=True)
class Line:
    """One column of the sheet. `told` stands where there is no figure; `unclear` is empty when all is known."""

    number: str
    group: str
    title: str
    figure: str
    told: str
    unclear: str
    said: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Columns under one heading of the printed form."""

    title: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """A sheet, or only its choices while no place is chosen. `asks` says what is still to be chosen."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    choices: tuple[figures.Choice, ...]
    place: str = ""
    period: str = ""
    day: str = ""
    lines: tuple[Line, ...] = ()
    groups: tuple[Group, ...] = ()
    note: str = ""
    xlsx: str = ""
    asks: str = ""


def lines_of(sheet: Sheet, vocabulary: Vocabulary, closed: Collection[str]) -> tuple[Line, ...]:
    """Every column; those in `closed` tell results that this reader may not read, and have no figure."""
    report = sheet.report
    return tuple(
        _line(str(n), sheet, column, words_of(report, column, vocabulary), closed)
        for n, column in enumerate(report.columns, start=1)
    )


def groups_of(report: Report) -> tuple[Group, ...]:
    """The headings over the columns, from left to right."""
    grouped = groupby(report.columns, key=lambda column: column.group)
    return tuple(Group(title, len(list(some))) for title, some in grouped)


def periods_of(report: Report, today: int) -> list[tuple[str, str]]:
    """(value, words) of the periods to choose from, the running one first."""
    if report.every == MONTH:
        first = parse_day(f"{date_of(today):%Y-%m}-01")
        days = [add_months(first, -n) for n in range(_FORMS_BACK[MONTH])]
        return [(f"{date_of(day):%Y-%m}", words.month(day)) for day in days]
    mondays = [start_of_week(today) - n * DAYS_PER_WEEK for n in range(_FORMS_BACK[WEEK])]
    return [(_week(monday).name, words_of_week(monday)) for monday in mondays]


def words_of_week(monday: int) -> str:
    """A week by its first and last day."""
    return _("%(first)s sampai %(last)s") % {
        "first": words.day(monday),
        "last": words.day(monday + DAYS_PER_WEEK - 1),
    }


def _week(monday: int) -> Period:
    year, week, _day = date_of(monday).isocalendar()
    return periods.week(year, week)


def _line(number: str, sheet: Sheet, column: Column, said: str, closed: Collection[str]) -> Line:
    figure = told = unclear = ""
    if column.shows_period:
        told = sheet.period.name
    elif column.missing:
        told = _("belum tercatat")
    elif column.name in closed:
        told = _("dihitung tenaga kesehatan")
    else:
        found = sheet.figures[column.name]
        figure = words.number(found.count)
        unclear = words.number(found.unclear) if found.unclear else ""
    return Line(number, column.group, column.title, figure, told, unclear, said, column.note)
