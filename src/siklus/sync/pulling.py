"""The record log as `paging` reads it, through the eyes of one phone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from siklus.access import clock
from siklus.access.queries import User
from siklus.care import queries as log
from siklus.care.queries import Handed, Moved
from siklus.sync import area
from siklus.sync.models import Phone


class LogSource:
    """Everything is asked anew each time: who is in the area now is decided by `access` alone."""

    def __init__(self, phone: Phone, today: int | None = None) -> None:
        self.user: User = area.eyes_of(phone)
        self.today = clock.today() if today is None else today
        self._kinds: dict[str, bool | None] = {}

    def head(self) -> int:
        """The last place in the log."""
        return log.last_seq()

    def moves(self, after: int, upto: int, limit: int) -> Sequence[Moved]:
        """The first moves in a run of places that concern the area."""
        return log.moves(self.user, after, upto, limit)

    def turned(self, after: int) -> set[tuple[str, int]]:
        """Who became or ceased to be a guest after a day. Scope is asked later, so on this day or the next."""
        return log.turned(self.user, after, self.today)

    def tail(self, after: int, upto: int, limit: int) -> list[Handed]:
        """The first rows in a run of places of who is in the area now."""
        return log.tail(self.user, after, upto, limit)

    def within(self, persons: Collection[int], homes: Collection[int]) -> set[tuple[str, int]]:
        """Those of these who are in the area now."""
        return log.within(self.user, persons, homes)

    def histories(self, persons: Collection[int], homes: Collection[int], upto: int) -> Iterable[Handed]:
        """Every row of these up to a place."""
        return log.histories(persons, homes, upto)

    def may_carry(self, kind: str, data: Mapping[str, Any]) -> bool:
        """Whether a record may lie on this phone at all."""
        if kind not in self._kinds:
            self._kinds[kind] = area.may_carry_kind(self.user, kind)
        told = self._kinds[kind]
        return area.may_carry(self.user, kind, data) if told is None else told
