"""Which facts an unknown answer asks for: the unknown leaves of the deciding slot, in reading order, without repeats.

It may name a fact too many, never one too few, needs no second evaluation, and is the same in every engine.
"""

from __future__ import annotations

from collections.abc import Iterator

from siklus.rules import tree as t
from siklus.rules.vocabulary import EPISODE_KIND

SLOTS = ("who", "due", "done", "excluded", "until", "overdue")
"""The slots that can make a status unknown."""


def leaves(node: t.Node) -> list[tuple[str, t.Node]]:
    """(label, leaf) pairs: a label is asked for when one of its leaves is unknown; those of one label stand together.

    Labels: a fact's name, `date(NEED)` for an earlier step, `KIND.FIELD` for an aggregate. An `exists` names every
    nullable field of its `where`.
    """
    found = [(label, part) for part in _may_be_unknown(node) for label in _labels(part)]
    order = {label: place for place, label in enumerate(dict.fromkeys(label for label, _ in found))}
    return sorted(dict.fromkeys(found), key=lambda pair: order[pair[0]])


def _may_be_unknown(node: t.Node) -> Iterator[t.Node]:
    """The node and what lies below it, leaving out whatever can never be the reason for not knowing."""
    if node.nullable:
        yield node
        for child in t.children(node):
            yield from _may_be_unknown(child)


def _labels(node: t.Node) -> list[str]:
    if isinstance(node, t.Fact) and node.nullable:
        return [node.name]
    if isinstance(node, t.StepValue):
        return [f"date({node.need})"]
    if isinstance(node, t.Aggregate) and node.nullable:
        kind = node.kind.removeprefix(EPISODE_KIND)
        if node.function != "exists":
            return [f"{kind}.{node.field}"]
        # What an aggregate inside looks at are fields of other records; it is a leaf of its own.
        own = t.outside_aggregates(node.where)
        fields = [part.name for part in own if isinstance(part, t.RecordField) and part.nullable]
        return [f"{kind}.{name}" for name in dict.fromkeys(fields)]
    return []
