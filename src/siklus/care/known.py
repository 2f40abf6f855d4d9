"""What the door knows while it judges a batch: from the database in a few queries, and what the batch has added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from siklus.care import log
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import parse_record_id
from siklus.records.drafts import DraftRecord, StoredRecord
from siklus.records.naming import OwnRecord
from siklus.records.persons import DEATH, HOUSEHOLD_REGISTRATION, MERGE, REGISTER_KINDS, REGISTRATIONS
from siklus.register import queries as register
from siklus.rules.episode_spec import NAMED

PERSON_REFERENCES, HOUSEHOLD_REFERENCES = ("ibu", "orang"), ("keluarga",)
REGISTERING = REGISTRATIONS | {HOUSEHOLD_REGISTRATION}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Of a person, what a check needs."""

    birth: int | None = None
    died: int | None = None
    merged_into: int | None = None


@dataclass(slots=True)
class Known:
    """Persons and families by id; all rows of the records a draft may replace or name; who is which `ref`.

    `versions` are by root, so a record that was sent before, and may be a correction, is looked for in `by_id`.

    `leaning` holds, for a registration about to be voided, the roots of the records that still speak of it; `leaned_by`
    finds those sets by root, since thousands may be voided at once.
    """

    persons: dict[int, KnownPerson] = field(default_factory=dict)
    households: set[int] = field(default_factory=set)
    versions: dict[int, list[StoredRecord]] = field(default_factory=dict)
    refs: dict[str, int | None] = field(default_factory=dict)
    leaning: dict[int, set[int]] = field(default_factory=dict)
    leaned_by: dict[int, list[set[int]]] = field(default_factory=dict)
    by_id: dict[int, StoredRecord] = field(default_factory=dict)

    def newest(self, root: int) -> StoredRecord | None:
        """The row that counts for a root, void or not: the last of its versions. None for a root that is not there."""
        versions = self.versions.get(root)
        return versions[-1] if versions else None

    def own_record(self, person: int | None, name: Any) -> OwnRecord | None:
        """The record of this id as it counts now; None when it is not one of the person, or of who is one with them."""
        row = self.newest(id_told(name) or 0)
        if row is None or row.person is None or person is None or self._one(row.person) != self._one(person):
            return None
        return OwnRecord(row.kind, row.data, row.is_void)

    def _one(self, person: int) -> int:
        """Who stands for a person: the same for all who were merged."""
        told = self.persons.get(person)
        return person if told is None or told.merged_into is None else told.merged_into

    def add(self, row: StoredRecord) -> None:
        """A record of this batch that was let in: later drafts may lean on it."""
        self.versions.setdefault(row.root, []).append(row)
        self.by_id[row.id] = row
        for roots in self.leaned_by.pop(row.root, ()):
            roots.discard(row.root)
        if row.is_void:
            return
        subject = row.person if row.household is None else row.household
        if subject in self.leaning and row.root != subject:
            self.lean(subject, row.root)
        if row.kind == HOUSEHOLD_REGISTRATION:
            self.households.add(row.root)
        elif row.kind in REGISTER_KINDS and row.person is not None:
            self._tell(row.person, row)

    def lean(self, subject: int, root: int) -> None:
        """Notes that the record of this root speaks of a subject that is about to be voided."""
        roots = self.leaning[subject]
        if root not in roots:
            roots.add(root)
            self.leaned_by.setdefault(root, []).append(roots)

    def _tell(self, person: int, row: StoredRecord) -> None:
        told = self.persons.get(person)
        birth = day_told(row.data.get("birth"))
        if told is None:
            told = KnownPerson(birth=birth)
        elif birth is not None:
            told = replace(told, birth=birth)
        if row.kind == DEATH:
            told = replace(told, died=row.on if told.died is None else min(told.died, row.on))
        self.persons[person] = told
        absorbed = id_told(row.data.get("orang")) if row.kind == MERGE else None
        if absorbed is not None:
            self.persons[absorbed] = replace(self.persons.get(absorbed, KnownPerson()), merged_into=person)


def gather(drafts: Sequence[DraftRecord], versions: log.Versions | None = None) -> Known:
    """Everything in the database that these drafts may lean on.

    `versions` are those of the records they replace, where the caller has read them in this transaction.
    """
    known = Known(versions=dict(versions or {}))
    wanted = {key for draft in drafts if (key := id_told(draft.data.get(NAMED))) is not None}
    if versions is None:
        wanted |= {draft.root for draft in drafts if draft.root is not None}
        wanted |= {draft.id for draft in drafts if draft.id is not None}
    known.versions |= log.versions_of(wanted - known.versions.keys())
    rows = [row for versions in known.versions.values() for row in versions]
    known.by_id = {row.id: row for row in rows}
    persons = {row.person for row in rows} | {id_told(draft.person) for draft in drafts}
    households = {row.household for row in rows} | {id_told(draft.household) for draft in drafts}
    for draft in drafts:
        if draft.kind in REGISTER_KINDS and draft.data:
            persons.update(id_told(draft.data.get(name)) for name in PERSON_REFERENCES)
            households.update(id_told(draft.data.get(name)) for name in HOUSEHOLD_REFERENCES)
    vitals = register.vitals(key for key in persons if key is not None)
    known.persons = {key: KnownPerson(*told) for key, told in vitals.items()}
    known.households = register.household_ids(key for key in households if key is not None)
    voided = {draft.root for draft in drafts if draft.is_void}
    _gather_leaning(known, [row for row in rows if row.root in voided and row.kind in REGISTERING])
    return known


def _gather_leaning(known: Known, registrations: Sequence[StoredRecord]) -> None:
    persons = {row.root for row in registrations if row.kind in REGISTRATIONS}
    households = {row.root for row in registrations if row.kind == HOUSEHOLD_REGISTRATION}
    known.leaning = {root: set() for root in persons | households}
    if persons:
        known.leaning.update(log.roots_by_person(persons))
        for row in log.merges():
            absorbed = id_told(row.data.get("orang"))
            if absorbed in persons:
                known.leaning[absorbed].add(row.id)
    if households:
        for household, rows in log.register_records_of_households(households).items():
            known.leaning[household].update(row.id for row in rows)
        for rows in log.register_records_of_persons(register.members_of(households)).values():
            for row in rows:
                family = id_told(row.data.get("keluarga"))
                if family in households:
                    known.leaning[family].add(row.id)
    for subject, roots in known.leaning.items():
        roots.discard(subject)
        for root in roots:
            known.leaned_by.setdefault(root, []).append(roots)


def id_told(value: Any) -> int | None:
    """The id a value names, as a number or as text; None when it names none (an `@ref` does not yet)."""
    if isinstance(value, int):
        return value
    try:
        return parse_record_id(value) if isinstance(value, str) else None
    except ValueError:
        return None


def day_told(value: Any) -> int | None:
    """The day of an ISO date; None when it is not one."""
    try:
        return parse_day(value) if isinstance(value, str) else None
    except ValueError:
        return None
