"""The site's own database seen from outside Django: by ADBC, as Arrow, for reading and writing millions of rows.

SQLite or PostgreSQL, whichever the settings name; a database in memory cannot be reached and is refused.

ADBC brings a SQLite library of its own. Two of them in one process must never hold one file at once: when either closes
it, the locks of both are gone, and a write-ahead log may vanish under the other. So Django lets go of the file first.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import adbc_driver_postgresql.dbapi as postgres
import adbc_driver_sqlite.dbapi as sqlite
from django.db import connections

from siklus.kernel.problems import Problem, ProblemError

BATCH_ROWS = 65536
_SQLITE_BATCH_OPTION = "adbc.sqlite.query.batch_rows"
_SQLITE_SETTINGS = ("busy_timeout=20000",)
_SQLITE_WRITING = ("synchronous=NORMAL", "cache_size=-131072", "temp_store=MEMORY", "threads=2")


@dataclass(frozen=True, slots=True)
class Database:
    """Where the data are. `address` may hold a password: it is never printed."""

    is_sqlite: bool
    address: str

    @contextmanager
    def open(self, *, writing: bool = False) -> Iterator[Any]:
        """An ADBC connection; when writing, one transaction that is kept at the end and dropped on an error."""
        driver = sqlite if self.is_sqlite else postgres
        with driver.connect(self.address, autocommit=True) as connection:
            if self.is_sqlite:
                for setting in (*_SQLITE_SETTINGS, *(_SQLITE_WRITING if writing else ())):
                    run(connection, f"PRAGMA {setting}")
            if writing:
                connection.adbc_connection.set_autocommit(False)
            yield connection
            if writing:
                connection.adbc_connection.commit()

    @contextmanager
    def read(self, query: str) -> Iterator[Any]:
        """The answer of a query as a reader of Arrow batches, read as it is used."""
        with self.open() as connection, connection.cursor() as cursor:
            if self.is_sqlite:
                cursor.adbc_statement.set_options(**{_SQLITE_BATCH_OPTION: str(BATCH_ROWS)})
            cursor.execute(query)
            yield cursor.fetch_record_batch()

    def number(self, query: str) -> int:
        """The single number a query gives; 0 when it gives nothing."""
        with self.open() as connection, connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
        return int(row[0]) if row and row[0] is not None else 0


def reach_site_database() -> Database:
    """The database of the settings, let go of by Django. ProblemError when something in this process still holds it."""
    if connections["default"].in_atomic_block:
        raise _problem("B02", "sedang di dalam transaksi", "Panggil sesudah transaksi selesai.")
    connections.close_all()
    database = _of_settings()
    if database.is_sqlite and _is_held(Path(database.address)):
        gc.collect()  # a connection of a thread that ended is closed when its circle of objects is found
    if database.is_sqlite and _is_held(Path(database.address)):
        raise _problem(
            "B03", "basis data masih dibuka bagian lain program ini", "Jalankan: siklus state rebuild"
        )
    return database


def _of_settings() -> Database:
    settings = connections["default"].settings_dict
    if "sqlite" in settings["ENGINE"]:
        return _sqlite_file(str(settings["NAME"]))
    query = {"host": settings["HOST"]} if settings["HOST"] else {}
    query |= {
        name: str(value) for name, value in (settings.get("OPTIONS") or {}).items() if isinstance(value, str)
    }
    login = quote(settings["USER"], safe="")
    if settings["PASSWORD"]:
        login += ":" + quote(settings["PASSWORD"], safe="")
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    host = "" if not port or str(settings["HOST"]).startswith("/") else settings["HOST"]
    if port and not host:
        query["port"] = str(settings["PORT"])
        port = ""
    address = f"postgresql://{login}@{host}{port}/{quote(str(settings['NAME']), safe='')}?{urlencode(query)}"
    return Database(False, address)


def _sqlite_file(name: str) -> Database:
    if ":memory:" in name or "mode=memory" in name:
        raise _problem("B01", "basis data ada di memori", "Atur SIKLUS_DATABASE_URL ke sebuah berkas.")
    return Database(True, name)


def _is_held(file: Path) -> bool:
    """True when this process (another thread of it) has the file open; where that cannot be seen, False."""
    handles = Path("/proc/self/fd")
    if not handles.is_dir() or not file.exists():
        return False
    return any(handle.exists() and handle.samefile(file) for handle in handles.iterdir())


def _problem(code: str, found: str, todo: str) -> ProblemError:
    return ProblemError([Problem(code, "", found, "", todo)])


def run(connection: Any, statement: str) -> None:
    """One statement that answers nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
