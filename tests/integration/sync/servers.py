"""A server of the protocol for random histories, in memory and with the real door; `database_server` is the real one.

Both take pushes by `sync.taking` and make pages by `sync.paging`; what differs is only where rows are kept. Areas are
posyandu; the desk writes by drafts of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from siklus.care.door import Door
from siklus.care.known import REGISTERING, Known
from siklus.care.queries import Handed, Moved
from siklus.kernel.ids import record_key
from siklus.kernel.problems import Problem
from siklus.library.loading import load_book
from siklus.records.drafts import ALREADY, DraftRecord, StoredRecord
from siklus.records.effective import effective
from siklus.records.guests import entrusted
from siklus.records.persons import (
    HOUSEHOLD_KINDS,
    HOUSEHOLD_REGISTRATION,
    PERSON_KINDS,
    project_household,
    project_person,
    survivors,
)
from siklus.register.placing import Placing, Residence
from siklus.sync import paging, telling
from siklus.sync.taking import ACCEPTED, DUPLICATE, REFUSED, Held, Written, again, take
from siklus.sync.wire import Sent
from tests.integration.area import DESAS, POSYANDU, TODAY
from tests.integration.sync.sources import BLOCK, NORTH, MemorySource, covers

DESK = 900
_MERGE = "gabung_orang"
_PLACING = Placing(
    parent={}, kind=dict.fromkeys(POSYANDU, "posyandu"), desa=dict(zip(POSYANDU, DESAS, strict=True)),
    puskesmas_by_desa={},
)  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """A refusal as the desk sees it."""

    id: int
    device: int
    key: int | None
    is_open: bool
    state: str


class Server(Protocol):
    """What a history does to a server, whichever it is."""

    def push(self, device: int, items: Sequence[Any], heard: int, last: int) -> dict[str, Any]: ...
    def page(self, device: int, after: int, most: int, moves: int, day: int) -> dict[str, Any]: ...
    def snapshot(self, device: int) -> tuple[int, list[dict[str, Any]]]: ...
    def outcomes(self, device: int, heard: int) -> list[dict[str, Any]]: ...
    def desk(self, draft: DraftRecord) -> bool: ...
    def rows(self) -> list[StoredRecord]: ...
    def place(self, person: int) -> str | None: ...
    def place_of_home(self, household: int) -> str | None: ...
    def hosts(self, person: int) -> set[str]: ...
    def begin_day(self, day: int) -> None: ...
    def refusals(self) -> list[Refused]: ...
    def dismiss(self, refusal: int) -> None: ...
    def judge(self) -> None: ...
    def gaps(self, device: int) -> list[tuple[int, int]]: ...


@dataclass
class _Refusal:
    held: Held
    device: int
    waits_for: int | None
    state: str = "terbuka"
    change: int | None = None


@dataclass
class MemoryServer:
    """The log as a list, the register as the projection of all of it, the door as it is."""

    areas: Mapping[int, str]
    log: list[Handed] = field(default_factory=list)
    stays: list[tuple[Moved, str]] = field(default_factory=list)
    places: dict[tuple[str, int], str] = field(default_factory=dict)
    visits: dict[int, frozenset[tuple[str, int, int]]] = field(default_factory=dict)
    today: int = TODAY
    known: Known = field(default_factory=Known)
    held_rows: list[_Refusal] = field(default_factory=list)
    told: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    desk_number: int = 0
    seq: int = 0
    gone: set[int] = field(default_factory=set)
    desk_device: int = DESK

    def __post_init__(self) -> None:
        self.door = Door(load_book(), self.known, TODAY, new_key=self._desk_key, keeps_unread=True)

    def _desk_key(self) -> int:
        self.desk_number += 1
        return record_key(self.desk_device, self.desk_number)

    def push(self, device: int, items: Sequence[Any], heard: int, last: int) -> dict[str, Any]:
        self.last[device] = max(self.last.get(device, 0), last)
        self._judge_phone(device)
        answers = take(items, MemoryLedger(self, device), self.own(device))
        return {"answers": telling.answers(answers), "outcomes": self.outcomes(device, heard)}

    def own(self, device: int) -> range:
        return range(device, device + (BLOCK if self.areas[device] == NORTH else 1))

    def page(self, device: int, after: int, most: int, moves: int, day: int) -> dict[str, Any]:
        source = MemorySource(self, self.areas[device])
        page = paging.page(source, after, day=day, most_records=most, most_moves=moves)
        return {**telling.page(page), "cursor": str(page.upto)}

    def snapshot(self, device: int) -> tuple[int, list[dict[str, Any]]]:
        source = MemorySource(self, self.areas[device])
        return source.head(), [telling.record(row) for row in source.tail(0, source.head(), 10**9)]

    def outcomes(self, device: int, heard: int) -> list[dict[str, Any]]:
        rows = [row for row in self.held_rows if row.device == device and (row.change or 0) > heard]
        return [
            {"number": row.change, "id": row.held.sent.id_text, "state": row.state, "reason": row.held.reason,
             "seq": row.held.seq}
            for row in sorted(rows, key=lambda row: row.change or 0)
        ]  # fmt: skip

    def desk(self, draft: DraftRecord) -> bool:
        return self.append([draft])[0].status == ACCEPTED

    def rows(self) -> list[StoredRecord]:
        return [handed.row for handed in self.log]

    def place(self, person: int) -> str | None:
        return self.places.get(("person", person))

    def place_of_home(self, household: int) -> str | None:
        return self.places.get(("household", household))

    def hosts(self, person: int) -> set[str]:
        return {area for area, first, last in self.visits.get(person, ()) if first <= self.today <= last}

    def begin_day(self, day: int) -> None:
        self.today = self.door.today = day

    def refusals(self) -> list[Refused]:
        return [
            Refused(number, row.device, row.held.sent.key, row.held.is_open, row.state)
            for number, row in enumerate(self.held_rows)
        ]

    def dismiss(self, refusal: int) -> None:
        self.close(self.held_rows[refusal], "dikesampingkan", None)

    def judge(self) -> None:
        for device in self.areas:
            self._judge_phone(device)

    def gaps(self, device: int) -> list[tuple[int, int]]:
        seen = {row.id for row in self.rows()} | {row.held.sent.key for row in self.held_rows}
        lacking = [n for n in range(1, self.last.get(device, 0) + 1) if record_key(device, n) not in seen]
        return [(number, number) for number in lacking]

    def _judge_phone(self, device: int) -> None:
        ledger = MemoryLedger(self, device)
        while ripe := [
            row.held
            for row in self.held_rows
            if row.device == device and row.held.is_open and row.waits_for in self.known.by_id
        ]:
            list(again(ledger, ripe))

    def close(self, row: _Refusal, state: str, seq: int | None) -> None:
        self.told[row.device] = self.told.get(row.device, 0) + 1
        row.held = replace(row.held, is_open=False, seq=seq)
        row.state, row.waits_for, row.change = state, None, self.told[row.device]

    def append(self, drafts: Sequence[DraftRecord]) -> list[Written]:
        results: list[Written] = []
        first = self.seq + 1
        for index, draft in enumerate(drafts):
            self._gather_leaning(draft)
            outcome, row = self.door.judge(index, draft)
            if row is not None:
                self.seq += 1
                self.log.append(Handed(replace(row, seq=self.seq), draft.why, None))
            status = (
                REFUSED if not outcome.is_accepted else DUPLICATE if outcome.status == ALREADY else ACCEPTED
            )
            results.append(Written(status=status, seq=self.seq_of(outcome.key), problems=outcome.problems))
        self._project(first)
        return results

    def seq_of(self, key: int | None) -> int | None:
        return next((handed.row.seq for handed in self.log if handed.row.id == key), None)

    def _gather_leaning(self, draft: DraftRecord) -> None:
        root = draft.root
        self.known.leaning.clear()
        self.known.leaned_by.clear()
        if root is None or not draft.is_void or draft.kind not in REGISTERING:
            return
        self.known.leaning[root] = set()
        for row in effective(self.rows()):
            named = {row.person, row.household, *(self._named(row, name) for name in ("orang", "keluarga"))}
            if root in named and row.root != root:
                self.known.lean(root, row.root)

    def _named(self, row: StoredRecord, name: str) -> int | None:
        from siklus.records.persons import person_named

        return person_named(row.data, name)

    def _project(self, first: int) -> None:
        rows = self.rows()
        counted = effective(rows)
        into = survivors([row for row in counted if row.kind == _MERGE])
        homes: dict[int, Residence] = {}
        places: dict[tuple[str, int], str] = {}
        by_home: dict[int, list[StoredRecord]] = {}
        by_person: dict[int, list[StoredRecord]] = {}
        visits: dict[int, set[tuple[str, int, int]]] = {}
        for row in counted:
            if row.kind in HOUSEHOLD_KINDS and row.household is not None:
                by_home.setdefault(row.household, []).append(row)
            if row.kind in PERSON_KINDS and row.person is not None:
                by_person.setdefault(row.person, []).append(row)
        for key, told in by_home.items():
            family = project_household(key, told)
            if family is not None:
                homes[key] = _PLACING.of_household(family)
                places["household", key] = homes[key].posyandu
        for key, told in by_person.items():
            person = project_person(key, told)
            if person is not None:
                places["person", key] = _PLACING.of_person(
                    person, homes.get(person.household_id or 0)
                ).posyandu
                told_of = {(each.to, each.first, each.last) for each in entrusted(told)}
                visits.setdefault(into.get(key, key), set()).update(told_of)
        for absorbed, survivor in into.items():
            if ("person", survivor) in places and ("person", absorbed) in places:
                places["person", absorbed] = places["person", survivor]
        stayed = {
            key: frozenset(visits.get(into.get(key, key), ()))
            for unit, key in places
            if unit == "person" and ("person", into.get(key, key)) in places
        }
        last_of = {("person", row.person): row.seq for row in rows if row.seq >= first}
        last_of |= {("household", row.household): row.seq for row in rows if row.seq >= first}
        for unit, before in self.places.items():
            if places.get(unit) != before:
                self.stays.append((Moved(last_of.get(unit, self.seq), *unit), before))
        for unit, key in self.places:
            changed = self.visits.get(key, frozenset()) ^ stayed.get(key, frozenset())
            for where in {area for area, _first, _last in changed} if unit == "person" else ():
                moved = Moved(last_of.get((unit, key), self.seq), unit, key)
                self.stays.append((moved, where))
        self.places, self.visits = places, stayed
        self.stays.sort(key=lambda stay: stay[0].seq)


@dataclass
class MemoryLedger:
    """The server as `taking` sees it, for one device."""

    server: MemoryServer
    device: int

    def held(self, digests: Collection[str]) -> Mapping[str, Held]:
        return {
            row.held.sent.digest: row.held
            for row in self.server.held_rows
            if row.device == self.device and row.held.sent.digest in digests
        }

    def taken_out(self, keys: Collection[int]) -> Collection[int]:
        return self.server.gone.intersection(keys)

    def head(self) -> int:
        return self.server.seq

    def waiting(self, keys: Collection[int]) -> Sequence[Held]:
        return [
            row.held
            for row in self.server.held_rows
            if row.device == self.device and row.held.is_open and row.waits_for in keys
        ]

    def faults(self, sents: Sequence[Sent]) -> Mapping[int, Problem]:
        told = {}
        for place, sent in enumerate(sents):
            unit = self._subject(sent.draft) if sent.draft is not None else None
            posyandu = self.server.areas[self.device]
            source = MemorySource(self.server, posyandu)
            if unit is None or unit not in self.server.places or source._here(unit):
                continue
            if sent.key in self.server.known.by_id:
                continue  # it came once more
            stood = any(
                (moved.unit, moved.unit_id) == unit
                and covers(posyandu, before)
                and moved.seq > (sent.seen or 0)
                for moved, before in self.server.stays
            )
            visits = self.server.visits.get(unit[1], frozenset()) if unit[0] == "person" else frozenset()
            was_guest = sent.draft is not None and any(
                covers(posyandu, area) and first <= self.server.today and sent.draft.on <= last
                for area, first, last in visits
            )
            if not stood and not was_guest:
                told[place] = Problem("S01", "", "bukan di wilayah ini")
        return told

    def _subject(self, draft: DraftRecord) -> tuple[str, int] | None:
        root = self.server.known.by_id.get(draft.root or 0)
        if draft.root is not None:
            person, home = (root.person, root.household) if root is not None else (None, None)
        elif draft.kind in REGISTERING or draft.kind == HOUSEHOLD_REGISTRATION:
            return None
        else:
            person, home = draft.person, draft.household  # type: ignore[assignment]
        if person is not None:
            return "person", person
        return None if home is None else ("household", home)

    def append(self, sents: Sequence[Sent]) -> Sequence[Written]:
        posyandu = self.server.areas[self.device]
        drafts = [
            replace(
                sent.draft, facility_code=sent.body.get("facility", "") if posyandu == NORTH else posyandu
            )
            for sent in sents
            if sent.draft is not None
        ]
        return self.server.append(drafts)

    def missing(self, keys: Collection[int]) -> Collection[int]:
        return set(keys) - self.server.known.by_id.keys()

    def hold(self, sent: Sent, problems: Sequence[Problem], waits_for: int | None) -> None:
        for row in self.server.held_rows:
            if (row.device, row.held.sent.digest) == (self.device, sent.digest):
                row.waits_for = waits_for if row.held.is_open else None
                return
        number = len(self.server.held_rows)
        self.server.held_rows.append(_Refusal(Held(id=number, sent=sent, reason=""), self.device, waits_for))

    def settle(self, held: Held, seq: int | None) -> None:
        row = self.server.held_rows[held.id]
        if row.held.is_open:
            self.server.close(row, "diterima", seq)
