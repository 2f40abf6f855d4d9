"""What an example shows of a need: a status, a side of a limit of days, a side of an age that decides who is meant.

A limit is a day on which a status changes by itself. Its sides are the day before, the day, and the day after. A record
has two sides: on the day before it may first count, where it settles nothing, and on that day, where it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from siklus.library.adequacy.asking import Asked
from siklus.library.adequacy.statuses import possible_statuses, schedule_of, turns
from siklus.rules import tree as t
from siklus.rules.book import Need
from siklus.rules.needs import FOREVER
from siklus.rules.schedules import Rolling

BEFORE, ON, AFTER = "before", "on", "after"
SIDES = (BEFORE, ON, AFTER)
STATUS, LIMIT, AGE, RECORD = "status", "limit", "age", "record"


class Point(NamedTuple):
    """One thing to show. `what` is a status, a slot, a side, or the place among those of `ages_of`."""

    kind: str
    what: str
    side: str


_A_LIFE = 45_000
"""Days in which every age of a rule has come."""
_BEFORE = {"due": {"not_yet"}, "overdue": {"not_yet", "due"}, "until": {"not_yet", "due", "overdue"}}
_FROM = {"due": {"due", "overdue", "missed"}, "overdue": {"overdue", "missed"}, "until": {"missed"}}
_ROLLING = {"not_yet", "done", "not_applicable"}
_OPEN = {"not_yet", "due", "overdue"}


def required(need: Need, ages: list[t.Node]) -> set[Point]:
    """Every point that the examples of a need must show; `ages` are those of `ages_of` that are its to show."""
    can = possible_statuses(need)
    points = {Point(STATUS, status, "") for status in can}
    sides = set(SIDES) if "not_yet" in can or isinstance(schedule_of(need), Rolling) else {ON, AFTER}
    points |= {Point(LIMIT, "due", side) for side in sides}
    if {"due", "overdue"} <= can:
        points |= {Point(LIMIT, "overdue", side) for side in SIDES}
    if turns(need):
        points.add(Point(LIMIT, "until", BEFORE))
    elif need.until != FOREVER and "missed" in can:
        points |= {Point(LIMIT, "until", side) for side in SIDES}
    points |= {Point(AGE, str(place), side) for place, _ in enumerate(ages) for side in SIDES}
    if _may_come_too_early(need):
        points |= {Point(RECORD, side, side) for side in (BEFORE, ON)}
    return points


def shown(asked: Asked, ages: list[t.Node]) -> Iterator[Point]:
    """What one answer shows."""
    yield Point(STATUS, asked.status, "")
    yield from _limits(asked)
    yield from _records(asked)
    if asked.unit is not None:
        yield from _ages(asked, ages)


def ages_of(*slots: t.Node) -> list[t.Node]:
    """The conditions of these slots that come true or cease by age alone, or by the length of an episode."""
    found = [
        node
        for slot in slots
        for node in t.outside_aggregates(slot)
        if isinstance(node, t.Compare) and _turns_with_age(node)
    ]
    return list(dict.fromkeys(found))


def _turns_with_age(node: t.Compare) -> bool:
    parts = list(t.walk(node))
    return (
        any(isinstance(part, t.Today) for part in parts)
        and any(isinstance(part, t.Fact) for part in parts)
        and not any(isinstance(part, t.Aggregate | t.StepValue) for part in parts)
    )


def _limits(asked: Asked) -> Iterator[Point]:
    answer, need = asked.answer, asked.need
    if answer is None:
        return
    is_rolling = isinstance(schedule_of(need), Rolling)
    for slot in ("due", "overdue", "until"):
        day = getattr(answer, slot)
        if day is None:
            continue
        side = {day - 1: BEFORE, day: ON, day + 1: AFTER}.get(asked.today)
        if side is None:
            continue
        if side is not BEFORE:
            fits = answer.status in _FROM[slot]
        elif slot == "until" and turns(need):
            fits = True
        else:
            fits = answer.status in _BEFORE[slot] or (
                slot == "due" and is_rolling and answer.status in _ROLLING
            )
        if fits:
            yield Point(LIMIT, slot, side)


def _ages(asked: Asked, ages: list[t.Node]) -> Iterator[Point]:
    """A side counts only where the age decides: gate or `who` comes to something else on the two days."""
    today, slots = asked.today, (asked.need.package.gate, asked.need.who)
    readers = [asked.on(day) for day in (today - 1 - 1, today - 1, today, today + 1)]
    for place, node in enumerate(ages):
        for side, last, first in zip((AFTER, ON, BEFORE), readers, readers[1:], strict=False):
            if last.value(node) is first.value(node) or None in (last.value(node), first.value(node)):
                continue
            if any(last.value(slot) is not first.value(slot) for slot in slots):
                yield Point(AGE, str(place), side)


def _records(asked: Asked) -> Iterator[Point]:
    answer = asked.answer
    if answer is None or answer.opens is None or not _may_come_too_early(asked.need):
        return
    assert asked.unit is not None
    for kind in settling_kinds(asked.need):
        for record in asked.unit.records.get(kind, []):
            if record["date"] == answer.opens - 1 and answer.status in {*_OPEN, "missed"}:
                yield Point(RECORD, BEFORE, BEFORE)
            if record["date"] == answer.opens and answer.status == "done":
                yield Point(RECORD, ON, ON)


def turn_of(asked: Asked, node: t.Node) -> int | None:
    """The day on which an age condition turns, looked for between birth and the end of a long life."""
    if asked.unit is None:
        return None
    birth = asked.unit.facts.get("birth") or asked.unit.facts.get("start") or asked.today
    low, high = birth - 1, birth + _A_LIFE
    first, last = asked.on(low).value(node), asked.on(high).value(node)
    if None in (first, last) or first is last:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if asked.on(middle).value(node) is first else (low, middle)
    return int(high)


def settling_kinds(need: Need) -> list[str]:
    """The kinds of record that settle a need."""
    nodes = [node for _, node in need.steps] if need.steps else [need.done]
    return list(
        dict.fromkeys(part.kind for node in nodes for part in t.walk(node) if isinstance(part, t.Aggregate))
    )


def _may_come_too_early(need: Need) -> bool:
    """True where a record can be dated before it counts: not before birth, nor of what returns."""
    counts = "counts" in need.source or bool(need.steps)
    return counts and not need.repeats and not isinstance(need.opens, t.Fact)
