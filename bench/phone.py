"""One person, all needs, by the module phones load, in Node: beside generated Python and the reference on the same lives."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.figure import Figure, Goal
from bench.measuring import Series, ratio, side_by_side
from bench.person import drawn_lives, each_of, groups_of
from bench.populations import ON, use_population
from siklus.bulk.javascript import Question, ask_javascript, find_node
from siklus.library.loading import Book
from siklus.rules.life import Life

SHARE = 0.1
"""What generated code may take of the time of the reference."""
_SCRIPT = Path(__file__).with_name("phone.mjs")
_FEW = 8
_ROUNDS = {True: 5, False: 9}
_TURNS, _WARM = 20, 60
"""So many times over a group in one round, for one is too short to be timed; and over all of them before, for V8 to settle."""


def measure(quick: bool) -> Figure:
    """Microseconds a person by group."""
    use_population("puskesmas")
    from siklus.library.loading import load_book

    book = load_book()
    sample, rare = drawn_lives(book)
    return figure_of(book, groups_of(book.engine, [*rare, *sample]), quick=quick)


def figure_of(book: Book, groups: Mapping[str, Sequence[Life]], *, quick: bool) -> Figure:
    """The figure on these lives."""
    figure = Figure("phone", "One person, all needs, the phone's module")
    figure.heading = (
        "group", "persons", "module, us", "range", "from state, us", "generated Python, us", "reference, us",
    )  # fmt: skip
    shares: dict[str, list[float]] = {"JavaScript": [], "generated Python": []}
    with _node(book, groups) as ask:
        for name in groups:
            ask("records", name, _WARM)
        for name, lives in groups.items():
            _measure_group(figure, book, name, lives, ask, _ROUNDS[quick], shares)
    figure.goals += [
        Goal(f"{engine}, share of the reference, middle group", SHARE, median(found), "of it")
        for engine, found in shares.items()
    ]
    lives = [life for members in groups.values() for life in members[:_FEW]]
    said = ask_javascript(book, [Question(life, [ON], units=False) for life in lives])
    figure.checks["the module answers as generated Python"] = all(
        sorted(each.needs[0], key=str) == sorted(book.engine.needs(life, ON), key=str)
        for life, each in zip(lives, said, strict=True)
    )
    text = book.javascript.text.encode()
    figure.values["module"] = {"bytes": len(text), "packed": len(gzip.compress(text, mtime=0))}
    figure.notes.append(
        f"The module is {len(text) / 1e3:.0f} kB, {figure.values['module']['packed'] / 1e3:.0f} kB packed. CPU time of Node "
        f"with its compiler and collector, after {_WARM} turns over every group; a phone's first turn is slower."
    )
    return figure


def _measure_group(
    figure: Figure,
    book: Book,
    name: str,
    lives: Sequence[Life],
    ask: Any,
    rounds: int,
    shares: dict[str, list[float]],
) -> None:
    found = side_by_side(
        {"python": each_of(book.engine.needs, lives), "reference": each_of(book.reference.needs, lives)},
        rounds,
    )
    for task in ("records", "state"):
        ask(task, name, _WARM)
        seconds = [ask(task, name, _TURNS) for _ in range(rounds)]
        found[task] = Series(seconds, seconds)
    by_person = {each: Series([s / len(lives) for s in series.cpu]) for each, series in found.items()}
    microseconds = {each: _middle(series) for each, series in by_person.items()}
    shares["JavaScript"].append(1 / float(ratio(by_person["reference"], by_person["records"])["median"]))
    shares["generated Python"].append(1 / float(ratio(by_person["reference"], by_person["python"])["median"]))
    figure.values[name] = {"persons": len(lives), **{f"{each}_us": us for each, us in microseconds.items()}}
    low, high = (round(edge(by_person["records"].cpu) * 1e6, 1) for edge in (min, max))
    figure.rows.append(
        (name, str(len(lives)), f"{microseconds['records']}", f"{low}-{high}", f"{microseconds['state']}",
         f"{microseconds['python']}", f"{microseconds['reference']:.0f}"),
    )  # fmt: skip


def _middle(series: Series) -> float:
    return round(median(series.cpu) * 1e6, 1)


@contextmanager
def _node(book: Book, groups: Mapping[str, Sequence[Life]]) -> Iterator[Any]:
    """A Node process that holds the lives; asking it gives the CPU seconds of one turn over a group."""
    with TemporaryDirectory(prefix="siklus-") as folder:
        module, lives = Path(folder, "rules.mjs"), Path(folder, "lives.json")
        module.write_text(book.javascript.text, encoding="utf-8")
        wire = {
            name: [{"person": dict(life.person), "records": life.records} for life in members]
            for name, members in groups.items()
        }
        lives.write_text(json.dumps(wire), encoding="utf-8")
        growth = Path(folder, "growth.mjs")
        growth.write_text(book.growth_javascript, encoding="utf-8")
        command = [find_node(), str(_SCRIPT), str(module), str(growth), str(lives), str(ON)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None and process.stdout is not None
            given, told = process.stdin, process.stdout

            def ask(task: str, group: str, times: int) -> float:
                given.write(json.dumps({"task": task, "group": group, "times": times}) + "\n")
                given.flush()
                return float(told.readline())

            yield ask
            given.close()
