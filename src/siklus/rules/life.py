"""What an engine is handed: facts and effective records of a person, or of a household with those who live in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from siklus.rules.episode_spec import NAMED

Facts = Mapping[str, Any]
"""Facts of a unit by name, None where unknown; always with `id` and `died` (a day, or None while alive)."""

EngineRecord = dict[str, Any]
"""`kind`, `date` (day), `id` (key), `oleh`, `tempat` and every field of its kind, None where empty.

Decimals are integers of 10^-n.
"""


def renumbered(record: EngineRecord, number: Callable[[int], int]) -> EngineRecord:
    """The record under another id, with another id in the name it may give."""
    named = record.get(NAMED)
    return {**record, "id": number(record["id"]), **({} if named is None else {NAMED: number(named)})}


@dataclass(frozen=True, slots=True)
class Life:
    """One person. `records` hold effective records only; engines sort them themselves.

    A household is such a life too: `person` are its own facts, and `members` the lives of the persons who live in it,
    perhaps none. Of the dead among them nothing is asked. For a person `members` is None.
    """

    person: Facts
    records: tuple[EngineRecord, ...]
    members: tuple[Life, ...] | None = None
