"""Scale: needs of one, four and sixteen times the people; CPU for each person.

`python -m bench.scaling` asks the same of the district, once: 4.7 million people, minutes. `--of posyandu` tries it in
small.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import partial
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
SCALES = ("posyandu", "puskesmas", "district")
GOAL = 1.15


def measure(quick: bool) -> Figure:
    """Quick: the puskesmas and four and sixteen times it, once; else five puskesmas, and four and sixteen times those."""
    return scaled("puskesmas", 1 if quick else 5, 1 if quick else PAIRS)


def scaled(scale: str, first: int, rounds: int) -> Figure:
    """So many times (`first`) the people of a population, and 4 and 16 times as many as those."""
    _, base = use_extract(scale)
    book, means = load_book(), Means()
    figure = Figure("scale", "Bulk needs of 1, 4 and 16 times the people")
    with tempfile.TemporaryDirectory(prefix="scale-", dir=HOME) as name:
        folder = Path(name)
        extracts = {times: multiplied(base, first * times, folder / str(times)) for times in TIMES}

        told: dict[int, int] = {}

        def asked(times: int) -> None:
            rows = answer(book, extracts[times], Question(ON), folder / "out", means, say)
            told[times] = sum(rows.values())

        found = side_by_side({f"{times}x": partial(asked, times) for times in TIMES}, rounds, warm=0)
    figure.checks["as many times the needs"] = all(told[times] == times * told[1] for times in TIMES)
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


def main() -> int:
    """The district (or another population), one round; 0 when the answers are as many times as many."""
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description=__doc__)
    parser.add_argument("--of", choices=SCALES, default="district")
    figure = scaled(parser.parse_args().of, 1, 1)
    print(json.dumps(figure.as_json(), ensure_ascii=False))
    return 0 if figure.is_right else 1


def _persons(extract: Extract) -> int:
    return sum(size.persons for size in extract.kabupaten.values())


if __name__ == "__main__":
    sys.exit(main())
