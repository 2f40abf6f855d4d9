"""A PostgreSQL database: its snapshot by our own reading, a scratch schema, and putting a schema in its place.

No pg_dump: its version must be that of the server or newer, and on a small machine it often is not there. One
REPEATABLE READ transaction sees one state; each table is COPYed in the order of its key. Tables are made anew by the
migrations that the snapshot names, in a schema beside the real one: the owner of a database may do that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import quote, urlencode

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg import IsolationLevel
from psycopg.sql import SQL, Composable, Identifier

from siklus.site.upkeep.contents import LOG, Contents, Table, contents_from
from siklus.site.upkeep.parts import Sink, read_json, read_parts, write_json_part, write_part
from siklus.site.upkeep.sealed_file import problem

_STEADY = (
    "SET datestyle = 'ISO, MDY'; SET timezone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'"
)
_TABLES = """SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname"""
_COLUMNS = """SELECT a.attname FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0
AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum"""
_KEYS = """SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(num, place), pg_attribute a
WHERE i.indrelid = %s::regclass AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = k.num ORDER BY k.place"""
_COUNTERS = """SELECT sequencename, last_value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL"""
_SCHEMA, _DATA, _CONTENTS, _FILES = "schema.json", "tables/", "contents.json", "files/"


class PostgresStore:
    """The tables of one schema."""

    kind = "postgresql"

    def __init__(self, settings: dict[str, Any], schema: str = "") -> None:
        self.settings, self.schema = settings, schema

    def export(self, out: Sink) -> Contents:
        """Writes one consistent state of the database, and says what was read."""
        with self._connected() as wrapper, wrapper.connection.cursor() as cursor:
            _steady_snapshot(wrapper)
            names = _names(cursor)
            columns = {name: _listed(cursor, _COLUMNS, name) for name in names}
            migrations: list[Sequence[Any]] = []
            if "django_migrations" in names:
                cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
                migrations = cursor.fetchall()
            write_json_part(out, _SCHEMA, {"migrations": migrations, "columns": columns})
            tables = {}
            for name in names:
                reading = _Reading(cursor, name, columns[name])
                write_part(out, _DATA + name, reading)
                tables[name] = reading.table()
            cursor.execute(_COUNTERS)
            write_json_part(out, "counters.json", cursor.fetchall())
            return Contents(tables, _log_reach(cursor, names)[1])

    def contents(self) -> Contents:
        """What the schema holds now."""
        with self._connected() as wrapper, wrapper.connection.cursor() as cursor:
            _steady_snapshot(wrapper)
            tables = {}
            for name in (names := _names(cursor)):
                reading = _Reading(cursor, name, _listed(cursor, _COLUMNS, name))
                for _ in reading:
                    pass
                tables[name] = reading.table()
            return Contents(tables, _log_reach(cursor, names)[1])

    def log_reach(self) -> tuple[int, int]:
        """(records, last sequence number), cheaply; (0, 0) when there is no log yet."""
        with self._connected() as wrapper, wrapper.connection.cursor() as cursor:
            return _log_reach(cursor, _names(cursor))

    @contextmanager
    def loaded(
        self, source: IO[bytes], purpose: str
    ) -> Iterator[tuple[PostgresStore, Contents, dict[str, bytes]]]:
        """A scratch schema filled from a sealed file's parts, what it ought to hold, and the small files beside it.

        It is gone afterwards.
        """
        scratch = PostgresStore(self.settings, f"siklus_{purpose}")
        try:
            with scratch._connected() as wrapper:
                with wrapper.connection.cursor() as cursor:
                    _execute(cursor, "DROP SCHEMA IF EXISTS {} CASCADE", scratch.schema)
                    _execute(cursor, "CREATE SCHEMA {}", scratch.schema)
                ought, files = _load(wrapper, source)
            yield scratch, ought, files
        finally:
            with self._connected() as wrapper, wrapper.connection.cursor() as cursor:
                _execute(cursor, "DROP SCHEMA IF EXISTS {} CASCADE", scratch.schema)

    def take(self, scratch: PostgresStore, moment: str) -> str:
        """The scratch tables become the database; what was there moves to a schema of its own. Says which."""
        kept = f"sebelum_{moment.replace('-', '_')}"
        with self._connected() as wrapper, wrapper.connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            home = cursor.fetchone()[0]
            there = bool(_names(cursor))
            cursor.execute("BEGIN")
            _execute(cursor, "CREATE SCHEMA {}", kept)
            for old, new in ((home, kept), (scratch.schema, home)):
                _move(cursor, old, new)
            if not there:
                _execute(cursor, "DROP SCHEMA {}", kept)
            cursor.execute("COMMIT")
        return f"skema {kept}" if there else ""

    def address(self) -> str:
        """As SIKLUS_DATABASE_URL takes it, with the schema."""
        said = self.settings
        query = {"host": said["HOST"]} if said["HOST"] else {}
        query |= {name: value for name, value in said["OPTIONS"].items() if isinstance(value, str)}
        if self.schema:
            query["options"] = f"{query.get('options', '')} -c search_path={self.schema}".strip()
        login = quote(said["USER"], safe="") + (
            ":" + quote(said["PASSWORD"], safe="") if said["PASSWORD"] else ""
        )
        port = f":{said['PORT']}" if said["PORT"] else ""
        words = urlencode(query, quote_via=quote)
        return f"postgresql://{login}@{port}/{quote(str(said['NAME']), safe='')}?{words}"

    def clear_leftovers(self) -> None:
        """Nothing: a scratch schema is dropped before it is made."""

    @contextmanager
    def _connected(self) -> Iterator[BaseDatabaseWrapper]:
        """A connection of its own, known to Django under the name of its purpose while it is open."""
        alias = f"upkeep_{self.schema}"
        wrapper = connections["default"].copy(alias)
        wrapper.settings_dict = {**self.settings, "OPTIONS": dict(self.settings["OPTIONS"])}
        if self.schema:
            options = wrapper.settings_dict["OPTIONS"]
            options["options"] = f"{options.get('options', '')} -c search_path={self.schema}".strip()
        connections[alias] = wrapper
        try:
            wrapper.connect()
            with wrapper.connection.cursor() as cursor:
                cursor.execute(_STEADY)
            yield wrapper
        finally:
            wrapper.close()
            del connections[alias]


class _Reading:
    """The bytes of one table in the order of its key; afterwards, what they were."""

    def __init__(self, cursor: Any, name: str, columns: Sequence[str]) -> None:
        keys = _listed(cursor, _KEYS, name) or list(columns)
        self._query = SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
            _joined(columns), Identifier(name), _joined(keys)
        )
        self._cursor, self._rows, self._hash = cursor, 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        with self._cursor.copy(self._query) as copy:
            for some in copy:
                block = bytes(some)
                self._rows += block.count(b"\n")  # a line end inside a value is written as two letters
                self._hash.update(block)
                yield block

    def table(self) -> Table:
        return Table(self._rows, self._hash.hexdigest())


def _load(wrapper: BaseDatabaseWrapper, source: IO[bytes]) -> tuple[Contents, dict[str, bytes]]:
    ought: Contents | None = None
    files: dict[str, bytes] = {}
    columns: dict[str, list[str]] = {}
    with wrapper.connection.cursor() as cursor:
        for name, blocks in read_parts(source):
            if name == _SCHEMA:
                said = read_json(blocks)
                columns = said["columns"]
                _make_tables(wrapper, said["migrations"])
                cursor.execute("BEGIN")
                listed = SQL(", ").join(Identifier(table) for table in _names(cursor))
                cursor.execute(SQL("TRUNCATE {}").format(listed))
            elif name.startswith(_DATA):
                table = name.removeprefix(_DATA)
                _fill(cursor, table, columns[table], blocks)
            elif name == "counters.json":
                for counter, value in read_json(blocks):
                    cursor.execute("SELECT setval(to_regclass(%s), %s)", (f'"{counter}"', value))
            elif name == _CONTENTS:
                ought = contents_from(read_json(blocks))
            elif name.startswith(_FILES):
                files[name.removeprefix(_FILES)] = b"".join(blocks)
        if ought is None:
            raise problem("U04", "cadangan tidak lengkap", "Pakai cadangan lain.")
        cursor.execute("COMMIT")
    return ought, files


def _make_tables(wrapper: BaseDatabaseWrapper, applied: Sequence[Sequence[str]]) -> None:
    """Exactly the tables there were: the migrations that had run, and none since.

    While they run, this is the database that Django knows as its own: a migration that forgets to ask which database it
    is run on must not write into the real one.
    """
    real, alias = connections[DEFAULT_DB_ALIAS], wrapper.alias
    connections[DEFAULT_DB_ALIAS], wrapper.alias = wrapper, DEFAULT_DB_ALIAS
    try:
        _migrate(wrapper, applied)
    finally:
        connections[DEFAULT_DB_ALIAS], wrapper.alias = real, alias


def _migrate(wrapper: BaseDatabaseWrapper, applied: Sequence[Sequence[str]]) -> None:
    executor = MigrationExecutor(wrapper)
    graph, ran = executor.loader.graph, {(app, name) for app, name in applied}
    unknown = sorted(".".join(one) for one in ran if one not in graph.nodes)
    if unknown:
        raise problem(
            "U07", f"cadangan ini dibuat program lain: {', '.join(unknown[:3])}",
            "Pakai program versi cadangan itu atau yang lebih baru.",
        )  # fmt: skip
    last = [
        one
        for one in sorted(ran)
        if not any(child.key in ran for child in graph.node_map[one].children if child.key[0] == one[0])
    ]
    executor.migrate(last)


def _fill(cursor: Any, table: str, columns: Sequence[str], blocks: Iterator[bytes]) -> None:
    query = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), _joined(columns))
    with cursor.copy(query) as copy:
        for block in blocks:
            copy.write(block)


def _move(cursor: Any, old: str, new: str) -> None:
    """All our tables (with their indexes, counters and triggers) and functions from one schema to another."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace ORDER BY relname",
        (f'"{old}"',),
    )
    for (name,) in cursor.fetchall():
        _execute(cursor, "ALTER TABLE {}.{} SET SCHEMA {}", old, name, new)
    cursor.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = %s::regnamespace AND NOT EXISTS"
        " (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') AND pg_has_role(p.proowner, 'USAGE')",
        (f'"{old}"',),
    )
    for (signature,) in cursor.fetchall():
        cursor.execute(SQL("ALTER FUNCTION " + signature + " SET SCHEMA {}").format(Identifier(new)))


def _steady_snapshot(wrapper: BaseDatabaseWrapper) -> None:
    wrapper.connection.isolation_level = IsolationLevel.REPEATABLE_READ
    wrapper.connection.read_only = True
    wrapper.connection.autocommit = False


def _names(cursor: Any) -> list[str]:
    cursor.execute(_TABLES)
    return [name for (name,) in cursor.fetchall()]


def _listed(cursor: Any, query: str, table: str) -> list[str]:
    cursor.execute(query, (f'"{table}"',))
    return [name for (name,) in cursor.fetchall()]


def _joined(names: Sequence[str]) -> Composable:
    return SQL(", ").join(Identifier(name) for name in names)


def _execute(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(SQL(statement).format(*map(Identifier, names)))


def _log_reach(cursor: Any, names: Sequence[str]) -> tuple[int, int]:
    if LOG not in names:
        return 0, 0
    cursor.execute(f"SELECT count(*), coalesce(max(seq), 0) FROM {LOG}")
    records, last = cursor.fetchone()
    return records, last
