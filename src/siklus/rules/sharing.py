"""Equal expressions of a rule book made one and the same, so that what is worked out for one rule is known for all.

Nothing else changes: the rules say what they said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from siklus.rules.book import Classification, Exclusion, Indicator, Need, Package, Row, Rules, Share
from siklus.rules.tree import Literal, Node

_HOLDERS = (Need, Indicator, Classification, Package, Exclusion, Row, Share)
_Known = dict[tuple[Node, str], Node]


def shared(rules: Rules) -> Rules:
    """The same rules over as few nodes as there are different expressions."""
    known: _Known = {}
    return replace(
        rules,
        needs=tuple(_shared(need, known) for need in rules.needs),
        indicators=tuple(_shared(indicator, known) for indicator in rules.indicators),
        classifications=tuple(_shared(table, known) for table in rules.classifications),
        shares=tuple(_shared(share, known) for share in rules.shares),
    )


def _shared(value: Any, known: _Known) -> Any:
    if isinstance(value, Node):
        made = _with_shared_parts(value, known)
        # Words of its own are no part of what a literal is, but are told to people.
        return known.setdefault((made, made.said if isinstance(made, Literal) else ""), made)
    if isinstance(value, _HOLDERS):
        return _with_shared_parts(value, known)
    if isinstance(value, tuple):
        return tuple(_shared(part, known) for part in value)
    if isinstance(value, Mapping) and any(isinstance(part, Node) for part in value.values()):
        return {name: _shared(part, known) for name, part in value.items()}
    return value


def _with_shared_parts(value: Any, known: _Known) -> Any:
    parts = {each.name: getattr(value, each.name) for each in fields(value)}
    changed = {name: made for name, part in parts.items() if (made := _shared(part, known)) is not part}
    return replace(value, **changed) if changed else value
