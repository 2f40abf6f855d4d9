"""Which of the eight statuses a need can have at all: by its slots, less what its writer says cannot be."""

from __future__ import annotations

from collections.abc import Mapping

from siklus.rules import tree as t
from siklus.rules.book import Need
from siklus.rules.needs import FOREVER
from siklus.rules.schedules import Occurrence, Rolling, read_schedule
from siklus.rules.source import mapping_of


def schedule_of(need: Need) -> Occurrence | Rolling | None:
    """The schedule of a need that returns."""
    return read_schedule(need.repeats, need.mark) if need.repeats else None


def possible_statuses(need: Need) -> frozenset[str]:
    """The statuses that some life can show. What is not provable here is declared under `never:`, with its reason."""
    can = {
        "not_yet": not _begins_at_once(need),
        "due": need.overdue != need.due,
        "overdue": need.overdue != FOREVER,
        "missed": need.until != FOREVER and not turns(need),
        "done": need.done != t.FALSE,
        "not_applicable": (need.who, need.excluded, need.package.gate) != (t.TRUE, t.FALSE, t.TRUE),
        "refused": need.refused != t.FALSE,
        "unknown": any(
            slot.nullable for slot in (need.who, need.done, need.excluded, need.due, need.until, need.overdue)
        ),
    }
    return frozenset(status for status, is_possible in can.items() if is_possible).difference(never(need))


def never(need: Need) -> Mapping[str, str]:
    """What its writer says cannot come about, each with the reason."""
    return mapping_of(need.source, "never")


def turns(need: Need) -> bool:
    """True of what is owed again on the very day on which the last occurrence ends: it is never missed."""
    schedule = schedule_of(need)
    return isinstance(schedule, Occurrence) and need.until == schedule.stop and not _by_age(schedule)


def _begins_at_once(need: Need) -> bool:
    """True of what is owed from the first day on which anybody could ask: of the occurrence, of the episode."""
    schedule = schedule_of(need)
    if isinstance(schedule, Occurrence):
        return need.due == schedule.start and not _by_age(schedule)
    if isinstance(schedule, Rolling) and not {"starts", "appointment"} & need.source.keys():
        return True
    return isinstance(need.due, t.Fact) and need.due.name == "opened"


def _by_age(schedule: Occurrence) -> bool:
    """An age lies in the future of the newborn, and the last one ends."""
    return any(node == t.BIRTH for node in t.walk(schedule.start))
