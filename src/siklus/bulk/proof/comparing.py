"""One batch of lives asked of several engines: every answer in which one of them differs from the first.

An engine that breaks down over a batch is asked about ever smaller parts of it, until the lives are found that break
it; breaking down is a difference like any other.
"""

from __future__ import annotations

import resource
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from siklus.bulk.proof.engines import Answers, Batch, Engine, States
from siklus.kernel.dates import iso
from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules.life import Life

STATE = "state"
_A_SECOND = 1000
_UNIT_OF_INDICATOR = itemgetter(0, 2)


@dataclass(frozen=True)
class Difference:
    """One answer in which an engine differs from another; None where it has no such answer.

    `rule` is the need, indicator or classification, `state` for what is kept of a unit, empty where the engine broke.
    """

    engine: str
    against: str
    rule: str
    life: Life
    day: int
    period: Period | None
    expected: Any
    got: Any

    @property
    def person(self) -> int:
        """The life's number."""
        number: int = self.life.person["id"]
        return number

    def __str__(self) -> str:
        when = iso(self.day) if self.period is None else f"{self.period.name} on {iso(self.day)}"
        return (
            f"{self.engine}, life {self.person}, {when}: {self.against} says {self.expected}, "
            f"{self.engine} says {self.got}"
        )


@dataclass
class Compared:
    """The differences, how many answers the first engine gave, the statuses among them, and what each engine cost."""

    differences: list[Difference] = field(default_factory=list)
    answers: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    milliseconds: Counter[str] = field(default_factory=Counter)


def compare(book: Book, batch: Batch, engines: Sequence[Engine]) -> Compared:
    """Every difference of the later engines from the first; of states from the first that keeps any.

    All engines are heard life by life, so that what they say of a great many lives never lies in memory together.
    """
    compared, seconds = Compared(), defaultdict[str, float](float)
    told = [
        _timed(engine.name, _told(book, batch, engine, compared.differences), seconds) for engine in engines
    ]
    for place, said in enumerate(zip(*told, strict=True)):
        heard = [
            (engine.name, answers)
            for engine, answers in zip(engines, said, strict=True)
            if answers is not None
        ]
        if said[0] is not None:
            _count(said[0], compared)
            for name, answers in heard[1:]:
                names = (name, engines[0].name)
                compared.differences += _between(names, batch, place, said[0], answers)
        keeping = [(name, answers.states) for name, answers in heard if answers.states is not None]
        for name, states in keeping[1:]:
            names = (name, keeping[0][0])
            compared.differences += _between_states(names, batch, place, keeping[0][1], states)
    compared.milliseconds.update({name: round(spent * _A_SECOND) for name, spent in seconds.items()})
    return compared


def cpu_seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _count(each: Answers, compared: Compared) -> None:
    compared.answers += sum(
        len(listed) for kind in (each.needs, each.classes, each.indicators) for listed in kind
    )
    compared.statuses.update(need.status for day in each.needs for need in day)


def _timed(name: str, told: Iterator[Answers | None], seconds: dict[str, float]) -> Iterator[Answers | None]:
    """The same, adding up the processor time it takes."""
    while True:
        began = cpu_seconds()
        try:
            answers = next(told)
        except StopIteration:
            return
        finally:
            seconds[name] += cpu_seconds() - began
        yield answers


def _told(
    book: Book, batch: Batch, engine: Engine, differences: list[Difference]
) -> Iterator[Answers | None]:
    """The answers life by life; None for a life over which the engine breaks down, which is a difference."""
    told, count = 0, len(batch.lives)
    try:
        for answers in engine.ask(book, batch):
            told += 1
            yield answers
    except Exception as error:  # whatever an engine breaks on is what is looked for
        if told == count:
            raise
        if count == 1:
            lines = str(error).splitlines() or [""]
            said = f"{error.__class__.__name__}: {lines[0]}"
            life, day = batch.lives[0], batch.days[0][-1]
            differences.append(Difference(engine.name, "", "", life, day, None, "an answer", said))
            yield None
            return
        middle = told + (count - told) // 2
        for start, stop in ((told, middle), (middle, count)):
            if start < stop:
                yield from _told(book, batch.part(start, stop), engine, differences)


def _between(
    names: tuple[str, str], batch: Batch, place: int, mine: Answers, theirs: Answers
) -> Iterator[Difference]:
    life, days = batch.lives[place], batch.days[place]
    for kind in ("needs", "classes"):
        for day, ours, yours in zip(days, getattr(mine, kind), getattr(theirs, kind), strict=True):
            if ours != yours and (len(ours) != len(yours) or set(ours) != set(yours)):
                yield from _apart(names, life, day, None, ours, yours)
    for period, ours, yours in zip(batch.periods, mine.indicators, theirs.indicators, strict=True):
        ours, yours = _counted(ours), _counted(yours)
        if ours != yours:
            yield from _apart(names, life, batch.on, period, ours, yours)


def _between_states(
    names: tuple[str, str], batch: Batch, place: int, ours: States, yours: States
) -> Iterator[Difference]:
    """What one engine rebuilds must be what the other goes on from. A unit of which nothing is kept may be left out."""
    for unit in sorted(ours.keys() | yours.keys()):
        kept, other = ours.get(unit, {}), yours.get(unit, {})
        if kept != other:
            places = {key for key in kept.keys() | other.keys() if kept.get(key) != other.get(key)}
            expected, got = ({key: each.get(key) for key in sorted(places)} for each in (kept, other))
            yield Difference(
                *names, STATE, batch.lives[place], batch.on, None, (unit[0], expected), (unit[0], got)
            )


def _counted(answers: Iterable[Any]) -> list[Any]:
    """Indicator answers in order, without the units that are surely not counted, which bulk leaves out."""
    return sorted((each for each in answers if each.counted is not False), key=_UNIT_OF_INDICATOR)


def _apart(
    names: tuple[str, str],
    life: Life,
    day: int,
    period: Period | None,
    ours: Iterable[Any],
    yours: Iterable[Any],
) -> Iterator[Difference]:
    """Answers by what they are about; of each pair that differs one difference."""
    mine, theirs = _by_subject(ours), _by_subject(yours)
    for subject in mine.keys() | theirs.keys():
        if mine.get(subject) != theirs.get(subject):
            yield Difference(*names, subject[0], life, day, period, mine.get(subject), theirs.get(subject))


def _by_subject(answers: Iterable[Any]) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = {}
    for answer in answers:
        found.setdefault((answer[0], answer.unit_id), []).append(answer)
    return found
