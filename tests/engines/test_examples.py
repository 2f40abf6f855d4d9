"""Every example that stands in the rules, on every engine: the answer its author wrote, and the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from siklus.bulk.javascript import Answered, Question, ask_javascript
from siklus.bulk.lives import Population
from siklus.library.examples import (
    Example,
    check_class,
    check_indicator,
    check_needs,
    examples_of,
    numbered,
)
from siklus.library.loading import Book, load_book
from siklus.rules.book import Indicator, Need, Rule

ENGINES = ("reference", "python", "duckdb", "javascript")


@cache
def _examples() -> list[tuple[int, Example]]:
    return list(enumerate(examples_of(load_book()), 1))


@cache
def _bulk(kind: type[Rule]) -> dict[int, list[Any]]:
    """The answers of DuckDB to all examples of one kind of rule, as few runs as there are days and periods."""
    chosen = [(number, each) for number, each in _examples() if isinstance(each.rule, kind)]
    if kind is Need:
        lives = [numbered(each.life, number) for number, each in chosen]
        return Population(load_book(), lives, [each.today for _, each in chosen]).needs()
    groups: dict[tuple[int, Any], list[tuple[int, Example]]] = {}
    for number, each in chosen:
        groups.setdefault((each.today, each.period), []).append((number, each))
    lives = [numbered(each.life, number) for number, each in chosen]
    people = Population(_book_of(chosen), lives, [each.today for _, each in chosen])
    if kind is not Indicator:
        return people.classes()
    found: dict[int, list[Any]] = {}
    for (today, period), members in groups.items():
        said = people.indicators(today, period, _book_of(members))
        found |= {number: said.get(number, []) for number, _ in members}
    return found


def _book_of(members: list[tuple[int, Example]]) -> Book:
    """A book that holds no needs, and no other indicators and classifications than those of the examples."""
    rules, names = load_book().rules, {each.rule.name for _, each in members}
    return Book(
        replace(
            rules,
            needs=(),
            indicators=tuple(each for each in rules.indicators if each.name in names),
            classifications=tuple(each for each in rules.classifications if each.name in names),
        ),
        "",
        (),
    )


@cache
def _javascript() -> dict[int, Answered]:
    """What the module says of the life of every example, all in one process."""
    numbers = [number for number, _ in _examples()]
    asked = [
        Question(numbered(each.life, number), [each.today], [each.period] if each.period else [])
        for number, each in _examples()
    ]
    return dict(zip(numbers, ask_javascript(load_book(), asked), strict=True))


@cache
def _asked(engine: str) -> dict[int, list[Any]]:
    return {number: _answers(engine, number, example) for number, example in _examples()}


def _answers(engine: str, number: int, example: Example) -> list[Any]:
    book, life = load_book(), numbered(example.life, number)
    if engine == "duckdb":
        return _bulk(type(example.rule)).get(number, [])
    if engine == "javascript":
        said = _javascript()[number]
        if isinstance(example.rule, Indicator):
            return said.indicators[0]
        return said.needs[0] if isinstance(example.rule, Need) else said.classes[0]
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


def _settled(example: Example, answers: Iterable[Any]) -> list[str]:
    """Every need of the life, or the answers of the rule's own kind, in one order.

    A unit that is surely not counted is no answer, as in bulk.
    """
    if not isinstance(example.rule, Need):
        answers = [each for each in answers if each[0] == example.rule.name]
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
def test_all_engines_answer_alike_about_the_lives_of_the_examples(engine: str) -> None:
    different = [
        f"{example.where} {example.rule.name} ({example.say})"
        for number, example in _examples()
        if _settled(example, _asked(engine)[number]) != _settled(example, _asked("reference")[number])
    ]
    assert different == []


def test_the_rules_hold_hundreds_of_examples_and_each_status_is_shown() -> None:
    shown = {example.expect for _, example in _examples() if isinstance(example.rule, Need)}
    assert shown >= {"not_yet", "due", "overdue", "missed", "done", "not_applicable", "refused", "unknown"}
    without = [need.name for need in load_book().needs if not need.source.get("examples")]
    assert without == []
