"""Many rows of any table, as fast as its database takes them: new ones, changed ones, or either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Model

from siklus.register import asking

Row = tuple[Any, ...]
_AT_ONCE = 800


def append_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY on PostgreSQL, a prepared INSERT on SQLite; `names` are the attributes of the values of a row."""
    table, columns = _quoted(model, names)
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
    else:
        _many(_insert(table, columns), rows)


def put_rows(model: type[Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Rows that may be there already, by the key that `names` begins with: these get the new values.

    Of a row that is there only what differs is written: a new fact then leaves every index alone.
    """
    present: dict[Any, Row] = {}
    for start in range(0, len(rows), _AT_ONCE):
        keys = [row[0] for row in rows[start : start + _AT_ONCE]]
        found = model._default_manager.filter(pk__in=keys).values_list(*names)
        present.update((row[0], row) for row in found)
    append_rows(model, names, [row for row in rows if row[0] not in present])
    changed: dict[tuple[int, ...], list[Row]] = {}
    for row in rows:
        if row[0] in present and (places := _differing(row, present[row[0]])):
            changed.setdefault(places, []).append((*(row[place] for place in places), row[0]))
    for places, some in changed.items():
        change_rows(model, [names[place] for place in places], some, key=names[0])


def renew_rows(
    model: type[Model],
    names: Sequence[str],
    where: str,
    values: Sequence[Any],
    rows: Sequence[Row],
    *,
    day: str,
) -> None:
    """These rows in the place of those of a condition: what says the same stays where it is, and so do its indexes.

    `day` is the one of `names` that says when a row was made: it is told anew where nothing else changed.
    """
    when = names.index(day)
    kept: dict[Row, list[tuple[int, Any]]] = {}
    for key, *told_of in _found(model, ("id", *names), where, values):
        made = told_of.pop(when)
        kept.setdefault(tuple(told_of), []).append((key, made))
    fresh: list[Row] = []
    stale: dict[Any, list[int]] = {}
    for row in rows:
        same = kept.get(row[:when] + row[when + 1 :])
        if not same:
            fresh.append(row)
            continue
        key, made = same.pop()
        if made != row[when]:
            stale.setdefault(row[when], []).append(key)
    table, columns = _quoted(model, ("id", day))
    if gone := [key for left in kept.values() for key, _ in left]:
        asking.tell(f"DELETE FROM {table} WHERE {columns[0]} {asking.AMONG}", asking.keys(gone))
    append_rows(model, names, fresh)
    for told, keys in stale.items():
        statement = f"UPDATE {table} SET {columns[1]} = %s WHERE {columns[0]} {asking.AMONG}"
        asking.tell(statement, told, asking.keys(keys))


def replace_rows(
    model: type[Model],
    names: Sequence[str],
    key: Sequence[str],
    where: str,
    values: Sequence[Any],
    rows: Iterable[Row],
) -> set[Row]:
    """These rows in the place of those of a condition, by a key among their columns.

    Gives what was not there before and what is there no more: nobody else has anything to count again.
    """
    there, wanted = set(_found(model, names, where, values)), set(rows)
    gone, fresh = there - wanted, wanted - there
    if gone:
        table, columns = _quoted(model, key)
        places = [names.index(name) for name in key]
        condition = " AND ".join(f"{column} = %s" for column in columns)
        _many(f"DELETE FROM {table} WHERE {condition}", [tuple(row[p] for p in places) for row in gone])
    append_rows(model, names, fresh)
    return gone | fresh


def _found(model: type[Model], names: Sequence[str], where: str, values: Sequence[Any]) -> list[Row]:
    table, columns = _quoted(model, names)
    return asking.rows(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}", *values)


def _differing(row: Row, other: Row) -> tuple[int, ...]:
    return tuple(place for place, value in enumerate(row) if value != other[place])


def change_rows(model: type[Model], names: Sequence[str], rows: Sequence[Row], key: str = "id") -> None:
    """New values of some columns; the last value of a row is its key."""
    table, columns = _quoted(model, (*names, key))
    told = ", ".join(f"{column} = %s" for column in columns[:-1])
    _many(f"UPDATE {table} SET {told} WHERE {columns[-1]} = %s", rows)


def _quoted(model: type[Model], names: Sequence[str]) -> tuple[str, list[str]]:
    """The table, and the columns of attributes, ready for SQL."""
    quote = connection.ops.quote_name
    by_name = {f.attname: f.column for f in model._meta.concrete_fields}
    return quote(model._meta.db_table), [quote(by_name[name]) for name in names]


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def _many(statement: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        # SQLite takes any iterator; a list of millions would be memory for nothing.
        cursor.executemany(statement, cast("Sequence[Row]", rows))
