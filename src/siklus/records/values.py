"""Between JSON as on the wire and what engines compute with: decimals as whole numbers of 10^-n, days, record keys.

A value that cannot be read is None here (unknown): the door has its checks, and a log must stay readable for ever.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from siklus.kernel.dates import iso, parse_day
from siklus.kernel.ids import format_record_id, parse_record_id
from siklus.records.drafts import StoredRecord
from siklus.rules.episode_spec import NAMED
from siklus.rules.fields import RECORD
from siklus.rules.life import EngineRecord
from siklus.rules.vocabulary import Field, Vocabulary

_Reader = Callable[[Any], Any]
_IMPLIED = ("date", "oleh", "tempat")


def decimal_units(value: float, places: int) -> int:
    """A measurement as whole 10^-places: floor(|v| * 10^n + 0.5) with its sign, the same on every engine."""
    size = math.floor(abs(value) * float(10**places) + 0.5)
    return -size if value < 0 else size


def to_engine(spec: Field, value: Any) -> Any:
    """The engine's value of a field; None for empty and for what cannot be read."""
    return _reader(spec)(value)


def to_wire(spec: Field, value: Any) -> Any:
    """The JSON value of an engine's value."""
    if value is None:
        return None
    if spec.type == "date":
        return iso(value)
    if spec.type == RECORD:
        return format_record_id(value)
    return value / 10**spec.places if spec.places else value


class Reader:
    """Reads stored records and facts of persons for the engines, with one reader for each field, made when needed."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._kinds: dict[str, list[tuple[str, _Reader]]] = {}
        self._facts = {name: _reader(spec) for name, spec in vocabulary.person.items()}
        self._household_facts = {name: _reader(spec) for name, spec in vocabulary.household.items()}

    def record(self, row: StoredRecord) -> EngineRecord | None:
        """The engine's record; None for a kind this rule book does not know."""
        readers = self._kinds.get(row.kind)
        if readers is None:
            kind = self._vocabulary.kinds.get(row.kind)
            if kind is None:
                return None
            readers = [(f.name, _reader(f)) for f in kind.fields.values() if f.name not in _IMPLIED]
            self._kinds[row.kind] = readers
        data = row.data
        record: EngineRecord = {
            "kind": row.kind,
            "date": row.on,
            "id": row.id,
            "oleh": row.by_role or None,
            "tempat": row.place_kind or None,
        }
        for name, read in readers:
            record[name] = read(data.get(name))
        return record

    def facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Every fact of the vocabulary from a mapping of JSON values; absent ones are None."""
        return {name: read(facts.get(name)) for name, read in self._facts.items()}

    def household_facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The same of a household."""
        return {name: read(facts.get(name)) for name, read in self._household_facts.items()}


def naming_places(record: EngineRecord, row: StoredRecord) -> EngineRecord:
    """The record of a case or an example: in those a record is named by a place in the list, not by an id."""
    return {**record, NAMED: row.data.get(NAMED)} if NAMED in record else record


def _reader(spec: Field) -> _Reader:
    if spec.type == "bool":
        return lambda value: value if isinstance(value, bool) else None
    if spec.type == "int":
        return _read_int
    if spec.type == "date":
        return _read_date
    if spec.type == RECORD:
        return _read_key
    if spec.type.startswith("dec:"):
        places = spec.places
        return lambda value: decimal_units(value, places) if _is_number(value) else None
    return lambda value: value if isinstance(value, str) and value else None


def _read_int(value: Any) -> int | None:
    return int(value) if _is_number(value) and value == int(value) else None


def _read_date(value: Any) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        return parse_day(value)
    except ValueError:
        return None


def _read_key(value: Any) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        return parse_record_id(value)
    except ValueError:
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
