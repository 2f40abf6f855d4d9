"""What changes care. `append_records` is the only door into the record log; everything else follows from the log.

Records are never edited: `correct_record` and `void_record` write new ones that name the old one and why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import transaction

from siklus.access import actions as access_actions
from siklus.access import clock
from siklus.access.queries import User
from siklus.care import dangers, lasting, log, settling, writing
from siklus.care.door import Door
from siklus.care.households import AlsoFamilies
from siklus.care.known import Known, gather
from siklus.kernel.ids import format_record_id, record_key
from siklus.library.loading import load_book
from siklus.records.drafts import DraftRecord, Outcome, StoredRecord
from siklus.records.persons import REGISTER_KINDS, REGISTRATIONS
from siklus.register import actions as register_actions
from siklus.register import queries as register

_AT_ONCE = 5000
_TRIAL = "coba"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """What undoing a batch comes to: records written for it, and persons it registered who would stay."""

    records: int
    kept: tuple[int, ...]


def append_records(
    drafts: Sequence[DraftRecord],
    *,
    author: User | None,
    batch: int | None = None,
    device: int | None = None,
    today: int | None = None,
    refresh: bool = True,
    keeps_unread: bool = False,
    facility: str = "",
) -> list[Outcome]:
    """Judges the drafts in order, keeps the good ones, and tells of each what became of it.

    One transaction: everything that was let in is there with the register, state and needs that follow, or nothing is.
    `refresh=False` leaves state and needs to the caller, who settles `touched_persons(outcomes)` or all at once.
    `keeps_unread`: what the rule book does not know is kept as it came (phones may be newer than their server).
    `facility` is where they were written, when that is not the place of their author.
    """
    today = clock.today() if today is None else today
    with transaction.atomic(savepoint=False):
        device = access_actions.desk_device() if device is None else device
        known = gather(drafts)
        return _append(drafts, known, author, batch, device, today, refresh, keeps_unread, facility)


def _append(
    drafts: Sequence[DraftRecord], known: Known, author: User | None, batch: int | None, device: int, today: int,
    refresh: bool, keeps_unread: bool = False, facility: str = "",
) -> list[Outcome]:  # fmt: skip
    book = load_book()
    if not facility and author is not None and author.scope_kind != "kabupaten":
        facility = author.scope_code
    # What comes from a phone has its number already: then nobody waits for the device's counter.
    numbered = all(draft.id is not None for draft in drafts)
    numbers = count(0 if numbered else access_actions.take_numbers(device, 0))
    door = Door(
        book, known, today, new_key=lambda: record_key(device, next(numbers)), keeps_unread=keeps_unread,
        facility=facility,
    )  # fmt: skip
    outcomes: list[Outcome] = []
    rows: list[StoredRecord] = []
    sources: list[DraftRecord] = []
    own_numbers = 0
    for index, draft in enumerate(drafts):
        outcome, row = door.judge(index, draft)
        outcomes.append(outcome)
        if row is not None:
            rows.append(row)
            sources.append(draft)
            own_numbers += draft.id is None
    if own_numbers:
        access_actions.take_numbers(device, own_numbers)
    if rows:
        first = writing.insert(rows, sources, author=author, batch=batch, book_hash=book.hash)
        seqs = {row.id: seq for seq, row in enumerate(rows, first)}
        # Also of those that this very batch brings once more: they were judged before there was a sequence.
        outcomes = [each.at(seqs[each.key]) if each.key in seqs else each for each in outcomes]
        persons = {row.person for row in rows if row.person is not None}
        if any(row.kind in REGISTER_KINDS for row in rows):
            persons |= writing.project(rows, first)
        if refresh:
            families = {row.household for row in rows if row.household is not None}
            settling.refresh(persons, today, household_ids=families)
    return outcomes


def correct_record(
    key: int,
    *,
    author: User | None,
    why: str,
    changes: Mapping[str, Any] | None = None,
    on: int | None = None,
    by_role: str | None = None,
    place_kind: str | None = None,
    today: int | None = None,
    refresh: bool = True,
) -> Outcome:
    """Writes the record anew with some values changed (None empties one); `key` may be any version of it."""
    newest = _newest(key)
    draft = DraftRecord(
        kind=newest.kind,
        on=newest.on if on is None else on,
        data={**newest.data, **(changes or {})},
        person=newest.person,
        household=newest.household,
        by_role=newest.by_role if by_role is None else by_role,
        place_kind=newest.place_kind if place_kind is None else place_kind,
        facility_code=newest.facility_code,
        root=newest.root,
        why=why,
    )
    return append_records([draft], author=author, today=today, refresh=refresh)[0]


def void_record(
    key: int, *, author: User | None, why: str, today: int | None = None, refresh: bool = True
) -> Outcome:
    """Takes a record back: it stays in the history and counts no more."""
    return append_records([_void(_newest(key), why)], author=author, today=today, refresh=refresh)[0]


def void_batch(
    batch: int, *, author: User | None, why: str, today: int | None = None, refresh: bool = True
) -> list[Outcome]:
    """Takes back what a batch wrote, latest first: its records are void, what it corrected is as it was before.

    Somebody registered by the batch of whom others have written since stays, and the outcome says so.
    """
    today = clock.today() if today is None else today
    with transaction.atomic():
        versions, own = log.versions_touched(batch)
        drafts = _undoing(versions, own, why)
        known = gather(drafts, versions)
        return _append(drafts, known, author, None, access_actions.desk_device(), today, refresh)


def judge_undoing(batch: int, *, today: int | None = None) -> Undoing:
    """What `void_batch` would do now: the same drafts through the same door, and nothing is written."""
    today = clock.today() if today is None else today
    versions, own = log.versions_touched(batch)
    drafts = _undoing(versions, own, _TRIAL)
    door = Door(load_book(), gather(drafts, versions), today, new_key=count(1).__next__)
    refused = [draft for index, draft in enumerate(drafts) if not door.judge(index, draft)[0].is_accepted]
    kept = sorted(draft.root for draft in refused if draft.root in own and draft.kind in REGISTRATIONS)
    return Undoing(records=len(drafts) - len(refused), kept=tuple(kept))


def _undoing(versions: log.Versions, own: Collection[int], why: str) -> list[DraftRecord]:
    """The drafts that undo what a batch wrote; `own` are the ids of its rows."""
    drafts: list[DraftRecord] = []
    for root, rows in sorted(versions.items(), reverse=True):
        newest, before = rows[-1], [row for row in rows if row.id not in own]
        if root in own or not before:
            drafts += [] if newest.is_void else [_void(newest, why)]
        elif newest.id in own and not newest.is_void:
            drafts.append(_void(newest, why) if before[-1].is_void else _again(before[-1], why))
    return drafts


def refresh_persons(
    person_ids: Iterable[int],
    today: int,
    also: settling.Also | None = None,
    household_ids: Iterable[int] = (),
    also_families: AlsoFamilies | None = None,
) -> None:
    """State and Need of these persons and of their families as of today, from all effective records.

    `also` is given their lives, `also_families` their families.
    """
    settling.refresh(person_ids, today, also, household_ids, also_families)


def note_day(today: int) -> None:
    """Everything kept holds for this day: all of it was computed anew, or looked at and found to last."""
    lasting.note_day(today)


def replace_dangers(person_ids: Iterable[int], today: int) -> int:
    """All dangers anew, from the persons a bulk run found; how many there are."""
    return dangers.keep_all(person_ids, today)


@transaction.atomic
def rebuild_register(progress: Callable[[int], None] | None = None) -> int:
    """Projects every person and family again from the log; gives the number of persons. Equal to what was there."""
    into = log.survivors_now()
    register_actions.clear_projection()
    placing = register.placing()
    for ids in register.chunks(log.subjects("household_id"), _AT_ONCE):
        register_actions.project_households(log.register_records_of_households(ids), placing)
    done = 0
    absorbed: dict[int, list[int]] = {}
    for key, survivor in into.items():
        absorbed.setdefault(survivor, []).append(key)
    for ids in register.chunks(log.subjects("person_id"), _AT_ONCE):
        group = {*ids, *(key for person in ids for key in absorbed.get(person, ()))}
        register_actions.project_persons(log.register_records_of_persons(group), into, placing)
        done += len(ids)
        if progress is not None:
            progress(done)
    writing.note_new_places()
    return done


def _newest(key: int) -> StoredRecord:
    newest = log.newest_version(key)
    if newest is None:
        raise LookupError(f"no record {format_record_id(key)}")
    return newest


def _again(row: StoredRecord, why: str) -> DraftRecord:
    return DraftRecord(
        kind=row.kind, on=row.on, data=row.data, by_role=row.by_role, place_kind=row.place_kind,
        facility_code=row.facility_code, root=row.root, why=why,
    )  # fmt: skip


def _void(row: StoredRecord, why: str) -> DraftRecord:
    return DraftRecord(kind=row.kind, on=row.on, root=row.root, is_void=True, why=why)
