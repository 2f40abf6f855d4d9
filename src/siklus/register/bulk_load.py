"""Persons and families in bulk, for a seed: the rows that projecting them one after the other would write.

`project_rows` is pure work and may run in another process; the rows are appended as fast as the database can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model

from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.persons import ProjectedPerson, fill_gaps, project_household, project_person, survivors
from siklus.register.actions import HEAD
from siklus.register.appending import Row, append_rows
from siklus.register.models import Household, Person
from siklus.register.placing import Placing
from siklus.register.rows import HOUSEHOLD, PERSON, household_row, person_row

_SECONDARY_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
    "postgresql": "SELECT i.relname, pg_get_indexdef(i.oid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
    " WHERE x.indrelid = %s::regclass AND NOT x.indisunique AND NOT x.indisprimary",
}


@dataclass(slots=True)
class RegisterRows:
    """Rows of the two projections, ready to be written."""

    households: list[Row] = field(default_factory=list)
    persons: list[Row] = field(default_factory=list)


def project_rows(records: Iterable[StoredRecord], placing: Placing) -> RegisterRows:
    """What these register records make. Nobody in them may be one with, or in the family of, somebody outside."""
    by_household: dict[int, list[StoredRecord]] = {}
    by_person: dict[int, list[StoredRecord]] = {}
    merges: list[StoredRecord] = []
    for record in effective(records):
        if record.household is not None:
            by_household.setdefault(record.household, []).append(record)
        elif record.person is not None:
            by_person.setdefault(record.person, []).append(record)
            if record.kind == "gabung_orang":
                merges.append(record)
    into = survivors(merges)
    families = [project_household(key, rows) for key, rows in by_household.items()]
    homes = {family.id: placing.of_household(family) for family in families if family is not None}
    persons = _persons(by_person, into)
    rows = RegisterRows()
    heads: dict[int, int] = {}
    for person in persons:
        home = placing.of_person(person, homes.get(person.household_id or 0))
        rows.persons.append(person_row(person, home, into))
        is_head = person.relation == HEAD and person.died is None and person.left is None
        if is_head and person.household_id is not None and person.id not in into:
            heads[person.household_id] = min(person.id, heads.get(person.household_id, person.id))
    for family in families:
        if family is not None:
            rows.households.append((*household_row(family, homes[family.id]), heads.get(family.id)))
    return rows


def load_rows(rows: RegisterRows) -> None:
    """Writes the two projections; the persons and families must be new."""
    append_rows(Household, (*HOUSEHOLD, "head_id"), rows.households)
    append_rows(Person, PERSON, rows.persons)


@contextmanager
def without_indexes(models: Sequence[type[Model]]) -> Iterator[None]:
    """Leaves the secondary indexes of these tables aside and makes them again at the end: much faster for many rows."""
    made: list[str] = []
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(_SECONDARY_INDEXES[connection.vendor], [model._meta.db_table])
            for name, definition in cursor.fetchall():
                cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
                made.append(definition)
        _check_constraints(cursor, "IMMEDIATE")
    yield
    with connection.cursor() as cursor:
        for definition in made:
            cursor.execute(definition)
        _check_constraints(cursor, "DEFERRED")


def _check_constraints(cursor: Any, when: str) -> None:
    """PostgreSQL makes no index on a table whose new rows still wait for the check of their foreign keys."""
    if connection.vendor == "postgresql":
        cursor.execute(f"SET CONSTRAINTS ALL {when}")


@contextmanager
def register_without_indexes() -> Iterator[None]:
    """`without_indexes` for the tables of persons and families."""
    with without_indexes([Household, Person]):
        yield


def _persons(
    by_person: Mapping[int, Sequence[StoredRecord]], into: Mapping[int, int]
) -> list[ProjectedPerson]:
    alone = {key: project_person(key, records) for key, records in by_person.items()}
    absorbed: dict[int, list[ProjectedPerson]] = {}
    for key in sorted(into):
        projected = alone.get(key)
        if projected is not None:
            absorbed.setdefault(into[key], []).append(projected)
    return [
        fill_gaps(projected, absorbed[key]) if key in absorbed else projected
        for key, projected in alone.items()
        if projected is not None
    ]
