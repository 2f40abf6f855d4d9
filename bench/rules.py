"""More rules: 12, 48 and all needs of the book over the same people; CPU for each need must fall, not grow."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.extracts import use_extract
from bench.figure import Figure, Goal
from bench.measuring import PAIRS, side_by_side
from bench.populations import HOME, ON, say
from siklus.bulk.answering import Question
from siklus.bulk.running import Means, answer
from siklus.library.loading import Book, load_book
from siklus.rules import tree
from siklus.rules.book import Need
from siklus.rules.plan import expressions_of_need

COUNTS = (12, 48)
LINEAR = 1.0


def measure(quick: bool) -> Figure:
    """The needs of a smaller book are spread evenly over the whole one, so that each is much like it."""
    planted, extract = use_extract("puskesmas" if quick else "district")
    whole, means = load_book(), Means()
    books = [*(some_of(whole, count) for count in COUNTS), whole]
    figure = Figure("rules", f"12, 48 and all needs, {planted.scale}")
    with tempfile.TemporaryDirectory(prefix="rules-", dir=HOME) as name:
        out = Path(name)
        tasks = {
            f"{len(book.needs)} needs": lambda book=book: answer(book, extract, Question(ON), out, means, say)
            for book in books
        }
        found = side_by_side(tasks, 2 if quick else PAIRS, warm=1)
    each = {
        name: [cpu / len(book.needs) for cpu in series.cpu]
        for (name, series), book in zip(found.items(), books, strict=True)
    }
    fewest = next(iter(each))
    figure.heading = ("book", "CPU s, median", "range", "CPU s a need", "against 12 needs")
    for name, series in found.items():
        spread = series.spread(digits=2)
        against = median(more / few for more, few in zip(each[name], each[fewest], strict=True))
        figure.values[name] = {
            **spread, "cpu_a_need": round(median(each[name]), 4), "against_fewest": round(against, 3),
        }  # fmt: skip
        figure.rows.append(
            (
                name,
                f"{spread['cpu_median']}",
                f"{spread['cpu_low']}-{spread['cpu_high']}",
                f"{median(each[name]):.3f}",
                f"{against:.2f}",
            )
        )
        if name != fewest:
            figure.goals.append(Goal(f"CPU a need with {name}", LINEAR, round(against, 3), "of 12 needs"))
    figure.notes.append(
        "Needs alone, from Parquet to Parquet; one time is the growth of the book, so less than 1 a need is sublinear."
    )
    return figure


def some_of(book: Book, count: int) -> Book:
    """So many needs of the book, from all over it; a need whose day hangs on that of another brings it along."""
    by_name = {need.name: need for need in book.needs}
    chosen: dict[str, Need] = {}
    for step in range(len(book.needs), 0, -1):
        for need in book.needs[::step]:
            wanted = {name: by_name[name] for name in _with_leaders(need, by_name)}
            if len(chosen | wanted) <= count:
                chosen |= wanted
    kept = tuple(need for need in book.needs if need.name in chosen)
    assert len(kept) == count
    return Book(replace(book.rules, needs=kept), f"{book.hash}-{count}", ())


def _with_leaders(need: Need, by_name: Mapping[str, Need]) -> set[str]:
    found, waiting = set(), [need.name]
    while waiting:
        name = waiting.pop()
        found.add(name)
        parts = (part for node in expressions_of_need(by_name[name]) for part in tree.walk(node))
        named = {part.need for part in parts if isinstance(part, tree.StepValue)}
        waiting += named - found
    return found
