"""Scale: needs of one, four and sixteen times the people; CPU for each person, and memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from bench.extracts import multiplied, use_extract
from bench.figure import Figure, Goal
from bench.measuring import PAIRS, side_by_side
from bench.populations import HOME, ON, say
from siklus.bulk.answering import Question
from siklus.bulk.folders import Extract
from siklus.bulk.running import Means, answer
from siklus.library.loading import load_book

TIMES = (1, 4, 16)
GOAL = 1.15


def measure(quick: bool) -> Figure:
    """Quick: the puskesmas and four times it, once; else five puskesmas, and four and sixteen times those."""
    _, base = use_extract("puskesmas")
    book, means = load_book(), Means()
    figure = Figure("scale", "Bulk needs of 1, 4 and 16 times the people")
    with tempfile.TemporaryDirectory(prefix="scale-", dir=HOME) as name:
        folder = Path(name)
        first = 1 if quick else 5
        extracts = {times: multiplied(base, first * times, folder / str(times)) for times in TIMES}

        def asked(extract: Extract) -> None:
            answer(book, extract, Question(ON), folder / "out", means, say)

        tasks = {f"{times}x": (lambda extract=extract: asked(extract)) for times, extract in extracts.items()}
        found = side_by_side(tasks, 1 if quick else PAIRS, warm=0)
    figure.heading = ("people", "persons", "CPU s, median", "us a person", "against 1x")
    each = {
        f"{times}x": [cpu / _persons(extract) * 1e6 for cpu in found[f"{times}x"].cpu]
        for times, extract in extracts.items()
    }
    for times, extract in extracts.items():
        name = f"{times}x"
        against = median(a / b for a, b in zip(each[name], each["1x"], strict=True))
        figure.values[name] = {
            "persons": _persons(extract), **found[name].spread(digits=2),
            "us_a_person": round(median(each[name]), 2), "against_1x": round(against, 3),
        }  # fmt: skip
        figure.rows.append(
            (
                name,
                f"{_persons(extract)}",
                f"{median(found[name].cpu):.2f}",
                f"{median(each[name]):.2f}",
                f"{against:.3f}",
            )
        )
        if times > 1:
            figure.goals.append(Goal(f"CPU a person at {name}", GOAL, round(against, 3), "of 1x"))
    figure.notes.append(
        "The same people again under other ids, in one kabupaten; shards are as large as the memory allows "
        f"({means.persons_at_once} persons at --memory {means.memory}). Planning the SQL costs the same for each shard."
    )
    return figure


def _persons(extract: Extract) -> int:
    return sum(size.persons for size in extract.kabupaten.values())
