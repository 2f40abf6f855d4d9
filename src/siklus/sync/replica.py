"""What a device keeps and does, as the server expects it: the twin of the phone's own code, pure.

Everything the person wrote stands in one of: `outbox` (not answered yet), `sent` (in the log, not pulled back yet),
`refused` (answered no; somebody has to look), `closed` (refused for good, the reason heard), or in `store`: the area as
the log has it. Nothing leaves the first three without an answer of the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]
_CLOSED = "dikesampingkan"


@dataclass(slots=True)
class Replica:
    """One device. `written` keeps its own records by number until they are in the store or closed."""

    device: int
    number: int = 0
    cursor: str = ""
    upto: int = 0
    heard: int = 0
    store: dict[str, Item] = field(default_factory=dict)
    outbox: dict[str, Item] = field(default_factory=dict)
    sent: dict[str, tuple[int, Item]] = field(default_factory=dict)
    refused: dict[str, Item] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)

    def write(self, **said: Any) -> Item:
        """The next record of this device; it waits in the outbox."""
        self.number += 1
        item: Item = {"id": f"{self.device}-{self.number}", "seen": self.upto, **said}
        self.outbox[item["id"]] = item
        return item

    def batch(self, most: int) -> list[Item]:
        """What to send next, oldest first; the same again until it is answered."""
        return list(self.outbox.values())[:most]

    def hear(self, answers: Iterable[Mapping[str, Any]]) -> None:
        """What became of what was sent. An answer that comes twice, or late, changes nothing."""
        for answer in answers:
            key = str(answer["id"])
            item = self.outbox.pop(key, None) or self.refused.get(key)
            if item is None:
                continue
            if answer["status"] != "refused":
                self.refused.pop(key, None)
                self._is_in(key, int(answer["seq"]), item)
            elif answer.get("final"):
                self.refused.pop(key, None)
                self.closed[key] = "; ".join(problem["found"] for problem in answer["problems"])
            else:
                self.refused[key] = item

    def learn(self, outcomes: Iterable[Mapping[str, Any]]) -> None:
        """What became of what was refused, in order; each is heard once."""
        for outcome in outcomes:
            if outcome["number"] <= self.heard:
                continue
            self.heard = int(outcome["number"])
            key = str(outcome["id"])
            item = self.refused.pop(key, None) or self.outbox.pop(key, None)
            if item is None:
                continue
            if outcome["state"] == _CLOSED:
                self.closed[key] = str(outcome["reason"])
            else:
                self._is_in(key, int(outcome["seq"]), item)

    def begin(self, cursor: str, upto: int, records: Iterable[Item]) -> None:
        """A snapshot: the area as a whole, in the place of what was held of it.

        What this device wrote and is not in it goes to the server once more: one that was restored from a copy may have
        lost it, and any other knows it already.
        """
        before, self.store = self.store, {record["id"]: record for record in records}
        written = {key: as_written(told) for key, told in before.items() if self._is_own(key)}
        written |= {key: item for key, (_, item) in self.sent.items()} | self.refused
        again = {key: item for key, item in written.items() if key not in self.store}
        self.outbox = dict(sorted((again | self.outbox).items(), key=lambda each: _number(each[0])))
        self.sent, self.refused = {}, {}
        self._stand(cursor, upto)

    def take(self, page: Mapping[str, Any]) -> None:
        """A page. Who is to be forgotten goes first: somebody of the same page may come in whole."""
        gone = {("person", key) for key in page["forget"]["persons"]}
        gone |= {("household", key) for key in page["forget"]["households"]}
        self._keep_only(lambda record: _subject(record) not in gone)
        dropped = set(page["drop"])
        self._keep_only(lambda record: record.get("root", record["id"]) not in dropped)
        self.store.update((record["id"], record) for record in page["records"])
        self._stand(str(page["cursor"]), int(page["upto"]))

    def resend(self, missing: Sequence[Sequence[int]]) -> None:
        """Numbers the server has never seen although they were answered (it was restored from a copy): sent again."""
        for first, last in missing:
            for number in range(first, last + 1):
                key = f"{self.device}-{number}"
                item = self.sent.pop(key, (0, None))[1] or self.refused.pop(key, None)
                if item is not None:
                    self.outbox[key] = item

    def _is_own(self, key: str) -> bool:
        return key.startswith(f"{self.device}-")

    def _is_in(self, key: str, seq: int, item: Item) -> None:
        if seq > self.upto:
            self.sent[key] = seq, item

    def _stand(self, cursor: str, upto: int) -> None:
        self.cursor, self.upto = cursor, upto
        self.sent = {key: (seq, item) for key, (seq, item) in self.sent.items() if seq > upto}

    def _keep_only(self, keeps: Any) -> None:
        self.store = {key: record for key, record in self.store.items() if keeps(record)}


def as_written(told: Mapping[str, Any]) -> Item:
    """A record as its device wrote it, of what the server tells: whom it registers it does not name beforehand.

    How far the device had pulled then is not known any more; whoever ever lived in the area may be written of.
    """
    left_out = {
        "seq",
        "facility",
        *(name for name in ("person", "household") if told.get(name) == told["id"]),
    }
    return {"seen": 0, **{name: value for name, value in told.items() if name not in left_out}}


def _number(key: str) -> int:
    return int(key.partition("-")[2])


def _subject(record: Mapping[str, Any]) -> tuple[str, str | None]:
    person = record.get("person")
    return ("person", person) if person is not None else ("household", record.get("household"))
