"""The log of a server in memory as `sync.paging` reads it, through one posyandu or through the area of an edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from siklus.care.queries import Handed, Moved
from siklus.records.drafts import StoredRecord
from tests.integration.area import POSYANDU

if TYPE_CHECKING:
    from tests.integration.sync.servers import MemoryServer

NORTH = "UTARA"
"""The area of an edge: the first two posyandu."""
BLOCK = 100


def covers(area: str, place: str | None) -> bool:
    """Whether a place lies in an area."""
    return place in POSYANDU[:2] if area == NORTH else place == area


@dataclass
class MemorySource:
    """The log of a memory server through one posyandu."""

    server: MemoryServer
    posyandu: str

    def head(self) -> int:
        return self.server.seq

    def _here(self, unit: tuple[str, int | None]) -> bool:
        if self._covers(self.server.places.get(unit)):  # type: ignore[arg-type]
            return True
        return unit[0] == "person" and any(self._covers(each) for each in self.server.hosts(unit[1] or 0))

    def turned(self, after: int) -> set[tuple[str, int]]:
        return {
            ("person", person)
            for person, visits in self.server.visits.items()
            for area, first, last in visits
            if self._covers(area)
            and (after < first <= self.server.today or after < last + 1 <= self.server.today)
        }

    def _covers(self, place: str | None) -> bool:
        return covers(self.posyandu, place)

    def moves(self, after: int, upto: int, limit: int) -> Sequence[Moved]:
        return [
            moved
            for moved, before in self.server.stays
            if after < moved.seq <= upto and (self._covers(before) or self._here((moved.unit, moved.unit_id)))
        ][:limit]

    def tail(self, after: int, upto: int, limit: int) -> list[Handed]:
        rows = (handed for handed in self.server.log if after < handed.row.seq <= upto)
        return [handed for handed in rows if self._theirs(handed.row)][:limit]

    def _theirs(self, row: StoredRecord) -> bool:
        if row.person is not None:
            return self._here(("person", row.person))
        if row.household is not None:
            return self._here(("household", row.household))
        return self._covers(row.facility_code)

    def within(self, persons: Collection[int], homes: Collection[int]) -> set[tuple[str, int]]:
        units = [("person", key) for key in persons] + [("household", key) for key in homes]
        return {unit for unit in units if self._here(unit)}

    def histories(self, persons: Collection[int], homes: Collection[int], upto: int) -> Iterable[Handed]:
        for handed in self.server.log:
            row = handed.row
            if row.seq > upto:
                return
            if row.person in persons or (row.person is None and row.household in homes):
                yield handed

    def may_carry(self, kind: str, data: Mapping[str, Any]) -> bool:
        return kind != "tes_hiv"
