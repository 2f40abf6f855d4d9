"""`every:` -> the occurrence that today stands in, or the span of a rolling need (rule language, section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from siklus.kernel.dates import DAYS_PER_WEEK, MONTHS_PER_YEAR
from siklus.rules import tree as t
from siklus.rules.source import Mark, fault

_FORMS = re.compile(
    r"(?P<plain>calendar month|calendar year|school year|week)"
    r"|campaign months \[(?P<campaign>\d+(?:, *\d+)*)\]"
    r"|ages \[(?P<ages>\d+(?:, *\d+)+)\] months"
    r"|(?P<count>\d+) (?P<unit>day|week|month|year)s? since last"
)
_SPANS = {
    "day": (1, False),
    "week": (DAYS_PER_WEEK, False),
    "month": (1, True),
    "year": (MONTHS_PER_YEAR, True),
}


@dataclass(frozen=True)
class Occurrence:
    """The half-open range of days of the current occurrence."""

    start: t.Node
    stop: t.Node


@dataclass(frozen=True)
class Rolling:
    """So long after the last counted record."""

    count: int
    in_months: bool

    def after(self, date: t.Node) -> t.Node:
        """The day on which it is owed again."""
        return t.Shift(date, t.Literal(self.count, "int"), self.in_months)


def read_schedule(text: str, mark: Mark) -> Occurrence | Rolling:
    """The schedule of an `every:` slot; ProblemError R12 when it is not one of the closed list."""
    match = _FORMS.fullmatch(text)
    if match is None:
        raise fault(
            "R12",
            mark,
            f"'every: {text}' is not a schedule;",
            "expected calendar month, calendar year, school year, week, campaign months [..], ages [..] months "
            "or N months since last",
        )
    if match["plain"]:
        return _plain(match["plain"])
    if match["campaign"]:
        return _campaign([int(number) for number in match["campaign"].split(",")])
    if match["ages"]:
        return _ages([int(number) for number in match["ages"].split(",")])
    factor, in_months = _SPANS[match["unit"]]
    return Rolling(int(match["count"]) * factor, in_months)


def _shift(date: t.Node, months: int) -> t.Node:
    return t.Shift(date, t.Literal(months, "int"), True)


def _plain(name: str) -> Occurrence:
    today = t.Today()
    if name == "week":
        start: t.Node = t.Call("start_of_week", (today,))
        return Occurrence(start, t.Shift(start, t.Literal(DAYS_PER_WEEK, "int"), False))
    if name == "calendar month":
        start = t.Call("start_of_month", (today,))
        return Occurrence(start, _shift(start, 1))
    start = t.Call("start_of_year" if name == "calendar year" else "start_of_school_year", (today,))
    return Occurrence(start, _shift(start, MONTHS_PER_YEAR))


def _campaign(months: list[int]) -> Occurrence:
    """From the first of a listed month to the first of the next one, over the turn of the year."""
    january = t.Call("start_of_year", (t.Today(),))
    this_month = t.Call("month", (t.Today(),))
    start, stop = _shift(january, months[-1] - 1 - MONTHS_PER_YEAR), _shift(january, months[0] - 1)
    for number, following in zip(months, [*months[1:], months[0] + MONTHS_PER_YEAR], strict=True):
        reached = t.Compare(">=", this_month, t.Literal(number, "int"))
        start = t.Choice(reached, _shift(january, number - 1), start)
        stop = t.Choice(reached, _shift(january, following - 1), stop)
    return Occurrence(start, stop)


def _ages(months: list[int]) -> Occurrence:
    """From one listed age to the next; before the first age the first, after the last the same width again."""
    age = t.Call("age_months", (t.BIRTH, t.Today()))
    start: t.Node = t.Literal(months[0], "int")
    stop: t.Node = t.Literal(months[1], "int")
    for number, following in zip(months[1:], [*months[2:], 2 * months[-1] - months[-2]], strict=True):
        reached = t.Compare(">=", age, t.Literal(number, "int"))
        start = t.Choice(reached, t.Literal(number, "int"), start)
        stop = t.Choice(reached, t.Literal(following, "int"), stop)
    return Occurrence(t.Shift(t.BIRTH, start, True), t.Shift(t.BIRTH, stop, True))
