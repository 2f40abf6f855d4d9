"""Making a backup: one state of the database, sealed, restored into a scratch database and compared, then called good.

A file that could not be restored, or that holds anything else than the direct read found, never gets its name.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from siklus.kernel.problems import ProblemError
from siklus.site.upkeep.contents import Contents, differences
from siklus.site.upkeep.parts import blocks_of, write_json_part, write_part
from siklus.site.upkeep.plan import ENDING, LastBackup, Plan, alone, files_beside, remember, the_store
from siklus.site.upkeep.sealed_file import Key, SealedWriter, open_sealed, problem

_PART = ".belum-diperiksa"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A good backup."""

    file: Path
    contents: Contents
    removed: tuple[Path, ...]


def back_up(chosen: Plan, say: Say) -> Made:
    """A new backup in the plan's folder; older ones beyond the number to keep are removed once it is good."""
    if chosen.folder is None:
        raise problem(
            "U11", "belum ada folder cadangan", "Pakai --to FOLDER, atau atur SIKLUS_BACKUP_FOLDER."
        )
    key, began, store = chosen.key(), time.monotonic(), the_store()
    with alone():
        folder = chosen.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for stale in folder.glob(f"*{ENDING}{_PART}"):
            stale.unlink(missing_ok=True)
        store.clear_leftovers()
        moment = datetime.now(UTC)
        file = _free_name(folder, moment)
        unchecked = file.with_name(file.name + _PART)
        try:
            found = _write(unchecked, key, moment)
            say(f"ditulis: {found.records} catatan, {len(found.tables)} tabel")
            check(unchecked, key, found)
            say("dipulihkan ke basis data sementara dan dibandingkan: sama")
            unchecked.replace(file)
        finally:
            unchecked.unlink(missing_ok=True)
        _settle_on_disk(folder)
        remember(
            LastBackup(
                moment.timestamp(), str(file), found.records, file.stat().st_size,
                round(time.monotonic() - began, 1), found.has_holes,
            )
        )  # fmt: skip
        return Made(file, found, _remove_old(folder, chosen.keep))


def check(file: Path, key: Key, direct: Contents | None = None) -> Contents:
    """Restores the file into a scratch database and compares it, table by table, with what the file and the direct
    read say; ProblemError when anything differs."""
    with file.open("rb") as source:
        about, plain = open_sealed(source, key)
        store = the_store()
        if about["database"] != store.kind:
            raise wrong_kind(about["database"], store.kind)
        with plain, store.loaded(plain, "periksa") as (scratch, ought, _files):
            found = scratch.contents()
    wrong = differences(found, ought) + (differences(found, direct) if direct is not None else [])
    if wrong:
        raise problem(
            "U12", f"cadangan tidak sama dengan aslinya: {'; '.join(wrong[:5])}", "Ulangi; periksa disk."
        )
    return found


def wrong_kind(backed_up: str, here: str) -> ProblemError:
    """A backup goes back into the kind of database it came from."""
    return problem(
        "U13",
        f"cadangan ini dari {backed_up}, basis data ini {here}",
        "Atur SIKLUS_DATABASE_URL ke jenis yang sama.",
    )


def backups_in(folder: Path) -> list[Path]:
    """Good backups, oldest first; their names tell their moment."""
    return sorted(folder.glob(f"siklus-????????-??????*{ENDING}"), key=lambda path: path.stem)


def _write(path: Path, key: Key, moment: datetime) -> Contents:
    store = the_store()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        out = SealedWriter(
            file, key, {"made_at": moment.isoformat(timespec="seconds"), "database": store.kind}
        )
        found = store.export(out)
        for name, beside in files_beside():
            with beside.open("rb") as content:
                write_part(out, f"files/{name}", blocks_of(content))
        write_json_part(out, "contents.json", found.as_json())
        out.finish()
        file.flush()
        os.fsync(file.fileno())
    return found


def _free_name(folder: Path, moment: datetime) -> Path:
    stem = f"siklus-{moment:%Y%m%d-%H%M%S}"
    taken = {path.name for path in folder.iterdir()}
    names = (stem + more + ENDING for more in ("", *(f"-{number:02}" for number in range(1, 100))))
    return folder / next(name for name in names if name not in taken)


def _remove_old(folder: Path, keep: int) -> tuple[Path, ...]:
    old = tuple(backups_in(folder)[:-keep])
    for file in old:
        file.unlink(missing_ok=True)
    return old


def _settle_on_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
