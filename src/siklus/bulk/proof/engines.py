"""Every engine behind one door: a batch of lives in, the complete answers to each life out.

An engine is one class with a `name` and `ask`. Whoever brings a new one adds it to `ENGINES`; what is not there is
refused by name, never left out in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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
_LIVES_AT_ONCE = 1_000
"""So many lives' answers are taken from the tables of DuckDB at a time."""
_LIVES_A_PROCESS = 5_000
"""So many lives that starting Node costs little of them, and so few that questions and answers are small files."""

States = dict[tuple[str, int], dict[str, Any]]
"""What is kept of each unit."""


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
    states: States | None = None


class Engine(Protocol):
    """One way of answering."""

    name: str

    def ask(self, book: Book, batch: Batch) -> Iterator[Answers]:
        """The answers to each life, in order."""


class ReferenceEngine:
    """The meaning."""

    name = "reference"

    def ask(self, book: Book, batch: Batch) -> Iterator[Answers]:
        return (self._answers(book, batch, place) for place in range(len(batch.lives)))

    def _answers(self, book: Book, batch: Batch, place: int) -> Answers:
        life, reference = batch.lives[place], book.reference
        units = reference.units(life)
        by_day = [(day, reference.readers(life, day, units)) for day in batch.days[place]]
        return Answers(
            needs=[reference.needs(life, day, readers) for day, readers in by_day],
            classes=[reference.classes(life, day, readers) for day, readers in by_day],
            indicators=[
                reference.indicators(life, batch.on, each, units, counted_only=True) for each in batch.periods
            ],
        )


class PythonEngine:
    """Generated Python."""

    name = "python"

    def ask(self, book: Book, batch: Batch) -> Iterator[Answers]:
        return (self._answers(book, batch, place) for place in range(len(batch.lives)))

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
    """The generated module, in one Node process for many lives."""

    name = "javascript"

    def ask(self, book: Book, batch: Batch) -> Iterator[Answers]:
        for start in range(0, len(batch.lives), _LIVES_A_PROCESS):
            part = batch.part(start, start + _LIVES_A_PROCESS)
            questions = (
                Question(life, days, batch.periods, batch.on, units=False, counted_only=True)
                for life, days in zip(part.lives, part.days, strict=True)
            )
            for each in ask_javascript(book, questions):
                yield Answers(each.needs, each.classes, each.indicators, _read(each.states))


class DuckDBEngine:
    """Generated SQL over all lives at once, a copy of each life for each of its days."""

    name = "duckdb"

    def ask(self, book: Book, batch: Batch) -> Iterator[Answers]:
        rounds = len(batch.days[0]) if batch.days else 0
        copies = [_copy(life, number) for number in range(rounds) for life in batch.lives]
        own_days = [days[number] for number in range(rounds) for days in batch.days]
        people = Population(book, copies, own_days, threads=_ONE_THREAD)
        people.settle()
        classes = people.classes()
        judged = [people.indicators(batch.on, period) for period in batch.periods]
        states = self._states(book, people)
        for start in range(0, len(batch.lives), _LIVES_AT_ONCE):
            lives = batch.lives[start : start + _LIVES_AT_ONCE]
            ids = [life.person["id"] for life in lives]
            needs = people.needs_of([own + _more(number) for number in range(rounds) for own in ids])
            for own in ids:
                yield Answers(
                    [_renumbered(needs.get(own + _more(number), ()), number) for number in range(rounds)],
                    [_renumbered(classes.get(own + _more(number), ()), number) for number in range(rounds)],
                    [list(answers.get(own, ())) for answers in judged],
                    {unit: json.loads(text) for unit, text in states.get(own, ())},
                )

    def _states(self, book: Book, people: Population) -> dict[int, list[tuple[tuple[str, int], str]]]:
        """What is kept, by person or household; of the members of one, only what it is told is then compared."""
        found: dict[int, list[tuple[tuple[str, int], str]]] = {}
        for unit in book.sql.plans:
            owners = people.owners(unit)
            for unit_id, text in people.states(unit).items():
                # Of the copies for other days the same is kept.
                if unit_id >> KEY_BITS == 0:
                    found.setdefault(owners[unit_id], []).append(((unit, unit_id), text))
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


def _read(states: dict[tuple[str, int], str]) -> States:
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
