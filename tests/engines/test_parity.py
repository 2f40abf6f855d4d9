"""Random lives on the limits of the rules: the reference, generated Python and DuckDB say the same of them all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from siklus.bulk.parity import parity
from siklus.kernel import dates, periods
from siklus.library.loading import load_book
from siklus.library.ordering import broken_orders
from siklus.library.random_lives import LifeDrawer, awkward_days, random_lives
from siklus.rules.emitters import duckdb, duckdb_episodes
from siklus.rules.episode_spec import NAMED
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD, PERSON
from tests.engines.cases import suite

AROUND = dates.parse_day("2026-11-21")
SEED = 2026
TRIES = 100
"""So many lives are drawn around a need before it counts as never asked about: most are asked about at the first."""
STATUSES = {"overdue", "due", "unknown", "refused", "missed", "not_yet", "not_applicable", "done"}


@cache
def lives() -> tuple[Life, ...]:
    """Any lives, and for each need that nobody of them is asked about one who is."""
    book = load_book()
    drawer = LifeDrawer(book.rules, AROUND)
    drawn = drawer.lives(300, SEED)
    answered = {answer.need for life in drawn for answer in book.engine.needs(life, AROUND)}
    for need in book.needs:
        for _ in range(TRIES if need.name not in answered else 0):
            life = drawer.life_about(need, len(drawn) + 1)
            told = {answer.need for answer in book.engine.needs(life, AROUND)}
            if need.name in told:
                drawn.append(life)
                answered |= told
                break
    return tuple(drawn)


@cache
def days() -> tuple[int, ...]:
    return tuple(awkward_days(AROUND, SEED, 6))


def test_all_engines_agree_on_every_life_and_day() -> None:
    years = [periods.parse_period("2026"), periods.parse_period("2025")]
    assert [str(each) for each in parity(load_book(), lives(), days(), years)] == []


def test_all_engines_agree_also_about_the_rules_of_the_conformance_suite() -> None:
    """Those use operators and types that today's knowledge does not."""
    book = suite().book
    drawn = random_lives(book.rules, 80, SEED, AROUND)
    spans = [
        periods.parse_period(text) for text in ("2026", "2026-03", "2025/2026", "2026-Q1", "2026-01..11")
    ]
    assert [str(each) for each in parity(book, drawn, days()[:3], spans)] == []


def test_the_lives_are_worth_asking_about() -> None:
    book = load_book()
    answers = [answer for life in lives() for answer in book.engine.needs(life, AROUND)]
    assert {answer.status for answer in answers} == STATUSES
    assert {answer.unit for answer in answers} == {need.unit for need in book.needs}
    assert {answer.need for answer in answers} == {need.name for need in book.needs}
    days_of_records = [record["date"] for life in lives() for record in life.records]
    assert any(dates.iso(day).endswith("02-29") for day in days_of_records)
    assert any(dates.add_months(day, 1) != day and dates.iso(day)[8:] == "31" for day in days_of_records)
    assert any(dates.iso(day)[8:] in ("28", "30", "31") for day in days())
    assert any(life.person["birth"] is None for life in lives() if life.members is None)
    assert any(life.person["died"] is not None for life in lives())
    assert any(_several_on_one_day(life) for life in lives())
    assert any(_pregnancies(life) > 1 for life in lives())
    belonging = [_belonging(life) for life in lives()]
    assert any(named is not None and here != by_day for each in belonging for named, here, by_day in each)
    assert any(named is not None and here != named for each in belonging for named, here, by_day in each)


def _belonging(life: Life) -> list[tuple[int | None, int | None, int | None]]:
    """Of each record that may name its episode: the name, where it belongs, where its day alone would put it."""
    bare = Life(life.person, tuple({**each, NAMED: None} for each in life.records))
    here, by_day = (_units_of_records(each) for each in (life, bare))
    return [(each.get(NAMED), here[each["id"]], by_day[each["id"]]) for each in life.records if NAMED in each]


def _units_of_records(life: Life) -> dict[int, int | None]:
    by_kind = load_book().engine.units(life)[0][2]
    return {record["id"]: record.get("unit") for records in by_kind.values() for record in records}


def _several_on_one_day(life: Life) -> bool:
    dated = [(record["kind"], record["date"]) for record in life.records]
    return len(dated) > len(set(dated))


def _pregnancies(life: Life) -> int:
    return sum(unit == "kehamilan" for unit, _, _ in load_book().engine.units(life))


def test_the_same_seed_gives_the_same_lives() -> None:
    again = random_lives(load_book().rules, 20, SEED, AROUND)
    assert list(lives()[:20]) == again


def test_a_slip_in_month_arithmetic_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = "> day(dt_(b)) then 1 else 0", "> day(dt_(b)) then 0 else 0"
    assert right in duckdb.MACROS
    monkeypatch.setattr(duckdb, "MACROS", duckdb.MACROS.replace(right, wrong))
    assert parity(load_book(), lives()[:40], days()[:2], engines=("duckdb",)) != []


def test_a_name_that_leads_to_another_person_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only in bulk do many people lie side by side."""
    right, attach = "n.person = r.person and ", duckdb_episodes._attach
    assert right in attach("r_contoh", "u_contoh")
    monkeypatch.setattr(duckdb_episodes, "_attach", lambda *names: attach(*names).replace(right, ""))
    named = _named_after_another(lives()[:150])
    assert parity(load_book(), named, days()[:1], engines=("duckdb",)) != []


def _named_after_another(drawn: Sequence[Life]) -> list[Life]:
    """These lives, every record of all but one of them naming the pregnancy of that one."""
    owner, opening = next(
        (life, record["id"])
        for life in drawn
        for record in life.records
        if record["kind"] == "daftar_kehamilan"
    )
    misled = [
        Life(life.person, tuple({**each, NAMED: opening} if NAMED in each else each for each in life.records))
        for life in drawn
        if life is not owner and life.members is None
    ]
    return [owner, *misled]


def test_no_rule_puts_its_days_in_another_order() -> None:
    """A pregnancy that starts after it was registered is a slip of the pen; every other life is in order."""
    sound = [life for life in lives() if _starts_before_it_is_registered(life)]
    assert len(sound) > len(lives()) / 2
    assert [str(each) for each in broken_orders(load_book(), sound, days())] == []


def _starts_before_it_is_registered(life: Life) -> bool:
    return all(
        facts["start"] is None or facts["start"] <= facts["opened"]
        for unit, facts, _ in load_book().engine.units(life)
        if unit not in (PERSON, HOUSEHOLD)
    )
