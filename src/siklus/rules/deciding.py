"""Which part of an expression made its value what it is, for one person on one day.

`latest_of(a, b)` is as it is because of one of them; a false `and` because of its first false part. Words about the
deciding part are short and personal; words about the whole rule are in `telling`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Any

from siklus.rules import tree as t

Value = Callable[[t.Node], Any]


def decided(node: t.Node, value: Value) -> t.Node:
    """The deciding part, itself an expression of the same value."""
    match node:
        case t.Extreme(_, args):
            result = value(node)
            found = next((arg for arg in args if result is not None and value(arg) == result), None)
            return decided(found, value) if found is not None else node
        case t.FirstKnown(args):
            found = next((arg for arg in args if value(arg) is not None), args[-1])
            return node if isinstance(found, t.Literal) and found != args[0] else decided(found, value)
        case t.Choice(condition, then, other):
            holds = value(condition)
            return decided(condition if holds is None else then if holds else other, value)
        case t.Shift(date, count, in_months):
            moved = value(count)
            length = count if moved is None else t.Literal(moved, "int")
            is_plain = isinstance(count, t.Literal) or constants_of(count) is not None
            return t.Shift(decided(date, value), length if is_plain else count, in_months)
        case t.And(args) | t.Or(args):
            return _of_logic(node, args, value)
        case t.Not(arg):
            return t.Not(decided(arg, value))
    return node


def constants_of(count: t.Node) -> list[t.Literal] | None:
    """What a choice between constants can come to; None where it is no such choice."""
    if not isinstance(count, t.Choice):
        return None
    found: list[t.Literal] = []
    for branch in (count.then, count.other):
        inside = [branch] if isinstance(branch, t.Literal) else constants_of(branch)
        if inside is None:
            return None
        found += inside
    return found


def failing(node: t.Node, value: Value) -> t.Node:
    """A condition that does not hold, each alternative by the first part that fails: shorter, and still false."""
    match node:
        case t.Or(args):
            return t.Or(tuple(failing(arg, value) for arg in args))
        case t.And(args):
            return failing(next((arg for arg in args if value(arg) is False), node.args[0]), value)
        case t.FirstKnown((first, *_)):
            return failing(first, value)
    return node


def rests_on(node: t.Node, whole: Container[t.Node] = ()) -> Iterator[t.Node]:
    """The facts, records and earlier steps an expression is made of, in reading order; not what a `where` says.

    What is in `whole` is taken as it stands.
    """
    if isinstance(node, t.Fact | t.Aggregate | t.StepValue) or (whole and node in whole):
        yield node
    elif isinstance(node, t.EarliestWithin | t.HasDates):
        yield node.dates
    else:
        for child in t.children(node):
            yield from rests_on(child, whole)


def _of_logic(node: t.And | t.Or, args: tuple[t.Node, ...], value: Value) -> t.Node:
    result = value(node)
    decisive = isinstance(node, t.Or)
    if result is decisive or result is None:
        found = next(arg for arg in args if value(arg) is result)
        return decided(found, value)
    return node
