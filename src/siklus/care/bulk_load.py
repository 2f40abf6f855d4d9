"""A seed's records into the log: rows that are right by construction, with the day on which each was written down.

Nothing follows by itself: the register is loaded beside (`siklus.register.bulk_load`), state, needs and coverage are
rebuilt afterwards. The rows are those the door would have written, only faster.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction

from siklus.care import writing
from siklus.care.models import Record, RuleBook
from siklus.kernel.dates import date_of
from siklus.library.loading import load_book
from siklus.register.appending import append_rows
from siklus.register.bulk_load import without_indexes

_NAMES = (
    "id", "kind", "person_id", "household_id", "on", "root", "is_void", "why", "data", "by_role", "place_kind",
    "facility_code", "created_at", "seq", "rulebook_id",
)  # fmt: skip
_NOON = datetime.time(12, tzinfo=datetime.UTC)


class LoadedRecord(NamedTuple):
    """A row of the log but for its sequence number: `data` is JSON text as the log keeps it, `entered` a day."""

    id: int
    kind: str
    person: int | None
    household: int | None
    on: int
    root: int
    is_void: bool
    why: str
    data: str
    by_role: str
    place_kind: str
    facility_code: str
    entered: int


@transaction.atomic
def bulk_load(rows: Sequence[tuple[Any, ...]]) -> int:
    """Appends rows in the shape of LoadedRecord (plain tuples, as they are many), in their order; gives how many."""
    rulebook, _ = RuleBook.objects.get_or_create(hash=load_book().hash)
    first = writing.take_seqs(len(rows))
    append_rows(Record, _NAMES, _numbered(rows, first, rulebook.pk))
    return len(rows)


@contextmanager
def log_without_indexes() -> Iterator[None]:
    """For the first load of an empty log: its secondary indexes are made at the end."""
    with without_indexes([Record]):
        yield


def _numbered(rows: Iterable[tuple[Any, ...]], first: int, rulebook: int) -> Iterator[tuple[Any, ...]]:
    for seq, row in enumerate(rows, first):
        yield (*row[:-1], _moment(row[-1]), seq, rulebook)


@cache
def _moment(day: int) -> Any:
    """Noon of a day, in the form the database takes. (No hour is known; it only has to be that day.)"""
    moment = datetime.datetime.combine(date_of(day), _NOON)
    return moment if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(moment)
