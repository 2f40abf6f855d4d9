"""Lives asked of the JavaScript module of a rule book: many questions, one Node process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from siklus.kernel.periods import Period
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import Book
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.life import Life

_SCRIPT = Path(__file__).with_name("javascript_answers.mjs")


@dataclass(frozen=True)
class Question:
    """Needs and classes of a life on some days, and indicators of some periods on a day (the last of them, if none).

    `units`: also the units, with the episode of each attached record. `counted_only`: indicators without the units that
    are surely not counted.
    """

    life: Life
    days: Sequence[int]
    periods: Sequence[Period] = ()
    on: int | None = None
    units: bool = True
    counted_only: bool = False


@dataclass(frozen=True)
class Answered:
    """Answers by day and by period, in their order. `units` are (unit, facts, episode by record), `states` texts."""

    needs: list[list[NeedAnswer]]
    classes: list[list[ClassAnswer]]
    indicators: list[list[IndicatorAnswer]]
    units: list[tuple[str, dict[str, Any], dict[int, int | None]]]
    states: dict[tuple[str, int], str]


def find_node() -> str:
    """The node program: `$NODE`, else the one on the path."""
    found = os.environ.get("NODE") or shutil.which("node")
    if not found:
        raise ProblemError(
            [Problem("J01", "", "node tidak ditemukan", todo="Pasang Node.js 20 atau lebih baru.")]
        )
    return found


def ask_javascript(book: Book, questions: Iterable[Question]) -> Iterator[Answered]:
    """The answers of the module, in the order of the questions."""
    with TemporaryDirectory(prefix="siklus-") as folder:
        names = ("rules.mjs", "growth.mjs", "asked", "answered")
        module, growth, asked, answered = (Path(folder, name) for name in names)
        module.write_text(book.javascript.text, encoding="utf-8")
        growth.write_text(book.growth_javascript, encoding="utf-8")
        with asked.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{json.dumps(_wire(question))}\n" for question in questions)
        with asked.open("rb") as given, answered.open("wb") as found:
            command = [find_node(), str(_SCRIPT), str(module), str(growth)]
            subprocess.run(command, stdin=given, stdout=found, check=True)
        with answered.open(encoding="utf-8") as replies:
            for line in replies:
                yield _answered(json.loads(line))


def _wire(question: Question) -> dict[str, Any]:
    periods = [{"kind": each.kind, "start": each.start, "stop": each.stop} for each in question.periods]
    return {
        "life": life_in_json(question.life),
        "days": list(question.days),
        "periods": periods,
        "on": question.on,
        "withUnits": question.units,
        "countedOnly": question.counted_only,
    }


def life_in_json(life: Life) -> dict[str, Any]:
    """A life as the module takes it."""
    members = None if life.members is None else [life_in_json(member) for member in life.members]
    return {"person": dict(life.person), "records": life.records, "members": members}


def _answered(reply: dict[str, Any]) -> Answered:
    return Answered(
        needs=[
            [NeedAnswer._make((*each[:-1], tuple(each[-1]))) for each in day["needs"]]
            for day in reply["days"]
        ],
        classes=[[ClassAnswer._make(each) for each in day["classes"]] for day in reply["days"]],
        indicators=[[IndicatorAnswer._make(each) for each in period] for period in reply["periods"]],
        units=[(each["unit"], each["facts"], dict(each["belongs"])) for each in reply["units"]],
        states={(unit, number): text for unit, number, text in reply["states"]},
    )
