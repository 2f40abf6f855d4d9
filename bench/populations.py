"""Seeded databases under var/bench, made when first needed and kept as long as the sources stay the same."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.memory import watched
from siklus.kernel.dates import iso, parse_day

PROJECT = Path(__file__).resolve().parent.parent
HOME = PROJECT / "var/bench"
ON = parse_day("2026-11-21")
"""The day every figure is asked for."""
SEED = 1
_ROOMS = ("access", "register", "care", "monitoring", "bulk")
_SOURCES = ("seed", "knowledge", *(f"src/siklus/{room}" for room in _ROOMS))
_KEPT = ".py", ".yaml", ".csv"
_FACTS = "planted.json"
DATABASE = "siklus.sqlite3"
HELD = "SIKLUS_BENCH_SOURCES"


@dataclass(frozen=True, slots=True)
class Planted:
    """How a population came about: `seconds` without the rebuild at its end, peak memory of all processes with it."""

    scale: str
    sources: str
    persons: int
    records: int
    seconds: float
    rebuild_seconds: float
    peak_mib: float
    is_complete: bool


def use_population(scale: str) -> Planted:
    """Points this process at the database of this scale (planting it first when there is none) and starts Django."""
    planted = kept_population(scale)
    start_django(HOME / scale)
    return planted


def kept_population(scale: str) -> Planted:
    """The database of this scale in its folder, planted now when there is none of these sources."""
    planted = _read(HOME / scale)
    if planted is None or planted.sources != digest_of_sources():
        say(f"planting the {scale} population in {(HOME / scale).relative_to(PROJECT)} ...")
        planted = plant_anew(scale)
    return planted


@contextmanager
def use_copy_of(scale: str) -> Iterator[Planted]:
    """As `use_population`, on a copy that may be written to and is gone afterwards."""
    with copy_of(scale) as (planted, folder):
        start_django(folder)
        yield planted


@contextmanager
def copy_of(scale: str, *, with_database: bool = True) -> Iterator[tuple[Planted, Path]]:
    """A copy of the folder of a population, with its keys: without them nobody could read a number of it."""
    planted = kept_population(scale)
    with tempfile.TemporaryDirectory(prefix=f"copy-{scale}-", dir=HOME) as name:
        left_out = shutil.ignore_patterns(*([] if with_database else [f"{DATABASE}*"]))
        shutil.copytree(HOME / scale, name, dirs_exist_ok=True, ignore=left_out)
        yield planted, Path(name)


def plant_anew(scale: str) -> Planted:
    """Plants in a process of its own, so that time and memory are its own; the old population goes when it is done."""
    HOME.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{scale}-", dir=HOME))
    try:
        command = [sys.executable, "-m", "bench.populations", scale, str(fresh)]
        with subprocess.Popen(command, cwd=PROJECT) as process, watched(process.pid) as watch:
            code = process.wait()
        if code:
            raise RuntimeError(f"planting the {scale} population ended with {code}")
        facts = json.loads((fresh / _FACTS).read_text()) | {"peak_mib": round(watch.peak_mib, 1)}
        (fresh / _FACTS).write_text(json.dumps(facts) + "\n")
        shutil.rmtree(HOME / scale, ignore_errors=True)
        fresh.rename(HOME / scale)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    planted = _read(HOME / scale)
    if planted is None:
        raise RuntimeError(f"the {scale} population was not written")
    return planted


def start_django(folder: Path, url: str = "") -> None:
    """Django on the database of a folder, or on the one at this address; today is the day of the figures."""
    os.environ["SIKLUS_VAR"] = str(folder)
    os.environ["SIKLUS_TODAY"] = iso(ON)
    os.environ["DJANGO_SETTINGS_MODULE"] = "siklus.site.settings"
    os.environ.pop("SIKLUS_DATABASE_URL", None)
    if url:
        os.environ["SIKLUS_DATABASE_URL"] = url
    (folder / "static").mkdir(exist_ok=True)
    import django

    django.setup()


def say(line: str) -> None:
    """A word while it works; the standard output is for the figures."""
    print(line, file=sys.stderr, flush=True)


def _read(folder: Path) -> Planted | None:
    try:
        return Planted(**json.loads((folder / _FACTS).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def digest_of_sources() -> str:
    """Of all that decides what a population and its read models hold; it stays the same within one run of `all`."""
    if held := os.environ.get(HELD):
        return held
    digest = hashlib.sha256()
    for name in _SOURCES:
        for path in sorted((PROJECT / name).rglob("*")):
            if path.suffix in _KEPT:
                digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _plant(scale: str, folder: Path) -> None:
    sources = digest_of_sources()
    start_django(folder)
    from django.core.management import call_command

    from seed.plant import plant
    from siklus.bulk.rebuild import rebuild
    from siklus.kernel.dates import year_of

    call_command("migrate", verbosity=0)
    planted = plant(scale, SEED, ON, folder=folder, say=say, with_rebuild=False)
    began = time.monotonic()
    rebuild(ON, year_of(ON), say)
    facts = Planted(
        scale=scale, sources=sources, persons=planted.answers.people, records=planted.answers.records,
        seconds=round(planted.seconds, 1), rebuild_seconds=round(time.monotonic() - began, 1), peak_mib=0.0,
        is_complete=_log_length() == planted.answers.records,
    )  # fmt: skip
    (folder / _FACTS).write_text(json.dumps(asdict(facts)) + "\n")


def _log_length() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care_record")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    _plant(sys.argv[1], Path(sys.argv[2]))
