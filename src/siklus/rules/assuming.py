"""Trees in which some facts are taken as known, and what then follows is worked out beforehand.

An engine that writes code for such trees may skip the unknown where it is already ruled out. Every accumulator
keeps its place in the state: conditions of aggregates change only in what can be unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields, replace

from siklus.kernel.dates import MONTHS_PER_YEAR
from siklus.rules import tree as t
from siklus.rules.book import Need
from siklus.rules.plan import Plan


class Assuming:
    """Rewrites needs and plans for units whose facts of these names are known."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = frozenset(names)
        self._steps: dict[str, bool] = {}
        self._written: dict[t.Node, t.Node] = {}
        self._conditions: dict[t.Node, t.Node] = {}

    def need(self, need: Need) -> Need:
        """The need with every slot rewritten. Needs come in their order: a step is read by those after it."""
        steps = []
        for name, value in need.steps:
            steps.append((name, self.node(value)))
            self._steps[name] = steps[-1][1].nullable
        return replace(
            need,
            package=replace(need.package, gate=self.node(need.package.gate)),
            who=self.node(need.who),
            done=self.node(need.done),
            excluded=self.node(need.excluded),
            opens=self.node(need.opens),
            due=self.node(need.due),
            overdue=self.node(need.overdue),
            until=self.node(need.until),
            waits=self.node(need.waits),
            refused=self.node(need.refused),
            occurrence=self.node(need.occurrence),
            steps=tuple(steps),
        )

    def plan(self, plan: Plan) -> Plan:
        """The accumulators with their conditions rewritten, at their places."""
        return Plan(
            {replace(each, where=self.condition(each.where)): place for each, place in plan.places.items()}
        )

    def node(self, node: t.Node) -> t.Node:
        """The tree with less that can be unknown, and without what is already decided."""
        written = self._written.get(node)
        if written is None:
            whole = isinstance(node, t.Aggregate)
            written = self.condition(node) if whole else _decided(self._rebuilt(node, whole))
            self._written[node] = written
        return written

    def condition(self, node: t.Node) -> t.Node:
        """The same tree; only what can be unknown is less."""
        written = self._conditions.get(node)
        if written is None:
            written = self._conditions[node] = self._rebuilt(node, True)
        return written

    def _rebuilt(self, node: t.Node, as_it_stands: bool) -> t.Node:
        if isinstance(node, t.Fact):
            return replace(node, may_be_unknown=False) if node.name in self.names else node
        if isinstance(node, t.StepValue):
            return replace(node, may_be_unknown=self._steps[node.name])
        write = self.condition if as_it_stands else self.node
        changed: dict[str, object] = {}
        for field in fields(node):
            value = getattr(node, field.name)
            if isinstance(value, t.Node):
                changed[field.name] = write(value)
            elif isinstance(value, tuple):
                changed[field.name] = tuple(write(p) if isinstance(p, t.Node) else p for p in value)
        return replace(node, **changed) if changed else node


def _decided(node: t.Node) -> t.Node:
    """The value of a node whose parts already decide it, else the node."""
    match node:
        case t.Compare(op, t.Call(function, (t.Fact() as start, end)), t.Literal(int() as count)):
            return _reached(op, function, start, end, count) or node
        case t.IsKnown(arg) if not arg.nullable:
            return t.TRUE
        case t.Not(t.Literal(bool() as value)):
            return t.Literal(not value, "bool")
        case t.And(args):
            return t.FALSE if t.FALSE in args else t.both(*args)
        case t.Or(args):
            return t.TRUE if t.TRUE in args else t.either(*args)
        case t.Choice(t.Literal(bool() as value), then, other):
            return then if value else other
        case t.FirstKnown((first, *_)) if not first.nullable:
            return first
    return node


_MONTHS_IN = {"age_months": 1, "months_between": 1, "age_years": MONTHS_PER_YEAR}


def _reached(op: str, function: str, start: t.Node, end: t.Node, count: int) -> t.Node | None:
    """`months_between(start, end) >= n` as `start + n months <= end`, which it means: one addition serves many days."""
    if op not in (">=", "<", ">", "<=") or function not in _MONTHS_IN:
        return None
    months = _MONTHS_IN[function] * (count if op in (">=", "<") else count + 1)
    day = t.Shift(start, t.Literal(months, "int"), True)
    return t.Compare("<=" if op in (">=", ">") else ">", day, end)


def anchors_of(nodes: Iterable[t.Node], names: Collection[str]) -> list[str]:
    """Which of these facts the trees speak of although they can be unknown."""
    found = {
        part.name
        for node in nodes
        for part in t.walk(node)
        if isinstance(part, t.Fact) and part.nullable and part.name in names
    }
    return [name for name in names if name in found]
