"""An edge in memory: a server of its own phones, and the device of a district, by the code that merges the two logs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from siklus.care.known import Known
from siklus.care.queries import Handed, Moved
from siklus.care.stays import PERSON
from siklus.kernel.ids import device_of, parse_record_id, record_key
from siklus.sync.edge import merging
from siklus.sync.edge.merging import DISMISSED, OPEN, WAITING, Item
from tests.integration.sync.servers import MemoryServer
from tests.integration.sync.sources import BLOCK


@dataclass
class Back:
    """What was taken out of the log of the edge, and how it stands."""

    item: Item
    state: str
    reason: str = ""


@dataclass
class MemoryEdge(MemoryServer):
    """The log of `MemoryServer`, of which rows may go and come. `upto` is its place in the district's log."""

    device: int = 0
    upto: int = 0
    seen: int = 0
    pushed: int = 0
    heard: int = 0
    sent: dict[int, int] = field(default_factory=dict)
    back: dict[int, Back] = field(default_factory=dict)
    early: set[int] = field(default_factory=set)
    file: tuple[int, Sequence[Item]] | None = None
    taken: int = 0

    def batch(self, most: int) -> tuple[list[Item], int]:
        """What to send up next, and how far the log here is answered when that is."""
        items = [each.item for each in self.back.values() if each.state == WAITING][:most]
        rows = [handed for handed in self.log if self.is_unsent(handed)][: most - len(items)]
        items += [merging.item_of(handed, self.seen) for handed in rows]
        return items, rows[-1].row.seq if rows else self.pushed

    def hear(self, told: Mapping[str, Any], through: int) -> None:
        """The answer to a batch."""
        merging.hear(self, told["answers"], self.seen)
        self.pushed = max(self.pushed, through)
        self.learn(told["outcomes"])

    def learn(self, outcomes: Sequence[Mapping[str, Any]]) -> None:
        """What became of what was refused, each once."""
        new = [each for each in outcomes if each["number"] > self.heard]
        merging.learn(self, new)
        self.heard = max([self.heard, *(each["number"] for each in new)])

    def take(self, page: Mapping[str, Any]) -> None:
        """A page of the district."""
        is_idle = not any(self.is_unsent(handed) for handed in self.log)
        merging.take_page(self, page, self.seen)
        self.upto = page["upto"]
        self.seen = self.upto if is_idle else self.seen
        self.judge()

    def step(self, most: int) -> bool:
        """The next records of the file of the whole area; True when it has taken the place of what was held of it."""
        assert self.file is not None
        upto, records = self.file
        some = [merging.handed_of(item) for item in records[self.taken : self.taken + most]]
        merging.keep(self, some)
        self.come([handed.row.id for handed in some], 0)
        self.taken += len(some)
        if self.taken < len(records):
            return False
        told = [merging.handed_of(item) for item in records]
        here = {unit for handed in told if (unit := merging.unit_of(handed)) is not None}
        is_idle = not any(self.is_unsent(handed) for handed in self.log)
        outside = [handed for handed in self.log if handed.row.id not in {each.row.id for each in told}]
        merging.only(self, outside, {handed.row.id for handed in told}, here, self.seen)
        self.come((), upto)
        self.upto, self.seen = upto, upto if is_idle else self.seen
        self.file, self.taken = None, 0
        self.judge()
        return True

    def held(self, keys: Collection[int]) -> Mapping[int, Handed]:
        return {handed.row.id: handed for handed in self.log if handed.row.id in keys}

    def of_units(self, persons: Collection[int], homes: Collection[int]) -> Sequence[Handed]:
        return [
            handed
            for handed in self.log
            if handed.row.person in persons or (handed.row.person is None and handed.row.household in homes)
        ]

    def of_roots(self, roots: Collection[int]) -> Mapping[int, Sequence[Handed]]:
        found: dict[int, list[Handed]] = {}
        for handed in self.log:
            if handed.row.root in roots:
                found.setdefault(handed.row.root, []).append(handed)
        return found

    def is_own(self, key: int) -> bool:
        return device_of(key) in range(self.device, self.device + BLOCK)

    def is_unsent(self, handed: Handed) -> bool:
        key = handed.row.id
        return self.is_own(key) and handed.row.seq > self.pushed and key not in self.early

    def is_pending(self, handed: Handed) -> bool:
        return self.is_unsent(handed) or handed.row.id in self.sent

    def answered(self, key: int, seq: int) -> bool:
        if key in self.early:
            return True
        if seq > self.upto:
            self.sent[key] = seq
        return seq > self.upto

    def come(self, keys: Collection[int], upto: int) -> Sequence[int]:
        self.early |= {key for key in keys if self.is_own(key)}
        out = [key for key, seq in self.sent.items() if seq <= upto and key not in keys]
        self.sent = {key: seq for key, seq in self.sent.items() if seq > upto and key not in keys}
        return out

    def put(self, told: Sequence[Handed]) -> None:
        ids, first = {handed.row.id for handed in told}, self.seq + 1
        self.gone -= ids
        self.log = [handed for handed in self.log if handed.row.id not in ids]
        for handed in told:
            self.seq += 1
            self.log.append(replace(handed, row=replace(handed.row, seq=self.seq)))
        stood = dict(self.places)
        self._follow(first)
        # Rows may come before the one that registers their person: then who reads by place has passed them.
        early = {merging.unit_of(handed) for handed in self.log if handed.row.seq < first}
        self.stays += [
            (Moved(self.seq, *unit), "") for unit in self.places.keys() - stood.keys() if unit in early
        ]

    def remove(self, rows: Sequence[Handed]) -> None:
        if not rows:
            return
        ids, stood = {handed.row.id for handed in rows}, dict(self.places)
        visits = dict(self.visits)
        self.gone |= {key for key in ids if self.is_own(key)}
        self.log = [handed for handed in self.log if handed.row.id not in ids]
        self.seq += 1
        self._follow(self.seq)
        for unit in {unit for handed in rows if (unit := merging.unit_of(handed)) is not None}:
            self.stays.append((Moved(self.seq, *unit), stood.get(unit, "")))
            self.stays += [
                (Moved(self.seq, *unit), area) for area, _, _ in visits.get(unit[1], ()) if unit[0] == PERSON
            ]

    def _follow(self, first: int) -> None:
        """What follows from the log anew: rows may have gone from the middle of it."""
        self.known = self.door.known = Known()
        for handed in self.log:
            self.known.add(handed.row)
        self._project(first)

    def give_back(self, item: Item, state: str, problems: Sequence[Mapping[str, str]] = ()) -> None:
        reason = "; ".join(problem["found"] for problem in problems)
        self.back[parse_record_id(item["id"])] = Back(item, state, reason)

    def given_back(self, keys: Collection[int]) -> Mapping[int, Item]:
        return {key: self.back[key].item for key in keys if key in self.back}

    def settle(self, key: int, state: str, reason: str = "") -> None:
        if state == DISMISSED and key in self.back:
            self.back[key] = Back(self.back[key].item, state, reason)
        else:
            self.back.pop(key, None)

    def gaps(self, device: int) -> list[tuple[int, int]]:
        """What was taken out had come."""
        return [run for run in super().gaps(device) if record_key(device, run[0]) not in self.gone]

    def is_done(self) -> bool:
        """Nothing waits to be sent."""
        return not self.batch(1)[0] and not self.sent

    def refused_above(self) -> set[int]:
        """What stands open at the district."""
        return {key for key, each in self.back.items() if each.state == OPEN}
