"""DuckDB's month arithmetic is that of the kernel: thousands of awkward days, shifts and spans in one query."""

from __future__ import annotations

import random

import duckdb

from siklus.kernel import dates
from siklus.library.loading import load_book

FIRST, LAST = dates.parse_day("1900-01-01"), dates.parse_day("2100-12-31")


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for statement in load_book().sql.macros():
        connection.execute(statement)
    return connection


def _days(count: int) -> list[int]:
    """Any day, the end of its month, and the leap day nearest to none."""
    chance = random.Random(3)
    drawn = [chance.randint(FIRST, LAST) for _ in range(count)]
    ends = [dates.add_months(dates.start_of_month(day), 1) - 1 for day in drawn]
    return [*drawn, *ends]


def test_shifts_and_spans_are_the_same_on_thousands_of_days() -> None:
    chance = random.Random(4)
    pairs = [(day, chance.randint(-1300, 1300), chance.randint(FIRST, LAST)) for day in _days(4000)]
    connection = _connection()
    connection.execute("create temp table t (d integer, n integer, e integer)")
    connection.executemany("insert into t values (?, ?, ?)", pairs[:50])
    listed = ", ".join(str(pair) for pair in pairs[50:])
    connection.execute(f"insert into t values {listed}")
    rows = connection.execute("select d, n, e, add_months_(d, n), months_between_(d, e) from t").fetchall()
    assert len(rows) == len(pairs)
    wrong = [
        row
        for row in rows
        if (row[3], row[4]) != (dates.add_months(row[0], row[1]), dates.months_between(row[0], row[2]))
    ]
    assert wrong == []
