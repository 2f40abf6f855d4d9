"""Until when answers last: no answer changes before that day, in rules of the book and in rules drawn at random."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest

from siklus.bulk.lives import Population
from siklus.kernel import dates, periods
from siklus.kernel.dates import iso
from siklus.library.examples import life_of
from siklus.library.loading import Book, load_book
from siklus.library.random_lives import awkward_days, random_lives
from siklus.library.random_rules import random_book
from siklus.rules import bounds, lasting, reference
from siklus.rules import tree as t
from siklus.rules.life import Life
from tests.engines import lasting as asking
from tests.engines.lasting import changed_too_soon, rules_changed_too_soon

AROUND = dates.parse_day("2026-11-21")
YEAR = [periods.year(2026)]
DAYS = awkward_days(AROUND, "lasting", 6)
SOME_RULES = 3
DRAWN = range(16)
ACTION = "segera"


@cache
def lives(count: int = 24) -> tuple[Life, ...]:
    return tuple(random_lives(load_book().rules, count, "lasting", AROUND))


@cache
def drawn(seed: int) -> tuple[Book, tuple[Life, ...]]:
    book = random_book(f"lasting/{seed}", SOME_RULES)
    return book, tuple(random_lives(book.rules, 6, seed, AROUND))


def test_nothing_of_the_rule_book_changes_before_its_day() -> None:
    assert changed_too_soon(load_book(), lives(), DAYS[:2], YEAR) == []


def test_no_rule_alone_changes_before_its_day() -> None:
    assert list(_finds()) == []


def test_nothing_of_rules_drawn_at_random_changes_before_its_day() -> None:
    for seed in DRAWN:
        book, some = drawn(seed)
        assert changed_too_soon(book, some, DAYS[1:3], YEAR, some=4) == [], seed


def test_most_answers_last_more_than_a_day() -> None:
    """Else nothing would be gained: few of these lives, drawn to stand on limits, change tomorrow."""
    meaning = load_book().reference
    lasts = [meaning.lasts(life, AROUND, YEAR) - AROUND for life in lives()]
    assert sum(days > 1 for days in lasts) > len(lasts) / 2


def test_generated_python_says_the_same_day() -> None:
    for book, some in [(load_book(), lives()), *map(drawn, DRAWN)]:
        for life in some:
            for day in DAYS[:1]:
                needs = book.lasting.needs(book.engine.fold(life), day)
                assert needs == book.reference.lasts(life, day)
                assert min(needs, book.lasting.judged(life, day, YEAR)) == book.reference.lasts(
                    life, day, YEAR
                )


@pytest.mark.parametrize("seed", [None, *DRAWN[:4]])
def test_duckdb_says_the_same_day(seed: int | None) -> None:
    book, some = (load_book(), lives()) if seed is None else drawn(seed)
    population = Population(book, some)
    found = population.lasting(DAYS[1], YEAR)
    assert {life.person["id"]: found.get(life.person["id"], dates.NEVER) for life in some} == {
        life.person["id"]: book.reference.lasts(life, DAYS[1], YEAR) for life in some
    }


def test_only_tables_that_may_ask_for_an_action_are_asked_about_it() -> None:
    book = load_book()
    for life in lives()[:20]:
        assert book.lasting.judged(life, AROUND, [], ACTION) >= book.lasting.judged(life, AROUND, [])


def test_what_is_not_named_may_turn_tomorrow() -> None:
    """A form that is new to the language is safe before anybody has thought of it here."""

    @dataclass(frozen=True)
    class New(t.Node):
        @property
        def type(self) -> str:
            return "bool"

    bound = bounds.Lasting({}).of(t.Or((New(), t.TRUE)))
    assert bound == t.Shift(t.Today(), t.Literal(1, "int"), False)


def test_what_never_looks_at_today_lasts_for_ever() -> None:
    count = t.Aggregate("count", "timbang", None, t.TRUE, 0, False, "int")
    node = t.Compare(">=", count, t.Literal(1, "int"))
    assert bounds.Lasting({}).of(node) == bounds.FOREVER


def _ago(day: t.Node, count: int, in_months: bool = True) -> t.Node:
    return t.Shift(day, t.Literal(-count, "int"), in_months)


BIRTH = t.Literal(dates.parse_day("2000-02-29"), "date")
AGES = (BIRTH, bounds.TODAY)
SINCE_BIRTHDAY = t.Sum(t.Call("age_months", AGES), t.Product(t.Call("age_years", AGES), 12), -1)
CLIMBING = [
    _ago(bounds.TODAY, 12),
    _ago(bounds.TODAY, 1),
    _ago(_ago(bounds.TODAY, 1), 3, in_months=False),
    _ago(t.Call("start_of_month", (bounds.TODAY,)), 2),
    t.Call("start_of_year", (_ago(bounds.TODAY, 1),)),
    t.Call("start_of_school_year", (bounds.TODAY,)),
    t.Call("start_of_week", (_ago(bounds.TODAY, 60, in_months=False),)),
]
LIMITS = [t.Literal(dates.parse_day(day), "date") for day in ("2024-01-31", "2023-11-29", "2024-02-29")]
MONTHS_SINCE = [t.Literal(months, "int") for months in (1, 5, 10)]
THIS_MONTH = t.Call("month", (bounds.TODAY,))
MONTHS = [t.Call("month", (t.Literal(dates.parse_day(day), "date"),)) for day in ("1999-11-05", "2000-02-29")]


@pytest.mark.parametrize(
    ("moving", "limits"),
    [*((day, LIMITS) for day in CLIMBING), (SINCE_BIRTHDAY, MONTHS_SINCE), (THIS_MONTH, MONTHS)],
)
def test_a_comparison_lasts_until_the_very_day_it_turns(moving: t.Node, limits: list[t.Node]) -> None:
    """But for the ends of months: asked from the day a shorter month has reached, it turns a few days later."""
    first = dates.parse_day("2023-12-20")
    days = range(first, first + 450)
    for op, limit in itertools.product(("<", "<="), limits):
        node = t.Compare(op, moving, limit)
        bound = bounds.Lasting({}).of(node)
        values = [reference.value_on(day, node) for day in days]
        turns = [day for day, before, now in zip(days[1:], values, values[1:], strict=False) if before != now]
        for day in days[:400]:
            found = reference.value_on(day, bound)
            turn = next((each for each in turns if each > day), None)
            if turn is None:
                assert found > days[-1]
            else:
                assert day < found <= turn <= found + (3 if moving in CLIMBING[:4] else 0)


def test_what_is_unclear_lasts_until_the_unclear_record_is_too_old() -> None:
    """A record that may count keeps the answer unknown just as long as one that counts would keep it true."""
    where = t.Compare("=", t.RecordField("hasil", "bool", True), t.TRUE)
    recent = t.Compare(">=", t.RecordField("date", "date", False), _ago(bounds.TODAY, 12))
    node = t.Aggregate("exists", "periksa", None, t.And((where, recent)), 0, False, "bool")
    days = [dates.parse_day(day) for day in ("2025-03-10", "2025-05-20")]
    records = [{"date": day, "hasil": hasil} for day, hasil in zip(days, (True, None), strict=True)]
    reader = reference.Reader(reference.Unit("person", {"died": None}, {"periksa": records}), AROUND - 300)
    bound = bounds.Lasting({}).of(node)
    assert (reader.value(node), reader.value(bound)) == (True, dates.parse_day("2026-03-11"))
    reader = reference.Reader(reader.unit, dates.parse_day("2026-03-11"))
    assert (reader.value(node), reader.value(bound)) == (None, dates.parse_day("2026-05-21"))


@pytest.mark.parametrize(
    ("visited", "until"),
    [(date(2026, 1, 5), "2027-01-01"), (date(2025, 12, 31), "2026-12-01")],
    ids=("done", "due"),
)
def test_what_is_done_waits_for_no_limit_that_is_crossed(visited: str, until: str) -> None:
    """A family is late with its visit of the year from December on; one that had it is asked in the next year."""
    records = [
        {"kunjungan_keluarga": visited, "hasil": "dilakukan", "oleh": "kader"},
        {"data_rumah": visited},
    ]
    members = [{"birth": date(1990, 1, 1), "sex": "p"}]
    book = load_book()
    family = life_of(book.vocabulary, {"records": records, "members": members}, "", AROUND)
    assert iso(book.reference.lasts(family, AROUND)) == until


def a_day_later(name: str) -> tuple[str, Callable[..., Any]]:
    """That part, giving a bound a day too late."""
    right = getattr(bounds, name, None) or getattr(lasting, name)

    def wrong(*args: Any) -> Any:
        found = right(*args)
        return found if found == bounds.FOREVER else t.Shift(found, t.Literal(1, "int"), False)

    return name, wrong


def _left_out(*_: Any) -> t.Node:
    return bounds.FOREVER


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        a_day_later("turn_at"),
        a_day_later("_reached"),
        a_day_later("_tomorrow"),
        a_day_later("gate_lasts"),
        a_day_later("shut_lasts"),
        a_day_later("indicator_lasts"),
        a_day_later("_meets"),
        ("_meets_month", _left_out),
        ("_CROSSED", ("due", "until")),
        ("_CROSSED", ("until", "overdue")),
        ("_CROSSED", ("due", "overdue")),
        ("_MONTHS_OF_AGE", {**bounds._MONTHS_OF_AGE, "age_months": 2}),
        ("_looks_at_record", lambda _node: False),
    ],
)
def test_a_bound_that_is_too_late_is_found(monkeypatch: pytest.MonkeyPatch, name: str, wrong: Any) -> None:
    monkeypatch.setattr(lasting, "_MADE", deque(maxlen=lasting._MADE.maxlen))
    places = [module for module in (bounds, lasting, reference, asking) if hasattr(module, name)]
    assert places
    for module in places:
        monkeypatch.setattr(module, name, wrong)
    assert any(_finds())


def _finds() -> Iterator[str]:
    for book, some in [(load_book(), lives()), *map(drawn, DRAWN)]:
        try:
            yield from rules_changed_too_soon(book, some, DAYS[1:3], YEAR)
        except AssertionError:  # the meaning itself stumbles over it
            yield "a bound that has no value"
