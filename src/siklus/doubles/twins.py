"""Twins by what was recorded of them: of the pairs that may be twins, those whose records prove that they are two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from siklus.care.queries import effective_by_person
from siklus.doubles.linking import Linked
from siklus.library.doubles import ONE_BIRTH, DoublesModel
from siklus.library.loading import load_book
from siklus.records.drafts import StoredRecord
from siklus.register import queries as register


def without_twins(pairs: Sequence[Linked], model: DoublesModel) -> list[Linked]:
    """The pairs, but for two who were measured on one day and differ, or whose mother was known to bear twins."""
    asked = [pair for pair in pairs if ONE_BIRTH in pair.states]
    if not asked:
        return list(pairs)
    ids = {key for pair in asked for key in (pair.one, pair.other)}
    people = {row.id: row for row in register.people().filter(id__in=ids).only("id", "birth", "mother_id")}
    mothers = {row.mother_id for row in people.values() if row.mother_id is not None}
    records = effective_by_person(ids)
    told = effective_by_person(mothers, sorted(model.one_birth.plural))

    def are_two(pair: Linked) -> bool:
        one, other = records[pair.one], records[pair.other]
        known = [people[key] for key in (pair.one, pair.other) if key in people]
        return _differ(_measured(one), _measured(other)) or any(
            _says_twins(record, row.birth, model)
            for row in known
            for record in told.get(row.mother_id or 0, ())
        )

    two = {(pair.one, pair.other) for pair in asked if are_two(pair)}
    return [pair for pair in pairs if (pair.one, pair.other) not in two]


def _measured(records: Iterable[StoredRecord]) -> dict[tuple[str, int, str], Any]:
    """What was measured, by kind, day and field; what the register is told is no measurement of that day."""
    kinds = load_book().vocabulary.kinds
    return {
        (record.kind, record.on, name): value
        for record in records
        if (kind := kinds.get(record.kind)) is not None and not kind.register
        for name, value in record.data.items()
        if (field := kind.fields.get(name)) is not None and field.places
    }


def _differ(one: Mapping[tuple[str, int, str], Any], other: Mapping[tuple[str, int, str], Any]) -> bool:
    return any(one[key] != other[key] for key in one.keys() & other.keys())


def _says_twins(record: StoredRecord, birth: int | None, model: DoublesModel) -> bool:
    """Does a record of the mother, in the months before this birth, speak of more than one?"""
    value = record.data.get(model.one_birth.plural[record.kind])
    if birth is None or value is None or not 0 <= birth - record.on <= model.one_birth.within_days:
        return False
    return value is True or (not isinstance(value, bool) and value > 1)
