"""What the examples of a classification show: each class, and both sides of each limit as near as can be measured."""

from __future__ import annotations

from collections.abc import Iterable

from siklus.library.examples import Example
from siklus.library.loading import Book
from siklus.rules import tree as t
from siklus.rules.book import Classification
from siklus.rules.reference import Reader

_STEP = 1
"""Two neighbouring values of a measurement differ by one of its smallest unit."""
_OF_DERIVED = 5
"""A z-score moves by several hundredths with the smallest step of a scale."""
_ORDERED = ("<", "<=", ">", ">=")


def thresholds_of(table: Classification) -> list[t.Compare]:
    """The comparisons of a number with a limit that decide a class, or whether there is any."""
    nodes = (table.who, *(row.when for row in table.rows))
    found = [
        node
        for slot in nodes
        for node in t.outside_aggregates(slot)
        if isinstance(node, t.Compare) and node.op in _ORDERED and isinstance(node.right, t.Literal)
    ]
    return list(dict.fromkeys(found))


def missing_classes(table: Classification, examples: Iterable[Example]) -> list[str]:
    """The classes no example comes to."""
    shown = {example.expect for example in examples}
    return [value for value in dict.fromkeys(row.value for row in table.rows) if value not in shown]


def one_sided(book: Book, table: Classification, examples: Iterable[Example]) -> list[tuple[t.Compare, str]]:
    """The thresholds not shown from both sides, each with the side that is missing or too far away."""
    readers = [
        Reader(book.reference.units(example.life)[0], example.today)
        for example in examples
        if example.expect is not None or example.life.records
    ]
    found = []
    for node in thresholds_of(table):
        nearest: dict[bool, int] = {}
        for reader in readers:
            holds, left, right = reader.value(node), reader.value(node.left), reader.value(node.right)
            if holds is not None and reader.value(table.measured):
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
