"""Derived fields: worked out from one record and the facts of its person when a rule first asks for them.

The only place with division. What lies outside what is possible for its field is no measurement: unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from siklus.rules.derived_spec import BMI
from siklus.rules.episodes import RecordsByKind
from siklus.rules.fields import Derived, Field
from siklus.rules.growth import Child, Growth, Measured, Score, measured, score
from siklus.rules.life import EngineRecord, Facts
from siklus.rules.plan import Accumulator
from siklus.rules.tree import RecordField, walk
from siklus.rules.vocabulary import Kind, Vocabulary

GRAMS, MILLIMETRES = 3, 1
"""Decimal places of a kilogram and of a centimetre."""
HUNDREDTHS_OF_ONE = 100_000
"""Hundredths of kg/m² of one gram on one square millimetre."""


Works = Callable[[EngineRecord, Facts], int | None]
"""A derived field, worked out from one record and the facts of its person."""


class Deriver:
    """The derived fields of one kind of record; `of` works out each of them from a record and the facts of its person.

    Values are whole hundredths; None is unknown.
    """

    def __init__(self, kind: Kind, growth: Growth | None) -> None:
        self.kind, self.growth = kind, growth
        self._sizes = {
            role: (name, *limits_of(kind.fields[name]), 10 ** kind.fields[name].places)
            for role, name in kind.measures.items()
            if kind.fields[name].places
        }
        self._position, self._oedema = kind.measures.get("position"), kind.measures.get("oedema")
        self._positions = dict(growth.positions) if growth else {}
        self._sexes = dict(growth.sexes) if growth else {}
        self.of: dict[str, Works] = {
            name: self._bmi(each) if each.function == BMI else self._sure_score(each)
            for name, each in kind.derived.items()
        }

    def value(self, name: str, record: EngineRecord, facts: Facts) -> int | None:
        """One derived field of one record."""
        return self.of[name](record, facts)

    def score(self, derived: Derived, child: Measured) -> Score:
        """A z-score with what is wrong with it, also where a rule would only see that it is unknown."""
        assert self.growth is not None
        return score(self.growth, self.growth.indexes[derived.args[0]], child)

    def measured(self, record: EngineRecord, facts: Facts) -> Measured:
        """The child of a record, ready to be judged."""
        assert self.growth is not None
        birth, sizes = facts["birth"], {}
        for role, (name, low, high, whole) in self._sizes.items():
            units = record[name]
            if units is not None and low <= units <= high:
                sizes[role] = units / whole
        child = Child(
            sex=self._sexes.get(facts["sex"]),
            age_days=None if birth is None else record["date"] - birth,
            position=self._positions.get(record[self._position]) if self._position else None,
            oedema=self._oedema is not None and record[self._oedema] is True,
            **sizes,
        )
        return measured(self.growth, child)

    def _sure_score(self, derived: Derived) -> Works:
        assert self.growth is not None
        growth, index = self.growth, self.growth.indexes[derived.args[0]]
        since, until = (
            min(table.since for table in index.tables),
            max(table.until for table in index.tables),
        )

        def sure_score(record: EngineRecord, facts: Facts) -> int | None:
            birth, day = facts["birth"], record["date"]
            is_aged = birth is not None and birth <= day
            if is_aged and not since <= (day - birth) / growth.days_in_month < until:
                return None  # most people are of an age without a table: nothing else has to be looked at
            return score(growth, index, self.measured(record, facts)).sure

        return sure_score

    def _bmi(self, derived: Derived) -> Works:
        """Half up, in whole numbers."""
        weight, length = (self.kind.fields[name] for name in derived.args)
        of_weight, of_length = weight.name, length.name
        least_weight, most_weight = _above_nought(weight)
        least_length, most_length = _above_nought(length)
        grams, millimetres = 10 ** (GRAMS - weight.places), 10 ** (MILLIMETRES - length.places)

        def bmi(record: EngineRecord, _: Facts) -> int | None:
            heavy, long = record[of_weight], record[of_length]
            if heavy is None or not least_weight <= heavy <= most_weight:
                return None
            if long is None or not least_length <= long <= most_length:
                return None
            square = (long * millimetres) ** 2
            hundredths: int = (2 * heavy * grams * HUNDREDTHS_OF_ONE + square) // (2 * square)
            return hundredths

        return bmi


class DerivingRecord(dict[str, Any]):
    """A record that works out a derived field when it is first asked for."""

    __slots__ = ("_child", "_deriver", "_facts")

    def __init__(self, record: EngineRecord, deriver: Deriver, facts: Facts) -> None:
        super().__init__(record)
        self._deriver, self._facts = deriver, facts
        self._child: Measured | None = None

    def __missing__(self, name: str) -> Any:
        derived = self._deriver.kind.derived[name]
        if derived.function == BMI:
            value = self._deriver.value(name, self, self._facts)
        else:
            self._child = self._child or self._deriver.measured(self, self._facts)
            value = self._deriver.score(derived, self._child).sure
        self[name] = value
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """As for what is written: a derived field is there too."""
        return self[name] if name in self or name in self._deriver.kind.derived else default

    def score(self, name: str) -> Score | None:
        """A z-score with what is wrong with it; None for what is no z-score."""
        derived = self._deriver.kind.derived.get(name)
        if derived is None or derived.function == BMI:
            return None
        return self._deriver.score(derived, self._deriver.measured(self, self._facts))


def derived_fields(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """{kind: derived fields}, of the kinds that have any."""
    return {name: tuple(kind.derived) for name, kind in vocabulary.kinds.items() if kind.derived}


def derivers(vocabulary: Vocabulary, kinds: Collection[str] | None = None) -> dict[str, Deriver]:
    """By kind, for the kinds of record that have derived fields; all of them, or of these."""
    return {
        name: Deriver(kind, vocabulary.growth)
        for name, kind in vocabulary.kinds.items()
        if kind.derived and (kinds is None or name in kinds)
    }


def deriving(records: RecordsByKind, deriver_by_kind: Mapping[str, Deriver], facts: Facts) -> RecordsByKind:
    """The same records, those of these kinds able to work out their derived fields."""
    if deriver_by_kind.keys().isdisjoint(records):
        return records
    changed: RecordsByKind = {
        kind: [DerivingRecord(record, deriver, facts) for record in records[kind]]
        for kind, deriver in deriver_by_kind.items()
        if kind in records
    }
    return {**records, **changed}


def derived_read(vocabulary: Vocabulary, accumulators: Iterable[Accumulator]) -> dict[str, tuple[str, ...]]:
    """{kind: derived fields} that these accumulators look at, in the order of the vocabulary."""
    read: dict[str, set[str]] = {}
    for each in accumulators:
        kind = vocabulary.kinds.get(each.kind)
        if kind is not None and kind.derived:
            names = {part.name for part in walk(each.where) if isinstance(part, RecordField)}
            found = (names | {each.field or ""}) & kind.derived.keys()
            read.setdefault(kind.name, set()).update(found)
    return {
        kind: tuple(name for name in vocabulary.kinds[kind].derived if name in names)
        for kind, names in read.items()
        if names
    }


def inputs_of(kind: Kind, derived: Derived) -> tuple[str, ...]:
    """The fields of the record that a derived field may rest on."""
    return derived.args if derived.function == BMI else tuple(kind.measures.values())


def limits_of(field: Field) -> tuple[int, int]:
    """The least and the greatest possible value, in whole units of the field's last place."""
    assert field.possible is not None
    low, high = field.possible
    return round(low * 10**field.places), round(high * 10**field.places)


def _above_nought(field: Field) -> tuple[int, int]:
    """The limits of what can be divided by, or weighed."""
    low, high = limits_of(field)
    return max(low, 1), high
