"""A random history: phones write, send, lose, repeat and pull; the desk moves, entrusts, corrects, merges; days pass.

Every choice is a byte of a tape, so that hypothesis can make a failing one small. `settle` lets everything arrive at
last; then `check` holds the promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.dates import iso
from siklus.kernel.ids import device_of, format_record_id, parse_record_id
from siklus.records.drafts import DraftRecord
from siklus.records.effective import effective
from siklus.sync.replica import Item, Replica
from tests.integration.area import DESAS, POSYANDU, TODAY
from tests.integration.sync.servers import Server
from tests.integration.sync.sources import covers

_BORN, _ON = "2026-01-02", "2026-11-01"
_ON_DAY = TODAY - 20


class OutOfTape(Exception):
    """The history is over."""


@dataclass
class Request:
    """A push on its way: it may arrive late, and more than once."""

    device: int
    items: list[Item]
    last: int


@dataclass
class History:
    """One history on one server."""

    server: Server
    replicas: dict[int, Replica]
    areas: dict[int, str]
    tape: Iterator[int]
    on_the_way: list[Request] = field(default_factory=list)
    written: dict[str, Item] = field(default_factory=dict)
    persons: list[str] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    services: list[tuple[str, str]] = field(default_factory=list)
    today: int = TODAY
    places: int = 2
    days: dict[int, int] = field(default_factory=dict)

    def at(self, device: int) -> Server:
        """The server that a phone calls."""
        return self.server

    def desks(self) -> Sequence[Server]:
        """Where people write at a desk."""
        return (self.server,)

    def roll(self, sides: int) -> int:
        byte = next(self.tape, None)
        if byte is None:
            raise OutOfTape
        return byte % sides

    def one_of(self, things: list[Any]) -> Any:
        return things[self.roll(len(things))] if things else None

    def run(self) -> None:
        """Steps until the tape ends."""
        steps = self.steps()
        try:
            while True:
                steps[self.roll(len(steps))]()
        except OutOfTape:
            return

    def steps(self) -> Sequence[Callable[[], None]]:
        """What may happen, the likelier the more often it stands here."""
        return (
            self.write, self.write, self.write, self.write, self.send, self.send, self.send, self.pull, self.pull,
            self.arrive, self.by_desk, self.by_desk, self.by_desk, self.start_again, self.settle_one, self.next_day,
        )  # fmt: skip

    def phone(self) -> Replica:
        return self.replicas[sorted(self.replicas)[self.roll(len(self.replicas))]]

    def write(self) -> None:
        """A record of a phone, mostly of somebody it may know."""
        phone = self.phone()
        what = self.roll(10)
        person = self.one_of(self.persons)
        if what < 2 or person is None:
            item = phone.write(kind="daftar_orang", on=_BORN, data=self._newcomer(self.areas[phone.device]))
            self.persons.append(item["id"])
        elif what == 2:
            data = {"posyandu": self.areas[phone.device], "desa": _desa(self.areas[phone.device]), "rt": "01"}
            item = phone.write(kind="daftar_keluarga", on=_BORN, data=data)
            self.homes.append(item["id"])
        elif what < 6:
            item = phone.write(kind="timbang", on=_ON, person=person, data={"berat": self.roll(200) / 10})
            self.services.append((item["id"], person))
        elif what == 6:
            root, whose = self.one_of(self.services) or (person, person)
            kind = "timbang" if root != whose else "daftar_orang"
            data = (
                {"berat": 5 + self.roll(50) / 10}
                if root != whose
                else self._newcomer(self.areas[phone.device])
            )
            item = phone.write(kind=kind, on=_ON, person=whose, root=root, why="salah", data=data)
        elif what == 7:
            root, whose = self.one_of(self.services) or (person, person)
            kind = "timbang" if root != whose else "daftar_orang"
            item = phone.write(kind=kind, on=_ON, person=whose, root=root, void=True, why="dobel")
        elif what == 8:
            item = phone.write(kind="jenis_baru", on=_ON, person=person, data={"apa": [1, {"b": None}]})
        else:
            item = phone.write(
                kind="timbang", on=_ON, person=person, data={"berat": "rusak", "tesss": self.roll(9)}
            )
        self.written[item["id"]] = item

    def _newcomer(self, posyandu: str) -> Item:
        data: Item = {"nama": f"Anak {self.roll(50)}", "birth": _BORN, "posyandu": posyandu}
        if self.homes and self.roll(3) == 0:
            data["keluarga"] = self.one_of(self.homes)
        return data

    def send(self) -> None:
        """A push: it arrives and is answered, arrives and the answer is lost, comes twice, late, or not at all."""
        phone = self.phone()
        most = 1 + self.roll(4)
        items = phone.batch(most)
        if self.roll(4) == 0:
            items = items[::-1]
        request = Request(phone.device, [dict(item) for item in items], phone.number)
        fate = self.roll(8)
        if fate in (1, 5):
            self.on_the_way.append(request)
        if fate != 1 and fate != 2:
            told = self.deliver(request)
            if fate == 3:
                told = self.deliver(request)
            if fate != 4:
                phone.hear(told["answers"])
                phone.learn(told["outcomes"])

    def deliver(self, request: Request) -> dict[str, Any]:
        heard = self.heard_of(request.device)
        return self.at(request.device).push(request.device, request.items, heard, request.last)

    def heard_of(self, device: int) -> int:
        """Up to which outcome a device has heard."""
        return self.replicas[device].heard

    def arrive(self) -> None:
        """A push that was long on its way arrives; nobody waits for its answer any more."""
        if self.on_the_way:
            self.deliver(self.on_the_way.pop(self.roll(len(self.on_the_way))))

    def pull(self) -> None:
        """One page, small; or its answer is lost."""
        phone = self.phone()
        self.stand(phone)
        day = self.days.get(phone.device, 0)
        page = self.at(phone.device).page(phone.device, phone.upto, 1 + self.roll(5), 1 + self.roll(2), day)
        if self.roll(6):
            phone.take(page)
            self.days[phone.device] = self.today
        if self.roll(3):
            phone.learn(self.at(phone.device).outcomes(phone.device, phone.heard))

    def stand(self, phone: Replica) -> None:
        """Before a page: a cursor that does not hold any more makes the phone load its area again."""

    def start_again(self) -> None:
        """A phone loads its area anew; what it wrote and was not answered stays on it."""
        phone = self.phone()
        if self.roll(3) == 0:
            upto, records = self.at(phone.device).snapshot(phone.device)
            phone.begin(str(upto), upto, records)
            self.days[phone.device] = self.today

    def next_day(self) -> None:
        """Midnight, or a few: guests come and go without a record."""
        self.today += 1 + self.roll(3)
        for server in self.desks():
            server.begin_day(self.today)

    def by_desk(self) -> None:
        """A move, a correction, a void, a merge, a death, a family that moves: what the server itself writes."""
        server = self.one_of(list(self.desks()))
        rows = server.rows()
        registered = [row.id for row in rows if row.kind == "daftar_orang" and row.root == row.id]
        families = [row.id for row in rows if row.kind == "daftar_keluarga" and row.root == row.id]
        person = self.one_of(registered)
        if person is None:
            return
        what, where = self.roll(11), POSYANDU[self.roll(self.places)]
        home = {"posyandu": where, "desa": _desa(where)}
        if what < 3:
            draft = DraftRecord(kind="pindah", on=_ON_DAY, person=person, data=home)
        elif what == 3:
            draft = DraftRecord(kind="timbang", on=_ON_DAY, person=person, data={"berat": 7.5})
        elif what == 4:
            other = self.one_of(registered)
            draft = DraftRecord(
                kind="gabung_orang", on=_ON_DAY, person=person, data={"orang": format_record_id(other)}
            )
        elif what == 5 and families:
            family = self.one_of(families)
            draft = DraftRecord(kind="daftar_keluarga", on=_ON_DAY, root=family, why="pindah", data=home)
        elif what in (6, 7):
            told = [row for row in rows if row.kind == "titip_layanan"]
            row = self.one_of(told) if told and self.roll(2) else None
            draft = DraftRecord(
                kind="titip_layanan", on=_ON_DAY, data=self._time_as_guest(where), why="lain lagi",
                **({"person": person} if row is None else {"root": row.root, "is_void": self.roll(3) == 0}),
            )  # fmt: skip
        elif what == 8:
            row = self.one_of(rows)
            draft = DraftRecord(kind=row.kind, on=row.on, root=row.root, is_void=True, why="salah")
        else:
            row = self.one_of([each for each in rows if each.kind == "timbang"]) or rows[0]
            draft = DraftRecord(kind=row.kind, on=row.on, root=row.root, why="baca lagi", data=row.data)
        server.desk(draft)

    def _time_as_guest(self, posyandu: str) -> Item:
        """Around today: over, going on, or to come."""
        first = self.today - 3 + self.roll(6)
        last = first + self.roll(5)
        return {"ke": posyandu, "mulai": iso(first), "sampai": iso(last), "sebab": "sementara"}

    def settle_one(self) -> None:
        """Somebody dismisses a refusal, or the keeper judges what waits."""
        server = self.one_of(list(self.desks()))
        waiting = [row for row in server.refusals() if row.is_open]
        if waiting and self.roll(3) == 0:
            server.dismiss(self.one_of(waiting).id)
        else:
            server.judge()

    def settle(self) -> None:
        """Everything arrives at last: what was on its way, all outboxes, all pages, all outcomes."""
        self.tape = iter(())
        while self.on_the_way:
            self.deliver(self.on_the_way.pop())
        for _ in range(2):
            self.send_all()
        self.pull_all()

    def send_all(self) -> None:
        """All outboxes, and what became of them."""
        for phone in self.replicas.values():
            server = self.at(phone.device)
            while items := phone.batch(50):
                told = server.push(phone.device, items, phone.heard, phone.number)
                phone.hear(told["answers"])
                phone.learn(told["outcomes"])
        for server in self.desks():
            server.judge()

    def pull_all(self) -> None:
        """All outcomes and pages."""
        for phone in self.replicas.values():
            server = self.at(phone.device)
            phone.learn(server.outcomes(phone.device, phone.heard))
            while True:
                page = server.page(phone.device, phone.upto, 3, 1, self.days.get(phone.device, 0))
                phone.take(page)
                self.days[phone.device] = self.today
                if not page["more"]:
                    break

    def check(self) -> None:
        """The promises: nothing lost, nothing doubled, all agree, nobody holds what is not theirs."""
        rows = self.server.rows()
        by_id = {format_record_id(row.id): row for row in rows}
        assert len(by_id) == len(rows), "doubled"
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        self.check_written(by_id)
        for phone in self.replicas.values():
            self.check_store(phone, by_id)
            assert self.at(phone.device).gaps(phone.device) == self.lost_of(phone)

    def lost_of(self, phone: Replica) -> list[tuple[int, int]]:
        """The numbers of a phone that can come no more."""
        return []

    def check_written(self, by_id: Mapping[str, Any]) -> None:
        """Each record of a phone is in the log, or in sight on the phone as what the server refused."""
        refused = states_of(self.server)
        for key in self.written:
            phone = self.replicas[device_of(parse_record_id(key))]
            assert key in by_id or key in refused, f"{key} is lost"
            is_held = refused.get(key, set()) & {"terbuka"}
            if key not in by_id:
                assert key in phone.refused or key in phone.closed, (
                    f"nobody on the phone sees that {key} stays out"
                )
                assert (key in phone.refused) == bool(is_held) or self.may_be_closed_early(phone, key)
            else:
                assert key not in phone.outbox and key not in phone.sent
                assert key not in phone.refused, f"{key} is in the log and the phone does not know"
                assert not is_held, f"{key} is in the log and stands among what was refused"

    def may_be_closed_early(self, phone: Replica, key: str) -> bool:
        """Whether a phone may know of an end that the server knows of no more."""
        return False

    def check_store(self, phone: Replica, by_id: Mapping[str, Any]) -> None:
        """A phone holds what its area holds, and counts the same."""
        mine = self.areas[phone.device]
        theirs = {key for key, row in by_id.items() if self.is_in(row, mine)}
        assert set(phone.store) == theirs, f"phone {phone.device} of {mine}"
        seqs = {format_record_id(row.id): row.seq for row in self.at(phone.device).rows()}
        for key, record in phone.store.items():
            assert record["seq"] == seqs[key] and record.get("data", {}) == dict(by_id[key].data)
        counted = {row.id for row in effective(by_id.values()) if format_record_id(row.id) in theirs}
        assert _effective_of(phone) & counted == counted

    def is_in(self, row: Any, area: str) -> bool:
        """Whether a record is of somebody who lives in an area, by the server above all."""
        if row.person is not None:
            return any(
                covers(area, place)
                for place in (self.server.place(row.person), *self.server.hosts(row.person))
            )
        if row.household is not None:
            return covers(area, self.server.place_of_home(row.household))
        return bool(row.facility_code == area)


def states_of(server: Server) -> dict[str, set[str]]:
    """How the refusals of each record stand."""
    refused: dict[str, set[str]] = {}
    for each in server.refusals():
        if each.key is not None:
            refused.setdefault(format_record_id(each.key), set()).add(each.state)
    return refused


def _effective_of(phone: Replica) -> set[int]:
    """Which records count, by what the phone holds alone: the newest of each root, unless it is void."""
    newest: dict[str, Item] = {}
    for record in sorted(phone.store.values(), key=lambda record: record["seq"]):
        newest[record.get("root", record["id"])] = record
    return {parse_record_id(root) for root, record in newest.items() if not record.get("void")}


def _desa(posyandu: str) -> str:
    return DESAS[POSYANDU.index(posyandu)]
