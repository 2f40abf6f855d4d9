"""How an edge and its district come to one log. Pure over an `EdgeLog` (docs/decisions/0050).

The district decides. What was taken in here is sent up in the order of the log here, and counts here meanwhile; what
the district refuses is taken out and kept in sight. What comes down is kept as told, without being judged. Which
version of a record counts follows from the order within its root: a root whose order here is another one than the
district's gets new places at the end of the log here, where the phones of this edge meet it by their ordinary pull.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from siklus.care.queries import Handed
from siklus.care.stays import HOUSEHOLD, PERSON
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import parse_record_id
from siklus.records.drafts import StoredRecord
from siklus.sync.taking import REFUSED
from siklus.sync.wire import written

WAITING, OPEN, ACCEPTED, DISMISSED = "menunggu", "terbuka", "diterima", "dikesampingkan"
"""Of what is not in the log here any more: not answered yet; refused; let in after all; closed with a reason."""
Item = dict[str, Any]
Unit = tuple[str, int]


class EdgeLog(Protocol):
    """The log of an edge, and what was taken out of it. Every change here is one of the caller's transaction."""

    def held(self, keys: Collection[int]) -> Mapping[int, Handed]:
        """Those of the records that are in the log here."""

    def of_units(self, persons: Collection[int], homes: Collection[int]) -> Sequence[Handed]:
        """Every row of these persons and families."""

    def of_roots(self, roots: Collection[int]) -> Mapping[int, Sequence[Handed]]:
        """All versions of each root, in the order of the log here."""

    def is_own(self, key: int) -> bool:
        """True for a record that was numbered by a device of this edge."""

    def is_unsent(self, handed: Handed) -> bool:
        """True for a record of this edge that the district has not answered."""

    def is_pending(self, handed: Handed) -> bool:
        """True for one that has not come back by the pull: not answered, or answered and further on in that log."""

    def answered(self, key: int, seq: int) -> bool:
        """The district has it, at this place in its log. False: it should have come by then, and has not."""

    def come(self, keys: Collection[int], upto: int) -> Sequence[int]:
        """These rows have come, and all up to this place: gives what was answered and should have come, and has not."""

    def put(self, told: Sequence[Handed]) -> None:
        """Keeps rows as told at the end of the log, in this order; one that is here already goes there."""

    def remove(self, rows: Sequence[Handed]) -> None:
        """Takes rows out of the log; the phones of this edge hear of it."""

    def give_back(self, item: Item, state: str, problems: Sequence[Mapping[str, str]] = ()) -> None:
        """Keeps in sight what is not in the log any more; a second time only its state changes."""

    def given_back(self, keys: Collection[int]) -> Mapping[int, Item]:
        """Those of the records that were taken out, and are not in the log of the district as far as is known."""

    def settle(self, key: int, state: str, reason: str = "") -> None:
        """What became of something given back; nothing where it is not."""


def item_of(handed: Handed, seen: int) -> Item:
    """A row as the edge sends it up; `seen` is how far of the district's log was known when it was taken in."""
    item = written(handed.row, why=handed.why, author=handed.author)
    del item["seq"]
    return item | {"seen": seen}


def handed_of(item: Mapping[str, Any]) -> Handed:
    """A row as the district tells it; its place there is of no use here."""
    key = parse_record_id(item["id"])
    row = StoredRecord(
        id=key, seq=0, kind=item["kind"], person=_key(item.get("person")), household=_key(item.get("household")),
        on=parse_day(item["on"]), root=_key(item.get("root")) or key, is_void=item.get("void", False),
        data=item.get("data", {}), by_role=item.get("oleh", ""), place_kind=item.get("tempat", ""),
        facility_code=item.get("facility", ""),
    )  # fmt: skip
    return Handed(row, item.get("why", ""), item.get("author"))


def hear(log: EdgeLog, answers: Iterable[Mapping[str, Any]], seen: int) -> None:
    """What the district said of each record: what it refused goes out of the log here and stays in sight."""
    told = {parse_record_id(answer["id"]): answer for answer in answers}
    refused = {key for key, answer in told.items() if answer["status"] == REFUSED}
    taken = told.keys() - refused
    for key in taken:
        log.settle(key, ACCEPTED)
    _leave(log, [key for key in taken if not log.answered(key, told[key]["seq"])])
    rows = log.held(refused)
    items = dict(log.given_back(refused)) | {key: item_of(row, seen) for key, row in rows.items()}
    log.remove(list(rows.values()))
    for key, item in items.items():
        state = DISMISSED if told[key].get("final") else OPEN
        log.give_back(item, state, told[key].get("problems", ()))


def learn(log: EdgeLog, outcomes: Iterable[Mapping[str, Any]]) -> None:
    """What became at the district of what it had refused. What it let in after all comes by the pull."""
    for outcome in outcomes:
        if outcome["id"]:
            state = DISMISSED if outcome["state"] == DISMISSED else ACCEPTED
            log.settle(parse_record_id(outcome["id"]), state, outcome["reason"])


def take_page(log: EdgeLog, page: Mapping[str, Any], seen: int) -> None:
    """A page of the district's log: who left is forgotten, what came is kept, what was ordered otherwise moves."""
    told = [handed_of(item) for item in page["records"]]
    persons = [parse_record_id(key) for key in page["forget"]["persons"]]
    homes = [parse_record_id(key) for key in page["forget"]["households"]]
    dropped = log.of_roots([parse_record_id(key) for key in page["drop"]])
    here = {unit_of(handed) for handed in told}
    kept = {handed.row.id for handed in told}
    away = [*log.of_units(persons, homes), *(row for rows in dropped.values() for row in rows)]
    stays = {h.row.id for h in away if unit_of(h) in here and log.is_pending(h)}
    _take_away(log, [h for h in away if h.row.id not in kept | stays], seen)
    keep(log, told)
    _leave(log, log.come(kept, page["upto"]))


def keep(log: EdgeLog, told: Sequence[Handed]) -> None:
    """Rows of the district, in its order: new ones come to the end; those of a root that stood otherwise go there."""
    by_root: dict[int, list[Handed]] = {}
    for handed in told:
        by_root.setdefault(handed.row.root, []).append(handed)
    before = log.of_roots(by_root)
    stale = [root for root, rows in by_root.items() if not _stand(log, before.get(root, ()), rows)]
    ids = {handed.row.id for handed in told}
    # What has not come back yet stands last: the district takes it in after these, or refuses it.
    after = [h for root in stale for h in before.get(root, ()) if log.is_pending(h) and h.row.id not in ids]
    log.put([*(handed for handed in told if handed.row.root in set(stale)), *after])
    for key in log.given_back([handed.row.id for handed in told]):
        log.settle(key, ACCEPTED)


def only(
    log: EdgeLog, rows: Sequence[Handed], whole: Collection[int], here: Collection[Unit], seen: int
) -> None:
    """Of these rows here only those stay that the district's file of the whole area holds, by its ids and its units.

    What this edge wrote itself and is not in that file goes up once more: a district that was restored from a copy may
    have lost it, and one that did not knows it already.
    """
    away = [h for h in rows if h.row.id not in whole and not (unit_of(h) in here and log.is_unsent(h))]
    for handed in away:
        if log.is_own(handed.row.id):
            log.give_back(item_of(handed, seen), WAITING)
    log.remove(away)


def unit_of(handed: Handed) -> Unit | None:
    """Whose a row is: a person's, else a family's; None for a row of nobody."""
    row = handed.row
    if row.person is not None:
        return PERSON, row.person
    return None if row.household is None else (HOUSEHOLD, row.household)


def same(one: Handed, other: Handed) -> bool:
    """Whether two rows say the same; what a row says of itself here (its place) aside."""
    return item_of(one, 0) == item_of(other, 0)


def _stand(log: EdgeLog, before: Sequence[Handed], told: Sequence[Handed]) -> bool:
    """True when the log here ends with these versions in this order; what has not come back yet aside."""
    ids = {handed.row.id for handed in told}
    known = [handed for handed in before if handed.row.id in ids or not log.is_pending(handed)]
    last = known[-len(told) :]
    return len(last) == len(told) and all(same(one, other) for one, other in zip(last, told, strict=True))


def _take_away(log: EdgeLog, rows: Sequence[Handed], seen: int) -> None:
    unique = list({handed.row.id: handed for handed in rows}.values())
    for handed in unique:
        if log.is_unsent(handed):
            log.give_back(item_of(handed, seen), WAITING)
    log.remove(unique)


def _leave(log: EdgeLog, keys: Collection[int]) -> None:
    """Written here and in the district's log, but of nobody who is in this area: it is not kept here."""
    log.remove(list(log.held(keys).values()))


def _key(text: str | None) -> int | None:
    return None if text is None else parse_record_id(text)
