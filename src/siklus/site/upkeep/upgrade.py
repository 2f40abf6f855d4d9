"""A new program over an old database: first on a copy, from a fresh backup; then, only if all went well, for real.

The rehearsal has a database, a rule book folder and counts of its own, so it may run while people go on writing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from siklus.site.logs import scrub
from siklus.site.upkeep.backup import Say, back_up
from siklus.site.upkeep.plan import Plan, alone, the_store
from siklus.site.upkeep.sealed_file import Key, open_sealed, problem

# In this order: the new tables, the rules, everybody's needs and figures by them.
STEPS = (("migrate",), ("rules", "check"), ("state", "rebuild"))
Run = Callable[[tuple[str, ...], Mapping[str, str]], tuple[int, str]]
_LAST_LINES = 6


@dataclass(frozen=True)
class Upgraded:
    """What was done, and the backup that leads back."""

    backup: Path
    is_real: bool


def run_command(words: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int, str]:
    """A command of this program in a process of its own: its exit code and what it said last."""
    done = subprocess.run(
        [sys.executable, "-m", "siklus.site.cli", *words],
        env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode, scrub("\n".join(done.stdout.splitlines()[-_LAST_LINES:]))


def upgrade(chosen: Plan, say: Say, *, only_rehearse: bool, run: Run = run_command) -> Upgraded:
    """ProblemError when the rehearsal fails: then nothing was changed."""
    made = back_up(chosen, say)
    with alone():
        rehearse(made.file, chosen.key(), say, run)
        if only_rehearse:
            return Upgraded(made.file, is_real=False)
        say("latihan berhasil; sekarang basis data yang sebenarnya")
        code, said = run(("migrate",), {})
        if code:
            raise problem(
                "U16", f"pembaruan gagal: {said}",
                f"Kembali: pasang program yang lama, lalu siklus restore --over-newer {made.file}",
            )  # fmt: skip
    return Upgraded(made.file, is_real=True)


def rehearse(file: Path, key: Key, say: Say, run: Run = run_command) -> None:
    """Every step on a copy restored from this backup; ProblemError names the first that failed."""
    store = the_store()
    with (
        file.open("rb") as source,
        tempfile.TemporaryDirectory(prefix="siklus-latihan-") as folder,
        open_sealed(source, key)[1] as plain,
        store.loaded(plain, "latihan") as (copy, ought, files),
    ):
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        place = {"SIKLUS_VAR": folder, "SIKLUS_DATABASE_URL": copy.address()}
        for step in STEPS:
            say(f"latihan: siklus {' '.join(step)}")
            code, said = run(step, place)
            if code:
                raise problem(
                    "U15", f"latihan gagal pada 'siklus {' '.join(step)}': {said}",
                    "Basis data yang sebenarnya tidak diubah. Tetap pakai program yang lama, dan laporkan ini.",
                )  # fmt: skip
        if copy.log_reach() != (ought.records, ought.last_seq):
            raise problem(
                "U15", "latihan mengubah jumlah catatan", "Basis data yang sebenarnya tidak diubah."
            )
