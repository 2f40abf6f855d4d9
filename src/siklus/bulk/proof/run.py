"""The long run: many lives under the rules of a book, many rules drawn at random, every engine, all processors.

The work is cut into tasks that are drawn from the seed alone, so the same command asks the same questions however many
processes share them. Every task asks on days of its own.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from siklus.bulk.proof.comparing import Difference, compare
from siklus.bulk.proof.engines import Batch, Engine, engines_named
from siklus.kernel import dates, periods
from siklus.kernel.periods import Period
from siklus.kernel.resting import collector_at_rest
from siklus.library.loading import Book
from siklus.library.random_lives import LifeDrawer, awkward_days
from siklus.library.random_rules import book_of, random_documents
from siklus.rules.uses import uses_of

_PEOPLE_A_TASK = 25_000
"""So many lives that planning the queries of DuckDB costs little of a task, and so few that its tables fit in memory.

Below 2**16: the members of a household are numbered beyond all lives of a task.
"""
_RULES_A_BOOK, _LIVES_A_BOOK = 25, 48
_TIMES_A_TASK = 12
_KEPT_AT_MOST = 100


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `around` is the day about which lives are lived; a life is asked about on so many days."""

    seed: int
    around: int
    engines: tuple[str, ...]
    people: int = 0
    rules: int = 0
    days: int = 1


@dataclass(frozen=True)
class Task:
    """A share of the work. `what` is `people` or `rules`, `count` of them, from the seed `seed`."""

    what: str
    seed: str
    count: int


@dataclass(frozen=True)
class Found:
    """A difference, and the documents of the drawn book it is about (none: the book of knowledge)."""

    difference: Difference
    documents: tuple[dict[str, object], ...] = ()


@dataclass
class Report:
    """What was asked and what came of it. `differences` counts all; `found` holds the first of them."""

    people: int = 0
    rules: int = 0
    answers: int = 0
    differences: int = 0
    found: list[Found] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    uses: Counter[str] = field(default_factory=Counter)
    milliseconds: Counter[str] = field(default_factory=Counter)

    def add(self, other: Report) -> None:
        """Takes up the report of a task."""
        self.people += other.people
        self.rules += other.rules
        self.answers += other.answers
        self.differences += other.differences
        self.found += other.found[: max(0, _KEPT_AT_MOST - len(self.found))]
        for name in ("statuses", "uses", "milliseconds"):
            getattr(self, name).update(getattr(other, name))


Progress = Callable[[Report], None]


def prove(book: Book, wanted: Wanted, jobs: int, progress: Progress = lambda _: None) -> Report:
    """Everything that is wanted, shared by so many processes."""
    engines = engines_named(wanted.engines)
    names = {engine.name for engine in engines}
    report, tasks = Report(), list(tasks_of(wanted))
    if wanted.people:
        _make_ready(book, names)
    if jobs == 1:
        for task in tasks:
            report.add(run_task(book, wanted, engines, task))
            progress(report)
        return report
    global _shared
    _shared = (book, wanted, engines)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        for done in pool.map(_run_shared, tasks):
            report.add(done)
            progress(report)
    return report


def tasks_of(wanted: Wanted) -> Iterator[Task]:
    """The shares of the work, the same whoever does them."""
    for what, total, size in (
        ("people", wanted.people, _PEOPLE_A_TASK),
        ("rules", wanted.rules, _RULES_A_BOOK),
    ):
        for place, start in enumerate(range(0, total, size)):
            yield Task(what, f"{wanted.seed}/{what}/{place}", min(size, total - start))


def run_task(book: Book, wanted: Wanted, engines: Sequence[Engine], task: Task) -> Report:
    """One share: lives under the given book, or drawn rules on a few lives.

    None of its millions of answers points back to another; looking for circles among them would cost a tenth of it.
    """
    with collector_at_rest():
        return _run(book, wanted, engines, task)


def _run(book: Book, wanted: Wanted, engines: Sequence[Engine], task: Task) -> Report:
    report = Report()
    documents: tuple[dict[str, object], ...] = ()
    if task.what == "rules":
        documents = tuple(random_documents(task.seed, task.count))
        book = book_of(documents)
        report.rules = len(book.needs) + len(book.indicators) + len(book.classifications)
        report.uses = uses_of(documents, book.rules)
    batch = _batch(book, wanted, task)
    report.people = len(batch.lives)
    found = compare(book, batch, engines)
    report.answers, report.statuses, report.milliseconds = found.answers, found.statuses, found.milliseconds
    report.differences = len(found.differences)
    report.found = [Found(each, documents) for each in found.differences[:_KEPT_AT_MOST]]
    return report


def periods_around(kinds: Iterable[str], day: int) -> list[Period]:
    """The period of each of these kinds in which a day lies."""
    year, month = dates.year_of(day), dates.month_of(day)
    school = dates.year_of(dates.start_of_school_year(day))
    by_kind = {
        "year": periods.year(year),
        "quarter": periods.quarter(year, (month - 1) // periods.MONTHS_PER_QUARTER + 1),
        "month": periods.month(year, month),
        "school year": periods.school_year(school, school + 1),
        "month cumulative": periods.cumulative(year, 1, month),
    }
    return [by_kind[kind] for kind in dict.fromkeys(kinds)]


def _batch(book: Book, wanted: Wanted, task: Task) -> Batch:
    drawer = LifeDrawer(book.rules, wanted.around)
    lives = drawer.lives(task.count if task.what == "people" else _LIVES_A_BOOK, task.seed)
    pool = awkward_days(wanted.around, task.seed, max(_TIMES_A_TASK, wanted.days))
    days = [
        [pool[(place + number) % len(pool)] for number in range(wanted.days)] for place in range(len(lives))
    ]
    on = pool[int(task.seed.rpartition("/")[2]) % len(pool)]
    return Batch(lives, days, periods_around((each.period for each in book.indicators), on), on)


_shared: tuple[Book, Wanted, Sequence[Engine]] | None = None
"""What the processes of a run find when they are made: a book cannot be sent to them."""


def _run_shared(task: Task) -> Report:
    assert _shared is not None
    return run_task(*_shared, task)


def _make_ready(book: Book, names: set[str]) -> None:
    """Writes the generated engines once, before processes are made."""
    _ = book.engine if "python" in names else None
    _ = book.javascript if "javascript" in names else None
    _ = book.sql.plans if "duckdb" in names else None
