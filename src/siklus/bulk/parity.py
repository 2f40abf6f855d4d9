"""Do all engines say the same? Lives asked of the reference, of generated Python and of DuckDB, on several days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from siklus.bulk.lives import Population
from siklus.kernel.dates import iso
from siklus.kernel.ids import MAX_DEVICE, MAX_NUMBER
from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules.life import Life

ENGINES = ("python", "duckdb")
"""The engines held to the reference."""

Pairs = Sequence[tuple[Life, int]]
_IDS_BELOW = MAX_DEVICE.bit_length() + MAX_NUMBER.bit_length()


@dataclass(frozen=True)
class Difference:
    """One answer in which an engine differs from the reference; None where it has no such answer."""

    engine: str
    person: int
    day: int
    expected: Any
    got: Any

    def __str__(self) -> str:
        return f"{self.engine}, life {self.person}, {iso(self.day)}: expected {self.expected}, got {self.got}"


def parity(
    book: Book,
    lives: Sequence[Life],
    days: Iterable[int],
    periods: Iterable[Period] = (),
    engines: Sequence[str] = ENGINES,
) -> list[Difference]:
    """Every difference in needs, classes and states on each day, and in indicators of each period.

    Each period is judged on the last of the days. The lives have ids of their own, and so have their records.
    """
    asked = sorted(days)
    pairs = [(_copy(life, number), day) for number, day in enumerate(asked) for life in lives]
    people = None
    if "duckdb" in engines:
        people = Population(book, [life for life, _ in pairs], [day for _, day in pairs])
    found = list(_compare(book, pairs, engines, people))
    last = pairs[-len(lives) :]
    for period in periods:
        found += _compare_period(book, last, period, engines, people)
    if people is not None:
        found += _compare_states(book, last, people)
    return found


def _copy(life: Life, number: int) -> Life:
    """The same life once more, with ids that no other copy has, in the same order."""
    more = number << _IDS_BELOW
    records = tuple({**record, "id": record["id"] + more} for record in life.records)
    return Life({**life.person, "id": life.person["id"] + more}, records)


def _compare(
    book: Book, pairs: Pairs, engines: Sequence[str], people: Population | None
) -> Iterator[Difference]:
    needs, classes = (people.needs(), people.classes()) if people else ({}, {})
    for life, day in pairs:
        person = life.person["id"]
        expected = [*book.reference.needs(life, day), *book.reference.classes(life, day)]
        if "python" in engines:
            alone = [*book.engine.needs(life, day), *book.engine.classes(life, day)]
            yield from _between("python", person, day, expected, alone)
        if people:
            yield from _between(
                "duckdb", person, day, expected, [*needs.get(person, ()), *classes.get(person, ())]
            )


def _compare_period(
    book: Book, pairs: Pairs, period: Period, engines: Sequence[str], people: Population | None
) -> Iterator[Difference]:
    together = people.indicators(pairs[0][1], period) if people else {}
    for life, day in pairs:
        person = life.person["id"]
        expected = _counted(book.reference.indicators(life, day, period))
        if "python" in engines:
            alone = _counted(book.engine.indicators(life, day, period))
            yield from _between("python", person, day, expected, alone)
        if people:
            yield from _between("duckdb", person, day, expected, together.get(person, []))


def _compare_states(book: Book, pairs: Pairs, people: Population) -> Iterator[Difference]:
    """The kept state of every unit, as text: what one rebuilds must be what the other goes on from."""
    in_bulk = {unit: people.states(unit) for unit in book.sql.plans}
    for life, day in pairs:
        for unit in book.engine.fold(life):
            text = in_bulk[unit.unit].get(unit.facts["id"], "{}")
            alone, together = json.loads(json.dumps(book.engine.state_of(unit))), json.loads(text)
            if alone != together:
                yield Difference("duckdb", life.person["id"], day, (unit.unit, alone), (unit.unit, together))


def _counted(answers: Iterable[Any]) -> list[Any]:
    """Indicator answers without the units that are surely not counted, which bulk leaves out."""
    return [answer for answer in answers if answer.counted is not False]


def _between(
    engine: str, person: int, day: int, expected: Iterable[Any], got: Iterable[Any]
) -> Iterator[Difference]:
    """Answers by what they are about; of each pair that differs one difference."""
    mine, theirs = _by_subject(expected), _by_subject(got)
    for subject in mine.keys() | theirs.keys():
        if mine.get(subject) != theirs.get(subject):
            yield Difference(engine, person, day, mine.get(subject), theirs.get(subject))


def _by_subject(answers: Iterable[Any]) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = {}
    for answer in answers:
        found.setdefault((answer[0], answer.unit_id), []).append(answer)
    return found
