"""A page of what is new for a phone: the tail of its area, who came with their whole history, whom to forget.

The rule of a page from `after` to `upto`: who did not move within it and is in the area now gets the rows between;
who moved within it is forgotten, and comes whole if they are in the area now. A guest whose time
began or ended by itself since the day of the cursor has moved. Whatever is written
or moved while pages are fetched has a higher place in the log and is met by a later page. So a phone whose cursor has
come to the end holds exactly what its area holds (tests/integration/sync). Pure over a `Source`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from siklus.care.queries import Handed, Moved
from siklus.care.stays import HOUSEHOLD, PERSON

MOST_RECORDS, MOST_MOVES = 2000, 50
_ALL = 1_000_000


class Source(Protocol):
    """The log as one area sees it. Places up to `head` are committed: numbers rise in the order of commits."""

    def head(self) -> int:
        """The last place in the log."""

    def moves(self, after: int, upto: int, limit: int) -> Sequence[Moved]:
        """The first moves in a run of places, of who stood in the area or is in it now, in order."""

    def turned(self, after: int) -> set[tuple[str, int]]:
        """Who became or ceased to be a guest after a day without any record."""

    def tail(self, after: int, upto: int, limit: int) -> list[Handed]:
        """The first rows in a run of places of everybody who is in the area now, in order."""

    def within(self, persons: Collection[int], homes: Collection[int]) -> set[tuple[str, int]]:
        """Those of these who are in the area now."""

    def histories(self, persons: Collection[int], homes: Collection[int], upto: int) -> Iterable[Handed]:
        """Every row of these up to a place."""

    def may_carry(self, kind: str, data: Mapping[str, Any]) -> bool:
        """Whether a record may lie on this phone at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`forget_...` go with all their records; `drop` are roots of records that may no longer be carried."""

    records: tuple[Handed, ...]
    forget_persons: tuple[int, ...]
    forget_households: tuple[int, ...]
    drop: tuple[int, ...]
    upto: int
    has_more: bool


def page(
    source: Source,
    after: int,
    *,
    day: int = 0,
    most_records: int = MOST_RECORDS,
    most_moves: int = MOST_MOVES,
) -> Page:
    """The next page after a place in the log, for who has heard of all guests up to a day."""
    upto = head = source.head()
    moved = source.moves(after, upto, most_moves + 1)
    if len(moved) > most_moves:
        upto = max(moved[-1].seq - 1, moved[0].seq)
    rows = source.tail(after, upto, most_records + 1)
    if len(rows) > most_records:
        upto = rows[-1].row.seq - 1
        rows = rows[:-1]
    units = {(each.unit, each.unit_id) for each in source.moves(after, upto, _ALL)} | source.turned(day)
    here = source.within(_of(PERSON, units), _of(HOUSEHOLD, units))
    told = [handed for handed in rows if not _is_about(handed, units)]
    told += source.histories(_of(PERSON, here), _of(HOUSEHOLD, here), upto)
    kept, drop = carried(source, told)
    return Page(
        records=tuple(sorted(kept, key=lambda handed: handed.row.seq)),
        forget_persons=tuple(_of(PERSON, units)), forget_households=tuple(_of(HOUSEHOLD, units)),
        drop=tuple(drop), upto=upto, has_more=upto < head,
    )  # fmt: skip


def carried(source: Source, told: Iterable[Handed]) -> tuple[list[Handed], list[int]]:
    """What the phone may carry, and the roots it may hold an older version of but carry no longer."""
    kept: list[Handed] = []
    drop: set[int] = set()
    for handed in told:
        row = handed.row
        if source.may_carry(row.kind, row.data):
            kept.append(handed)
        elif row.root != row.id:
            drop.add(row.root)
    return kept, sorted(drop)


def _of(unit: str, units: Iterable[tuple[str, int]]) -> list[int]:
    return sorted(key for each, key in units if each == unit)


def _is_about(handed: Handed, units: set[tuple[str, int]]) -> bool:
    row = handed.row
    return (PERSON, row.person) in units if row.person is not None else (HOUSEHOLD, row.household) in units
