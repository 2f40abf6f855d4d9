"""Expressions as plain data, each different one once: what a phone reads to say why (`web/src/rules/tree.ts`).

A row is the operator's name and its parts; a part that is an expression is the place of its row, which stands before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siklus.rules import tree as t

Row = list[Any]


class Expressions:
    """The rows of all expressions asked for. `places` are those of the kinds of record in the rule book's module."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.rows: list[Row] = []
        self._places = places
        self._known: dict[t.Node, int] = {}

    def place(self, node: t.Node) -> int:
        """Where the expression stands."""
        found = self._known.get(node)
        if found is None:
            row = self._row(node)
            found = self._known[node] = len(self.rows)
            self.rows.append(row)
        return found

    def _all(self, nodes: tuple[t.Node, ...]) -> list[int]:
        return [self.place(node) for node in nodes]

    def _row(self, node: t.Node) -> Row:
        at = self.place
        match node:
            case t.Literal(value):
                return ["literal", value]
            case t.Today():
                return ["today"]
            case t.Fact(name):
                return ["fact", name]
            case t.RecordField(name):
                return ["field", name]
            case t.StepValue(name):
                return ["step", name]
            case t.And(args):
                return ["and", self._all(args)]
            case t.Or(args):
                return ["or", self._all(args)]
            case t.Not(arg):
                return ["not", at(arg)]
            case t.IsKnown(arg):
                return ["is_known", at(arg)]
            case t.Compare(op, left, right):
                return ["compare", op, at(left), at(right)]
            case t.OneOf(arg, options):
                return ["one_of", at(arg), list(options)]
            case t.Shift(date, count, in_months):
                return ["add_months" if in_months else "add_days", at(date), at(count)]
            case t.DaysBetween(later, earlier):
                return ["days_between", at(later), at(earlier)]
            case t.Sum(left, right, sign):
                return ["sum", at(left), at(right), sign]
            case t.Product(arg, factor):
                return ["product", at(arg), factor]
            case t.Call(function, args):
                return ["call", function, self._all(args)]
            case t.Extreme(latest, args):
                return ["latest" if latest else "earliest", self._all(args)]
            case t.FirstKnown(args):
                return ["first_known", self._all(args)]
            case t.Choice(condition, then, other):
                return ["choice", at(condition), at(then), at(other)]
            case t.Aggregate(function, kind, field, where, nth, attached):
                place = self._places[kind]
                return ["aggregate", function, place, field or "date", at(where), nth, attached]
            case t.EarliestWithin(dates, low, high):
                return ["earliest_within", at(dates), at(low), at(high)]
            case t.HasDates(dates):
                return ["has_dates", at(dates)]
        raise TypeError(f"no row for {node!r}")
