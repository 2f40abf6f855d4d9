"""A puskesmas of the seed on thirty days: generated Python and DuckDB agree, and both with the stories.

Its neighbourhoods are in three lots, and each lot is asked on every third of the days. The reference, which is slow,
joins for every hundredth life.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

import pytest

from seed.account import KnownAnswers
from seed.assumptions import read_assumptions
from seed.days import date_of
from seed.geography import draw_map
from seed.notebook import Entry
from seed.village import tell_neighbourhood
from siklus.bulk.lives import Population
from siklus.kernel import dates, periods
from siklus.kernel.ids import KEY_BITS
from siklus.library.loading import load_book
from siklus.rules.answers import STATUSES, NeedAnswer
from siklus.rules.emitters.python import FoldedUnit
from siklus.rules.life import Life
from tests.seed.lives import lives_of

ON = dates.parse_day("2026-11-21")
AWKWARD = (
    "2024-02-29",
    "2025-02-28",
    "2026-01-31",
    "2026-02-28",
    "2026-12-31",
    "2027-01-01",
    "2027-07-01",
    "2028-02-29",
)
DAYS = sorted({*(dates.parse_day(text) for text in AWKWARD), *range(ON - 400, ON + 260, 30)})
SAMPLE = 100
LOTS = range(3)
OPEN = ("overdue", "due", "unknown", "refused", "missed")


@cache
def neighbourhoods(lot: int) -> tuple[tuple[Life, ...], KnownAnswers]:
    """Everybody of a third of one puskesmas, and the stories' own account of them."""
    assumptions = read_assumptions()
    spots = draw_map("puskesmas", assumptions).neighbourhoods
    answers = KnownAnswers("puskesmas", 1, ON, date_of(ON).year)
    lives: list[Life] = []
    for place in range(lot, len(spots), len(LOTS)):
        scene = tell_neighbourhood(spots[place], [*spots[:place], *spots[place + 1 :]], 1, ON, assumptions)
        lives += lives_of(tuple(Entry._make(row) for row in scene.notebook.finish()))
        answers.add(scene.account, scene.notebook.key)
    return tuple(lives), answers


@cache
def population(lot: int) -> Population:
    return Population(load_book(), neighbourhoods(lot)[0])


def test_there_are_thirty_different_days() -> None:
    assert len(DAYS) >= 30


@pytest.mark.parametrize("lot", LOTS)
def test_two_engines_agree_on_who_has_an_open_need(lot: int) -> None:
    days = DAYS[lot :: len(LOTS)]
    together = all_at_once(lot, days, OPEN)
    for day in days:
        alone = one_by_one(lot, day, OPEN)
        assert len(alone) > 10_000
        assert alone == together[day], dates.iso(day)


@pytest.mark.parametrize(("lot", "day"), [(number % len(LOTS), day) for number, day in enumerate(DAYS[::10])])
def test_two_engines_agree_about_every_answer(lot: int, day: int) -> None:
    alone, together = one_by_one(lot, day, STATUSES), all_at_once(lot, [day], STATUSES)[day]
    assert len(alone) > 100_000
    assert alone == together


def one_by_one(lot: int, day: int, statuses: Collection[str]) -> set[NeedAnswer]:
    engine = load_book().engine
    return {
        answer
        for folded in _folded(lot)
        for answer in engine.finish(folded, day)
        if answer.status in statuses
    }


def all_at_once(lot: int, days: Sequence[int], statuses: Collection[str]) -> dict[int, set[NeedAnswer]]:
    """Every unit once for each day, under an id of its own, so that the SQL is planned once for all of them."""
    sql, connection = load_book().sql, population(lot).connection
    for table, columns in _units_and_folds(lot):
        moved = ", ".join(f"{name} + (turn << {KEY_BITS}) as {name}" for name in columns)
        day = f", {days}[turn + 1]::integer as as_of" if table.startswith("u_") else ""
        connection.execute(
            f'create or replace table "{table}" as select one.* replace ({moved}){day} '
            f'from kept."{table}" as one, range({len(days)}) as turns(turn)'
        )
    for statement in (sql.answers_table(), *sql.answers("as_of", statuses)):
        connection.execute(statement)
    rows = connection.execute(
        "select need, unit, unit_id, occurrence, status, opens, due, overdue, until, asks from answers"
    ).fetchall()
    found: dict[int, set[NeedAnswer]] = {day: set() for day in days}
    for need, unit, unit_id, *values, asks in rows:
        answer = NeedAnswer._make([need, unit, unit_id & ((1 << KEY_BITS) - 1), *values, tuple(asks)])
        found[days[unit_id >> KEY_BITS]].add(answer)
    return found


@cache
def _units_and_folds(lot: int) -> list[tuple[str, list[str]]]:
    """Tables of units and of what was folded of their records, put by as they are, with the columns that hold ids."""
    connection = population(lot).connection
    connection.execute("create schema kept")
    held = connection.execute(
        "select table_name, list(column_name) filter (column_name in ('id', 'person', 'household', 'unit_id')) "
        "from duckdb_columns() where table_name[1:2] in ('u_', 'f_') group by all"
    ).fetchall()
    for table, _columns in held:
        connection.execute(f'create table kept."{table}" as from "{table}"')
        connection.execute(f'drop table "{table}"')
    return held


@pytest.mark.parametrize("day", DAYS[::5], ids=dates.iso)
def test_the_reference_agrees_about_every_hundredth(day: int) -> None:
    book = load_book()
    for life in neighbourhoods(DAYS.index(day) % len(LOTS))[0][::SAMPLE]:
        assert sorted(book.engine.needs(life, day), key=repr) == sorted(
            book.reference.needs(life, day), key=repr
        )


@pytest.mark.parametrize(("lot", "kind"), [(0, "year"), (1, "school year")])
def test_both_count_whom_the_stories_say(lot: int, kind: str) -> None:
    lives, told = neighbourhoods(lot)
    period = periods.year(told.year) if kind == "year" else periods.school_year(told.year, told.year + 1)
    together = population(lot).indicators(ON, period)
    engine = load_book().engine
    alone = {
        life.person["id"]: [
            answer for answer in engine.indicators(life, ON, period) if answer.counted is not False
        ]
        for life in lives
    }
    for person, answers in alone.items():
        assert sorted(map(repr, answers)) == sorted(map(repr, together.get(person, []))), person
    counted = {each.name for each in load_book().indicators if each.period == kind} & set(told.tallies)
    assert counted
    for indicator in counted:
        units = [
            answer
            for listed in together.values()
            for answer in listed
            if answer.indicator == indicator and answer.unit_id not in told.gone(indicator)
        ]
        assert {a.unit_id for a in units if a.counted} == told.registered(indicator), indicator
        complete = {a.unit_id for a in units if a.counted and all(v is True for v in a.components.values())}
        assert complete == told.complete(indicator), indicator


@cache
def _folded(lot: int) -> list[list[FoldedUnit]]:
    engine = load_book().engine
    return [engine.fold(life) for life in neighbourhoods(lot)[0]]
