"""What the operator chose for backups, from the environment; and what is remembered of the last good one.

SIKLUS_BACKUP_KEY     file of the key, kept apart from the backups (`siklus backup --new-key FILE` makes one)
SIKLUS_BACKUP_FOLDER  folder of the backups, best on another disk
SIKLUS_BACKUP_KEEP    how many are kept (default 14)
SIKLUS_BACKUP_HOURS   `siklus serve` makes one when the last is older than this (default 24; 0: a timer does it)
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from siklus.site.upkeep.postgres import PostgresStore
from siklus.site.upkeep.sealed_file import Key, problem, read_key
from siklus.site.upkeep.sqlite import SqliteStore

ENDING = ".siklus"
_NOTE = "backup.json"
_HOUR = 3600.0
# Small files without which a restored database could not be read, or would be judged by another rule book.
_BESIDE = ("knowledge", "keys", "files")

Store = SqliteStore | PostgresStore


@dataclass(frozen=True)
class Plan:
    """Where backups go, under which key, how many, how often."""

    folder: Path | None
    key_file: Path | None
    keep: int
    every_seconds: float

    @property
    def is_set(self) -> bool:
        """True when backups can be made without anybody naming folder and key."""
        return self.folder is not None and self.key_file is not None

    def key(self) -> Key:
        """The operator's key; ProblemError when none was chosen."""
        if self.key_file is None:
            raise problem(
                "U02", "belum ada kunci cadangan",
                "Buat sekali: siklus backup --new-key BERKAS, lalu atur SIKLUS_BACKUP_KEY=BERKAS.",
            )  # fmt: skip
        if self.folder is not None and self.key_file.resolve().is_relative_to(self.folder.resolve()):
            raise problem(
                "U08",
                "kunci terletak di folder cadangan",
                "Pindahkan kunci ke tempat lain, terpisah dari cadangan.",
            )
        return read_key(self.key_file)


@dataclass(frozen=True)
class LastBackup:
    """The last backup that was restored once and found equal."""

    at: float
    file: str
    records: int
    bytes: int
    seconds: float
    has_holes: bool = False


def plan() -> Plan:
    """As the environment says."""
    folder, key = os.environ.get("SIKLUS_BACKUP_FOLDER"), os.environ.get("SIKLUS_BACKUP_KEY")
    return Plan(
        folder=Path(folder) if folder else None,
        key_file=Path(key) if key else None,
        keep=max(1, _number("SIKLUS_BACKUP_KEEP", 14)),
        every_seconds=_number("SIKLUS_BACKUP_HOURS", 24) * _HOUR,
    )


def is_backup_due(now: float | None = None) -> bool:
    """True when `siklus serve` should make one now."""
    chosen, last = plan(), last_backup()
    if not chosen.is_set or not chosen.every_seconds:
        return False
    now = time.time() if now is None else now
    return last is None or not 0 <= now - last.at < chosen.every_seconds


def last_backup() -> LastBackup | None:
    """What is remembered; None when no backup was ever good."""
    try:
        return LastBackup(**json.loads((_var() / _NOTE).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def remember(last: LastBackup) -> None:
    """Notes a good backup, for /health and for who asks when the next is due."""
    note = _var() / _NOTE
    fresh = note.with_name(f".{_NOTE}.{os.getpid()}")
    fresh.write_text(json.dumps(asdict(last)))
    fresh.replace(note)


def the_store() -> Store:
    """The database of the settings; Django must have been started."""
    from django.db import connections

    settings = connections["default"].settings_dict
    if "sqlite" not in settings["ENGINE"]:
        return PostgresStore(settings)
    name = str(settings["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        raise problem("B01", "basis data ada di memori", "Atur SIKLUS_DATABASE_URL ke sebuah berkas.")
    return SqliteStore(Path(name).resolve())


def files_beside() -> Iterator[tuple[str, Path]]:
    """(name, file) of what belongs to the database and lies beside it."""
    for folder in _BESIDE:
        for path in sorted((_var() / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(_var()).as_posix(), path


@contextmanager
def alone() -> Iterator[None]:
    """One keeper at a time; ProblemError when another is at it."""
    with (_var() / "upkeep.lock").open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError:
            raise problem("U09", "cadangan lain sedang berjalan", "Tunggu sampai selesai.") from None
        yield


def _var() -> Path:
    from django.conf import settings

    return Path(settings.VAR)


def _number(name: str, usual: int) -> int:
    said = os.environ.get(name, "")
    if said and not said.isdigit():
        raise problem("U10", f"{name}={said} bukan bilangan", f"Contoh: {name}={usual}")
    return int(said) if said else usual
