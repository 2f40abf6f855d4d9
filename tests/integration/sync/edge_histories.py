"""Random histories of a district, an edge of two posyandu, phones at either, and a phone of a place beyond the edge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.ids import device_of, format_record_id, parse_record_id
from siklus.records.effective import effective
from siklus.sync.edge.merging import DISMISSED, OPEN, Item
from tests.integration.sync.edges import MemoryEdge
from tests.integration.sync.histories import History, states_of
from tests.integration.sync.servers import Server
from tests.integration.sync.sources import NORTH


@dataclass
class Upward:
    """A push of the edge that was long on its way."""

    items: list[Item]


@dataclass
class EdgeHistory(History):
    """`server` is the district."""

    edge: MemoryEdge = field(kw_only=True)
    late: list[Upward] = field(default_factory=list)
    file_day: int = 0

    def at(self, device: int) -> Server:
        """Phones whose numbers the edge gave call the edge."""
        return self.edge if device in self.edge.areas else self.server

    def desks(self) -> Sequence[Server]:
        return self.server, self.edge

    def steps(self) -> Sequence[Callable[[], None]]:
        return (
            *super().steps(),
            self.up,
            self.up,
            self.up,
            self.down,
            self.down,
            self.down,
            self.arrive_up,
            self.anew,
        )

    def up(self) -> None:
        """The edge sends: it arrives and is answered, the answer is lost, it comes twice, late, or not at all."""
        items, through = self.edge.batch(1 + self.roll(5))
        fate = self.roll(8)
        if fate in (1, 5):
            self.late.append(Upward(items))
        if fate in (1, 2):
            return
        told = self.deliver_up(items)
        if fate == 3:
            told = self.deliver_up(items)
        if fate != 4:
            self.edge.hear(told, through)

    def deliver_up(self, items: list[Item]) -> dict[str, Any]:
        return self.server.push(self.edge.device, items, self.edge.heard, 0)

    def arrive_up(self) -> None:
        """What was long on its way arrives."""
        if self.late:
            self.deliver_up(self.late.pop(self.roll(len(self.late))).items)

    def down(self) -> None:
        """One small page for the edge, or its answer is lost; while a whole area comes, a step of that."""
        if self.edge.file is not None:
            self.step(1 + self.roll(9))
            return
        day = self.days.get(self.edge.device, 0)
        page = self.server.page(self.edge.device, self.edge.upto, 1 + self.roll(5), 1 + self.roll(2), day)
        if self.roll(6):
            self.edge.take(page)
            self.days[self.edge.device] = self.today
        if self.roll(3):
            self.edge.learn(self.server.outcomes(self.edge.device, self.edge.heard))

    def anew(self) -> None:
        """The edge loads its whole area again, a few records at a time; once in a while another file than before."""
        if self.roll(4) == 0:
            self.edge.file, self.edge.taken = self.server.snapshot(self.edge.device), 0
            self.file_day = self.today
        elif self.edge.file is not None:
            self.step(1 + self.roll(9))

    def step(self, most: int) -> None:
        if self.edge.step(most):
            self.days[self.edge.device] = self.file_day

    def settle(self) -> None:
        """Until nothing is on its way between any two."""
        self.tape = iter(())
        while self.on_the_way:
            self.deliver(self.on_the_way.pop())
        while self.late:
            self.deliver_up(self.late.pop().items)
        for _ in range(4):
            self.send_all()
            self.sync_edge()
        self.pull_all()

    def sync_edge(self) -> None:
        """What the command does in one round: everything up, everything down."""
        while True:
            items, through = self.edge.batch(7)
            if not items:
                break
            self.edge.hear(self.deliver_up(items), through)
        self.edge.learn(self.server.outcomes(self.edge.device, self.edge.heard))
        while self.edge.file is not None:
            self.step(3)
        while True:
            page = self.server.page(
                self.edge.device, self.edge.upto, 3, 1, self.days.get(self.edge.device, 0)
            )
            self.edge.take(page)
            self.days[self.edge.device] = self.today
            if not page["more"]:
                break

    def check(self) -> None:
        super().check()
        rows = {row.id: row for row in self.server.rows() if self.is_in(row, NORTH)}
        held = {row.id: row for row in self.edge.rows()}
        assert held.keys() == rows.keys(), "the edge holds what its area holds"
        for key, row in rows.items():
            assert _said(row) == _said(held[key])
        assert [_said(row) for row in effective(held.values())] == [
            _said(row) for row in effective(self.server.rows()) if row.id in rows
        ]
        assert self.edge.is_done()
        above = {
            key
            for key, states in states_of(self.server).items()
            if OPEN in states and self.edge.is_own(parse_record_id(key))
        }
        assert above == {format_record_id(key) for key in self.edge.refused_above()}

    def check_written(self, by_id: Mapping[str, Any]) -> None:
        above, here = states_of(self.server), states_of(self.edge)
        held = {format_record_id(row.id) for row in self.edge.rows()}
        for key in self.written:
            assert key in by_id or key in above or key in here, f"{key} is lost"
            number = parse_record_id(key)
            phone = self.replicas[device_of(number)]
            assert key not in phone.outbox and key not in phone.sent
            at_edge = device_of(number) in self.edge.areas
            is_open = OPEN in (here if at_edge else above).get(key, ())
            assert (key in phone.refused) == is_open, f"{key} stands otherwise on the phone"
            if key in (held if at_edge else by_id) or is_open or key in phone.closed:
                continue
            # It left with who moved away, or the edge has it in sight as what the district refused.
            back = self.edge.back.get(number)
            assert at_edge
            assert key in by_id or (back is not None and back.state in (OPEN, DISMISSED)), (
                f"{key} is out of sight"
            )


def _said(row: Any) -> tuple[Any, ...]:
    return (
        row.id,
        row.kind,
        row.person,
        row.household,
        row.on,
        row.root,
        row.is_void,
        dict(row.data),
        row.facility_code,
    )
