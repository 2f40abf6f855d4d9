"""R24: opens, due, overdue and until must never come in another order. Proved on lives, not on paper."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from siklus.kernel.dates import iso
from siklus.kernel.problems import Problem
from siklus.library.loading import Book
from siklus.rules.answers import NeedAnswer
from siklus.rules.life import Life

_ORDER = ("opens", "due", "overdue", "until")


def broken_orders(book: Book, lives: Iterable[Life], days: Iterable[int]) -> list[Problem]:
    """One problem for each need that breaks the order, with the first life and day that show it."""
    asked = tuple(days)
    found: dict[str, Problem] = {}
    for life in lives:
        for day in asked:
            for answer in book.engine.needs(life, day):
                if answer.need not in found and (why := _broken(answer)):
                    found[answer.need] = _problem(book, life, day, answer, why)
    return list(found.values())


def _broken(answer: NeedAnswer) -> str:
    known = [(name, day) for name in _ORDER if (day := getattr(answer, name)) is not None]
    for (before, first), (after, second) in pairwise(known):
        if second < first:
            return f"{after} {iso(second)} falls before {before} {iso(first)}"
    return ""


def _problem(book: Book, life: Life, day: int, answer: NeedAnswer, why: str) -> Problem:
    birth = life.person["birth"]
    dated = sorted({f"{record['kind']} {iso(record['date'])}" for record in life.records})
    shown = f"birth {iso(birth) if birth is not None else 'unknown'}, today {iso(day)}, {', '.join(dated)}"
    where = str(book.need(answer.need).mark)
    return Problem("R24", where, f"'{answer.need}': {why}", " <= ".join(_ORDER), f"e.g. {shown}")
