"""Rows into the record log, in commit order; and the register projected from what they touch."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from siklus.access.queries import User
from siklus.care import log, stays
from siklus.care.models import Counter, Record, RuleBook
from siklus.records.drafts import DraftRecord, StoredRecord
from siklus.records.persons import HOUSEHOLD_KINDS, MERGE, REGISTER_KINDS
from siklus.register import actions as register_actions
from siklus.register import asking
from siklus.register import queries as register
from siklus.register.appending import append_rows
from siklus.register.identity import keyring, sealed_data

NAMES = (
    "id", "seq", "kind", "person_id", "household_id", "on", "root", "is_void", "why", "data", "by_role", "place_kind",
    "facility_code", "author_id", "batch_id", "rulebook_id", "created_at",
)  # fmt: skip
_SEQ = "record"
_TAKE = "UPDATE care_counter SET value = value + %s WHERE name = %s RETURNING value"


def insert(
    rows: Sequence[StoredRecord],
    drafts: Sequence[DraftRecord],
    *,
    author: User | None,
    batch: int | None,
    book_hash: str,
) -> int:
    """Appends the rows, each with its draft; gives the place of the first in the log.

    Must run inside the transaction that judged them.
    """
    rulebook = _rulebook(book_hash)
    first, now = take_seqs(len(rows)), timezone.now()
    moment = now if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(now)
    author_id = None if author is None else author.pk
    keyring()  # first keys ask the database, which cannot answer while rows are copied into it
    append_rows(
        Record,
        NAMES,
        (
            (
                row.id, first + place, row.kind, row.person, row.household, row.on, row.root, row.is_void, draft.why,
                log.write_data(sealed_data(row.data)), row.by_role, row.place_kind, row.facility_code, author_id, batch,
                rulebook, moment,
            )
            for place, (row, draft) in enumerate(zip(rows, drafts, strict=True))
        ),
    )  # fmt: skip
    return first


def take_seqs(count: int) -> int:
    """The first of `count` sequence numbers in a row. The counter's row stays locked until the transaction ends."""
    while not (taken := asking.rows(_TAKE, count, _SEQ)):
        last = Record.objects.aggregate(last=Max("seq"))["last"] or 0
        Counter.objects.get_or_create(name=_SEQ, defaults={"value": last})
    return int(taken[0][0]) - count + 1


def _rulebook(book_hash: str) -> int:
    """The key of a rule book that has let a record in."""
    found = asking.rows("SELECT id FROM care_rulebook WHERE hash = %s", book_hash)
    return int(found[0][0]) if found else RuleBook.objects.get_or_create(hash=book_hash)[0].pk


def project(
    rows: Sequence[StoredRecord], first: int, *, fresh: Sequence[StoredRecord] | None = None
) -> set[int]:
    """The register after these rows, of which the first has this place in the log.

    Gives the persons whose life may look different now, also by a merge. Where somebody stood before a row moved them
    is kept (`stays.py`); of whom one of `fresh` registers (all rows, unless told) nothing was known before.
    """
    touched = [row for row in rows if row.kind in REGISTER_KINDS]
    persons = {row.person for row in touched if row.person is not None}
    into = before = register.merged()
    if any(row.kind == MERGE for row in touched):
        into = log.survivors_now()
        changed = {key for key in before.keys() | into.keys() if before.get(key) != into.get(key)}
        persons |= changed | {m[key] for m in (before, into) for key in changed if key in m}
        persons |= register.children_of(persons)
    households = {
        row.household for row in touched if row.kind in HOUSEHOLD_KINDS and row.household is not None
    }
    if households:
        persons |= register.members_of(households)
    group = _with_groups(persons, into)
    stood = stays.standing(
        group | _with_groups(persons, before), households, rows if fresh is None else fresh
    )
    if households:
        register_actions.project_households(log.register_records_of_households(households))
    if persons:
        register_actions.project_persons(log.register_records_of_persons(group), into)
    stays.keep(stood, rows, first)
    return persons


def note_new_places() -> None:
    """Everybody was placed anew, and nobody knows who moved: what was handed out by place must be handed out again."""
    counter, _ = Counter.objects.select_for_update().get_or_create(name=stays.PLACES)
    counter.value += 1
    counter.save(update_fields=["value"])


def _with_groups(persons: set[int], into: dict[int, int]) -> set[int]:
    """These persons with everybody they are one with."""
    heads = {into.get(person, person) for person in persons}
    return persons | heads | {absorbed for absorbed, survivor in into.items() if survivor in heads}
