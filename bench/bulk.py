"""Bulk: all needs and all indicators of a district from Parquet into Parquet, against reading the same columns once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.extracts import use_extract
from bench.figure import Figure, Goal
from bench.measuring import PAIRS, ratio, side_by_side
from bench.memory import watched
from bench.populations import HOME, ON, PROJECT, Planted, say
from siklus.bulk.answering import Question
from siklus.bulk.columns import quoted
from siklus.bulk.folders import Extract
from siklus.bulk.running import Means, answer
from siklus.bulk.workspace import parquet, workspace
from siklus.kernel import periods
from siklus.kernel.dates import iso, year_of
from siklus.library.loading import load_book

GOAL_MIB = 512
YEAR = periods.year(year_of(ON))


def measure(quick: bool) -> Figure:
    """CPU seconds of each, their ratio, persons a second, and the peak memory of the commands."""
    planted, extract = use_extract("puskesmas" if quick else "district")
    book, means, rounds = load_book(), Means(), 2 if quick else PAIRS
    figure = Figure("bulk", f"Bulk from Parquet: all needs and indicators of the {planted.scale}")
    with tempfile.TemporaryDirectory(prefix="bulk-", dir=HOME) as name:
        out = Path(name)

        def asked(question: Question) -> Callable[[], object]:
            return lambda: answer(book, extract, question, out, means, say)

        found = side_by_side(
            {
                "scan": lambda: scan(extract, means),
                "needs": asked(Question(ON)),
                "indicators": asked(Question(ON, YEAR)),
            },
            rounds,
            warm=0,
        )
        rows = answer(book, extract, Question(ON), out, means, say)["needs"]
        peaks = {
            "extract": _peak("extract", planted, "--out", str(out / "extract")),
            "needs": _peak("needs", planted, *_folders(extract, out)),
            "coverage": _peak("coverage", planted, *_folders(extract, out)),
        }
    persons = sum(size.persons for size in extract.kabupaten.values())
    both = [a + b for a, b in zip(found["needs"].cpu, found["indicators"].cpu, strict=True)]
    found["both"] = type(found["needs"])(both, list(both))
    times = {name: ratio(series, found["scan"]) for name, series in found.items() if name != "scan"}
    figure.heading = ("task", "CPU s, median", "range", "times the scan", "us a person")
    for name, series in found.items():
        spread = series.spread(digits=2)
        figure.values[name] = spread
        figure.rows.append(
            (
                name,
                f"{spread['cpu_median']}",
                f"{spread['cpu_low']}-{spread['cpu_high']}",
                f"{times[name]['median']} [{times[name]['low']}-{times[name]['high']}]"
                if name in times
                else "1",
                f"{median(series.cpu) / persons * 1e6:.2f}",
            )
        )
    figure.values |= {"persons": persons, "answers": rows, "over_scan": times, "peak_mib": peaks}
    for action, peak in peaks.items():
        figure.goals.append(Goal(f"siklus bulk {action}, peak memory", GOAL_MIB, peak, "MiB"))
    figure.checks["needs were answered"] = rows > persons
    figure.notes.append(
        f"{persons} persons, {sum(size.records for size in extract.kabupaten.values())} records, {rows} answers; {rounds} "
        f"rounds. The scan decodes every column of the extract once. --memory {means.memory}, {means.threads} threads."
    )
    return figure


def scan(extract: Extract, means: Means) -> None:
    """Every column of every table, once."""
    with workspace(means.for_duckdb, means.threads) as duck:
        for code in extract.kabupaten:
            files = [extract.person(code), *(extract.records(kind, code) for kind in extract.columns)]
            for path in filter(None, files):
                columns = duck.execute(f"DESCRIBE FROM {parquet(path)}").fetchall()
                largest = ", ".join(f"max({quoted(name)})" for name, *_ in columns)
                duck.execute(f"SELECT {largest} FROM {parquet(path)}").fetchall()


def _folders(extract: Extract, out: Path) -> list[str]:
    return ["--extract", str(extract.folder), "--out", str(out / "answers")]


def _peak(action: str, planted: Planted, *folders: str) -> float:
    population = {"SIKLUS_VAR": str(HOME / planted.scale)}
    command = [sys.executable, "-m", "siklus.site.cli", "bulk", action, "--on", iso(ON), *folders]
    with (
        subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | population, stdout=subprocess.DEVNULL
        ) as process,
        watched(process.pid) as watch,
    ):
        code = process.wait()
    if code:
        raise RuntimeError(f"bulk {action} ended with {code}")
    return round(watch.peak_mib, 1)
