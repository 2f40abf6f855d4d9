"""Faults planted on purpose are caught by the conformance cases: a suite that never fails proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from siklus.bulk.lives import Population
from siklus.kernel import dates
from siklus.library.loading import Book
from siklus.rules import reference
from siklus.rules import tree as t
from siklus.rules.emitters.duckdb import Sql
from siklus.rules.reference import Reader
from tests.engines.cases import suite
from tests.engines.judging import faults

_value, _aggregate, _status = Reader.value, Reader.aggregate, Reader.status


def _found() -> list[str]:
    """Cases that the reference, as it now is, gets wrong."""
    book = suite().book
    wrong: list[str] = []
    for case in suite().of("expression"):
        indicator = replace(book.rules, indicators=tuple(x for x in book.indicators if x.name == case.rule))
        answers = reference.Reference(indicator).indicators(case.life, case.today, case.period)
        wrong += faults(case, answers)
    for case in suite().of("need") + suite().of("series"):
        wrong += faults(case, reference.Reference(book.rules).needs(case.life, case.today))
    return wrong


def test_nothing_is_found_where_nothing_is_planted() -> None:
    assert _found() == []


def _latest_skips_unknown(self: Reader, node: t.Node, record: Any = None) -> Any:
    if isinstance(node, t.Extreme):
        known = [value for arg in node.args if (value := self.value(arg, record)) is not None]
        return (max if node.latest else min)(known, default=None)
    return _value(self, node, record)


def _unknown_is_false(self: Reader, node: t.Node, record: Any = None) -> Any:
    found = _value(self, node, record)
    return False if found is None and isinstance(node, t.And | t.Or) else found


def _unclear_records_are_forgotten(self: Reader, node: t.Aggregate) -> Any:
    found = _aggregate(self, node)
    return False if found is None and node.function == "exists" else found


def _last_skips_empty(self: Reader, node: t.Aggregate) -> Any:
    if node.function != "last":
        return _aggregate(self, node)
    values = [record[node.field or "date"] for record, holds in self.judged(node) if holds]
    return next((value for value in reversed(values) if value is not None), None)


def _sum_of_nothing_is_nought(self: Reader, node: t.Aggregate) -> Any:
    found = _aggregate(self, node)
    return 0 if found is None and node.function == "sum" else found


def _if_looks_past_its_condition(self: Reader, node: t.Node, record: Any = None) -> Any:
    if isinstance(node, t.Choice) and self.value(node.condition, record) is None:
        return self.value(node.other, record)
    return _value(self, node, record)


def _missed_before_unknown(self: Reader, need: Any) -> tuple[str, str]:
    until = self.value(need.until)
    status, slot = _status(self, need)
    return (
        ("missed", "")
        if status == "unknown" and until is not None and self.today >= until
        else (status, slot)
    )


def _unknown_before_not_yet(self: Reader, need: Any) -> tuple[str, str]:
    status, slot = _status(self, need)
    return ("unknown", "done") if status == "not_yet" and self.value(need.done) is None else (status, slot)


@pytest.mark.parametrize(
    ("method", "planted"),
    [
        ("value", _latest_skips_unknown),
        ("value", _unknown_is_false),
        ("aggregate", _unclear_records_are_forgotten),
        ("aggregate", _last_skips_empty),
        ("aggregate", _sum_of_nothing_is_nought),
        ("value", _if_looks_past_its_condition),
        ("status", _missed_before_unknown),
        ("status", _unknown_before_not_yet),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_wrong_meaning_is_caught(
    method: str, planted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, method, planted)
    assert _found() != []


def test_months_that_do_not_clamp_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def unclamped(day: int, months: int) -> int:
        here = dates.month_index(day)
        return dates.first_day_of(here + months) + day - dates.first_day_of(here)

    monkeypatch.setattr(dates, "add_months", unclamped)
    assert _found() != []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("arg_max_null", "arg_max"),
        ("least(u.opened, coalesce(u.start, u.opened))", "u.opened"),
        ("bool_or", "bool_and"),
        (" >= ", " > "),
    ],
)
def test_a_slip_in_the_sql_is_caught(right: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slipped: list[str] = []

    def slip(statements: list[str]) -> list[str]:
        changed = [text.replace(right, wrong) for text in statements]
        slipped.extend(text for text in changed if text not in statements)
        return changed

    episodes, indicators = Sql.episodes, Sql.indicators
    monkeypatch.setattr(Sql, "episodes", lambda self: slip(episodes(self)))
    monkeypatch.setattr(Sql, "indicators", lambda self, period, day: slip(indicators(self, period, day)))
    cases = [case for case in suite().of("expression") if case.today == suite().cases[0].today]
    names = {case.rule for case in cases}
    rules = suite().book.rules
    kept = tuple(each for each in rules.indicators if each.name in names)
    book = Book(replace(rules, needs=(), classifications=(), indicators=kept), "", ())
    answers = Population(book, [case.life for case in cases]).indicators(cases[0].today, cases[0].period)
    assert slipped
    assert [fault for case in cases for fault in faults(case, answers.get(case.number, []))] != []
