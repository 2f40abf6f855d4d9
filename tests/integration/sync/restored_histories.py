"""A history in which the server's disk dies now and then: it lives again as of its last backup, and phones go on.

What the desk wrote since then is gone. What a phone still holds of its own must come again; what it holds no more (whom
it writes of has moved away) is named by the server as a number that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.ids import device_of, number_of, parse_record_id
from siklus.sync.replica import Replica
from tests.integration.sync.histories import History, states_of
from tests.integration.sync.servers import MemoryServer

_SKIPPED = 1000


@dataclass
class RestoredHistory(History):
    """`kept` are the records that their phones held when the server was restored last; `lost` came to nobody again."""

    backup: MemoryServer | None = None
    stale: set[int] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    lives: int = 1

    def steps(self) -> Sequence[Callable[[], None]]:
        return (*super().steps(), self.back_up, self.restore)

    def back_up(self) -> None:
        assert isinstance(self.server, MemoryServer)
        self.backup = _copy(self.server)

    def restore(self) -> None:
        """As `sync.epochs.live_again` does it: no number of the desk and of outcomes is given a second time."""
        if self.backup is None or self.roll(3):
            return
        phones = self.replicas.values()
        self.kept = {key for phone in phones for key in _held(phone) if _is_of(phone, key)}
        server = self.server = _copy(self.backup)
        self.lives += 1
        server.desk_device += self.lives
        server.desk_number = 0
        server.told = {device: server.told.get(device, 0) + self.lives * _SKIPPED for device in self.areas}
        server.begin_day(self.today)
        self.stale = set(self.replicas)

    def stand(self, phone: Replica) -> None:
        if phone.device in self.stale:
            upto, records = self.server.snapshot(phone.device)
            phone.begin(str(upto), upto, records)
            self.days[phone.device] = self.today
            self.stale.remove(phone.device)

    def settle(self) -> None:
        """At last everybody hears of the new life, and sends what the server names as missing."""
        for phone in self.replicas.values():
            self.stand(phone)
        super().settle()
        for phone in self.replicas.values():
            phone.resend(self.server.gaps(phone.device))
        super().settle()

    def check_written(self, by_id: Mapping[str, Any]) -> None:
        refused = states_of(self.server)
        self.lost = {key for key in self.written if key not in by_id and key not in refused}
        closed = {key for phone in self.replicas.values() for key in phone.closed}
        assert not self.lost & self.kept - closed, "its phone held it, and it did not come again"
        for key in self.lost:
            del self.written[key]
        super().check_written(by_id)

    def may_be_closed_early(self, phone: Replica, key: str) -> bool:
        return self.lives > 1 and key in phone.closed

    def lost_of(self, phone: Replica) -> list[tuple[int, int]]:
        numbers = sorted(number_of(parse_record_id(key)) for key in self.lost if _is_of(phone, key))
        return [(number, number) for number in numbers]


def _copy(server: MemoryServer) -> MemoryServer:
    """Everything it keeps; the rule book it judges by stays the one there is."""
    door = server.door
    return deepcopy(server, {id(each): each for each in (door.book, door.quick, door.needs)})


def _is_of(phone: Replica, key: str) -> bool:
    return device_of(parse_record_id(key)) == phone.device


def _held(phone: Replica) -> Sequence[str]:
    return (*phone.outbox, *phone.sent, *phone.refused, *phone.store)
