"""Whose life may look different after some records: their persons, and whoever the register moved because of them.

What is written of a family concerns everybody in it. A family that moves takes its members along; a merge, or the end
of one, concerns both persons and their children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from siklus.care import log
from siklus.care.models import Record
from siklus.records.drafts import ACCEPTED, Outcome
from siklus.records.persons import MERGE, person_named
from siklus.register import queries as register


def touched_by(outcomes: Iterable[Outcome]) -> set[int]:
    """Everybody whose state, needs and coverage may have changed with these newly accepted records."""
    persons: set[int] = set()
    for rows in _accepted(outcomes):
        persons |= _touched(rows)
    return persons


def families_touched_by(outcomes: Iterable[Outcome]) -> set[int]:
    """The families of whom these newly accepted records are; those of the persons touched come on top."""
    families: set[int] = set()
    for rows in _accepted(outcomes):
        families |= _families(rows)
    return families


def _accepted(outcomes: Iterable[Outcome]) -> Iterator[QuerySet[Record]]:
    keys = sorted(o.key for o in outcomes if o.status == ACCEPTED and o.key is not None)
    if keys and keys[-1] - keys[0] == len(keys) - 1:
        # One device numbers its records in a row, and asking for a row of numbers takes a moment.
        yield Record.objects.filter(id__range=(keys[0], keys[-1]))
        return
    for some in register.chunks(keys):
        yield Record.objects.filter(id__in=some)


def touched_after(seq: int) -> set[int]:
    """The same for all records that came into the log after this place in it."""
    return _touched(Record.objects.filter(seq__gt=seq))


def families_touched_after(seq: int) -> set[int]:
    """The families of whom a record came into the log after this place in it."""
    return _families(Record.objects.filter(seq__gt=seq))


def _families(rows: QuerySet[Record]) -> set[int]:
    found = rows.filter(household_id__isnull=False).values_list("household_id", flat=True)
    return {household for household in found if household is not None}


def _touched(rows: QuerySet[Record]) -> set[int]:
    persons: set[int] = set()
    households: set[int] = set()
    merges: set[int] = set()
    for kind, person, household, root in rows.values_list("kind", "person_id", "household_id", "root"):
        if person is not None:
            persons.add(person)
        if household is not None:
            households.add(household)
        if kind == MERGE:
            merges.add(root)
    named = {
        person_named(row.data, "orang") for rows_of in log.versions_of(merges).values() for row in rows_of
    }
    merged = {person for person in named if person is not None}
    if merges:
        merged |= register.children_of(persons | merged)
    return persons | merged | register.members_of(households)
