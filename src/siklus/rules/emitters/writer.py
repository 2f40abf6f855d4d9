"""Tree -> lines of a program in three-address form, in the words of a dialect.

Every value gets a local name once, and null work is written only where null can occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from siklus.rules import tree as t
from siklus.rules.emitters.aggregates import write_aggregate, write_earliest
from siklus.rules.emitters.dialect import Dialect
from siklus.rules.emitters.shapes import is_long, may_be_never, rests_on_the_day_alone
from siklus.rules.plan import Plan

OfDay = dict[t.Node, int]
"""Expressions that depend on the day alone, and where their values stand in `T`."""


class Writer:
    """Collects lines.

    `atom(node)` writes what is needed and gives back a name or a literal that holds the node's value.
    A name is reused as long as the block in which it was written is open. With `of_day`, what depends on the day
    alone is not written but collected there and read from `T`.
    """

    def __init__(self, dialect: Dialect, plan: Plan, of_day: OfDay | None = None) -> None:
        self.dialect = dialect
        self.plan = plan
        self.of_day = of_day
        self.lines: list[str] = []
        self.indent = 1
        self.names: dict[object, str] = {}
        self.shadowed: list[tuple[object, str | None]] = []
        self.sure: set[str] = set()
        self.months: dict[str, tuple[str, int]] = {}
        self.given: dict[str, None] = {}
        self.count = self.most = 0

    def line(self, text: str) -> None:
        """One statement at the present depth."""
        self.raw(text + self.dialect.end)

    def raw(self, text: str) -> None:
        """One line at the present depth, as it stands."""
        self.lines.append(self.dialect.indent * self.indent + text)

    def set(self, name: str, text: str) -> None:
        """Give a value to a name that is not one of `fresh`."""
        self.given[name] = None
        self.line(f"{name} = {text}")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines that belong under a head; names made inside end with it and are given out again.

        Few names keep a function's instructions short: Python needs a second one for each name after the 256th.
        """
        self.raw(head)
        self.indent += 1
        start, names, count = len(self.lines), len(self.shadowed), self.count
        yield
        if len(self.lines) == start and self.dialect.empty:
            self.raw(self.dialect.empty)
        while len(self.shadowed) > names:
            key, name = self.shadowed.pop()
            if name is None:
                del self.names[key]
            else:
                self.names[key] = name
        self.indent -= 1
        self.count = count
        if self.dialect.close:
            self.raw(self.dialect.close)

    def known(self, key: object) -> str | None:
        """The name under which something was written, if it still holds."""
        return self.names.get(key)

    def fresh(self) -> str:
        """A new local name."""
        self.count += 1
        self.most = max(self.most, self.count)
        return f"v{self.count}"

    def let(self, key: object, text: str) -> str:
        """Name a value; the same key is written once."""
        name = self.known(key)
        if name is None:
            name = self.fresh()
            self.line(f"{name} = {text}")
            self.bind(key, name)
        return name

    def bind(self, key: object, name: str) -> None:
        """Say that a key is already held by a name."""
        self.shadowed.append((key, self.names.get(key)))
        self.names[key] = name

    def kept(self, place: int) -> str:
        """An accumulator of the state."""
        return self.let(("kept", place), f"A[{place}]")

    def atom(self, node: t.Node) -> str:
        """A name or literal holding the value of a node."""
        known = self.known(node)
        if known is not None:
            return known
        if self.of_day is not None and self.is_of_day(node):
            return self.let(node, f"T[{self.of_day.setdefault(node, len(self.of_day))}]")
        match node:
            case t.Literal(value, _):
                return self.dialect.literal(value)
            case t.Today():
                return "today"
            case t.PeriodBound(start):
                return "P0" if start else "P1"
            case t.Fact(name, _, _):
                return self.let(node, self.dialect.fact(name))
            case t.RecordField(name, _, _):
                return self.let(node, self.dialect.field(name))
            case t.StepValue(name, _, _):
                raise KeyError(f"{name} is used before it is written")
            case t.Aggregate():
                return write_aggregate(self, node)
            case t.EarliestWithin():
                return write_earliest(self, node)
            case t.HasDates(dates):
                return self.let(node, self.dialect.has_any(write_aggregate(self, dates)))
            case t.Choice():
                return self.choice(node)
            case t.And(args) | t.Or(args) if any(is_long(arg) for arg in args[1:]):
                return self.step_by_step(node, args, isinstance(node, t.Or))
            case _:
                return self.let(node, self.text(node))

    def test(self, node: t.Node) -> str:
        """What stands after `if`; in place, so that it stops where it is decided, when nothing can be unknown."""
        if node.nullable:
            return self.atom(node)
        return self.surely(node)

    def surely(self, node: t.Node) -> str:
        """A condition with unknown read as false, as a text: no value of three kinds on the way."""
        say, known = self.dialect, self.known(node)
        if known is not None:
            return say.is_value(known, say.true) if node.nullable else known
        match node:
            case t.Not(arg):
                return self.surely_not(arg)
            case t.Compare() | t.OneOf() | t.IsKnown():
                return say.both([*self.guards(node), self.plain(node)])
            case t.FirstKnown((condition, t.Literal(False))):
                return self.surely(condition)
            case t.And(args) | t.Or(args) if not any(is_long(arg) for arg in args):
                tests = [f"({self.surely(arg)})" for arg in sorted(args, key=_is_likely)]
                return say.both(tests) if isinstance(node, t.And) else say.any_of(tests)
        return say.is_value(self.atom(node), say.true) if node.nullable else self.atom(node)

    def condition(self, node: t.Node) -> str:
        """As `surely`, where only an `if` reads it."""
        return self.surely(node).removesuffix(self.dialect.is_value("", self.dialect.true))

    def surely_not(self, node: t.Node) -> str:
        """True only where the condition is known to be false."""
        say, known = self.dialect, self.known(node)
        if known is not None:
            return say.is_value(known, say.false) if node.nullable else say.negated(known)
        match node:
            case t.Not(arg):
                return self.surely(arg)
            case t.IsKnown(t.Literal(value, _)):
                return say.literal(value is None)
            case t.IsKnown(arg):
                return say.is_unknown(self.atom(arg))
            case t.Compare() | t.OneOf():
                return say.both([*self.guards(node), say.negated(f"({self.plain(node)})")])
            case t.FirstKnown((condition, t.Literal(False))):
                return say.negated(f"({self.surely(condition)})")
            case t.And(args) | t.Or(args) if not any(is_long(arg) for arg in args):
                tests = [f"({self.surely_not(arg)})" for arg in args]
                return say.any_of(tests) if isinstance(node, t.And) else say.both(tests)
        atom = self.atom(node)
        return say.is_value(atom, say.false) if node.nullable else say.negated(atom)

    def unsure(self, node: t.Node) -> list[str]:
        """The operands that may still be unknown here."""
        if isinstance(node, t.IsKnown):
            return []
        names = [self.atom(arg) for arg in t.children(node) if arg.nullable]
        return [name for name in dict.fromkeys(names) if name not in self.sure]

    def guards(self, node: t.Node) -> list[str]:
        """A test for each operand that may still be unknown here."""
        return [self.dialect.is_known(name) for name in self.unsure(node)]

    def plain(self, node: t.Node) -> str:
        """A comparison of operands that are known, or whether one is; of a constant that is known beforehand."""
        names = [self.atom(arg) for arg in t.children(node)]
        match node:
            case t.Compare(op, _, _):
                return self.dialect.compare(op, names[0], names[1])
            case t.OneOf(_, options):
                return self.dialect.one_of(names[0], options)
            case t.IsKnown(t.Literal(value, _)):
                return self.dialect.literal(value is not None)
        return self.dialect.is_known(names[0])

    def choice(self, node: t.Choice, result: str = "") -> str:
        """Only the branch that is taken is worked out, and what its condition rests on is known there."""
        say, condition, again, sure = self.dialect, node.condition, False, set(self.sure)
        plain = isinstance(condition, t.Compare | t.OneOf) and self.known(condition) is None
        if not plain or not condition.nullable:
            holds = self.test(condition)
        result = result or self.fresh()
        if plain and condition.nullable:
            unknown = [say.is_unknown(name) for name in self.unsure(condition)]
            holds = self.plain(condition)
            if unknown:
                with self.block(say.when(say.any_of(unknown))):
                    self.line(f"{result} = {say.none}")
                again = True
            self.sure.update(self.atom(arg) for arg in t.children(condition))
        with self.block(say.when(holds, again)):
            self.into(result, node.then)
        if condition.nullable and not plain:
            with self.block(say.when(say.is_unknown(holds), True)):
                self.line(f"{result} = {say.none}")
        with self.block(say.otherwise):
            self.into(result, node.other)
        self.sure = sure
        self.bind(node, result)
        return result

    def into(self, result: str, node: t.Node) -> None:
        """The value of a node under a name that is already given."""
        if isinstance(node, t.Choice) and self.known(node) is None and not self.is_of_day(node):
            self.choice(node, result)
        else:
            self.line(f"{result} = {self.atom(node)}")

    def is_of_day(self, node: t.Node) -> bool:
        """True for what is worked out once a day."""
        return self.of_day is not None and rests_on_the_day_alone(node)

    def step_by_step(self, node: t.Node, args: tuple[t.Node, ...], disjunction: bool) -> str:
        """Logic that stops as soon as it is decided, where an argument costs much."""
        say, result = self.dialect, self.fresh()
        self.line(f"{result} = {self.atom(args[0])}")
        decisive, other = (say.true, say.false) if disjunction else (say.false, say.true)
        for arg in args[1:]:
            with self.block(say.when(say.is_not_value(result, decisive))):
                value = self.atom(arg)
                if node.nullable:
                    unknown = say.any_of([say.is_unknown(result), say.is_unknown(value)])
                    undecided = say.choose(unknown, say.none, other)
                else:
                    undecided = other
                self.line(f"{result} = {say.choose(say.is_value(value, decisive), decisive, undecided)}")
        self.bind(node, result)
        return result

    def shift_together(self, expressions: Iterable[t.Node]) -> None:
        """Make ready for every `FACT + n months` of these expressions, all of a fact at once."""
        wanted: dict[t.Fact, dict[int, t.Shift]] = {}
        for expression in expressions:
            for node in t.outside_aggregates(expression):
                match node:
                    case t.Shift(t.Fact() as fact, t.Literal(int() as count, _), True) if not may_be_never(
                        fact
                    ):
                        wanted.setdefault(fact, {})[count] = node
        for fact, by_count in wanted.items():
            if len(by_count) > 1:
                self.dialect.move_together(self, fact, dict(sorted(by_count.items())))

    def text(self, node: t.Node) -> str:
        """The value of a node as a text."""
        say = self.dialect
        match node:
            case t.And(args):
                return self.logic(args, False)
            case t.Or(args):
                return self.logic(args, True)
            case t.IsKnown():
                return self.plain(node)
            case t.FirstKnown(args):
                return self.first_known(args)
            case t.Extreme(latest, args):
                return self.strict(args, lambda names: _extreme(say, names, latest))
            case t.Shift(date, count, True):
                return say.move(self, date, count)
            case t.Shift(date, count, _) if may_be_never(date):
                return self.strict((date, count), lambda names: say.add_days(names[0], names[1]))
            case t.Shift(date, count, _):
                return self.strict((date, count), lambda names: f"{names[0]} + {names[1]}")
            case t.Not(arg):
                return self.strict((arg,), lambda names: say.negated(names[0]))
            case t.Compare(_, left, right):
                return self.strict((left, right), lambda _: self.plain(node))
            case t.OneOf(arg, _):
                return self.strict((arg,), lambda _: self.plain(node))
            case t.DaysBetween(later, earlier):
                return self.strict((later, earlier), lambda names: f"{names[0]} - {names[1]}")
            case t.Sum(left, right, sign):
                return self.strict(
                    (left, right), lambda names: f"{names[0]} {'+' if sign > 0 else '-'} {names[1]}"
                )
            case t.Product(arg, factor):
                return self.strict((arg,), lambda names: f"{names[0]} * {factor}")
            case t.Call(function, args):
                return self.strict(args, lambda names: say.call(function, names))
        raise TypeError(f"no words for {node!r}")

    def strict(self, args: tuple[t.Node, ...], write: Callable[[list[str]], str]) -> str:
        """A value that is unknown when any argument is."""
        say, names = self.dialect, [self.atom(arg) for arg in args]
        checks = dict.fromkeys(
            say.is_unknown(name)
            for name, arg in zip(names, args, strict=True)
            if arg.nullable and name not in self.sure
        )
        text = write(names)
        return say.choose(say.any_of(checks), say.none, text) if checks else text

    def logic(self, args: tuple[t.Node, ...], disjunction: bool) -> str:
        """And, or: decided by one argument, else unknown when one is."""
        say, names = self.dialect, [self.atom(arg) for arg in args]
        unknown = [say.is_unknown(name) for name, arg in zip(names, args, strict=True) if arg.nullable]
        if not unknown:
            return say.any_of(names) if disjunction else say.both(names)
        decisive, other = (say.true, say.false) if disjunction else (say.false, say.true)
        decided = say.any_of(say.is_value(name, decisive) for name in names)
        return say.choose(decided, decisive, say.choose(say.any_of(unknown), say.none, other))

    def first_known(self, args: tuple[t.Node, ...]) -> str:
        """The first of them that is known."""
        if args[1:] == (t.FALSE,):
            return self.surely(args[0])
        names: list[str] = []
        for arg in args:
            names.append(self.atom(arg))
            if not arg.nullable:
                break
        text = names[-1]
        for name in reversed(names[:-1]):
            text = self.dialect.choose(self.dialect.is_known(name), name, text)
        return text


def _is_likely(node: t.Node) -> bool:
    """False for what seldom holds and is therefore asked first: that something is not known."""
    return not (isinstance(node, t.Not) and isinstance(node.arg, t.IsKnown))


def _extreme(say: Dialect, names: list[str], latest: bool) -> str:
    """A comparison costs a tenth of a call."""
    if len(names) == 2:
        return say.choose(say.compare(">=" if latest else "<=", *names), names[0], names[1])
    return say.extreme(names, latest)
