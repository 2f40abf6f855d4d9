"""What of the kept sums a user does not see, because its class of secret is closed to them.

Sums are kept for everybody (`NeedTally`). For somebody to whom some needs do not exist, the few persons who have one
are looked at, and who is counted for nothing else is taken off: a sum opens to as many names as it says.
Sums over a whole district are figures: no names open from there, and they stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from siklus.access import may
from siklus.access.scope import Visitor
from siklus.care.models import Need
from siklus.care.tally import ANY, NOW, NOW_STATUSES
from siklus.care.wanted import NeedFilter, is_wide, rows_of
from siklus.register.queries import chunks
from siklus.rules.answers import STATUSES

Key = Callable[["Row"], Hashable]


@dataclass(frozen=True, slots=True)
class Row:
    """A need as far as sums go by it."""

    person: int
    need: str
    package: str
    klaster: str
    status: str
    puskesmas: str
    desa: str
    posyandu: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """The needs that do not exist for a user, and the others of the same persons, both as far as a list wants them."""

    hidden: tuple[Row, ...] = ()
    others: tuple[Row, ...] = ()

    def persons(self, key: Key, statuses: Iterable[str] = STATUSES) -> dict[Hashable, int]:
        """How many persons a sum has too many, by `key`: those with nothing in it but what they do not see."""
        wanted = frozenset(statuses)
        counted = {(key(row), row.person) for row in self.others if row.status in wanted}
        too_many = {(key(row), row.person) for row in self.hidden if row.status in wanted} - counted
        found: dict[Hashable, int] = {}
        for group, _person in too_many:
            found[group] = found.get(group, 0) + 1
        return found

    def needs(self, key: Key, statuses: Iterable[str] = STATUSES) -> dict[Hashable, int]:
        """How many needs a sum has too many, by `key`."""
        wanted = frozenset(statuses)
        found: dict[Hashable, int] = {}
        for row in self.hidden:
            if row.status in wanted:
                found[key(row)] = found.get(key(row), 0) + 1
        return found

    def persons_by_status(self) -> dict[str, int]:
        """The same by the statuses under which sums are kept, `now` and `any` among them."""
        groups = {**{status: (status,) for status in STATUSES}, NOW: NOW_STATUSES, ANY: STATUSES}
        return {name: self.persons(_all, some).get("", 0) for name, some in groups.items()}


def unseen(user: Visitor, wanted: NeedFilter) -> Unseen:
    """What the sums of a list have too much for this user; nothing for who reads every class."""
    absent = may.absent_needs(user)
    if not absent or is_wide(user, wanted):
        return Unseen()
    every = replace(wanted, statuses=())
    hidden = _rows(rows_of(user, every).filter(need__in=absent))
    if not hidden:
        return Unseen()
    persons = {row.person for row in hidden}
    others = rows_of(user, every).exclude(need__in=absent)
    found = (row for ids in chunks(sorted(persons)) for row in _rows(others.filter(person_id__in=ids)))
    return Unseen(hidden, tuple(found))


def _rows(rows: QuerySet[Need]) -> tuple[Row, ...]:
    columns = (
        "person_id", "need", "package", "klaster", "status", "puskesmas_code", "desa_code", "posyandu_code"
    )  # fmt: skip
    return tuple(Row(*values) for values in rows.values_list(*columns))


def _all(_row: Row) -> str:
    return ""
