"""Every conformance case on the reference, in generated Python, DuckDB and JavaScript; all alike about all lives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from siklus.bulk.javascript import Answered, Question, ask_javascript
from siklus.bulk.lives import Population
from siklus.kernel.ids import record_key
from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules import tree as t
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from tests.engines.cases import Case, days_in, suite
from tests.engines.judging import faults

ENGINES = ("reference", "python", "duckdb", "javascript")
Answers = dict[int, list[Any]]


@cache
def needs(engine: str) -> Answers:
    """Need answers by case."""
    cases, book = suite().cases, suite().book
    if engine == "duckdb":
        return Population(book, [case.life for case in cases], [case.today for case in cases]).needs()
    if engine == "javascript":
        return {number: answered.needs[0] for number, answered in javascript().items()}
    asked = book.reference if engine == "reference" else book.engine
    return {case.number: asked.needs(case.life, case.today) for case in cases}


@cache
def javascript() -> dict[int, Answered]:
    """What the module says of every case."""
    cases = suite().cases
    asked = [Question(case.life, [case.today], [case.period]) for case in cases]
    return dict(zip((case.number for case in cases), ask_javascript(suite().book, asked), strict=True))


@cache
def indicators(engine: str) -> Answers:
    """Indicator answers by case, each asked in a book that holds the indicators of cases of the same day and period."""
    groups: dict[tuple[int, Period], list[Case]] = {}
    for case in suite().of("expression") + suite().of("indicator"):
        groups.setdefault((case.today, case.period), []).append(case)
    found: Answers = {}
    for (today, period), members in groups.items():
        names = {case.rule for case in members}
        rules = suite().book.rules
        if engine in ("javascript", "python"):
            for case in members:
                answers = _all_indicators(engine, case)
                found[case.number] = [answer for answer in answers if answer.indicator in names]
            continue
        kept = tuple(each for each in rules.indicators if each.name in names)
        book = Book(replace(rules, needs=(), classifications=(), indicators=kept), "", ())
        if engine == "duckdb":
            said = _people().indicators(today, period, book)
            found |= {case.number: said.get(case.number, []) for case in members}
        else:
            asked = book.reference
            found |= {case.number: asked.indicators(case.life, today, period) for case in members}
    return found


@cache
def _people() -> Population:
    """The lives of every case, loaded once for whatever is asked about some of them."""
    book = Book(replace(suite().book.rules, needs=()), "", ())
    return Population(book, [case.life for case in suite().cases])


def _all_indicators(engine: str, case: Case) -> list[IndicatorAnswer]:
    """Those of the whole suite: what is generated asks them all in no time."""
    if engine == "javascript":
        (answers,) = javascript()[case.number].indicators
        return answers
    return suite().book.engine.indicators(case.life, case.today, case.period)


@cache
def classes(engine: str) -> Answers:
    """Classifications by case; all of them are asked on one day."""
    book, cases = suite().book, suite().of("classification")
    (today,) = {case.today for case in cases}
    if engine == "duckdb":
        said = _people().classes(today)
        return {case.number: said.get(case.number, []) for case in cases}
    if engine == "javascript":
        return {case.number: javascript()[case.number].classes[0] for case in cases}
    asked = book.reference if engine == "reference" else book.engine
    return {case.number: asked.classes(case.life, today) for case in cases}


@cache
def episodes(engine: str) -> dict[int, list[tuple[str, dict[str, Any], dict[int, int | None]]]]:
    """(episode, facts, unit by record of the kinds attached to it) by case."""
    return _bulk_episodes() if engine == "duckdb" else _formed(engine)


def _formed(engine: str) -> dict[int, list[tuple[str, dict[str, Any], dict[int, int | None]]]]:
    book = suite().book
    found = {}
    for case in suite().of("episode"):
        if engine == "javascript":
            formed = javascript()[case.number].units
            belongs = formed[0][2]
            own = [unit for unit in formed if unit[0] == case.rule]
            found[case.number] = own or [("", {}, belongs)]
            continue
        if engine == "reference":
            units = [(unit.name, unit.facts, unit.records) for unit in book.reference.units(case.life)]
        else:
            units = book.engine.units(case.life)
        kinds = book.vocabulary.episodes[case.rule].attaches
        belongs = {record["id"]: record.get("unit") for kind in kinds for record in units[0][2].get(kind, [])}
        found[case.number] = [
            (name, dict(facts), belongs) for name, facts, _ in units if name == case.rule
        ] or [("", {}, belongs)]
    return found


def _bulk_episodes() -> dict[int, list[tuple[str, dict[str, Any], dict[int, int | None]]]]:
    book, cases, people = suite().book, suite().of("episode"), _people()
    found = {}
    for case in cases:
        rows = people.connection.execute(f'select * from "u_{case.rule}" where person = {case.number}')
        names = [column[0] for column in rows.description]
        units = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        belongs: dict[int, int | None] = {}
        for kind in book.vocabulary.episodes[case.rule].attaches:
            belongs |= dict(
                people.connection.execute(
                    f"select id, unit from r_{kind} where person = {case.number}"
                ).fetchall()
            )
        found[case.number] = [(case.rule, facts, belongs) for facts in units] or [("", {}, belongs)]
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_each_expression_has_the_value_it_must_have(engine: str) -> None:
    assert _wrong(indicators(engine), "expression") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_each_need_has_the_status_days_and_questions_it_must_have(engine: str) -> None:
    assert _wrong(needs(engine), "need", "series") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_each_indicator_counts_and_judges_as_it_must(engine: str) -> None:
    assert _wrong(indicators(engine), "indicator") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_each_record_gets_its_class_and_its_action(engine: str) -> None:
    assert _wrong(classes(engine), "classification") == []


def _wrong(answers: Answers, *kinds: str) -> list[str]:
    cases = (case for case in suite().cases if case.kind in kinds)
    return [fault for case in cases for fault in faults(case, answers.get(case.number, []))]


@pytest.mark.parametrize("engine", ENGINES)
def test_episodes_form_as_declared_and_records_belong_to_them(engine: str) -> None:
    wrong = []
    for case in suite().of("episode"):
        formed = episodes(engine)[case.number]
        units = sorted((facts for name, facts, _ in formed if name), key=lambda facts: facts["id"])
        expected = sorted((dict(days_in(each)) for each in case.expect), key=lambda each: each["id"])
        if len(units) != len(expected):
            wrong.append(f"{case.where}: {len(units)} episodes, expected {len(expected)}")
            continue
        for facts, wanted in zip(units, expected, strict=True):
            wanted["id"] = record_key(case.number, wanted["id"])
            lacking = {name: facts[name] for name, value in wanted.items() if facts[name] != value}
            if lacking:
                wrong.append(f"{case.where}: {lacking}, expected {wanted}")
        for record, unit in (case.belongs or {}).items():
            got = formed[0][2][record_key(case.number, record)]
            if got != (None if unit is None else record_key(case.number, unit)):
                wrong.append(f"{case.where}: record {record} belongs to {got}, expected {unit}")
    assert wrong == []


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_all_engines_answer_alike_about_every_life_of_the_suite(engine: str) -> None:
    different = []
    for case in suite().cases:
        for ask in (needs, indicators, classes):
            if _settled(ask(engine).get(case.number, [])) != _settled(ask("reference").get(case.number, [])):
                different.append(f"{case.where}: {ask.__name__}")
    assert different == []


def _settled(answers: Iterable[NeedAnswer | IndicatorAnswer | ClassAnswer]) -> list[str]:
    """Answers in one order; a unit that is surely not counted is no answer, as in bulk."""
    return sorted(str(each) for each in answers if getattr(each, "counted", True) is not False)


def test_the_suite_holds_every_function_and_every_kind_of_case() -> None:
    components = (node for each in suite().book.indicators for node in each.components.values())
    parts = [part for node in components for part in t.walk(node)]
    aggregates = {part.function for part in parts if isinstance(part, t.Aggregate)}
    calls = {part.function for part in parts if isinstance(part, t.Call)}
    assert aggregates >= set("exists count first last nth min max sum days_with months_with".split())
    assert calls >= set(t.FUNCTIONS)
    assert {case.kind for case in suite().cases} == set(
        "expression need series indicator classification episode".split()
    )
