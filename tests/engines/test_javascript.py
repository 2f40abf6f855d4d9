"""The module for phones, beside what the other tests of engines ask of it: no trick, no state of its own."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from siklus.bulk.javascript import Answered, Question, ask_javascript, find_node
from siklus.bulk.parity import parity
from siklus.kernel import dates
from siklus.kernel.ids import MAX_DEVICE, MAX_NUMBER, record_key
from siklus.kernel.problems import ProblemError
from siklus.library.loading import Book, load_book
from siklus.library.random_lives import random_lives
from siklus.rules.emitters import javascript_dialect
from siklus.rules.emitters.javascript import write_module
from siklus.rules.life import Life
from tests.engines.cases import suite

TODAY = dates.parse_day("2026-11-21")


def asked(life: Life) -> Answered:
    return next(ask_javascript(load_book(), [Question(life, [TODAY])]))


def test_the_same_book_gives_the_same_module_and_it_names_its_book() -> None:
    book = load_book()
    assert write_module(book.rules, book.hash) == book.javascript
    assert f'export const rulebook = "{book.hash}";' in book.javascript.text


def test_the_module_makes_no_code_loads_nothing_and_looks_at_no_clock() -> None:
    text = load_book().javascript.text
    words = r"\b(?:eval|Function|import|require|fetch|Date|Math\.random|localStorage|setTimeout|process)\b"
    assert re.findall(words, text) == []


def test_the_text_of_a_state_is_that_of_the_server_to_the_byte() -> None:
    """A phone and the server exchange states; what either wrote the other goes on from."""
    book = load_book()
    lives = random_lives(book.rules, 60, 11, TODAY)
    for life, said in zip(
        lives, ask_javascript(book, [Question(life, [TODAY]) for life in lives]), strict=True
    ):
        folded = book.engine.fold(life)
        assert said.states == {
            (unit.unit, unit.facts["id"]): json.dumps(book.engine.state_of(unit), separators=(",", ":"))
            for unit in folded
        }
        back = [
            book.engine.unfold(u.unit, u.facts, json.loads(said.states[u.unit, u.facts["id"]]), u.members)
            for u in folded
        ]
        assert book.engine.finish(back, TODAY) == said.needs[0]


def test_the_order_of_the_records_does_not_matter() -> None:
    lives = random_lives(load_book().rules, 6, 5, TODAY)
    for life in lives:
        turned = replace(life, records=tuple(reversed(life.records)))
        assert asked(turned) == asked(life)


def test_a_fact_or_field_that_is_left_out_is_unknown() -> None:
    """A phone may hold records that were written before a field was known."""
    (life,) = random_lives(load_book().rules, 1, 8, TODAY)
    known = {name: value for name, value in life.person.items() if value is not None or name == "died"}
    records = tuple({k: v for k, v in record.items() if v is not None} for record in life.records)
    assert asked(Life(known, records)) == asked(life)


def test_a_kind_of_record_nobody_knows_changes_nothing() -> None:
    (life,) = random_lives(load_book().rules, 1, 9, TODAY)
    more = ({"kind": "jenis_2031", "date": TODAY, "id": 1}, *life.records)
    assert asked(replace(life, records=more)) == asked(life)


def test_the_greatest_record_id_is_exact() -> None:
    """A pregnancy is known by its opening record; its number must come back whole."""
    key = record_key(MAX_DEVICE, MAX_NUMBER)
    book = suite().book
    person = {**dict.fromkeys(book.vocabulary.person), "id": 1, "died": None}
    opening = {
        **dict.fromkeys(book.vocabulary.kinds["buka"].fields),
        "kind": "buka",
        "date": TODAY,
        "id": key,
    }
    (said,) = ask_javascript(book, [Question(Life(person, (opening,)), [TODAY])])
    assert [facts["id"] for unit, facts, _ in said.units if unit == "masa"] == [key]


def test_the_dead_are_owed_nothing() -> None:
    (life,) = random_lives(load_book().rules, 1, 10, TODAY)
    assert asked(Life({**life.person, "died": TODAY}, life.records)).needs == [[]]


def test_month_arithmetic_is_that_of_the_calendar(tmp_path: Path) -> None:
    """Each day of some years, in and outside the table of months, moved and taken apart."""
    spans = [("1879-11-01", "1880-03-02"), ("1999-12-01", "2001-03-02"), ("2139-10-01", "2140-03-01")]
    days = [day for low, high in spans for day in range(dates.parse_day(low), dates.parse_day(high))]
    moves = [-601, -13, -1, 0, 1, 11, 12, 72, 719]
    runtime = Path(javascript_dialect.__file__).with_name("javascript_runtime.js").read_text(encoding="utf-8")
    program = tmp_path / "months.mjs"
    program.write_text(
        runtime
        + f"""
const days = {json.dumps(days)}, moves = {json.dumps(moves)};
console.log(JSON.stringify(days.map((day) => [
  moves.map((months) => addMonths(day, months)), monthsBetween(days[0], day), monthsBetween(day, days[0]),
  ageYears(days[0], day), weeksBetween(days[0], day), monthOf(day), yearOf(day), startOfMonth(day), startOfYear(day),
  startOfSchoolYear(day), startOfWeek(day),
])));
""",
        encoding="utf-8",
    )
    found = subprocess.run([find_node(), str(program)], capture_output=True, check=True).stdout
    first = days[0]
    expected = [
        [
            [dates.add_months(day, months) for months in moves], dates.months_between(first, day),
            dates.months_between(day, first), dates.age_years(first, day), dates.weeks_between(first, day),
            dates.month_of(day), dates.year_of(day), dates.start_of_month(day), dates.start_of_year(day),
            dates.start_of_school_year(day), dates.start_of_week(day),
        ]
        for day in days
    ]  # fmt: skip
    assert json.loads(found) == expected


@pytest.mark.parametrize(
    ("function", "slip"),
    [
        ("months_between", "monthsBetween({1}, {0})"),
        ("start_of_school_year", "startOfYear({0})"),
        ("age_years", "monthsBetween({0}, {1})"),
    ],
)
def test_a_slip_in_a_function_is_found(function: str, slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(javascript_dialect._CALLS, function, slip)
    book = suite().book
    again = Book(book.rules, book.hash, ())
    lives = random_lives(book.rules, 40, 1, TODAY)
    periods: Any = [case.period for case in suite().of("expression")[:1]]
    assert parity(again, lives, [TODAY], periods, engines=("javascript",)) != []


def test_without_node_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NODE", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProblemError, match=r"Node\.js 20"):
        find_node()
