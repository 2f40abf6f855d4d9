"""What a wipe takes away from a puskesmas' own server: everything of people, and the keys before all else.

First a note is put down: from then on every page says only that the content was erased, and whoever starts again goes
on erasing. Then go the keys (numbers, sessions, backups), then the database, then whatever else this server wrote, and
the backups it made. Files are overwritten before they are removed; a disk may still keep old blocks, which is why the
disk of an edge should be encrypted. Nothing is truncated: a worker may have mapped the database into its memory.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from siklus.kernel.problems import ProblemError
from siklus.site.upkeep.backup import backups_in
from siklus.site.upkeep.plan import alone, plan, the_store
from siklus.site.upkeep.sealed_file import read_header
from siklus.site.upkeep.sqlite import SqliteStore

NOTE = "dihapus.json"
_STAYS = (NOTE, "static", "made", "metrics")
"""What holds nothing of people, and is still used to say what happened."""
_ZEROS = bytes(1 << 20)


@dataclass(frozen=True, slots=True)
class Erased:
    """The note: when, what is still to be told to the district (`farewell`), and whether it has heard it.

    `backup_key` is the name of the key of the backups, by which they are found when that key has gone.
    """

    at: datetime
    farewell: dict[str, Any]
    backup_key: str = ""
    is_told: bool = False

    @property
    def lost(self) -> int:
        """Records that never came to the district."""
        return int(self.farewell["lost"])


def erased() -> Erased | None:
    """None where nothing was erased: asked before each page, so it costs one look at the disk."""
    try:
        said = json.loads(_note().read_text())
    except FileNotFoundError:
        return None
    return Erased(**{**said, "at": datetime.fromisoformat(said["at"])})


def erase(farewell: dict[str, Any]) -> Erased:
    """Everything goes; what has gone already is no fault. ProblemError while a backup is being made."""
    with alone():
        note = erased() or Erased(datetime.now(UTC), farewell, _backup_key())
        _keep(note)
        for path in [*_keys(), *_database(), *_backups(note.backup_key), *_rest()]:
            _destroy(path)
        for folder in Path(settings.VAR).iterdir():
            if folder.is_dir() and folder.name not in _STAYS:
                shutil.rmtree(folder, ignore_errors=True)
    return note


def note_told(note: Erased) -> None:
    """The district has heard it: its secret is not needed any more."""
    _keep(replace(note, farewell={**note.farewell, "token": ""}, is_told=True))


def left_outside() -> list[str]:
    """What the environment holds, which no program can take away, in words for who keeps the server."""
    return [name for name in ("SIKLUS_KEYS", "SIKLUS_SECRET_KEY") if os.environ.get(name)]


def _note() -> Path:
    return Path(settings.VAR) / NOTE


def _keep(note: Erased) -> None:
    part = _note().with_name(f"{NOTE}.{os.getpid()}")
    said = {**asdict(note), "at": note.at.isoformat()}
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(_note())


def _keys() -> Iterator[Path]:
    yield Path(settings.SIKLUS_KEYS_FILE)
    yield from Path(settings.SIKLUS_KEYS_FILE).parent.glob(f"{Path(settings.SIKLUS_KEYS_FILE).name}.*")
    yield Path(settings.VAR) / "secret-key"
    if (backups := plan().key_file) is not None:
        yield backups


def _database() -> Iterator[Path]:
    store = the_store()
    if isinstance(store, SqliteStore):
        yield from (
            store.path.with_name(store.path.name + ending) for ending in ("", "-wal", "-journal", "-shm")
        )
        yield from store.path.parent.glob(f"{store.path.name}.*")  # what a restore kept
        yield from store.path.parent.glob(f".{store.path.name}.*")


def _backup_key() -> str:
    try:
        return plan().key().name
    except ProblemError:
        return ""


def _backups(key: str) -> Iterator[Path]:
    """Those that this server's key opens: others may lie in the same folder."""
    folder = plan().folder
    for path in backups_in(folder) if folder is not None and key else ():
        with suppress(ProblemError, OSError), path.open("rb") as file:
            if read_header(file)[0].get("key") == key:
                yield path


def _rest() -> Iterator[Path]:
    for path in Path(settings.VAR).iterdir():
        if path.name not in _STAYS:
            yield from (each for each in path.rglob("*") if each.is_file()) if path.is_dir() else (path,)


def _destroy(path: Path) -> None:
    """Zeros in the place of what was there, on the disk, before the name goes."""
    if path.is_symlink() or not path.is_file():
        path.unlink(missing_ok=True) if path.is_symlink() else None
        return
    if not path.name.endswith("-shm"):  # a list of pages, mapped by every process that has the database open
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left > 0:
                left -= file.write(_ZEROS[:left])
            file.flush()
            os.fsync(file.fileno())
    path.unlink(missing_ok=True)
