"""A page of what is new for a phone: the tail of its area, who came with their whole history, whom to forget.

The rule of a page from `after` to `upto`: who did not move within it and is in the area now gets the rows between;
who moved within it and is in the area now comes whole; who moved and is not here now is forgotten. Whatever is written
or moved while pages are fetched has a higher place in the log and is met by a later page. So a phone whose cursor has
come to the end holds exactly what its area holds (tests/integration/sync).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from siklus.access.queries import User
from siklus.care import queries as log
from siklus.care.queries import Handed
from siklus.care.stays import HOUSEHOLD, PERSON
from siklus.sync import area

MOST_RECORDS, MOST_MOVES = 2000, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`forget` are persons and families with all their records; `drop` are records that may no longer be carried."""

    records: tuple[Handed, ...]
    forget_persons: tuple[int, ...]
    forget_households: tuple[int, ...]
    drop: tuple[int, ...]
    upto: int
    has_more: bool


def page(user: User, after: int, *, most_records: int = MOST_RECORDS, most_moves: int = MOST_MOVES) -> Page:
    """The next page after a place in the log. All rows up to `head` are committed: numbers rise in commit order."""
    head = log.last_seq()
    upto = head
    moved = log.moves(user, after, upto, most_moves + 1)
    if len(moved) > most_moves:
        upto = max(moved[-1].seq - 1, moved[0].seq)
    rows = log.tail(user, after, upto, most_records + 1)
    if len(rows) > most_records:
        upto = rows[-1].row.seq - 1
        rows = rows[:-1]
    moved = log.moves(user, after, upto, _ALL)
    units = {(each.unit, each.unit_id) for each in moved}
    persons = {key for unit, key in units if unit == PERSON}
    homes = {key for unit, key in units if unit == HOUSEHOLD}
    here = log.within(user, persons, homes)
    whole = log.histories(_of(PERSON, here), _of(HOUSEHOLD, here), upto)
    told = [handed for handed in rows if not _is_about(handed, units)]
    told += whole
    kept, drop = carried(user, told)
    gone = units - here
    return Page(
        records=tuple(sorted(kept, key=lambda handed: handed.row.seq)),
        forget_persons=tuple(_of(PERSON, gone)), forget_households=tuple(_of(HOUSEHOLD, gone)),
        drop=tuple(drop), upto=upto, has_more=upto < head,
    )  # fmt: skip


def carried(user: User, told: Iterable[Handed]) -> tuple[list[Handed], list[int]]:
    """What the phone may carry, and the roots it may hold an older version of but carry no longer."""
    kept: list[Handed] = []
    drop: set[int] = set()
    for handed in told:
        row = handed.row
        if area.may_carry(user, row.kind, row.data):
            kept.append(handed)
        elif row.root != row.id:
            drop.add(row.root)
    return kept, sorted(drop)


_ALL = 1_000_000


def _of(unit: str, units: Iterable[tuple[str, int]]) -> list[int]:
    return sorted(key for each, key in units if each == unit)


def _is_about(handed: Handed, units: set[tuple[str, int]]) -> bool:
    row = handed.row
    return (PERSON, row.person) in units if row.person is not None else (HOUSEHOLD, row.household) in units
