"""An expression without the constants that a district's choices put into it: `not false or x` is always true.

For words only; engines compute the tree as it stands.
"""

from __future__ import annotations

from siklus.rules import tree as t


def plain(node: t.Node) -> t.Node:
    """The same condition with yes and no worked out where they are constants."""
    match node:
        case t.And(args):
            kept = [arg for arg in map(plain, args) if arg != t.TRUE]
            return t.FALSE if t.FALSE in kept else t.both(*kept)
        case t.Or(args):
            kept = [arg for arg in map(plain, args) if arg != t.FALSE]
            return t.TRUE if t.TRUE in kept else t.either(*kept)
        case t.Not(arg):
            inside = plain(arg)
            if isinstance(inside, t.Literal) and inside.value is not None:
                return t.FALSE if inside.value else t.TRUE
            return t.Not(inside)
        case t.Choice(condition, then, other):
            holds = plain(condition)
            if isinstance(holds, t.Literal) and holds.value is not None:
                return plain(then if holds.value else other)
            return node
        case t.FirstKnown(args) if isinstance(args[0], t.Literal) and args[0].value is not None:
            return args[0]
    return node
