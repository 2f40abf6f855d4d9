"""The district rebuilt by DuckDB: state, needs and coverage of everybody, out of the database and back into it.

Beside it, on the same tables in memory, generated SQL of eleven needs against the same eleven written by hand.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from bench import hand_python, hand_sql
from bench.figure import Figure, Goal
from bench.measuring import PAIRS, Series, ratio, side_by_side, timed
from bench.populations import ON, say, use_population
from siklus.kernel.dates import year_of

GOAL_SECONDS = 30
_OF_STATE = ("Membaca catatan", "Melipat catatan", "Menyiapkan keadaan", "Menyimpan")
"""How the steps begin that a rebuild of the state alone would need too; saving there holds the needs as well."""
_COUNTS = """select need, status, count(*) from {table} group by all order by all"""
_ONLY_IN = "select count(*) from (select need, unit_id, status from {one} except select need, unit_id, status from {other})"


def measure(quick: bool) -> Figure:
    """Seconds of each step, persons a second, and the ratio to the hand-written SQL."""
    planted = use_population("puskesmas" if quick else "district")
    figure = Figure("rebuild", f"Rebuild of the {planted.scale} by DuckDB: state, all needs, coverage")
    figure.heading = ("step", "seconds, median", "range", "share")
    _measure_whole(figure, planted.scale, 1 if quick else PAIRS)
    _measure_by_hand(figure, PAIRS)
    return figure


def _measure_whole(figure: Figure, scale: str, rounds: int) -> None:
    from siklus.bulk.rebuild import rebuild
    from siklus.library.loading import load_book

    book = load_book()
    book.sql.answers(ON)
    series, reports = Series(), []
    for number in range(rounds):
        say(f"rebuild {number + 1} of {rounds} ...")
        with timed(series):
            reports.append(rebuild(ON, year_of(ON)))
    last = reports[-1]
    total = median(series.wall)
    figure.values["rebuild"] = {
        "persons": last.persons, "records": last.records, "needs_in_the_book": len(book.needs),
        "states": last.states, "needs": last.needs, "coverage_rows": last.units,
        "seconds": series.spread(digits=2), "persons_a_second": round(last.persons / total),
        "steps": {step: _middle([report.seconds[step] for report in reports]) for step in last.seconds},
    }  # fmt: skip
    for step in last.seconds:
        times = [report.seconds[step] for report in reports]
        figure.rows.append(
            (
                step,
                f"{median(times):.2f}",
                f"{min(times):.2f}-{max(times):.2f}",
                f"{median(times) / total:.0%}",
            )
        )
    figure.rows.append(
        ("whole, wall", f"{total:.2f}", f"{min(series.wall):.2f}-{max(series.wall):.2f}", "100%")
    )
    figure.rows.append(
        ("whole, CPU", f"{median(series.cpu):.2f}", f"{min(series.cpu):.2f}-{max(series.cpu):.2f}", "")
    )
    state = median(
        [sum(s for step, s in report.seconds.items() if step.startswith(_OF_STATE)) for report in reports]
    )
    figure.goals.append(Goal(f"{scale}, state, wall", GOAL_SECONDS, round(state, 2), "s"))
    whole = f"{scale}, state, needs, coverage and dangers, wall"
    figure.goals.append(Goal(whole, GOAL_SECONDS, round(total, 2), "s"))
    figure.checks["every rebuild gives the same number of states, needs and coverage rows"] = (
        len({(report.states, report.needs, report.units) for report in reports}) == 1
    )
    figure.notes.append(
        f"{last.persons} persons, {last.records} effective records, {len(book.needs)} needs in the book, "
        f"{rounds} rebuild(s): {figure.values['rebuild']['persons_a_second']} persons a second (wall). "
        "The steps follow the words of the program; saving goes on beside them in a thread of its own."
    )


def _measure_by_hand(figure: Figure, pairs: int) -> None:
    import duckdb

    from siklus.bulk.database import reach_site_database
    from siklus.bulk.extract import extract
    from siklus.bulk.workspace import THREADS
    from siklus.library.loading import load_book
    from siklus.rules.emitters.duckdb import write_sql

    rules = load_book().rules
    chosen = tuple(need for need in rules.needs if need.name in hand_python.NEEDS)
    sql = write_sql(replace(rules, needs=chosen, indicators=(), classifications=()))
    duck = duckdb.connect()
    duck.execute(f"SET threads = {THREADS}")
    began = time.monotonic()
    extract(duck, reach_site_database(), rules)
    say(f"extracted in {time.monotonic() - began:.1f} s; {pairs} pairs of {len(chosen)} needs ...")
    generated = [*sql.macros(), *sql.episodes(), *sql.fold(), sql.answers_table(), *sql.answers(ON)]
    found = side_by_side(
        {
            "generated": lambda: _run(duck, generated),
            "hand": lambda: _run(duck, hand_sql.statements(ON)),
        },
        pairs,
    )
    times = ratio(found["generated"], found["hand"])
    both = {name: series.spread() for name, series in found.items()}
    figure.values["by_hand"] = {"needs": list(hand_python.NEEDS), **both, "generated_over_hand": times}
    counts = {
        table: duck.execute(_COUNTS.format(table=table)).fetchall() for table in ("answers", "hand_answers")
    }
    figure.values["by_hand"]["answers"] = sum(count for _, _, count in counts["answers"])
    figure.checks["hand-written SQL gives the same counts by need and status"] = (
        counts["answers"] == counts["hand_answers"]
    )
    alone = [
        duck.execute(_ONLY_IN.format(one=one, other=other)).fetchall()
        for one, other in (("answers", "hand_answers"), ("hand_answers", "answers"))
    ]
    figure.checks["hand-written SQL gives each unit the same status"] = alone == [[(0,)], [(0,)]]
    figure.notes.append(
        f"{len(chosen)} needs from the extracted tables, {times['rounds']} pairs: generated {both['generated']['cpu_median']} "
        f"CPU s (episodes, state, all days and asked facts), by hand {both['hand']['cpu_median']} CPU s (status only); "
        f"{times['median']} times [{times['low']}-{times['high']}]."
    )


def _run(duck: Any, statements: Sequence[str]) -> None:
    for statement in statements:
        duck.execute(statement)


def _middle(times: Sequence[float]) -> float:
    return round(median(times), 2)
