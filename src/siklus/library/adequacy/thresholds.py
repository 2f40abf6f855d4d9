"""What the examples of a classification show: each class, and both sides of each limit as near as can be measured."""

from __future__ import annotations

from collections.abc import Iterable

from siklus.library.examples import Example
from siklus.library.loading import Book
from siklus.rules import tree as t
from siklus.rules.book import Classification
from siklus.rules.life import Life
from siklus.rules.reference import Reader

_STEP = 1
"""Two neighbouring values of a measurement differ by one of its smallest unit."""
_OF_DERIVED = 10
"""A z-score moves by several hundredths with the smallest step of a scale or a tape."""
_ORDERED = ("<", "<=", ">", ">=")


def thresholds_of(table: Classification) -> list[t.Compare]:
    """The comparisons of a number with a limit that decide a class, or whether there is any."""
    nodes = (table.who, *(row.when for row in table.rows))
    found = [
        node
        for slot in nodes
        for node in t.outside_aggregates(slot)
        if isinstance(node, t.Compare) and node.op in _ORDERED and _is_limit(node)
    ]
    return list(dict.fromkeys(found))


def _is_limit(node: t.Compare) -> bool:
    """A number, and not that somebody is born."""
    return isinstance(node.right, t.Literal) and not (isinstance(node.left, t.Call) and node.right.value == 0)


def missing_classes(table: Classification, examples: Iterable[Example]) -> list[str]:
    """The classes no example comes to."""
    shown = {example.expect for example in examples}
    return [value for value in dict.fromkeys(row.value for row in table.rows) if value not in shown]


def one_sided(
    book: Book, table: Classification, lives: Iterable[tuple[Life, int]]
) -> list[tuple[t.Compare, str]]:
    """The thresholds not shown from both sides, each with the side that is missing or too far away."""
    readers = [Reader(book.reference.units(life)[0], today) for life, today in lives if life.members is None]
    readers = [reader for reader in readers if reader.value(table.measured)]
    found = []
    for node in thresholds_of(table):
        nearest: dict[bool, int] = {}
        for reader in readers:
            holds, left, right = reader.value(node), reader.value(node.left), reader.value(node.right)
            if holds is not None and None not in (left, right):
                away = abs(left - right)
                nearest[holds] = min(away, nearest.get(holds, away))
        far = _OF_DERIVED if _is_derived(book, node) else _STEP
        if set(nearest) != {True, False}:
            found.append((node, "satu sisi" if nearest else "tidak satu pun"))
        elif sum(nearest.values()) > far:
            found.append((node, "terlalu jauh dari batas"))
    return found


def _is_derived(book: Book, node: t.Compare) -> bool:
    """True where the value is worked out from what was measured, and so cannot be chosen freely."""
    kinds = book.vocabulary.kinds
    return any(
        isinstance(part, t.Aggregate) and part.kind in kinds and part.field in kinds[part.kind].derived
        for part in t.walk(node.left)
    )
