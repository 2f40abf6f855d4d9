"""From the knowledge folder to engines that answer: read, checked, compiled; and how much code comes out."""

from __future__ import annotations

import dis
import os
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.measuring import PAIRS, Series, timed
from bench.populations import ON, PROJECT
from siklus.kernel import periods
from siklus.kernel.dates import year_of

_ROUNDS = {True: PAIRS, False: 9}
_START = "from siklus.library.loading import load_book; load_book().engine"


def measure(quick: bool) -> Figure:
    """CPU seconds of each step, and the sizes of the generated texts."""
    from siklus.library.loading import Book, knowledge_folder, read_book
    from siklus.rules.emitters.duckdb import write_sql
    from siklus.rules.emitters.python import make_engine

    steps = {
        name: Series()
        for name in (
            "read and check", "read what was kept", "write and compile Python", "write SQL", "compile Python text",
        )
    }  # fmt: skip
    book: Book | None = None
    with tempfile.TemporaryDirectory(prefix="made-") as name:
        for turn in range(_ROUNDS[quick]):
            os.environ["SIKLUS_MADE"] = str(Path(name) / str(turn))
            with timed(steps["read and check"]):
                book = read_book(knowledge_folder())
            with timed(steps["read what was kept"]):
                book = read_book(knowledge_folder())
            with timed(steps["write and compile Python"]):
                engine = make_engine(book.rules)
            with timed(steps["compile Python text"]):
                compile(engine.source, "<rule book>", "exec")
            with timed(steps["write SQL"]):
                sql = write_sql(book.rules)
                texts = [*sql.macros(), *sql.episodes(), *sql.fold(), *sql.answers(ON)]
                texts += sql.indicators(periods.year(year_of(ON)), ON)
        cold = [_start(Path(name) / f"cold{turn}") for turn in range(3)]
        warm = [_start(Path(name) / "cold0") for _ in range(3)]
    assert book is not None
    figure = Figure("load_book", "Reading, checking and compiling the rule book")
    figure.heading = ("step", "CPU s, median", "range")
    for name, series in steps.items():
        spread = series.spread()
        figure.values[name] = spread
        figure.rows.append((name, f"{spread['cpu_median']}", f"{spread['cpu_low']}-{spread['cpu_high']}"))
    for what, key, seconds in (
        ("a new process until it can answer, wall", "cold_process_wall_s", cold),
        ("the same when one did so before, wall", "warm_process_wall_s", warm),
    ):
        figure.values[key] = round(median(seconds), 2)
        figure.rows.append((what, f"{median(seconds):.2f}", f"{min(seconds):.2f}-{max(seconds):.2f}"))
    os.environ.pop("SIKLUS_MADE")
    code = compile(engine.source, "<rule book>", "exec")
    figure.values["sizes"] = {
        "needs": len(book.needs), "indicators": len(book.indicators), "classifications": len(book.classifications),
        "accumulators": {unit: len(plan.places) for unit, plan in engine.plans.items()},
        "python_kib": round(len(engine.source) / 1024, 1), "python_lines": engine.source.count("\n"),
        "python_instructions": _instructions(code), "sql_kib": round(sum(map(len, texts)) / 1024, 1),
        "sql_statements": len(texts),
    }  # fmt: skip
    sizes = figure.values["sizes"]
    figure.checks["the same sources give the same text"] = make_engine(book.rules).source == engine.source
    figure.checks["the same sources give the same hash"] = read_book(knowledge_folder()).hash == book.hash
    figure.notes.append(
        f"{sizes['needs']} needs, {sizes['indicators']} indicators, {sizes['classifications']} classifications: "
        f"{sizes['python_kib']} KiB of Python in {sizes['python_lines']} lines ({sizes['python_instructions']} instructions), "
        f"{sizes['sql_kib']} KiB of SQL in {sizes['sql_statements']} statements."
    )
    return figure


def _start(made: Path) -> float:
    began = time.perf_counter()
    environment = {**os.environ, "SIKLUS_MADE": str(made)}
    subprocess.run([sys.executable, "-c", _START], cwd=PROJECT, env=environment, check=True)
    return time.perf_counter() - began


def _instructions(code: types.CodeType) -> int:
    """Of a module and all its functions."""
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return sum(1 for _ in dis.get_instructions(code)) + sum(map(_instructions, inner))
