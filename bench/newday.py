"""A new day: the needs of yesterday brought to today, against everything from the extract."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.extracts import use_extract
from bench.figure import Figure, Goal
from bench.measuring import PAIRS, ratio, side_by_side
from bench.populations import HOME, ON, say
from siklus.bulk.answering import Question
from siklus.bulk.folders import Extract
from siklus.bulk.renewing import renew
from siklus.bulk.running import Means, answer
from siklus.bulk.tables import LASTING, NEEDS
from siklus.kernel.dates import add_months, iso, start_of_month
from siklus.library.loading import load_book

GOAL = 0.1
_FIRST = add_months(start_of_month(ON), 1)
"""The first of the next month: on it every child is to be weighed anew."""
_QUICK = 1
_COLUMNS = ", ".join(name for name in NEEDS.names if name != "on_day")


def measure(quick: bool) -> Figure:
    """An ordinary day and the first of a month: CPU against cold, share of the persons, and that both say the same."""
    planted, extract = use_extract("puskesmas" if quick else "district")
    rounds = _QUICK if quick else PAIRS
    figure = Figure("newday", f"Needs of a new day, {planted.scale}")
    figure.heading = ("task", "CPU s, median", "range", "of cold", "persons asked again")
    shutil.rmtree(extract.folder / "kept", ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="newday-", dir=HOME) as name:
        _measure(figure, extract, Path(name), rounds)
        size = sum(path.stat().st_size for path in (extract.folder / "kept").rglob("*.parquet"))
    shutil.rmtree(extract.folder / "kept", ignore_errors=True)
    figure.values["kept_mib"] = round(size / 2**20, 1)
    figure.notes.append(
        "From the kept folds only persons are worked out again whose answers last no longer; their rows are added to those "
        f"of the day before. Kept files {size / 2**20:.1f} MiB. `cold and kept` also writes those and until when answers last. "
        f"Making the Python of the rule book took a further {figure.values['engines_made_s']} CPU s, once a process."
    )
    return figure


def _measure(figure: Figure, extract: Extract, folder: Path, rounds: int) -> None:
    book, means = load_book(), Means()
    began = time.process_time()
    _ = book.lasting  # as the SQL, the Python of the rule book is made once a process
    figure.values["engines_made_s"] = round(time.process_time() - began, 2)
    cold, kept, known = folder / "cold", folder / "kept", folder / "known"
    people = sum(size.persons for size in extract.kabupaten.values())
    asked: dict[str, int] = {}

    def hidden(work: Callable[[], object]) -> Callable[[], object]:
        """As if nothing had been folded before."""

        def without() -> None:
            aside = folder / "folds"
            (extract.folder / "kept").rename(aside)
            try:
                work()
            finally:
                shutil.rmtree(extract.folder / "kept", ignore_errors=True)
                aside.rename(extract.folder / "kept")

        return without

    def whole(on: int) -> Callable[[], object]:
        return hidden(lambda: answer(book, extract, Question(on), cold, means, say))

    def brought(name: str, since: int, on: int) -> Callable[[], object]:
        answer(book, extract, Question(since, keep=True), known / name, means, say)

        def work() -> None:
            shutil.rmtree(kept / name, ignore_errors=True)
            shutil.copytree(known / name, kept / name, copy_function=_link)
            # Days that change very many are worked out anew for everybody, and say so by not renewing.
            asked[name] = renew(book, extract, Question(on), kept / name, means, say).get(
                LASTING.name, people
            )

        return work

    days = {"ordinary day": (ON, ON + 1), "first of a month": (_FIRST - 1, _FIRST)}
    warm = {name: brought(name, since, on) for name, (since, on) in days.items()}
    tasks = {"cold": whole(ON + 1), **warm}
    tasks["cold and kept"] = hidden(
        lambda: answer(book, extract, Question(ON + 1, keep=True), folder / "again", means, say)
    )
    found = side_by_side(tasks, rounds, warm=0)
    for name, series in found.items():
        spread, times = series.spread(digits=2), ratio(series, found["cold"])
        share = f"{asked[name]} ({asked[name] / people:.2%})" if name in asked else ""
        figure.values[name] = {**spread, "of_cold": times, "persons": asked.get(name, people)}
        said = f"{times['median']} [{times['low']}-{times['high']}]" if name != "cold" else "1"
        figure.rows.append(
            (name, f"{spread['cpu_median']}", f"{spread['cpu_low']}-{spread['cpu_high']}", said, share)
        )
        if name in asked:
            figure.goals.append(Goal(f"a new day, {name}", GOAL, float(times["median"]), "of cold"))
    for name, (_, on) in days.items():
        whole(on)()
        figure.checks[f"{iso(on)}: both give the same rows"] = _differ(cold, kept / name) == [0, 0]


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def _differ(cold: Path, brought: Path) -> list[int]:
    """Rows only here, and only there."""
    sides = [
        f"SELECT {_COLUMNS} FROM '{cold}/needs/**/*.parquet'",
        f"SELECT {_COLUMNS} FROM '{brought}/needs/**/*.parquet' AS needs ANTI JOIN '{brought}/lasts/**/*.parquet' AS lasts "
        "ON lasts.owner = CASE unit WHEN 'household' THEN unit_id ELSE person END AND coalesce(lasts.package, needs.package) = needs.package AND lasts.on_day > needs.on_day",
    ]
    return [
        duckdb.sql(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchall()[0][0]
        for one, other in (sides, sides[::-1])
    ]
