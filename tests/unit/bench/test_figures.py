"""What a figure promises: its shape, goals that say by how much they were missed, tasks that take turns, right sums."""

from __future__ import annotations

import json

from bench import hand_python, person, phone
from bench.figure import Figure, Goal, figure_from
from bench.measuring import ratio, side_by_side
from siklus.kernel.dates import parse_day
from siklus.library.loading import load_book
from siklus.library.random_lives import random_lives

ON = parse_day("2026-11-21")


def test_the_figure_of_one_person_says_what_it_took_and_that_the_answers_were_right() -> None:
    book = load_book()
    lives = [life for life in random_lives(book.rules, 6, seed=3, around=ON) if life.members is None]
    figure = json.loads(json.dumps(person.figure_of(book, lives, [], quick=True).as_json()))
    assert set(figure) == {"figure", "title", "figures", "goals", "checks", "right", "table", "notes"}
    assert figure["right"] is True
    assert set(figure["checks"]) == {
        "generated Python answers as the reference interpreter",
        "hand-written Python gives the same statuses",
    }
    assert {"median_us", "mean_us", "p95_us"} <= set(figure["figures"]["population"])
    assert {"median", "low", "high", "rounds"} == set(figure["figures"]["by_hand"]["generated_over_hand"])
    assert {goal["unit"] for goal in figure["goals"]} == {"us"}
    assert len({len(row) for row in figure["table"]}) == 1


def test_the_figure_of_the_phone_says_what_its_module_took_and_that_it_was_right() -> None:
    book = load_book()
    lives = [life for life in random_lives(book.rules, 4, seed=4, around=ON) if life.members is None]
    figure = json.loads(json.dumps(phone.figure_of(book, {"few": lives}, quick=True).as_json()))
    assert figure["right"] is True
    assert {"records_us", "state_us", "python_us", "reference_us"} <= set(figure["figures"]["few"])
    assert {goal["unit"] for goal in figure["goals"]} == {"of it"}
    assert len({len(row) for row in figure["table"]}) == 1


def test_the_needs_written_by_hand_answer_as_the_rules_do() -> None:
    book = load_book()
    for life in (each for each in random_lives(book.rules, 120, seed=11, around=ON) if each.members is None):
        engine = sorted(
            (answer.need, answer.unit_id, answer.status)
            for answer in book.engine.needs(life, ON)
            if answer.need in hand_python.NEEDS
        )
        assert sorted(hand_python.answers(life, ON)) == engine


def test_a_missed_goal_says_by_how_much() -> None:
    missed, met = Goal("one page", 300, 312.5, "ms"), Goal("one page", 300, 300, "ms")
    assert not missed.is_met
    assert missed.words == "one page: 312 ms, goal 300 ms: missed by 12.5 ms"
    assert met.is_met
    assert met.words.endswith("met")


def test_a_figure_with_one_wrong_answer_is_not_right() -> None:
    figure = Figure("x", "X", checks={"a": True, "b": False})
    assert not figure.is_right
    assert figure_from(figure.as_json()) == figure


def test_tasks_take_turns_and_every_other_round_goes_backwards() -> None:
    turns: list[str] = []
    found = side_by_side({"a": lambda: turns.append("a"), "b": lambda: turns.append("b")}, rounds=3, warm=0)
    assert "".join(turns) == "abbaab"
    assert [len(series.cpu) for series in found.values()] == [3, 3]


def test_a_ratio_is_taken_round_by_round() -> None:
    found = side_by_side({"one": lambda: sum(range(50_000)), "two": lambda: sum(range(50_000))}, rounds=5)
    times = ratio(found["one"], found["two"])
    assert times["rounds"] == 5
    assert times["low"] <= times["median"] <= times["high"]
