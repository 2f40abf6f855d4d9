"""The search for the deciding part of an expression as plain data: which value to ask for next, and what is found.

The twin of `rules.deciding`, taken apart beforehand: every part that can ever decide is known, so that its words can be
made beforehand too. A plan is the place of what is found, or a question about a value:

- `["same", x, unless, [[a, plan], ...], else]` - unless x is that value, the first a that has the value of x; or else
- `["known", [[a, plan], ...]]` - the first a that is known, or the last
- `["false", [[a, plan], ...]]` - the first a that is false, or the first
- `["choice", c, unknown, then, other]` - by the yes or no of c
- `["number", n, {text: plan}, unknown]` - by the number n
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from siklus.rules import tree as t
from siklus.rules.deciding import constants_of
from siklus.rules.emitters.tree_data import Expressions

Plan = Any
Found = Callable[[t.Node], int]


class Deciding:
    """Plans over the rows of `expressions`."""

    def __init__(self, expressions: Expressions) -> None:
        self._at = expressions.place

    def decided(self, node: t.Node, found: Found) -> Plan:
        """What `deciding.decided` comes to; `found` keeps a part that can decide and says where."""
        match node:
            case t.Extreme(_, args):
                return self._same(node, None, args, found)
            case t.And(args):
                return self._same(node, True, args, found)
            case t.Or(args):
                return self._same(node, False, args, found)
            case t.FirstKnown(args):
                constant = (isinstance(arg, t.Literal) and arg != args[0] for arg in args)
                plans = [
                    found(node) if is_constant else self.decided(arg, found)
                    for arg, is_constant in zip(args, constant, strict=True)
                ]
                return ["known", self._pairs(args, plans)]
            case t.Choice(condition, then, other):
                plans = [self.decided(part, found) for part in (condition, then, other)]
                return ["choice", self._at(condition), *plans]
            case t.Shift(date, count, in_months):
                return self._shift(date, count, in_months, found)
            case t.Not(arg):
                return self.decided(arg, lambda inside: found(t.Not(inside)))
        return found(node)

    def failing(self, node: t.Node, found: Found) -> Plan:
        """What `deciding.failing` comes to."""
        match node:
            case t.Or(args):
                return self._each(args, (), found)
            case t.And(args):
                return ["false", self._pairs(args, [self.failing(arg, found) for arg in args])]
            case t.FirstKnown((first, *_)):
                return self.failing(first, found)
        return found(node)

    def _each(self, args: tuple[t.Node, ...], done: tuple[t.Node, ...], found: Found) -> Plan:
        """One alternative after the other, each by what fails of it."""
        if not args:
            return found(t.Or(done))
        first, *rest = args
        return self.failing(first, lambda inside: self._each(tuple(rest), (*done, inside), found))

    def _same(self, node: t.Node, unless: bool | None, args: tuple[t.Node, ...], found: Found) -> Plan:
        pairs = self._pairs(args, [self.decided(arg, found) for arg in args])
        return ["same", self._at(node), unless, pairs, found(node)]

    def _shift(self, date: t.Node, count: t.Node, in_months: bool, found: Found) -> Plan:
        def moved(length: t.Node) -> Plan:
            return self.decided(date, lambda inside: found(t.Shift(inside, length, in_months)))

        constants = constants_of(count)
        if constants is None:
            return moved(t.Literal(count.value, "int") if isinstance(count, t.Literal) else count)
        numbers = {str(each.value): moved(t.Literal(each.value, "int")) for each in constants}
        return ["number", self._at(count), numbers, moved(count)]

    def _pairs(self, args: tuple[t.Node, ...], plans: list[Plan]) -> list[list[Plan]]:
        return [[self._at(arg), plan] for arg, plan in zip(args, plans, strict=True)]
