"""Every conformance case on the reference, on generated Python and on DuckDB; and all of them alike about all lives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from siklus.bulk.lives import Population
from siklus.kernel.ids import record_key
from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.vocabulary import EPISODE_KIND
from tests.engines.cases import Case, days_in, suite

ENGINES = ("reference", "python", "duckdb")
Answers = dict[int, list[Any]]


@cache
def needs(engine: str) -> Answers:
    """Need answers by case."""
    cases, book = suite().cases, suite().book
    if engine == "duckdb":
        return Population(book, [case.life for case in cases], [case.today for case in cases]).needs()
    asked = book.reference if engine == "reference" else book.engine
    return {case.number: asked.needs(case.life, case.today) for case in cases}


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
        kept = tuple(each for each in rules.indicators if each.name in names)
        book = Book(replace(rules, needs=(), classifications=(), indicators=kept), "", ())
        if engine == "duckdb":
            found |= Population(book, [case.life for case in members]).indicators(today, period)
        else:
            asked = book.reference if engine == "reference" else book.engine
            found |= {case.number: asked.indicators(case.life, today, period) for case in members}
    return found


@cache
def classes(engine: str) -> Answers:
    """Classifications by case; all of them are asked on one day."""
    book, cases = suite().book, suite().of("classification")
    (today,) = {case.today for case in cases}
    if engine == "duckdb":
        return Population(book, [case.life for case in cases]).classes(today)
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
    book, cases = suite().book, suite().of("episode")
    people = Population(book, [case.life for case in cases])
    found = {}
    for case in cases:
        rows = people.connection.execute(f'select * from "u_{case.rule}" where person = {case.number}')
        names = [column[0] for column in rows.description]
        units = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        belongs: dict[int, int | None] = {}
        for kind in book.vocabulary.episodes[case.rule].attaches:
            belongs |= dict(
                people.connection.execute(f"select id, unit from r_{kind} where person = {case.number}").fetchall()
            )
        found[case.number] = [(case.rule, facts, belongs) for facts in units] or [("", {}, belongs)]
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_each_expression_has_the_value_it_must_have(engine: str) -> None:
    wrong = []
    for case in suite().of("expression"):
        mine = [each for each in indicators(engine)[case.number] if each.indicator == case.rule]
        if len(mine) != 1:
            wrong.append(f"{case.where}: {len(mine)} units")
            continue
        same, is_unknown = mine[0].components["sama"], mine[0].components["kosong"]
        if is_unknown is not (case.expect is None) or same is not _same_as(case):
            wrong.append(f"{case.where}: is the same {same}, is unknown {is_unknown}")
    assert wrong == []


def _same_as(case: Case) -> bool | None:
    """What the component `sama` must be."""
    return case.expect if case.of_type == "bool" else None if case.expect is None else True


@pytest.mark.parametrize("engine", ENGINES)
def test_each_need_has_the_status_days_and_questions_it_must_have(engine: str) -> None:
    wrong = []
    for case in suite().of("need") + suite().of("series"):
        expected = {case.rule: case.expect} if case.kind == "need" else case.expect
        for name, expect in expected.items():
            wrong += [f"{case.where}: {name} {fault}" for fault in _faults_of_need(engine, case, name, expect)]
    assert wrong == []


def _faults_of_need(engine: str, case: Case, name: str, expect: Any) -> Iterable[str]:
    mine = [each for each in needs(engine).get(case.number, []) if each.need == name]
    wanted = {"status": expect} if isinstance(expect, str) else dict(days_in(expect))
    if not mine:
        return [] if wanted["status"] == "not_applicable" else ["has no answer"]
    if len(mine) > 1:
        return ["has several answers"]
    return [
        f"{field} {got}, expected {value}"
        for field, value in wanted.items()
        if (got := _plain(getattr(mine[0], field))) != value
    ]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("engine", ENGINES)
def test_each_indicator_counts_and_judges_as_it_must(engine: str) -> None:
    wrong = []
    for case in suite().of("indicator"):
        mine = [each for each in indicators(engine).get(case.number, []) if each.indicator == case.rule]
        if not mine:
            wrong += [] if case.expect["counted"] is False else [f"{case.where}: no answer"]
            continue
        got = mine[0]._asdict()
        for name, value in case.expect.items():
            found = {key: got["components"][key] for key in value} if name == "components" else got[name]
            if found != value:
                wrong.append(f"{case.where}: {name} {found}, expected {value}")
    assert wrong == []


@pytest.mark.parametrize("engine", ENGINES)
def test_each_record_gets_its_class_and_its_action(engine: str) -> None:
    wrong = []
    for case in suite().of("classification"):
        mine = [each for each in classes(engine).get(case.number, []) if each.classification == case.rule]
        got = {"value": mine[0].value, "do": mine[0].do} if mine else None
        if got != case.expect:
            wrong.append(f"{case.where}: {got}, expected {case.expect}")
    assert wrong == []


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


def test_the_suite_is_not_thin() -> None:
    functions = {
        node.function
        for case in suite().book.indicators
        for part in case.components.values()
        for node in _aggregates(part)
    }
    assert functions >= set("exists count first last nth min max sum days_with months_with".split())
    assert {kind for case in suite().cases for kind in [case.kind]} == set(
        "expression need series indicator classification episode".split()
    )
    assert not any(name.startswith(EPISODE_KIND) for name in suite().book.vocabulary.kinds)


def _aggregates(node: Any) -> Iterable[Any]:
    from siklus.rules import tree as t

    return (part for part in t.walk(node) if isinstance(part, t.Aggregate))
