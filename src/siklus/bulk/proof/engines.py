"""Every engine behind one door: a batch of lives in, the complete answers to each life out.

An engine is one class with a `name` and `ask`. Whoever brings a new one adds it to `ENGINES`; what is not there is
refused by name, never left out in silence.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from siklus.bulk.javascript import Question, ask_javascript
from siklus.bulk.lives import Population
from siklus.kernel.ids import KEY_BITS
from siklus.kernel.periods import Period
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import Book
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.life import Life, renumbered

_ONE_THREAD = 1


@dataclass(frozen=True)
class Batch:
    """Lives, the days each of them is asked about, and periods that all are judged for on the day `on`.

    Every life has the same number of days. The lives have ids of their own, and so have their records.
    """

    lives: Sequence[Life]
    days: Sequence[Sequence[int]]
    periods: Sequence[Period]
    on: int

    def part(self, start: int, stop: int) -> Batch:
        """Some of the lives with the same questions."""
        return Batch(self.lives[start:stop], self.days[start:stop], self.periods, self.on)


@dataclass
class Answers:
    """All an engine says of one life: by day, by period, and what it keeps of each unit (None: it keeps nothing)."""

    needs: list[list[NeedAnswer]] = field(default_factory=list)
    classes: list[list[ClassAnswer]] = field(default_factory=list)
    indicators: list[list[IndicatorAnswer]] = field(default_factory=list)
    states: dict[tuple[str, int], dict[str, Any]] | None = None


class Engine(Protocol):
    """One way of answering."""

    name: str

    def ask(self, book: Book, batch: Batch) -> list[Answers]:
        """The answers to each life, in order."""


class ReferenceEngine:
    """The meaning."""

    name = "reference"

    def ask(self, book: Book, batch: Batch) -> list[Answers]:
        return [self._answers(book, batch, place) for place in range(len(batch.lives))]

    def _answers(self, book: Book, batch: Batch, place: int) -> Answers:
        life, reference = batch.lives[place], book.reference
        units = reference.units(life)
        return Answers(
            needs=[reference.needs(life, day, units) for day in batch.days[place]],
            classes=[reference.classes(life, day, units) for day in batch.days[place]],
            indicators=[reference.indicators(life, batch.on, each, units) for each in batch.periods],
        )


class PythonEngine:
    """Generated Python."""

    name = "python"

    def ask(self, book: Book, batch: Batch) -> list[Answers]:
        return [self._answers(book, batch, place) for place in range(len(batch.lives))]

    def _answers(self, book: Book, batch: Batch, place: int) -> Answers:
        life, engine = batch.lives[place], book.engine
        folded = engine.fold(life)
        return Answers(
            needs=[engine.finish(folded, day) for day in batch.days[place]],
            classes=[engine.classes(life, day) for day in batch.days[place]],
            indicators=[engine.indicators(life, batch.on, each) for each in batch.periods],
            states={(unit.unit, unit.facts["id"]): _plain(engine.state_of(unit)) for unit in folded},
        )


class JavaScriptEngine:
    """The generated module, in one Node process for the whole batch."""

    name = "javascript"

    def ask(self, book: Book, batch: Batch) -> list[Answers]:
        questions = (
            Question(life, days, batch.periods, batch.on, units=False)
            for life, days in zip(batch.lives, batch.days, strict=True)
        )
        return [
            Answers(each.needs, each.classes, each.indicators, _read(each.states))
            for each in ask_javascript(book, questions)
        ]


class DuckDBEngine:
    """Generated SQL over all lives at once, a copy of each life for each of its days."""

    name = "duckdb"

    def ask(self, book: Book, batch: Batch) -> list[Answers]:
        found = [Answers(states={}) for _ in batch.lives]
        rounds = len(batch.days[0]) if batch.days else 0
        copies = [_copy(life, number) for number in range(rounds) for life in batch.lives]
        own_days = [days[number] for number in range(rounds) for days in batch.days]
        people = Population(book, copies, own_days, threads=_ONE_THREAD)
        needs, classes = people.needs(), people.classes()
        for number in range(rounds):
            for life, answers in zip(batch.lives, found, strict=True):
                person = life.person["id"] + _more(number)
                answers.needs.append(_renumbered(needs.get(person, ()), number))
                answers.classes.append(_renumbered(classes.get(person, ()), number))
        for period in batch.periods:
            judged = people.indicators(batch.on, period)
            for life, answers in zip(batch.lives, found, strict=True):
                answers.indicators.append(list(judged.get(life.person["id"], ())))
        owner = {life.person["id"]: answers for life, answers in zip(batch.lives, found, strict=True)}
        for unit in book.sql.plans:
            owners = people.owners(unit)
            for unit_id, text in people.states(unit).items():
                # Of the members of a household only what the household is told is compared.
                if unit_id >> KEY_BITS == 0 and owners[unit_id] in owner:
                    states = owner[owners[unit_id]].states
                    assert states is not None
                    states[unit, unit_id] = json.loads(text)
        return found


ENGINES: tuple[Engine, ...] = (ReferenceEngine(), PythonEngine(), JavaScriptEngine(), DuckDBEngine())
"""In the order in which they are told."""


_ELSEWHERE = {
    "spark": "Spark menjawab berkas Parquet, dengan SQL DuckDB yang sama; dibandingkan oleh: ./run spark"
}


def engines_named(names: Sequence[str]) -> tuple[Engine, ...]:
    """The engines of these names; `all` for every one there is. ProblemError for a name that is none."""
    known = {engine.name: engine for engine in ENGINES}
    wanted = list(known) if "all" in names else list(dict.fromkeys(names))
    expected = f"salah satu dari: {', '.join(known)}, all"
    strange = [
        Problem("X01", "", f"mesin '{name}' tidak ada di sini", expected, _ELSEWHERE.get(name, ""))
        for name in wanted
        if name not in known
    ]
    if strange:
        raise ProblemError(strange)
    return tuple(known[name] for name in wanted)


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from its JSON text."""
    return {place: list(value) if isinstance(value, tuple) else value for place, value in state.items()}


def _read(states: dict[tuple[str, int], str]) -> dict[tuple[str, int], dict[str, Any]]:
    return {unit: json.loads(text) for unit, text in states.items()}


def _more(number: int) -> int:
    """What is added to every id of the lives asked about on the day of this number."""
    return number << KEY_BITS


def _copy(life: Life, number: int) -> Life:
    """The same life once more, with ids that no other copy has, in the same order."""
    if number == 0:
        return life
    more = _more(number)
    records = tuple(renumbered(record, lambda key: key + more) for record in life.records)
    members = life.members and tuple(_copy(member, number) for member in life.members)
    return Life({**life.person, "id": life.person["id"] + more}, records, members)


def _renumbered(answers: Any, number: int) -> list[Any]:
    if number == 0:
        return list(answers)
    return [answer._replace(unit_id=answer.unit_id - _more(number)) for answer in answers]
