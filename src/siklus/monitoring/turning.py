"""A new day: only those whom it can change are computed again; all others stand as they stood.

Not when another rule book has come, another year or school year has begun, or the day lies before the one that is kept:
then, and when the day changes very many, everything is made again at once, which is then cheaper.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from siklus.care import actions as care
from siklus.care import queries as care_queries
from siklus.kernel import periods
from siklus.kernel.dates import year_of
from siklus.library.installed import installed
from siklus.monitoring import actions, queries
from siklus.monitoring.models import Coverage
from siklus.register.queries import chunks

_AT_ONCE = 500
_FEWER_THAN_ONE_IN = 16
"""Computing one person alone costs so many times what it costs among everybody: docs/explanation/scale.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What a new day changed: persons computed again, of how many."""

    today: int
    persons: int
    of: int
    seconds: float


def turn_day(today: int, progress: Callable[[str], None]) -> Turned | None:
    """Brings everything kept to this day; None, and nothing done, when all has to be made again instead."""
    last = queries.last_rebuild()
    if last is None or not last.is_current_book or installed().coming is not None:
        return None
    if last.on_day > today or last.year != year_of(last.on_day):
        return None
    held = periods.yearly(year_of(today), today)
    if held != periods.yearly(last.year, last.on_day):
        return None
    began = time.monotonic()
    due, of = care_queries.persons_due(today), care_queries.persons_kept()
    families = care_queries.households_due(today)
    if (len(due) + len(families)) * _FEWER_THAN_ONE_IN > of:
        return None
    progress(f"{len(due)} dari {of} orang dapat berubah pada hari ini ...")
    for persons in chunks(due, _AT_ONCE):
        actions.settle(persons, today)
    for households in chunks(care_queries.households_due(today), _AT_ONCE):
        actions.settle((), today, households)
    for period in held:
        Coverage.objects.filter(period=period.name).update(as_of=period.cut_off(today))
    care.note_day(today)
    seconds = time.monotonic() - began
    actions.note_rebuild(
        on_day=today, year=last.year, rulebook=last.rulebook, last_seq=care_queries.last_seq(), persons=len(due),
        records=0, seconds=seconds,
    )  # fmt: skip
    return Turned(today=today, persons=len(due), of=of, seconds=round(seconds, 2))
