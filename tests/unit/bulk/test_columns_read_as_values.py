"""A column read by DuckDB holds what `siklus.records.values` reads from the same JSON, value by value."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest

from siklus.bulk.columns import column_type, read_json
from siklus.records.values import to_engine
from siklus.rules.fields import RECORD, Field

WRITTEN: list[Any] = [
    None, True, False, 0, 1, -1, 7, 8.0, 8.5, 8.2, 8.25, 8.255, 0.1, 1.005, 2.675, -0.25, -8.2, 120, 36525,
    1e3, 12345.678, "", "bcg", "dpt_hb_hib", "8.2", "true", "null", "2026-02-28", "2024-02-29", "2026-02-29",
    "2026-2-8", "20261121", "2026-W47-6", "0001-01-01",
    "1938-03-31", "9999-12-31", "tidak \"naik\"", "ba\\ris", "é", "日", [1], {"a": 1},
    "1-7", "12-345", "2097151-4294967295", "2097152-1", "1-4294967296", "9999999-9999999999", "0-1", "01-7", " 1-7",
    "1-7\n", "1-\u0667", "1-", "-7",
]  # fmt: skip
TYPES = ["bool", "int", "date", "need", "dec:1", "dec:2", "code:vaksin", RECORD]


@pytest.mark.parametrize("name", TYPES)
def test_every_value_is_read_alike(name: str) -> None:
    field = Field("isi", name, nullable=True)
    rows = [(place, json.dumps({"isi": value})) for place, value in enumerate(WRITTEN)]
    rows.append((len(rows), "{}"))
    with duckdb.connect() as duck:
        duck.execute("CREATE TABLE written (id INTEGER, data VARCHAR)")
        duck.executemany("INSERT INTO written VALUES (?, ?)", rows)
        read = duck.execute(
            f"SELECT isi FROM ({read_json('SELECT * FROM written', [field], 'id')}) ORDER BY id"
        )
        kind = read.description[0][1]
        found = [value for (value,) in read.fetchall()]
    expected = [to_engine(field, value) for value in [*WRITTEN, None]]
    assert list(zip([*WRITTEN, None], found, strict=True)) == list(
        zip([*WRITTEN, None], expected, strict=True)
    )
    assert str(kind) == column_type(field)


def test_a_name_that_is_a_word_of_sql_is_only_a_name() -> None:
    fields = [Field(name, "int", nullable=True) for name in ("order", "select", "date", "values")]
    with duckdb.connect() as duck:
        source = """SELECT 1 AS id, '{"order": 1, "select": 2, "date": 3, "values": null}' AS data"""
        assert duck.execute(read_json(source, fields, "id")).fetchall() == [(1, 1, 2, 3, None)]
