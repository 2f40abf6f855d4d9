"""A new day: needs from the folded records that were kept, against everything from the extract."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import duckdb

from bench.extracts import use_extract
from bench.figure import Figure, Goal
from bench.measuring import PAIRS, ratio, side_by_side
from bench.populations import HOME, ON, say
from siklus.bulk.answering import Question
from siklus.bulk.running import Means, answer
from siklus.bulk.tables import NEEDS
from siklus.library.loading import load_book

GOAL = 0.1
_NEXT = ON + 1


def measure(quick: bool) -> Figure:
    """The ratio of the two, and that both say the same."""
    planted, extract = use_extract("puskesmas" if quick else "district")
    book, means = load_book(), Means()
    kept = extract.folder / "kept"
    figure = Figure("newday", f"Needs of a new day, {planted.scale}")
    with tempfile.TemporaryDirectory(prefix="newday-", dir=HOME) as name:
        folder = Path(name)
        shutil.rmtree(kept, ignore_errors=True)
        answer(book, extract, Question(ON, keep=True), folder / "before", means, say)
        aside = folder / "kept"

        def cold() -> None:
            kept.rename(aside)
            try:
                answer(book, extract, Question(_NEXT), folder / "cold", means, say)
            finally:
                aside.rename(kept)

        def warm() -> None:
            answer(book, extract, Question(_NEXT), folder / "warm", means, say)

        found = side_by_side({"from records": cold, "from kept": warm}, PAIRS, warm=0)
        sides = [
            f"SELECT {', '.join(NEEDS.names)} FROM '{folder}/{side}/needs/**/*.parquet'"
            for side in ("cold", "warm")
        ]
        differ = [
            duckdb.sql(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchall()[0][0]
            for one, other in (sides, sides[::-1])
        ]
        size = sum(path.stat().st_size for path in kept.rglob("*.parquet"))
    shutil.rmtree(kept, ignore_errors=True)
    times = ratio(found["from kept"], found["from records"])
    figure.heading = ("task", "CPU s, median", "range")
    for name, series in found.items():
        spread = series.spread(digits=2)
        figure.values[name] = spread
        figure.rows.append((name, f"{spread['cpu_median']}", f"{spread['cpu_low']}-{spread['cpu_high']}"))
    figure.values |= {"kept_over_records": times, "kept_mib": round(size / 2**20, 1)}
    figure.goals.append(Goal("a new day from kept folds", GOAL, float(times["median"]), "of cold"))
    figure.checks["both give the same rows"] = differ == [0, 0]
    figure.notes.append(
        f"{times['median']} times [{times['low']}-{times['high']}] the CPU of answering from records; kept files "
        f"{size / 2**20:.1f} MiB. What is left is the finish: every need of everybody is worked out for the new day."
    )
    return figure
