"""What changes by an import: a file is staged, its mapping and choices change, good rows are saved, all is undone.

Saving writes through the one door of the record log, as its own device, in one transaction. Undoing voids what the
batch wrote; records are never deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone

from siklus.access import actions as access
from siklus.access.queries import User
from siklus.care import actions as care
from siklus.care import queries as care_queries
from siklus.exchange.excel import settling
from siklus.exchange.excel.columns import fold, load_layout
from siklus.exchange.excel.matching import CONFLICT, MATCH, NEW
from siklus.exchange.excel.models import DISCARDED, SAVED, STAGED, UNDONE, Batch, Row
from siklus.exchange.excel.rows import At
from siklus.exchange.excel.staging import count_rows, finding_json, header_of, judge_again, stage
from siklus.exchange.excel.verdicts import AS_NEW, REJECT, SAME, SKIP, Decision
from siklus.exchange.excel.words import Finding, Refused
from siklus.kernel.resting import collector_at_rest
from siklus.records.drafts import REFUSED, DraftRecord, Outcome, newcomers
from siklus.register import queries as register
from siklus.register.appending import change_rows

__all__ = [
    "Saved",
    "Undone",
    "change_mapping",
    "choose",
    "decide",
    "discard",
    "save",
    "stage",
    "try_undo",
    "undo",
]

DEVICE = "import"
_READ = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: rows written, records they became, rows the door refused after all, rows that still wait.

    `settled` is False when needs and coverage could not be counted again; the records are kept all the same.
    """

    rows: int
    records: int
    refused: int
    waiting: int
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing did (or would do): records voided, and the persons who stay because others wrote on them since."""

    records: int
    kept: tuple[int, ...] = ()
    settled: bool = True


@transaction.atomic
def change_mapping(batch: Batch, keys: Sequence[str | None], today: int) -> None:
    """Reads the columns as the clerk says (by position; None = not read) and judges again."""
    _must_be(batch, STAGED)
    header, columns = header_of(batch), load_layout(batch.layout).columns
    wanted = [key if key in columns else None for key in keys][: len(header.texts)]
    wanted += [None] * (len(header.texts) - len(wanted))
    taken: set[str] = set()
    unique = []
    for key in wanted:
        unique.append(None if key in taken else key)
        taken |= {key} if key else set()
    scores = [
        score if key == old else float(key is not None)
        for key, old, score in zip(unique, header.keys, header.scores, strict=True)
    ]
    batch.keys, batch.scores = json.dumps(unique), json.dumps(scores)
    judge_again(batch, today)


@transaction.atomic
def choose(batch: Batch, *, column: str, found: str, chosen: str, today: int) -> None:
    """Reads a text of a column as another one, in every row that says it, and judges again."""
    _must_be(batch, STAGED, SAVED)
    substitutions: dict[str, dict[str, str]] = json.loads(batch.substitutions)
    substitutions.setdefault(column, {})[fold(found)] = chosen
    batch.substitutions = json.dumps(substitutions, ensure_ascii=False)
    judge_again(batch, today)


@transaction.atomic
def decide(batch: Batch, *, row: Row, decision: Decision, today: int) -> None:
    """Takes a person's word for a doubtful row, and judges again, as other rows may follow it."""
    _must_be(batch, STAGED, SAVED)
    if row.verdict not in (CONFLICT, SKIP) and not row.decision:
        return
    if decision.choice not in (SAME, AS_NEW, SKIP):
        raise ValueError(f"not a decision: {decision.choice}")
    judge_again(batch, today, {row.number: decision})


def save(batch: Batch, *, author: User | None, today: int) -> Saved:
    """Writes the records of all good rows that are not written yet. What waits or is refused stays for later.

    If anything was recorded since the file was judged, it is judged again first, so that nothing is written twice.
    """
    with collector_at_rest(), transaction.atomic():
        batch.refresh_from_db(from_queryset=Batch.objects.select_for_update())
        _must_be(batch, STAGED, SAVED)
        if batch.seen != care_queries.last_seq() or batch.today != today:
            judge_again(batch, today)
        rows = _good_rows(batch)
        drafts, owners = _drafts(rows, _facility_of(author))
        # A device for each time: the one before may have written since the backup that was put back meanwhile.
        batch.device = access.add_device(kind=DEVICE, name=f"impor {batch.pk}")
        outcomes = care.append_records(
            drafts, author=author, batch=batch.pk, device=batch.device, today=today, refresh=False
        )
        refused = _mark(rows, owners, outcomes)
        persons = _settle(outcomes, today)
        batch.state, batch.saved_at, batch.seen = SAVED, timezone.now(), care_queries.last_seq()
        count_rows(batch)
        done = Saved(
            rows=len(rows) - refused, records=sum(one.is_accepted for one in outcomes), refused=refused,
            waiting=batch.rows.filter(verdict=CONFLICT).count(),
        )  # fmt: skip
        _note(author, "impor disimpan", batch, f"{done.rows} baris, {done.records} catatan")
    if not settling.are_few(persons):
        done = replace(done, settled=settling.settle_many(today))
    settling.look_for_doubles(newcomers(outcomes))
    return done


def undo(batch: Batch, *, author: User | None, today: int, why: str) -> Undone:
    """Voids every record of the batch. People of whom others have written since stay registered, and are named."""
    with collector_at_rest(), transaction.atomic():
        batch.refresh_from_db(from_queryset=Batch.objects.select_for_update())
        _must_be(batch, SAVED)
        outcomes = care.void_batch(batch.pk, author=author, why=why, today=today, refresh=False)
        done = Undone(records=sum(one.is_accepted for one in outcomes), kept=tuple(_kept(batch)))
        persons = _settle(outcomes, today)
        batch.state, batch.undone_at, batch.undone_by = UNDONE, timezone.now(), author
        batch.save()
        _note(author, "impor dibatalkan", batch, f"{done.records} catatan")
    return done if settling.are_few(persons) else replace(done, settled=settling.settle_many(today))


@collector_at_rest()
def try_undo(batch: Batch, *, today: int) -> Undone:
    """What undoing would do: every record is judged as if, and nothing is written."""
    _must_be(batch, SAVED)
    would = care.judge_undoing(batch.pk, today=today)
    return Undone(records=would.records, kept=would.kept)


def discard(batch: Batch, *, author: User | None) -> None:
    """Forgets a file that was never saved; its rows go, the line of history stays."""
    _must_be(batch, STAGED)
    batch.rows.all().delete()
    batch.state = DISCARDED
    batch.save(update_fields=["state"])
    _note(author, "impor dibuang", batch, "")


@dataclass(slots=True)
class _Good:
    """Of a row about to be saved, what saving needs and learns."""

    pk: int
    number: int
    plan: str
    person_id: int | None
    follows: int | None
    refusals: list[str] = field(default_factory=list)


def _good_rows(batch: Batch) -> list[_Good]:
    rows = batch.rows.filter(saved=False, verdict__in=(NEW, MATCH)).order_by("number")
    return [_Good(*row) for row in rows.values_list("pk", "number", "plan", "person_id", "follows")]


def _drafts(rows: Iterable[_Good], facility: str) -> tuple[list[DraftRecord], list[_Good]]:
    """The drafts of the rows in order, and beside each the row it comes from. A new family is registered once."""
    drafts: list[DraftRecord] = []
    owners: list[_Good] = []
    families: set[str] = set()
    for row in rows:
        for one in _READ(row.plan)[0]:
            ref = one.get("ref", "")
            if ref in families:
                continue
            if ref.startswith("k"):
                families.add(ref)
            drafts.append(
                DraftRecord(
                    kind=one["kind"],
                    on=one["on"],
                    data=one["data"],
                    person=one.get("person"),
                    ref=ref,
                    root=one.get("root"),
                    why=one.get("why", ""),
                    by_role=one.get("oleh", ""),
                    place_kind=one.get("tempat", ""),
                    facility_code=facility,
                )
            )
            owners.append(row)
    return drafts, owners


def _facility_of(author: User | None) -> str:
    """The facility an author writes for; none for a district."""
    return author.scope_code if author is not None and author.scope_kind != "kabupaten" else ""


def _mark(rows: Sequence[_Good], owners: Sequence[_Good], outcomes: Sequence[Outcome]) -> int:
    """Marks saved rows with the persons they became, and refused ones with the reason; gives how many those are."""
    first_by_number = {row.number: row for row in rows}
    for row, outcome in zip(owners, outcomes, strict=True):
        if outcome.status == REFUSED:
            row.refusals.append("; ".join(problem.found for problem in outcome.problems))
        elif outcome.household_id is None and row.person_id is None:
            row.person_id = outcome.person_id
    for row in rows:
        if row.person_id is None and row.follows is not None and row.follows in first_by_number:
            row.person_id = first_by_number[row.follows].person_id
    # One prepared statement for many rows: Django's bulk_update would write a CASE of thousands of branches.
    change_rows(Row, ("person_id", "saved"), [(row.person_id, not row.refusals, row.pk) for row in rows])
    refused = {row.pk: row for row in rows if row.refusals}
    for some in register.chunks(refused):
        for line in Row.objects.filter(pk__in=some):
            _refuse(line, refused[line.pk].refusals)
    return len(refused)


def _refuse(row: Row, refusals: Sequence[str]) -> None:
    """Keeps why the door refused a row that looked good, the last reason first."""
    findings = [
        finding_json(At("", "", Finding("record_refused", {"found": said})), fault=True)
        for said in reversed(refusals)
    ]
    row.findings = json.dumps([*findings, *json.loads(row.findings)], ensure_ascii=False)
    row.verdict = REJECT
    row.save(update_fields=["findings", "verdict"])


def _kept(batch: Batch) -> Iterable[int]:
    """Persons this batch registered who are still there: somebody else's records lean on them."""
    registered = batch.rows.filter(verdict=NEW, saved=True).values_list("person_id", flat=True)
    return sorted(register.person_ids(person for person in registered if person is not None))


def _settle(outcomes: Sequence[Outcome], today: int) -> Sequence[int]:
    """Whoever these records touched; settled already when they are few."""
    persons = sorted(care_queries.touched_by(outcomes))
    if settling.are_few(persons):
        settling.settle_few(persons, today)
    return persons


def _must_be(batch: Batch, *states: str) -> None:
    if batch.state not in states:
        raise Refused("wrong_state")


def _note(author: User | None, action: str, batch: Batch, detail: str) -> None:
    if author is not None:
        access.note(author, action, f"batch {batch.pk}", detail)
