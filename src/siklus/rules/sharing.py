"""Equal expressions of a rule book made one and the same, so that what is worked out for one rule is known for all.

Nothing else changes: the rules say what they said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from operator import is_
from typing import Any

from siklus.rules.book import Classification, Exclusion, Indicator, Let, Need, Package, Row, Rules, Share
from siklus.rules.node import names_of
from siklus.rules.tree import Node

_HOLDERS = (Need, Indicator, Classification, Package, Exclusion, Let, Row, Share)


def shared(rules: Rules) -> Rules:
    """The same rules over as few nodes as there are different expressions."""
    sharing = _Sharing()
    return replace(
        rules,
        packages=sharing.of(rules.packages),
        needs=sharing.of(rules.needs),
        indicators=sharing.of(rules.indicators),
        classifications=sharing.of(rules.classifications),
        shares=sharing.of(rules.shares),
    )


class _Sharing:
    """What was met so far: by what it says, and by which object it was (rules already share most of their parts)."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], Node] = {}
        self.made: dict[int, Any] = {}

    def of(self, value: Any) -> Any:
        """The value over shared nodes; itself when it already is."""
        if isinstance(value, Node):
            return self._once(value, self._node)
        if isinstance(value, _HOLDERS):
            return self._once(value, self._holder)
        if isinstance(value, tuple):
            made = tuple(map(self.of, value))
            return value if all(map(is_, made, value)) else made
        if isinstance(value, Mapping) and any(isinstance(part, Node) for part in value.values()):
            return {name: self.of(part) for name, part in value.items()}
        return value

    def _once(self, value: Any, make: Callable[[Any], Any]) -> Any:
        made = self.made.get(id(value))
        if made is None:
            made = self.made[id(value)] = make(value)
        return made

    def _node(self, node: Node) -> Node:
        made: Node = self._holder(node)
        # Equal nodes may differ in words of their own, which are told to people: those stay two.
        said = (_sign(getattr(made, name)) for name in names_of(made.__class__))
        return self.known.setdefault((made.__class__, *said), made)

    def _holder(self, value: Any) -> Any:
        parts = {each.name: getattr(value, each.name) for each in fields(value)}
        changed = {name: made for name, part in parts.items() if (made := self.of(part)) is not part}
        return replace(value, **changed) if changed else value


def _sign(value: Any) -> object:
    """What tells a shared part from every other."""
    if isinstance(value, Node):
        return id(value)
    if isinstance(value, tuple):
        return tuple(map(_sign, value))
    return value.__class__, value
