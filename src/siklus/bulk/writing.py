"""Back into the database: whole tables replaced in one transaction, by Arrow, while the next rows are still computed.

Readers see the old rows until the end. Writers wait: on SQLite there is one anyway, on PostgreSQL the tables are locked
against other writers. Indexes of SQLite are dropped first and made again at the end: faster than keeping them up.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

from siklus.bulk.database import Database, run

_WAITING = 2  # tables of rows that may wait for the database: more would only fill memory
_INDEXES = """SELECT name, sql FROM sqlite_master
  WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '{table}' ORDER BY name"""


class _End(enum.Enum):
    KEEP = 1
    DROP = 2


class _DroppedError(Exception):
    """Ends the transaction without keeping anything."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A table of which all rows are replaced, or those that `where` names."""

    table: str
    where: str = "1 = 1"


_Item = tuple[str, Any] | _End


@dataclass(slots=True)
class Writer:
    """Takes rows for the tables being replaced; it waits when the database is behind."""

    items: Queue[_Item] = field(default_factory=lambda: Queue(_WAITING))

    def put(self, table: str, rows: Any) -> None:
        """Rows to append, as an Arrow table whose columns are named as those of the table."""
        self.items.put((table, rows))

    def complete(self, table: str) -> None:
        """No more rows of this table: its indexes are made while others are still computed."""
        self.items.put((table, None))


@contextmanager
def replacing(database: Database, replaced: Sequence[Replaced]) -> Iterator[Writer]:
    """A writer whose tables are emptied first; at the end all is kept, on an error nothing has changed."""
    writer = Writer()
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(_write, database, replaced, writer.items)
        try:
            yield writer
        except BaseException:
            writer.items.put(_End.DROP)
            raise
        writer.items.put(_End.KEEP)
        written.result()


def _write(database: Database, replaced: Sequence[Replaced], items: Queue[_Item]) -> None:
    ended = False
    try:
        indexes = {each.table: _indexes(database, each.table) for each in replaced}
        item = items.get()  # others may write until there is something to write here
        with database.open(writing=True) as connection:
            _empty(database, connection, replaced, indexes)
            while not isinstance(item, _End):
                table, rows = item
                if rows is None:
                    _make_indexes(connection, indexes.pop(table))
                else:
                    with connection.cursor() as cursor:
                        cursor.adbc_ingest(table, rows, mode="append")
                item = items.get()
            ended = True
            if item is _End.DROP:
                raise _DroppedError
            for made in indexes.values():
                _make_indexes(connection, made)
            if not database.is_sqlite:
                run(connection, f"ANALYZE {', '.join(each.table for each in replaced)}")
    finally:
        # After an error of the database the other side must not wait for ever to hand over its rows.
        while not ended:
            ended = isinstance(items.get(), _End)


def _indexes(database: Database, table: str) -> dict[str, str]:
    """{name: statement that makes it} of the indexes to leave aside meanwhile; none on PostgreSQL."""
    if not database.is_sqlite:
        return {}
    with database.open() as connection, connection.cursor() as cursor:
        cursor.execute(_INDEXES.format(table=table))
        return {str(name): str(made) for name, made in cursor.fetchall()}


def _empty(
    database: Database,
    connection: Any,
    replaced: Sequence[Replaced],
    indexes: Mapping[str, Mapping[str, str]],
) -> None:
    if not database.is_sqlite:
        run(
            connection, f"LOCK TABLE {', '.join(each.table for each in replaced)} IN SHARE ROW EXCLUSIVE MODE"
        )
    for names in indexes.values():
        for name in names:
            run(connection, f'DROP INDEX "{name}"')
    for each in replaced:
        run(connection, f"DELETE FROM {each.table} WHERE {each.where}")


def _make_indexes(connection: Any, statements: Mapping[str, str]) -> None:
    for statement in statements.values():
        run(connection, statement)
