"""A SQLite database: its snapshot while others write, a scratch copy, and putting a copy in its place.

Everything goes through SQLite's own online backup: it copies one state of the file, also while a server writes, and
it replaces a database under the locks that a running server honours.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from siklus.site.upkeep.contents import LOG, Contents, Table
from siklus.site.upkeep.parts import Sink, blocks_of, read_json, read_parts, write_part
from siklus.site.upkeep.sealed_file import problem

_PART = "siklus.sqlite3"
_WAIT_SECONDS = 20.0
_AT_ONCE = 2000
_SIDE_FILES = ("", "-wal", "-shm", "-journal")


class SqliteStore:
    """The database in a file."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def export(self, out: Sink) -> Contents:
        """Writes one consistent state of the database, and says what a direct read of that state found."""
        copy = self._beside("salinan")
        with closing(_open(self.path)) as source:
            source.execute("BEGIN")  # from the first read on, this connection sees one state of the file
            found = _contents(source)
            with _made(copy), copy.open("rb") as file:
                with closing(_open(copy)) as target:
                    source.backup(target)
                write_part(out, _PART, blocks_of(file))
        return found

    def contents(self) -> Contents:
        """What the database holds now; nothing when there is no file yet."""
        if not self.path.exists():
            return Contents({}, 0)
        with closing(_open(self.path)) as source:
            source.execute("BEGIN")
            return _contents(source)

    def log_reach(self) -> tuple[int, int]:
        """(records, last sequence number), cheaply; (0, 0) when there is no log yet."""
        if not self.path.exists():
            return 0, 0
        with closing(_open(self.path)) as source:
            return _log_reach(source)

    @contextmanager
    def loaded(
        self, source: IO[bytes], purpose: str
    ) -> Iterator[tuple[SqliteStore, Contents, dict[str, bytes]]]:
        """A scratch database filled from a sealed file's parts, what it ought to hold, and the small files beside it.

        It is gone afterwards.
        """
        copy = self._beside(purpose)
        ought: Contents | None = None
        files: dict[str, bytes] = {}
        with _made(copy) as target:
            from siklus.site.upkeep.contents import contents_from

            for name, blocks in read_parts(source):
                if name == _PART:
                    for block in blocks:
                        target.write(block)
                elif name == "contents.json":
                    ought = contents_from(read_json(blocks))
                elif name.startswith("files/"):
                    files[name.removeprefix("files/")] = b"".join(blocks)
            target.flush()
            if ought is None:
                raise problem("U04", "cadangan tidak lengkap", "Pakai cadangan lain.")
            with closing(_open(copy)) as check:
                answer = check.execute("PRAGMA integrity_check").fetchone()[0]
            if answer != "ok":
                raise problem("U04", f"isi cadangan rusak: {answer}", "Pakai cadangan lain.")
            yield SqliteStore(copy), ought, files

    def take(self, scratch: SqliteStore, moment: str) -> str:
        """The scratch copy becomes the database; what was there is kept beside it. Says where."""
        kept = self.path.with_name(f"{self.path.name}.sebelum-{moment}")
        there = self.path.exists()
        with closing(_open(self.path)) as live:
            if there:
                with closing(_open(kept)) as aside:
                    kept.chmod(0o600)
                    live.backup(aside)
            with closing(_open(scratch.path)) as source:
                source.backup(live)
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return str(kept) if there else ""

    def address(self) -> str:
        """As SIKLUS_DATABASE_URL takes it."""
        return f"sqlite:///{self.path}"

    def clear_leftovers(self) -> None:
        """Scratch files of a run that was killed."""
        for stale in self.path.parent.glob(f".{self.path.name}.*"):
            stale.unlink(missing_ok=True)

    def _beside(self, purpose: str) -> Path:
        return self.path.with_name(f".{self.path.name}.{purpose}-{os.getpid()}")


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)


@contextmanager
def _made(path: Path) -> Iterator[IO[bytes]]:
    """An empty file, readable by us alone, gone afterwards with what SQLite put beside it."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        try:
            yield file
        finally:
            for side in _SIDE_FILES:
                with suppress(FileNotFoundError):
                    path.with_name(path.name + side).unlink()


def _contents(connection: sqlite3.Connection) -> Contents:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    ).fetchall()
    tables = {name: _table(connection, name) for (name,) in names}
    return Contents(tables, _log_reach(connection)[1])


def _table(connection: sqlite3.Connection, name: str) -> Table:
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = [column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5]]
    order = ", ".join(f'"{key}"' for key in keys) or "rowid"
    rows, found = 0, hashlib.sha256()
    reading = connection.execute(f'SELECT * FROM "{name}" ORDER BY {order}')
    while some := reading.fetchmany(_AT_ONCE):
        rows += len(some)
        found.update(repr(some).encode())
    return Table(rows, found.hexdigest())


def _log_reach(connection: sqlite3.Connection) -> tuple[int, int]:
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (LOG,)).fetchone()
    if there is None:
        return 0, 0
    records, last = connection.execute(f"SELECT count(*), coalesce(max(seq), 0) FROM {LOG}").fetchone()
    return records, last
