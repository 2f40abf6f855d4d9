"""The log of an edge as its district has it: rows are kept as told, moved to the end, and taken out again.

Nothing is judged here, for the district has done so. Every change has new places in the log, and whom rows were taken
from has a `Stay`: who reads by place (the phones of the edge) is told to begin with them anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from siklus.care import log, stays, writing
from siklus.care.handing import Handed, histories, rows_where
from siklus.care.models import Record, RuleBook, Stay
from siklus.kernel.ids import MAX_NUMBER, record_key
from siklus.library.loading import load_book
from siklus.records.persons import HOUSEHOLD_REGISTRATION, REGISTER_KINDS, REGISTRATIONS
from siklus.register import queries as register
from siklus.register.appending import append_rows
from siklus.register.identity import keyring, opened_data, sealed_data

Units = tuple[set[int], set[int]]
"""Persons and families whose life may look different now."""
_ALL = 2**63 - 1


def held(keys: Collection[int]) -> dict[int, Handed]:
    """Those of the records that are in the log, their numbers open."""
    found: dict[int, Handed] = {}
    for some in register.chunks(keys):
        found.update((handed.row.id, opened(handed)) for handed in rows_where(id__in=some))
    return found


def of_roots(roots: Collection[int]) -> dict[int, list[Handed]]:
    """All versions of each root in the order of the log."""
    ids = [row.id for rows in log.versions_of(roots).values() for row in rows]
    found: dict[int, list[Handed]] = {}
    for handed in sorted(held(ids).values(), key=lambda each: each.row.seq):
        found.setdefault(handed.row.root, []).append(handed)
    return found


def of_units(persons: Collection[int], homes: Collection[int]) -> list[Handed]:
    """Every row of these persons and families."""
    return [opened(handed) for handed in histories(persons, homes, _ALL)]


def ids() -> Iterable[int]:
    """The ids of all records."""
    return Record.objects.order_by().values_list("id", flat=True).iterator()


def written_after(seq: int, own: range, limit: int) -> list[Handed]:
    """The first records of these devices after a place in the log, in its order."""
    keys = (record_key(own[0], 1), record_key(own[-1], MAX_NUMBER))
    return [opened(handed) for handed in rows_where(limit, seq__gt=seq, id__range=keys)]


def count_written_after(seq: int, own: range) -> int:
    """How many records of these devices stand after a place in the log."""
    keys = (record_key(own[0], 1), record_key(own[-1], MAX_NUMBER))
    return Record.objects.filter(seq__gt=seq, id__range=keys).count()


@transaction.atomic
def put(told: Sequence[Handed]) -> Units:
    """Rows at the end of the log in this order; of one that was here before only its batch and its moment stay."""
    if not told:
        return set(), set()
    keys = [handed.row.id for handed in told]
    kept: dict[int, tuple[Any, ...]] = {}
    for some in register.chunks(keys):
        rows = Record.objects.filter(id__in=some)
        kept.update(
            (row[0], row[1:]) for row in rows.values_list("id", "batch_id", "rulebook_id", "created_at")
        )
        rows.delete()
    rulebook, _ = RuleBook.objects.get_or_create(hash=load_book().hash)
    new = (None, rulebook.pk, timezone.now())
    first = writing.take_seqs(len(told))
    placed = [replace(handed, row=replace(handed.row, seq=first + n)) for n, handed in enumerate(told)]
    keyring()
    append_rows(Record, writing.NAMES, (_columns(handed, *kept.get(handed.row.id, new)) for handed in placed))
    return _follow(placed, first)


@transaction.atomic
def remove(rows: Sequence[Handed]) -> Units:
    """Takes rows out of the log."""
    if not rows:
        return set(), set()
    persons = {handed.row.person for handed in rows if handed.row.person is not None}
    homes = {
        handed.row.household
        for handed in rows
        if handed.row.person is None and handed.row.household is not None
    }
    stood = stays.standing(persons, homes)
    for some in register.chunks([handed.row.id for handed in rows]):
        Record.objects.filter(id__in=some).delete()
    first = writing.take_seqs(len(rows))
    units = _follow(rows, first, is_gone=True)
    told = [(stays.PERSON, key, home) for key, home in sorted(stood.persons.items())]
    told += [(stays.HOUSEHOLD, key, home) for key, home in sorted(stood.households.items())]
    told += [(stays.PERSON, key, visit.area) for key, visits in stood.visits.items() for visit in visits]
    Stay.objects.bulk_create(stays.stay(first, *each) for each in told)
    if any(handed.row.person is None and handed.row.household is None for handed in rows):
        writing.note_new_places()  # of rows of nobody there is no other way to be told
    return units


def opened(handed: Handed) -> Handed:
    """The row with its numbers open."""
    return replace(handed, row=replace(handed.row, data=opened_data(handed.row.data)))


def _follow(rows: Sequence[Handed], first: int, *, is_gone: bool = False) -> Units:
    """The register after these rows."""
    stored = [handed.row for handed in rows]
    persons = {row.person for row in stored if row.person is not None}
    homes = {row.household for row in stored if row.household is not None}
    if any(row.kind in REGISTER_KINDS for row in stored):
        known, families = register.person_ids(persons), register.household_ids(homes)
        # Rows may come before the one that registers their person: then who reads by place has passed them.
        earlier = Record.objects.filter(seq__lt=first).order_by()
        for some in register.chunks(persons - known):
            found = earlier.filter(person_id__in=some).values_list("person_id", flat=True)
            known |= {key for key in found if key is not None}
        for some in register.chunks(homes - families):
            found = earlier.filter(household_id__in=some).values_list("household_id", flat=True)
            families |= {key for key in found if key is not None}
        fresh = [
            row
            for row in stored
            if (row.kind in REGISTRATIONS and row.person not in known)
            or (row.kind == HOUSEHOLD_REGISTRATION and row.household not in families)
        ]
        persons |= writing.project(stored, first, fresh=() if is_gone else fresh)
    return persons, homes


def _columns(handed: Handed, batch: int | None, rulebook: int, moment: Any) -> tuple[Any, ...]:
    row = handed.row
    at = moment if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(moment)
    return (
        row.id, row.seq, row.kind, row.person, row.household, row.on, row.root, row.is_void, handed.why,
        log.write_data(sealed_data(row.data)), row.by_role, row.place_kind, row.facility_code, handed.author, batch,
        rulebook, at,
    )  # fmt: skip
