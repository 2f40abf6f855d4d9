"""Every example that stands in the rules, on every engine: the answer its author wrote, and the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from siklus.bulk.lives import Population
from siklus.library.examples import (
    Example,
    check_class,
    check_indicator,
    check_needs,
    examples_of,
    numbered,
)
from siklus.library.loading import load_book
from siklus.rules.book import Classification, Indicator, Need

ENGINES = ("reference", "python", "duckdb")


@cache
def _examples() -> list[tuple[int, Example]]:
    return list(enumerate(examples_of(load_book()), 1))


@cache
def _bulk_needs() -> dict[int, list[Any]]:
    """The answers to all examples of needs, one package at a time as each example asks for one."""
    chosen = [(number, each) for number, each in _examples() if isinstance(each.rule, Need)]
    lives = [numbered(each.life, number) for number, each in chosen]
    return Population(load_book(), lives, [each.today for _, each in chosen]).needs()


@cache
def _bulk_indicators() -> dict[int, list[Any]]:
    groups: dict[tuple[Any, int], list[tuple[int, Example]]] = {}
    for number, each in _examples():
        if isinstance(each.rule, Indicator):
            groups.setdefault((each.period, each.today), []).append((number, each))
    found: dict[int, list[Any]] = {}
    for (period, today), members in groups.items():
        population = Population(load_book(), [numbered(each.life, number) for number, each in members])
        found |= population.indicators(today, period)
    return found


@cache
def _bulk_classes() -> dict[int, list[Any]]:
    groups: dict[int, list[tuple[int, Example]]] = {}
    for number, each in _examples():
        if isinstance(each.rule, Classification):
            groups.setdefault(each.today, []).append((number, each))
    found: dict[int, list[Any]] = {}
    for today, members in groups.items():
        found |= Population(load_book(), [numbered(each.life, n) for n, each in members]).classes(today)
    return found


@cache
def _asked(engine: str) -> dict[int, list[Any]]:
    return {number: _answers(engine, number, example) for number, example in _examples()}


def _answers(engine: str, number: int, example: Example) -> list[Any]:
    book, life = load_book(), numbered(example.life, number)
    if engine == "duckdb":
        bulk = {Need: _bulk_needs, Indicator: _bulk_indicators, Classification: _bulk_classes}
        return bulk[type(example.rule)]().get(number, [])
    asked = book.reference if engine == "reference" else book.engine
    if isinstance(example.rule, Need):
        return asked.needs(life, example.today)
    if isinstance(example.rule, Indicator):
        return asked.indicators(life, example.today, example.period)
    return asked.classes(life, example.today)


def _wrong(example: Example, answers: list[Any]) -> str:
    if isinstance(example.rule, Need):
        return check_needs(example, answers)
    if isinstance(example.rule, Indicator):
        return check_indicator(example, answers)
    return check_class(example, answers)


def _settled(answers: Iterable[Any]) -> list[str]:
    """Answers in one order; a unit that is surely not counted is no answer, as in bulk."""
    return sorted(str(each) for each in answers if getattr(each, "counted", True) is not False)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_example_of_every_rule_comes_out_as_written(engine: str) -> None:
    wrong = [
        f"{example.where} {example.rule.name} ({example.say}): {fault}"
        for number, example in _examples()
        if (fault := _wrong(example, _asked(engine)[number]))
    ]
    assert wrong == []


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_all_engines_answer_everything_alike_about_the_lives_of_the_examples(engine: str) -> None:
    different = [
        f"{example.where} {example.rule.name} ({example.say})"
        for number, example in _examples()
        if _settled(_asked(engine)[number]) != _settled(_asked("reference")[number])
    ]
    assert different == []


def test_the_rules_hold_hundreds_of_examples_and_each_status_is_shown() -> None:
    shown = {example.expect for _, example in _examples() if isinstance(example.rule, Need)}
    assert shown >= {"not_yet", "due", "overdue", "missed", "done", "not_applicable", "refused", "unknown"}
    without = [need.name for need in load_book().needs if not need.source.get("examples")]
    assert without == []
