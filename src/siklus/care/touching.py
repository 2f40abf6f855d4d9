"""Whose life may look different after some records: their persons, and whoever the register moved because of them.

What is written of a family concerns everybody in it. A family that moves takes its members along; a merge, or the end
of one, concerns both persons and their children.
"""

from __future__ import annotations

from collections.abc import Iterable

from siklus.care import log
from siklus.care.models import Record
from siklus.records.drafts import ACCEPTED, Outcome
from siklus.records.persons import MERGE, person_named
from siklus.register import queries as register


def touched_by(outcomes: Iterable[Outcome]) -> set[int]:
    """Everybody whose state, needs and coverage may have changed with these newly accepted records."""
    return _touched((o.kind, o.person_id, o.household_id, o.root) for o in outcomes if o.status == ACCEPTED)


def families_touched_by(outcomes: Iterable[Outcome]) -> set[int]:
    """The families of whom these newly accepted records are; those of the persons touched come on top."""
    return {o.household_id for o in outcomes if o.status == ACCEPTED and o.household_id is not None}


def touched_after(seq: int) -> set[int]:
    """The same for all records that came into the log after this place in it."""
    rows = Record.objects.filter(seq__gt=seq)
    return _touched(rows.values_list("kind", "person_id", "household_id", "root"))


def families_touched_after(seq: int) -> set[int]:
    """The families of whom a record came into the log after this place in it."""
    rows = Record.objects.filter(seq__gt=seq, household_id__isnull=False)
    return {household for household in rows.values_list("household_id", flat=True) if household is not None}


def _touched(rows: Iterable[tuple[str, int | None, int | None, int | None]]) -> set[int]:
    """From the (kind, person, family, root) of some rows."""
    persons: set[int] = set()
    households: set[int] = set()
    merges: set[int] = set()
    for kind, person, household, root in rows:
        if person is not None:
            persons.add(person)
        if household is not None:
            households.add(household)
        if kind == MERGE and root is not None:
            merges.add(root)
    named = {
        person_named(row.data, "orang") for rows_of in log.versions_of(merges).values() for row in rows_of
    }
    merged = {person for person in named if person is not None}
    if merges:
        merged |= register.children_of(persons | merged)
    return persons | merged | register.members_of(households)
