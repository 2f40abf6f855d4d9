"""Questions about care: lives, answers of a person, the time line, and the lists and counts of needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Max

from siklus.access.may import may_read_record
from siklus.access.queries import user_names
from siklus.access.scope import Visitor
from siklus.care import log
from siklus.care.counts import NeedCount, need_counts, needs_as_of, persons_by_area, persons_with
from siklus.care.dangers import DangerLine, Dangers, Judged, dangers_of, judged_of
from siklus.care.entrusting import Time, guests_in, times_on
from siklus.care.handing import (
    Handed,
    Moved,
    everything,
    histories,
    keys_between,
    last_days_as_guest,
    moves,
    placing_number,
    rows_where,
    seqs_of,
    stood_here,
    subjects_of,
    tail,
    turned,
    within,
)
from siklus.care.households import Family, families_of, family_lives, household_life
from siklus.care.lasting import households_due, persons_due, persons_kept
from siklus.care.lists import NeedLine, NeedsPage, guests_list, needs_list
from siklus.care.lives import life_of, lives_of, records_within
from siklus.care.log import effective_by_person, newest_version, persons_having
from siklus.care.models import Record, Stay
from siklus.care.past import needs_on
from siklus.care.touching import families_touched_after, families_touched_by, touched_after, touched_by
from siklus.care.wanted import NeedFilter
from siklus.library.loading import load_book
from siklus.records.drafts import StoredRecord
from siklus.records.values import to_engine
from siklus.register import queries as register
from siklus.rules.answers import ClassAnswer, NeedAnswer

__all__ = [
    "DangerLine",
    "Dangers",
    "Event",
    "Family",
    "Handed",
    "Judged",
    "Moved",
    "NeedCount",
    "NeedFilter",
    "NeedLine",
    "NeedsPage",
    "Time",
    "Version",
    "answers_for",
    "classes_for",
    "dangers_of",
    "effective_by_person",
    "everything",
    "families_of",
    "families_touched_after",
    "families_touched_by",
    "family_lives",
    "guests_in",
    "guests_list",
    "histories",
    "household_life",
    "households_due",
    "judged_of",
    "keys_between",
    "last_days_as_guest",
    "last_seq",
    "life_of",
    "lives_of",
    "moves",
    "need_counts",
    "needs_as_of",
    "needs_list",
    "needs_on",
    "newest_version",
    "persons_by_area",
    "persons_due",
    "persons_having",
    "persons_kept",
    "persons_with",
    "placing_number",
    "records_within",
    "rows_where",
    "seen_line",
    "seqs_of",
    "stood_here",
    "subjects_of",
    "tail",
    "time_line",
    "times_on",
    "touched_after",
    "touched_by",
    "turned",
    "within",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One row of a record's history: what it said, who wrote it and why."""

    key: int
    on: int
    data: Mapping[str, Any]
    is_void: bool
    why: str
    author_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One record as it counts now, in values of the engines (days, whole 10^-n), with its history when it has one.

    `key` is the root's. A void record is here too, with `is_void` and the last values it had.
    """

    key: int
    kind: str
    on: int
    data: Mapping[str, Any]
    by_role: str
    place_kind: str
    facility_code: str
    author_name: str
    created_at: datetime
    is_void: bool
    history: tuple[Version, ...] = field(default=())


def answers_for(person_id: int, today: int) -> list[NeedAnswer]:
    """Every need of a person and their episodes on a day, from the records. LookupError: nobody has this id."""
    return load_book().engine.needs(life_of(person_id, today), today)


def classes_for(person_id: int, today: int) -> list[ClassAnswer]:
    """How the last measurements of a person are judged."""
    return load_book().engine.classes(life_of(person_id, today), today)


def time_line(person_id: int) -> tuple[Event, ...]:
    """Everything recorded about a person and those merged into them, newest first."""
    return _events_of(_one_with(person_id))


def own_time_line(person_id: int) -> tuple[Event, ...]:
    """Everything recorded about this one person alone, newest first, whoever stands for them now."""
    return _events_of([person_id])


def _events_of(persons: list[int]) -> tuple[Event, ...]:
    by_root: dict[int, list[Record]] = {}
    for row in Record.objects.filter(person_id__in=persons).order_by("seq"):
        by_root.setdefault(row.root, []).append(row)
    names = user_names(
        {row.author_id for rows in by_root.values() for row in rows if row.author_id is not None}
    )
    events = [_event(rows, names) for rows in by_root.values()]
    return tuple(sorted(events, key=lambda event: (event.on, event.key), reverse=True))


def seen_line(user: Visitor, events: Iterable[Event]) -> tuple[Event, ...]:
    """The events of a life that this user may know of; of the others neither the line nor an older text is left."""
    return tuple(shown for event in events if (shown := _seen(user, event)) is not None)


def openings_of(person_id: int, episode: str) -> tuple[StoredRecord, ...]:
    """The records that may be named as the opening of an episode of this kind, newest first."""
    openers = load_book().vocabulary.episodes[episode].openers
    persons = _one_with(person_id)
    by_person = log.effective_by_person(persons, sorted({opener.kind for opener in openers}))
    found = (
        row
        for rows in by_person.values()
        for row in rows
        if any(opener.kind == row.kind and opener.takes(row.data) for opener in openers)
    )
    return tuple(sorted(found, key=lambda row: (row.on, row.id), reverse=True))


def last_seq() -> int:
    """The number of the newest record in order of commits, 0 before the first. A higher one: something changed.

    At an edge the newest place may be one from which a record was taken out.
    """
    newest = Record.objects.aggregate(last=Max("seq"))["last"] or 0
    return max(newest, Stay.objects.aggregate(last=Max("seq"))["last"] or 0)


def _seen(user: Visitor, event: Event) -> Event | None:
    if not may_read_record(user, event.kind, event.data):
        return None
    history = tuple(each for each in event.history if may_read_record(user, event.kind, each.data))
    if len(history) == len(event.history):
        return event
    return replace(event, history=history if len(history) > 1 else ())


def _one_with(person_id: int) -> list[int]:
    """Who stands for this person, and all who were merged into that one."""
    survivor = register.survivor_of(person_id)
    return [survivor, *register.absorbed_into([survivor]).get(survivor, ())]


def _event(rows: list[Record], names: Mapping[int, str]) -> Event:
    newest = rows[-1]
    shown = next((row for row in reversed(rows) if not row.is_void), newest)
    return Event(
        key=newest.root, kind=shown.kind, on=shown.on, data=_values(shown), by_role=shown.by_role,
        place_kind=shown.place_kind, facility_code=shown.facility_code,
        author_name=names.get(newest.author_id or 0, ""), created_at=newest.created_at, is_void=newest.is_void,
        history=tuple(_version(row, names) for row in rows) if len(rows) > 1 else (),
    )  # fmt: skip


def _version(row: Record, names: Mapping[int, str]) -> Version:
    return Version(
        key=row.id, on=row.on, data=_values(row), is_void=row.is_void, why=row.why,
        author_name=names.get(row.author_id or 0, ""), created_at=row.created_at,
    )  # fmt: skip


def _values(row: Record) -> dict[str, Any]:
    """Known fields as engine values; what the vocabulary does not know stays as it was written."""
    kind = load_book().vocabulary.kinds.get(row.kind)
    data = log.read_data(row.data)
    if kind is None:
        return dict(data)
    return {
        name: to_engine(kind.fields[name], value) if name in kind.fields else value
        for name, value in data.items()
    }
