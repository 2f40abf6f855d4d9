"""Care that was entrusted to a second area for a time: what the records of a person say of it. Pure.

`mulai` is the first day, `sampai` the last. Before and after nobody has to do anything: whoever asks says
which day it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from siklus.kernel.dates import parse_day
from siklus.records.drafts import StoredRecord
from siklus.records.persons import ENTRUSTING


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrusted:
    """One such time: `id` is the root of its record, `to` the code of a facility; both days are part of it."""

    id: int
    to: str
    first: int
    last: int


def entrusted(records: Iterable[StoredRecord]) -> list[Entrusted]:
    """The times that these effective records of one person tell of."""
    return [
        Entrusted(
            id=record.root,
            to=str(record.data["ke"]),
            first=parse_day(str(record.data["mulai"])),
            last=parse_day(str(record.data["sampai"])),
        )
        for record in records
        if record.kind == ENTRUSTING
    ]
