"""JSON to engine values and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siklus.kernel.dates import parse_day
from siklus.records.drafts import StoredRecord
from siklus.records.values import Reader, decimal_units, to_engine, to_wire
from siklus.rules.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("value", "places", "units"),
    [(8.2, 2, 820), (8, 2, 800), (1.005, 2, 100), (-2.345, 2, -235), (0.29, 2, 29)],
)
def test_a_measurement_becomes_whole_units(value: float, places: int, units: int) -> None:
    assert decimal_units(value, places) == units


@given(st.integers(-(10**6), 10**6), st.integers(0, 3))
def test_whole_units_survive_the_way_out_and_back(units: int, places: int) -> None:
    assert decimal_units(units / 10**places, places) == units


@pytest.mark.parametrize(
    ("kind", "field", "wire", "engine"),
    [
        ("timbang", "berat", 8.2, 820),
        ("timbang", "berat", None, None),
        ("timbang", "berat", "8.2", None),
        ("timbang", "berat", True, None),
        ("kpsp", "skor", 9.0, 9),
        ("kpsp", "skor", 9.5, None),
        ("daftar_kehamilan", "hpht", "2026-01-31", parse_day("2026-01-31")),
        ("daftar_kehamilan", "hpht", "2026-02-31", None),
        ("imunisasi", "vaksin", "bcg", "bcg"),
        ("imunisasi", "vaksin", "", None),
    ],
)
def test_what_cannot_be_read_is_unknown(
    vocabulary: Vocabulary, kind: str, field: str, wire: Any, engine: Any
) -> None:
    spec = vocabulary.kinds[kind].fields[field]
    assert to_engine(spec, wire) == engine
    if engine is not None:
        assert to_engine(spec, to_wire(spec, engine)) == engine


def test_an_engine_record_has_every_field_of_its_kind(vocabulary: Vocabulary) -> None:
    row = StoredRecord(
        id=7,
        seq=1,
        kind="timbang",
        person=1,
        household=None,
        on=20000,
        root=7,
        data={"berat": 8.2, "baru": 1},
    )
    record = Reader(vocabulary).record(row)
    assert record is not None
    assert set(record) == {"kind", "id", *vocabulary.kinds["timbang"].fields}
    assert (record["berat"], record["panjang"], record["oleh"], record["date"]) == (820, None, None, 20000)


def test_a_kind_of_a_later_rule_book_is_left_out(vocabulary: Vocabulary) -> None:
    row = StoredRecord(id=7, seq=1, kind="kelak", person=1, household=None, on=20000, root=7)
    assert Reader(vocabulary).record(row) is None
