"""Restoring a backup: first beside the real database, compared, and only then in its place; what was there is kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from siklus.site.upkeep.backup import wrong_kind
from siklus.site.upkeep.contents import Contents, differences
from siklus.site.upkeep.plan import alone, the_store
from siklus.site.upkeep.sealed_file import Key, open_sealed, problem


@dataclass(frozen=True)
class Restored:
    """What was done: what the database holds now, what it held before and where that is kept."""

    contents: Contents
    before: tuple[int, int]
    kept: str
    files: tuple[str, ...]


def restore(file: Path, key: Key, *, over_newer: bool = False) -> Restored:
    """The database as it was in the backup. ProblemError when it holds newer records, unless told to go over them."""
    moment = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    with alone(), file.open("rb") as source:
        about, plain = open_sealed(source, key)
        store = the_store()
        if about["database"] != store.kind:
            raise wrong_kind(about["database"], store.kind)
        store.clear_leftovers()
        with plain, store.loaded(plain, "pulih") as (scratch, ought, files):
            if wrong := differences(scratch.contents(), ought):
                raise problem(
                    "U12", f"isi cadangan tidak sama: {'; '.join(wrong[:5])}", "Pakai cadangan lain."
                )
            before = store.log_reach()
            newer = before[1] - ought.last_seq
            if newer > 0 and not over_newer:
                raise problem(
                    "U14", f"basis data ini lebih baru: {newer} catatan ditulis sesudah cadangan dibuat",
                    "Bila memang hendak kembali ke cadangan, tambahkan --over-newer. Isi sekarang tetap disimpan.",
                )  # fmt: skip
            kept = store.take(scratch, moment)  # type: ignore[arg-type]  # a store makes scratch copies of its own kind
        done = Restored(ought, before, kept, _put_files(files, moment))
    _begin_another_life()
    return done


def _begin_another_life() -> None:
    """What was written, given and told since the backup is not there any more, and others still speak of it."""
    from django.db import connection

    from siklus.sync.epochs import live_again

    live_again(connection.introspection.table_names())


def _put_files(files: Mapping[str, bytes], moment: str) -> tuple[str, ...]:
    """The small files beside the database; one that says something else is kept under another name."""
    from django.conf import settings

    changed = []
    root = Path(settings.VAR).resolve()
    for name, content in files.items():
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise problem("U04", f"nama berkas '{name}' tidak wajar", "Pakai cadangan lain.")
        if path.exists():
            if path.read_bytes() == content:
                continue
            path.rename(path.with_name(f"{path.name}.sebelum-{moment}"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
        changed.append(name)
    return tuple(changed)
