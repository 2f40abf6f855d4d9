"""Expression text -> typed tree.

The first fault of an expression is raised with its place and, where it helps, a suggestion.

A name is looked up in this order: fields of the record (inside `where`), names the caller gives (`prev`,
`this.from`, values, lets), facts of the unit. What is none of these is a word of a code list, and gets its type
from the other side of the comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lark import Token, Tree

from siklus.kernel.dates import DAYS_PER_WEEK, MONTHS_PER_YEAR, NEVER, parse_day
from siklus.rules import tree as t
from siklus.rules.parsing import parse
from siklus.rules.scopes import (
    Broken,
    Scope,
    Word,
    aggregate,
    birth_in,
    check_of_members,
    human,
    kind_named,
    no_such_field,
    no_such_name,
)
from siklus.rules.source import Mark, did_you_mean, fault, text_of, told_before

_SPANS = {
    "day": (1, False),
    "week": (DAYS_PER_WEEK, False),
    "month": (1, True),
    "year": (MONTHS_PER_YEAR, True),
}


def check(text: Any, mark: Mark, scope: Scope, want: str | None = None) -> t.Node:
    """The typed tree of an expression; `want` is the type its slot must have (ProblemError R07 otherwise)."""
    reader = _Reader(scope, mark)
    node = reader.settle(reader.read(parse(text_of(text), mark).children[0]))
    if want is not None and node.type != want:
        hint = "write what must hold of it, e.g. 'is known' or a comparison" if want == "bool" else ""
        raise fault("R07", mark, f"must be {human(want)}, this is {human(node.type)}", hint)
    return node


def check_selection(text: Any, mark: Mark, scope: Scope) -> tuple[str, t.Node]:
    """`kind` or `kind where condition` of a `counts` or `of` slot."""
    head, _, condition = text_of(text).partition(" where ")
    kind = head.strip()
    kind_named(scope, kind, mark, records_only=True)
    if not condition:
        return kind, t.TRUE
    offset = len(text_of(text)) - len(condition)
    return kind, check(condition, mark.shifted(1, offset + 1), scope.inside(kind), "bool")


class _Reader:
    def __init__(self, scope: Scope, mark: Mark) -> None:
        self.scope, self.mark = scope, mark
        self.facts = scope.vocabulary.facts_of(scope.unit)

    def where(self, tree: Any) -> Mark:
        meta = tree if isinstance(tree, Token) else tree.meta
        line, column = getattr(meta, "line", None), getattr(meta, "column", None)
        return self.mark if line is None or column is None else self.mark.shifted(line, column)

    def read(self, tree: Any) -> t.Node:
        reader: Callable[[Any], t.Node] = getattr(self, f"read_{tree.data}")
        return reader(tree)

    def known(self, tree: Any) -> t.Node:
        return self.settle(self.read(tree))

    def settle(self, node: t.Node) -> t.Node:
        if isinstance(node, Word):
            raise no_such_name(self.scope, node)
        return node

    def boolean(self, tree: Any, word: str) -> t.Node:
        node = self.known(tree)
        if node.type != "bool":
            raise fault("R07", self.where(tree), f"'{word}' needs a yes/no, this is {human(node.type)}")
        return node

    # literals and names ----------------------------------------------------------------------------------
    def read_integer(self, tree: Any) -> t.Node:
        return t.Literal(int(tree.children[0]), "int")

    def read_negative(self, tree: Any) -> t.Node:
        return t.Literal(-int(tree.children[0]), "int")

    def read_date(self, tree: Any) -> t.Node:
        text = str(tree.children[0])
        try:
            return t.Literal(parse_day(text), "date")
        except ValueError as problem:
            raise fault("R11", self.where(tree), f"'{text}' is no day of the calendar") from problem

    def read_decimal(self, tree: Any) -> t.Node:
        return t.Literal(str(tree.children[0]), "decimal")

    def read_true(self, tree: Any) -> t.Node:
        return t.TRUE

    def read_false(self, tree: Any) -> t.Node:
        return t.FALSE

    def read_never(self, tree: Any) -> t.Node:
        return t.Literal(NEVER, "date")

    def read_span(self, tree: Any) -> t.Node:
        unit = str(tree.children[1]).removesuffix("s")
        if unit == "hour":
            raise fault("R10", self.where(tree), "the language has no hours; ask for a field such as 'jam'")
        factor, in_months = _SPANS[unit]
        return t.SpanLiteral(int(tree.children[0]) * factor, in_months)

    def read_name(self, tree: Any) -> t.Node:
        name = str(tree.children[0])
        if name == "today":
            return t.Today()
        if self.scope.record is not None:
            found = self.scope.vocabulary.fields_of(self.scope.record).get(name)
            if found is not None:
                return t.RecordField(name, found.type, found.nullable)
        if self.scope.row_of is not None and self.scope.record is None:
            kind, where = self.scope.row_of
            if name in self.scope.vocabulary.fields_of(kind):
                return aggregate(self.scope, "last", kind, name, where)
        if name in self.scope.names:
            return self.given(name)
        if name in ("prev", "first") and name not in self.facts:
            raise fault("R20", self.where(tree), f"'{name}' stands only in a series, after its first step")
        if name in self.facts:
            known = self.facts[name]
            return t.Fact(name, known.type, known.nullable)
        return Word(name, self.where(tree))

    def given(self, name: str) -> t.Node:
        """What the caller gives by this name."""
        node = self.scope.names[name]
        if isinstance(node, Broken):
            raise told_before()
        return node

    def read_dotted(self, tree: Any) -> t.Node:
        name = ".".join(str(part) for part in tree.children)
        if name in self.scope.names:
            return self.given(name)
        raise fault(
            "R01",
            self.where(tree),
            f"'{name}' is not known here.",
            did_you_mean(name, [n for n in self.scope.names if "." in n]),
        )

    # logic -----------------------------------------------------------------------------------------------
    def read_choice(self, tree: Any) -> t.Node:
        condition = self.boolean(tree.children[0], "if")
        then, other = self.pair(tree.children[1], tree.children[2])
        if then.type != other.type:
            raise fault(
                "R19", self.where(tree), f"'then' is {human(then.type)}, 'else' is {human(other.type)}"
            )
        return t.Choice(condition, then, other)

    def read_disjunction(self, tree: Any) -> t.Node:
        return t.Or(tuple(self.boolean(child, "or") for child in tree.children))

    def read_conjunction(self, tree: Any) -> t.Node:
        return t.both(*(self.boolean(child, "and") for child in tree.children))

    def read_negation(self, tree: Any) -> t.Node:
        return t.Not(self.boolean(tree.children[0], "not"))

    def read_known(self, tree: Any) -> t.Node:
        return t.IsKnown(self.known(tree.children[0]))

    def read_unknown(self, tree: Any) -> t.Node:
        return t.Not(t.IsKnown(self.known(tree.children[0])))

    # comparisons -----------------------------------------------------------------------------------------
    def pair(self, left: Any, right: Any) -> tuple[t.Node, t.Node]:
        """Both sides, where a bare word or number takes the type of the other side."""
        a, b = self.read(left), self.read(right)
        a = self.fit(a, b, left)
        b = self.fit(b, a, right)
        return self.settle(a), self.settle(b)

    def fit(self, node: t.Node, other: t.Node, tree: Any) -> t.Node:
        if isinstance(other, Word) or (isinstance(other, t.Literal) and other.of == "decimal"):
            return node
        if isinstance(node, Word):
            return self.word(node, other)
        if other.type.startswith("dec:") and isinstance(node, t.Literal) and node.of in ("int", "decimal"):
            places = int(other.type[4:])
            whole, _, part = str(node.value).partition(".")
            if len(part) > places:
                raise fault(
                    "R13",
                    self.where(tree),
                    f"{node.value} has more decimal places than this measurement keeps ({places})",
                )
            return t.Literal(int(whole) * 10**places + int(part.ljust(places, "0") or "0"), other.type)
        return node

    def word(self, node: Word, other: t.Node) -> t.Node:
        if other.type == "need":
            return t.Literal(node.name, "need")
        if not other.type.startswith("code:"):
            return node
        codes = self.scope.vocabulary.codes[other.type[5:]]
        if node.name not in codes:
            raise fault(
                "R06",
                node.mark,
                f"'{node.name}' is not a word of {other.type[5:]}.",
                did_you_mean(node.name, codes),
            )
        return t.Literal(node.name, other.type)

    def read_compare(self, tree: Any) -> t.Node:
        left_tree, operator, right_tree = tree.children
        left, right = self.pair(left_tree, right_tree)
        self.same_type(left, right, tree)
        if operator not in ("=", "!=") and (left.type in ("bool", "need") or left.type.startswith("code:")):
            raise fault("R08", self.where(tree), f"{human(left.type)} has no order; use = or !=")
        return t.Compare(str(operator), left, right)

    def same_type(self, left: t.Node, right: t.Node, tree: Any) -> None:
        if left.type != right.type or left.type in ("span", "decimal"):
            raise fault(
                "R08", self.where(tree), f"cannot compare {human(left.type)} with {human(right.type)}"
            )

    def within(self, tree: Any, upper: str) -> t.Node:
        arg, low = self.pair(tree.children[0], tree.children[2])
        _, high = self.pair(tree.children[0], tree.children[3])
        self.same_type(arg, low, tree)
        self.same_type(arg, high, tree)
        return t.both(t.Compare(">=", arg, low), t.Compare(upper, arg, high))

    def read_within_closed(self, tree: Any) -> t.Node:
        return self.within(tree, "<=")

    def read_within_half_open(self, tree: Any) -> t.Node:
        return self.within(tree, "<")

    def read_member(self, tree: Any) -> t.Node:
        return self.one_of(tree.children[0], tree.children[1])

    def read_not_member(self, tree: Any) -> t.Node:
        return t.Not(self.one_of(tree.children[0], tree.children[1]))

    def read_has(self, tree: Any) -> t.Node:
        return self.one_of(tree.children[0], Tree("named_group", [tree.children[1]], tree.meta))

    def one_of(self, left: Any, group: Any) -> t.Node:
        arg = self.known(left)
        words = [str(word) for word in group.children if str(word) != "["]
        if group.data == "named_group":
            groups = self.scope.vocabulary.groups
            if words[0] not in groups:
                raise fault(
                    "R14", self.where(group), f"'{words[0]}' is not a group.", did_you_mean(words[0], groups)
                )
            codes, members = groups[words[0]]
            if arg.type != f"code:{codes}":
                raise fault(
                    "R08", self.where(group), f"group '{words[0]}' is of {codes}, this is {human(arg.type)}"
                )
            return t.OneOf(arg, members)
        if arg.type == "int":
            return t.OneOf(arg, tuple(int(word) for word in words))
        options = []
        for word in words:
            fitted = self.settle(self.word(Word(word, self.where(group)), arg))
            assert isinstance(fitted, t.Literal)
            options.append(fitted.value)
        return t.OneOf(arg, tuple(options))

    # arithmetic ------------------------------------------------------------------------------------------
    def read_sum(self, tree: Any) -> t.Node:
        node = self.known(tree.children[0])
        for operator, part in zip(tree.children[1::2], tree.children[2::2], strict=True):
            node = self.add(node, self.read(part), 1 if operator == "+" else -1, tree)
        return node

    def add(self, left: t.Node, right: t.Node, sign: int, tree: Any) -> t.Node:
        right = self.settle(self.fit(right, left, tree))
        if left.type == "date" and isinstance(right, t.SpanLiteral):
            return t.Shift(left, t.Literal(sign * right.count, "int"), right.in_months)
        if left.type == "date" and right.type == "date" and sign < 0:
            return t.DaysBetween(left, right)
        if left.type == right.type and (left.type == "int" or left.type.startswith("dec:")):
            return t.Sum(left, right, sign)
        hint = "; say the unit: days, weeks, months" if left.type == "date" and right.type == "int" else ""
        operator = "+" if sign > 0 else "-"
        raise fault(
            "R09", self.where(tree), f"cannot do {human(left.type)} {operator} {human(right.type)}{hint}"
        )

    def read_product(self, tree: Any) -> t.Node:
        arg = self.known(tree.children[0])
        if arg.type != "int" and not arg.type.startswith("dec:"):
            raise fault("R09", self.where(tree), f"cannot multiply {human(arg.type)}")
        return t.Product(arg, int(tree.children[1]))

    def read_call(self, tree: Any) -> t.Node:
        name = str(tree.children[0])
        if name in ("earliest_of", "latest_of", "first_known"):
            args = [self.known(tree.children[1])]
            for child in tree.children[2:]:
                arg = self.settle(self.fit(self.read(child), args[0], child))
                if arg.type != args[0].type:
                    raise fault(
                        "R08",
                        self.where(child),
                        f"{name} takes one type; {human(args[0].type)} and {human(arg.type)} differ",
                    )
                args.append(arg)
            return (
                t.FirstKnown(tuple(args))
                if name == "first_known"
                else t.Extreme(name == "latest_of", tuple(args))
            )
        given = tuple(self.known(child) for child in tree.children[1:])
        if name == "plus_days":
            self.signature(name, given, ("date", "int"), tree)
            return t.Shift(given[0], given[1], False)
        if name.startswith("age_"):
            given = (birth_in(self.scope, self.where(tree)), *given)
        self.signature(name, given, t.FUNCTIONS[name][0], tree)
        return t.Call(name, given)

    def signature(self, name: str, given: tuple[t.Node, ...], wanted: tuple[str, ...], tree: Any) -> None:
        if tuple(arg.type for arg in given) != wanted:
            shown = ", ".join(human(kind) for kind in (wanted[1:] if name.startswith("age_") else wanted))
            raise fault("R08", self.where(tree), f"{name} takes ({shown})")

    # records ---------------------------------------------------------------------------------------------
    def read_open_episode(self, tree: Any) -> t.Node:
        name = str(tree.children[0])
        if name not in self.scope.vocabulary.episodes:
            raise fault(
                "R04",
                self.where(tree),
                f"'{name}' is not an episode.",
                did_you_mean(name, self.scope.vocabulary.episodes),
            )
        kind = kind_named(self.scope, name, self.where(tree))
        last = aggregate(self.scope, "max", kind, "last_day", t.TRUE)
        return t.FirstKnown((t.Compare(">=", last, t.Today()), t.FALSE))

    def read_aggregate(self, tree: Any) -> t.Node:
        if self.scope.record is not None:
            raise fault(
                "R16",
                self.where(tree),
                "an aggregate may not stand inside another's 'where'; name it with 'let' first",
            )
        parts = list(tree.children)
        function = str(parts.pop(0))
        nth = int(parts.pop(0)) if isinstance(parts[0], Token) and parts[0].type == "INT" else 0
        token = parts.pop(0)
        kind = kind_named(self.scope, str(token), self.where(token))
        check_of_members(function, kind, self.where(token))
        field_name: str | None = None
        if parts and isinstance(parts[0], Token):
            field_name = str(parts[0])
            known = self.scope.vocabulary.fields_of(kind)
            if field_name not in known:
                raise no_such_field(self.scope, kind, field_name, self.where(parts[0]))
            parts.pop(0)
        if function in ("min", "max", "sum") and field_name is None:
            raise fault("R05", self.where(tree), f"{function} needs a field, e.g. {function}({kind}.date)")
        if function == "nth" and nth < 1:
            raise fault("R11", self.where(tree), "nth needs a number from 1, e.g. nth(2, timbang.berat)")
        if nth and function not in ("nth", "last"):
            raise fault(
                "R11", self.where(tree), f"{function} takes no number; nth(2, ...) and last(2, ...) do"
            )
        if function == "last" and nth:
            function, nth = ("nth", -nth) if nth > 1 else ("last", 0)
        where: t.Node = t.TRUE
        if parts:
            inner = _Reader(self.scope.inside(kind), self.mark)
            where = inner.boolean(parts[0], "where")
        return aggregate(self.scope, function, kind, field_name, where, nth)
