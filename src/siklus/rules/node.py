"""A node of the tree: a frozen, typed expression that keeps what was once worked out of it.

Trees share their parts, and every engine asks the same questions of them again and again: what stands below, whether
it can be unknown, what it equals. Each answer is kept with the node, which never changes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

_HASH = "_hash"
BY_QUESTION, BY_RECORD = 1, 2
"""By the day of the question, its period and the steps answered before; by the record a `where` looks at."""


@dataclass(frozen=True, eq=False)
class Node:
    """A typed expression."""

    @property
    def type(self) -> str:
        raise TypeError(f"{self.__class__.__name__} has no type")

    @cached_property
    def nullable(self) -> bool:
        """False only where the value can never be unknown, so that engines may skip the null work."""
        return any(child.nullable for child in self.below)

    @cached_property
    def below(self) -> tuple[Node, ...]:
        """The nodes directly below, in reading order, those of a `where` included."""
        found: list[Node] = []
        for value in map(self.__dict__.__getitem__, names_of(self.__class__)):
            if isinstance(value, Node):
                found.append(value)
            elif isinstance(value, tuple):
                found += (part for part in value if isinstance(part, Node))
        return tuple(found)

    @cached_property
    def parts(self) -> tuple[Node, ...]:
        """The node and everything below it, in reading order."""
        return (self, *(part for child in self.below for part in child.parts))

    @cached_property
    def open_parts(self) -> tuple[Node, ...]:
        """As `parts`, without entering the condition of an aggregate."""
        return (self, *(part for child in self.below for part in child.open_parts))

    @cached_property
    def late(self) -> bool:
        """True when the value is not known until the day, another aggregate or an earlier step is."""
        return any(child.late for child in self.below)

    @cached_property
    def rests_on(self) -> int:
        """What its value may differ by beside the unit: `BY_QUESTION`, `BY_RECORD`, both or neither."""
        found = 0
        for child in self.below:
            found |= child.rests_on
        return found

    def _said(self) -> tuple[Any, ...]:
        """What two equal nodes have in common."""
        return tuple(map(self.__dict__.__getitem__, _compared_of(self.__class__)))

    def __hash__(self) -> int:
        known: int | None = self.__dict__.get(_HASH)
        if known is None:
            known = self.__dict__[_HASH] = hash((self.__class__, self._said()))
        return known

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if self.__class__ is not other.__class__ or not isinstance(other, Node):
            return False
        return hash(self) == hash(other) and self._said() == other._said()

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in names_of(self.__class__)}


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in reading order, those of a `where` included."""
    return node.below


def walk(node: Node) -> tuple[Node, ...]:
    """The node and everything below it, in reading order."""
    return node.parts


def outside_aggregates(node: Node) -> tuple[Node, ...]:
    """As `walk`, without entering the condition of an aggregate."""
    return node.open_parts


def needs_finish(node: Node) -> bool:
    """True when the value is not known until the day, another aggregate or an earlier step is."""
    return node.late


def names_of(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node, in the order they are given."""
    return _NAMES.get(kind) or _NAMES.setdefault(kind, tuple(each.name for each in fields(kind)))


def _compared_of(kind: type[Node]) -> tuple[str, ...]:
    known = _COMPARED.get(kind)
    if known is None:
        known = _COMPARED[kind] = tuple(each.name for each in fields(kind) if each.compare)
    return known


_NAMES: dict[type[Node], tuple[str, ...]] = {}
_COMPARED: dict[type[Node], tuple[str, ...]] = {}
