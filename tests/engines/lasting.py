"""Who is told too late that an answer changes: lives asked on the days before the day until which they last."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from siklus.kernel.dates import NEVER, iso
from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules.answers import NeedAnswer
from siklus.rules.lasting import gate_lasts, indicator_lasts, need_lasts, packages_last, steps_of
from siklus.rules.life import Life
from siklus.rules.reference import Reader

_MONTHS, _YEARS = 60, 900
"""Days asked in between lie within two months, or two and a half years."""


def told(book: Book, life: Life, day: int, periods: Sequence[Period]) -> list[Any]:
    """What is stored of a life on a day: needs that apply, classes, and who is or may be counted."""
    needs = [answer for answer in book.engine.needs(life, day) if answer.status != "not_applicable"]
    if not periods:
        return needs
    counted = [
        answer
        for period in periods
        for answer in book.engine.indicators(life, day, period)
        if answer.counted is not False
    ]
    classes = book.engine.classes(life, day) if life.person["died"] is None else []
    return [*needs, *classes, *counted]


def changed_too_soon(
    book: Book, lives: Iterable[Life], days: Sequence[int], periods: Sequence[Period] = (), some: int = 2
) -> list[str]:
    """Every life whose answers are others on a day before the one until which they should last."""
    return list(_changed(book, lives, days, periods, some))


def _changed(
    book: Book, lives: Iterable[Life], days: Sequence[int], periods: Sequence[Period], some: int
) -> Iterator[str]:
    chance = random.Random(len(days))
    for life in lives:
        for day in days:
            until = book.reference.lasts(life, day, periods)
            if until <= day:
                yield f"{life.person['id']} on {iso(day)}: until {until}"
                continue
            before = told(book, life, day, periods)
            near = [chance.randint(day + 1, day + _MONTHS) for _ in range(some)]
            asked = {day + 1, until - 1, *near, chance.randint(day + 1, day + _YEARS)}
            for other in sorted(each for each in asked if day < each < min(until, NEVER - 1)):
                if other < day + 20 * _YEARS and told(book, life, other, periods) != before:
                    yield f"{life.person['id']} on {iso(day)}: other answers on {iso(other)}, until {until - day} days"
                    break


def rules_changed_too_soon(
    book: Book, lives: Iterable[Life], days: Sequence[int], periods: Sequence[Period]
) -> Iterator[str]:
    """The same for each rule alone, so that none hides behind one that changes sooner."""
    steps, found = steps_of(book.needs), {}
    packages = {(each.unit, need.name): each for each in packages_last(book.rules) for need in each.needs}
    bounds = {need.name: need_lasts(need, steps) for need in book.needs}
    counts = {each.name: indicator_lasts(each) for each in book.indicators}
    for life in lives:
        for day in days:
            found = _by_rule(book, life, day, periods)
            until: dict[tuple[str, int], int] = {}
            for reader in book.reference.readers(life, day) if life.person["died"] is None else ():
                for need in book.needs:
                    if need.unit == reader.unit.name:
                        gate, key = need.package.gate, (need.name, reader.unit.facts["id"])
                        if reader.value(gate) is False:
                            until[key] = reader.value(packages[need.unit, need.name].shut)
                        else:
                            reader.need(need)
                            until[key] = min(reader.value(gate_lasts(gate)), reader.value(bounds[need.name]))
            for period in periods:
                for unit in book.reference.units(life) if period.cut_off(day) == day else ():
                    for each in book.indicators:
                        if (each.unit, each.period) == (unit.name, period.kind):
                            lasts = Reader(unit, day, period).value(counts[each.name])
                            until[each.name, unit.facts["id"]] = lasts
            for key, bound in until.items():
                other = min(bound, NEVER - 1) - 1
                if day < other < day + 20 * _YEARS and _by_rule(book, life, other, periods).get(
                    key
                ) != found.get(key):
                    yield f"{key} of {life.person['id']} on {iso(day)}: other on {iso(other)}"


def _by_rule(book: Book, life: Life, day: int, periods: Sequence[Period]) -> dict[tuple[str, int], Any]:
    return {
        (said.need if isinstance(said, NeedAnswer) else said[0], said.unit_id): said
        for said in told(book, life, day, periods)
        if hasattr(said, "unit_id")
    }
