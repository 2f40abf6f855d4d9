"""Questions about the shape of a tree that decide how it is written out."""

from __future__ import annotations

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t

_FROM_ELSEWHERE = (t.Fact, t.RecordField, t.StepValue, t.Aggregate, t.EarliestWithin, t.PeriodBound)


def rests_on_the_day_alone(node: t.Node) -> bool:
    """True for what is the same for everybody on a day, and more than the day itself."""
    if isinstance(node, t.Today | t.Literal):
        return False
    speaks_of_day = False
    for part in t.walk(node):
        if isinstance(part, _FROM_ELSEWHERE):
            return False
        speaks_of_day = speaks_of_day or isinstance(part, t.Today)
    return speaks_of_day


def speaks_of_record(node: t.Node) -> bool:
    """True when the value differs from record to record."""
    if isinstance(node, t.Aggregate):
        return False
    return isinstance(node, t.RecordField) or any(speaks_of_record(child) for child in t.children(node))


def is_long(node: t.Node) -> bool:
    """True for what is worth not working out."""
    return any(isinstance(part, t.Choice) for part in t.outside_aggregates(node))


def may_be_never(node: t.Node) -> bool:
    """False where a date is surely a real day."""
    for part in t.walk(node):
        if isinstance(part, t.Literal) and part.of == "date" and part.value == NEVER:
            return True
        if (
            isinstance(part, t.Fact)
            and part.type == "date"
            and part.name not in ("birth", "opened", "start", "ended")
        ):
            return True
        if isinstance(part, t.Aggregate) and part.type == "date" and part.field != "date":
            return True
        if isinstance(part, t.RecordField) and part.type == "date" and part.name != "date":
            return True
    return False
