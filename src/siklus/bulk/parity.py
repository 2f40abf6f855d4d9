"""Do all engines say the same? Lives asked of the reference and of every generated engine, on several days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from siklus.bulk.proof.comparing import Difference, compare
from siklus.bulk.proof.engines import ENGINES, Batch, engines_named
from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules.life import Life

ALL = tuple(engine.name for engine in ENGINES)
"""The reference first, then the engines held to it."""


def parity(
    book: Book,
    lives: Sequence[Life],
    days: Iterable[int],
    periods: Iterable[Period] = (),
    engines: Sequence[str] = ALL,
) -> list[Difference]:
    """Every difference in needs, classes and states on each day, and in indicators of each period on the last day.

    The lives have ids of their own, and so have their records.
    """
    asked = sorted(days)
    batch = Batch(lives, [asked] * len(lives), list(periods), asked[-1])
    return compare(book, batch, engines_named(["reference", *engines])).differences
