"""What each operator of the rule language means, one function for each; None is unknown.

Part of the reference: slow, obvious, and right where another engine differs.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from siklus.kernel import dates
from siklus.rules import tree as t
from siklus.rules.life import EngineRecord

if TYPE_CHECKING:
    from siklus.rules.reference import Reader

_CALLS: dict[str, Callable[..., int]] = {
    "age_days": lambda birth, on: on - birth,
    "age_months": dates.age_months,
    "age_years": dates.age_years,
    "months_between": dates.months_between,
    "weeks_between": dates.weeks_between,
    "month": dates.month_of,
    "year": dates.year_of,
    "start_of_month": dates.start_of_month,
    "start_of_year": dates.start_of_year,
    "start_of_school_year": dates.start_of_school_year,
    "start_of_week": dates.start_of_week,
}
_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _literal(reader: Reader, node: t.Literal, record: EngineRecord | None) -> Any:
    return node.value


def _today(reader: Reader, node: t.Today, record: EngineRecord | None) -> int:
    return reader.today


def _bound(reader: Reader, node: t.PeriodBound, record: EngineRecord | None) -> int:
    assert reader.period is not None
    return reader.period.start if node.start else reader.period.stop


def _fact(reader: Reader, node: t.Fact, record: EngineRecord | None) -> Any:
    return reader.unit.facts.get(node.name)


def _field(reader: Reader, node: t.RecordField, record: EngineRecord | None) -> Any:
    assert record is not None
    return record[node.name]


def _step(reader: Reader, node: t.StepValue, record: EngineRecord | None) -> Any:
    return reader.step_value(node.name)


def _and(reader: Reader, node: t.And, record: EngineRecord | None) -> bool | None:
    """False if any part is, else unknown if any part is."""
    found: bool | None = True
    for arg in node.args:
        value = reader.value(arg, record)
        if value is False:
            return False
        if value is None:
            found = None
    return found


def _or(reader: Reader, node: t.Or, record: EngineRecord | None) -> bool | None:
    """True if any part is, else unknown if any part is."""
    found: bool | None = False
    for arg in node.args:
        value = reader.value(arg, record)
        if value is True:
            return True
        if value is None:
            found = None
    return found


def _is_known(reader: Reader, node: t.IsKnown, record: EngineRecord | None) -> bool:
    return reader.value(node.arg, record) is not None


def _first_known(reader: Reader, node: t.FirstKnown, record: EngineRecord | None) -> Any:
    for arg in node.args:
        value = reader.value(arg, record)
        if value is not None:
            return value
    return None


def _choice(reader: Reader, node: t.Choice, record: EngineRecord | None) -> Any:
    holds = reader.value(node.condition, record)
    return None if holds is None else reader.value(node.then if holds else node.other, record)


def _aggregate(reader: Reader, node: t.Aggregate, record: EngineRecord | None) -> Any:
    return reader.aggregate(node)


def _earliest(reader: Reader, node: t.EarliestWithin, record: EngineRecord | None) -> int | None:
    first, stop = reader.value(node.low), reader.value(node.high)
    if first is None or stop is None:
        return None
    return next((day for day in reader.value(node.dates) if first <= day < stop), None)


def _has_dates(reader: Reader, node: t.HasDates, record: EngineRecord | None) -> bool:
    return bool(reader.value(node.dates))


def _not(reader: Reader, node: t.Not, record: EngineRecord | None) -> bool | None:
    value = reader.value(node.arg, record)
    return None if value is None else not value


def _compare(reader: Reader, node: t.Compare, record: EngineRecord | None) -> bool | None:
    left, right = reader.value(node.left, record), reader.value(node.right, record)
    return None if left is None or right is None else _COMPARES[node.op](left, right)


def _one_of(reader: Reader, node: t.OneOf, record: EngineRecord | None) -> bool | None:
    value = reader.value(node.arg, record)
    return None if value is None else value in node.options


def _shift(reader: Reader, node: t.Shift, record: EngineRecord | None) -> int | None:
    day, count = reader.value(node.date, record), reader.value(node.count, record)
    if day is None or count is None:
        return None
    return dates.add_months(day, count) if node.in_months else dates.add_days(day, count)


def _days_between(reader: Reader, node: t.DaysBetween, record: EngineRecord | None) -> int | None:
    later, earlier = reader.value(node.later, record), reader.value(node.earlier, record)
    return None if later is None or earlier is None else later - earlier


def _sum(reader: Reader, node: t.Sum, record: EngineRecord | None) -> int | None:
    left, right = reader.value(node.left, record), reader.value(node.right, record)
    return None if left is None or right is None else left + node.sign * right


def _product(reader: Reader, node: t.Product, record: EngineRecord | None) -> int | None:
    value = reader.value(node.arg, record)
    return None if value is None else value * node.factor


def _call(reader: Reader, node: t.Call, record: EngineRecord | None) -> int | None:
    values = [reader.value(arg, record) for arg in node.args]
    return None if None in values else _CALLS[node.function](*values)


def _extreme(reader: Reader, node: t.Extreme, record: EngineRecord | None) -> Any:
    values = [reader.value(arg, record) for arg in node.args]
    return None if None in values else max(values) if node.latest else min(values)


MEANINGS: dict[type[t.Node], Callable[[Reader, Any, EngineRecord | None], Any]] = {
    t.Literal: _literal,
    t.Today: _today,
    t.PeriodBound: _bound,
    t.Fact: _fact,
    t.RecordField: _field,
    t.StepValue: _step,
    t.And: _and,
    t.Or: _or,
    t.Not: _not,
    t.IsKnown: _is_known,
    t.Compare: _compare,
    t.OneOf: _one_of,
    t.Shift: _shift,
    t.DaysBetween: _days_between,
    t.Sum: _sum,
    t.Product: _product,
    t.Call: _call,
    t.Extreme: _extreme,
    t.FirstKnown: _first_known,
    t.Choice: _choice,
    t.Aggregate: _aggregate,
    t.EarliestWithin: _earliest,
    t.HasDates: _has_dates,
}
"""What each operator means."""
