"""Tree -> lines of Python in three-address form.

Every value gets a local name once, and null work is written only where null can occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.emitters.python_aggregates import write_aggregate, write_earliest
from siklus.rules.emitters.python_months import looked_up
from siklus.rules.emitters.python_shapes import is_long, rests_on_the_day_alone
from siklus.rules.plan import Plan

_CALLS = {
    "age_days": "({1} - {0})",
    "age_months": "months_between({0}, {1})",
    "age_years": "age_years({0}, {1})",
    "months_between": "months_between({0}, {1})",
    "weeks_between": "dates.weeks_between({0}, {1})",
    "month": "dates.month_of({0})",
    "year": "dates.year_of({0})",
    "start_of_month": "start_of_month({0})",
    "start_of_year": "dates.start_of_year({0})",
    "start_of_school_year": "dates.start_of_school_year({0})",
    "start_of_week": "dates.start_of_week({0})",
}
_OPS = {"=": "==", "!=": "!="}
_NEAR = 12
"""Up to so many months for each that is wanted, a list of all months is worth making."""
OfDay = dict[t.Node, int]
"""Expressions that depend on the day alone, and where their values stand in `T`."""


class Writer:
    """Collects lines.

    `atom(node)` writes what is needed and gives back a name or a literal that holds the node's value.
    A name is reused as long as the block in which it was written is open. With `of_day`, what depends on the day
    alone is not written but collected there and read from `T`.
    """

    def __init__(self, plan: Plan, of_day: OfDay | None = None) -> None:
        self.plan = plan
        self.of_day = of_day
        self.lines: list[str] = []
        self.indent = 1
        self.names: dict[object, str] = {}
        self.shadowed: list[tuple[object, str | None]] = []
        self.sure: set[str] = set()
        self.months: dict[str, tuple[str, int]] = {}
        self.count = 0

    def line(self, text: str) -> None:
        """One line at the present depth."""
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines that belong under a head; names made inside end with it and are given out again.

        Few names keep a function's instructions short: Python needs a second one for each name after the 256th.
        """
        self.line(head)
        self.indent += 1
        start, names, count = len(self.lines), len(self.shadowed), self.count
        yield
        if len(self.lines) == start:
            self.line("pass")
        while len(self.shadowed) > names:
            key, name = self.shadowed.pop()
            if name is None:
                del self.names[key]
            else:
                self.names[key] = name
        self.indent -= 1
        self.count = count

    def known(self, key: object) -> str | None:
        """The name under which something was written, if it still holds."""
        return self.names.get(key)

    def fresh(self) -> str:
        """A new local name."""
        self.count += 1
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
                return repr(value)
            case t.Today():
                return "today"
            case t.PeriodBound(start):
                return "P0" if start else "P1"
            case t.Fact(name, _, _):
                return self.let(node, f"u[{name!r}]")
            case t.RecordField(name, _, _):
                return self.let(node, f"r[{name!r}]")
            case t.StepValue(name, _, _):
                raise KeyError(f"{name} is used before it is written")
            case t.Aggregate():
                return write_aggregate(self, node)
            case t.EarliestWithin():
                return write_earliest(self, node)
            case t.HasDates(dates):
                return self.let(node, f"len({write_aggregate(self, dates)}) > 0")
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
        known = self.known(node)
        if known is not None:
            return f"{known} is True" if node.nullable else known
        match node:
            case t.Not(arg):
                return self.surely_not(arg)
            case t.Compare() | t.OneOf() | t.IsKnown():
                return " and ".join([*self.guards(node), self.plain(node)])
            case t.FirstKnown((condition, t.Literal(False))):
                return self.surely(condition)
            case t.And(args) | t.Or(args) if not any(is_long(arg) for arg in args):
                word = " and " if isinstance(node, t.And) else " or "
                return word.join(f"({self.surely(arg)})" for arg in sorted(args, key=_is_likely))
        return f"{self.atom(node)} is True" if node.nullable else self.atom(node)

    def condition(self, node: t.Node) -> str:
        """As `surely`, where only an `if` reads it."""
        return self.surely(node).removesuffix(" is True")

    def surely_not(self, node: t.Node) -> str:
        """True only where the condition is known to be false."""
        known = self.known(node)
        if known is not None:
            return f"{known} is False" if node.nullable else f"not {known}"
        match node:
            case t.Not(arg):
                return self.surely(arg)
            case t.IsKnown(arg):
                return (
                    f"{self.atom(arg)} is None" if not isinstance(arg, t.Literal) else repr(arg.value is None)
                )
            case t.Compare() | t.OneOf():
                return " and ".join([*self.guards(node), f"not ({self.plain(node)})"])
            case t.FirstKnown((condition, t.Literal(False))):
                return f"not ({self.surely(condition)})"
            case t.And(args) | t.Or(args) if not any(is_long(arg) for arg in args):
                word = " or " if isinstance(node, t.And) else " and "
                return word.join(f"({self.surely_not(arg)})" for arg in args)
        return f"{self.atom(node)} is False" if node.nullable else f"not {self.atom(node)}"

    def guards(self, node: t.Node) -> list[str]:
        """`x is not None` for each operand that may still be unknown here."""
        if isinstance(node, t.IsKnown):
            return []
        names = [self.atom(arg) for arg in t.children(node) if arg.nullable]
        return [f"{name} is not None" for name in dict.fromkeys(names) if name not in self.sure]

    def plain(self, node: t.Node) -> str:
        """A comparison of operands that are known, or whether one is; of a constant that is known beforehand."""
        names = [self.atom(arg) for arg in t.children(node)]
        match node:
            case t.Compare(op, _, _):
                return f"{names[0]} {_OPS.get(op, op)} {names[1]}"
            case t.OneOf(_, options):
                return f"{names[0]} in {options!r}"
            case t.IsKnown(t.Literal(value, _)):
                return repr(value is not None)
        return f"{names[0]} is not None"

    def choice(self, node: t.Choice, result: str = "") -> str:
        """Only the branch that is taken is worked out, and what its condition rests on is known there."""
        condition, word, sure = node.condition, "if", set(self.sure)
        plain = isinstance(condition, t.Compare | t.OneOf) and self.known(condition) is None
        if not plain or not condition.nullable:
            holds = self.test(condition)
        result = result or self.fresh()
        if plain and condition.nullable:
            unknown = [guard.replace(" is not None", " is None") for guard in self.guards(condition)]
            holds = self.plain(condition)
            if unknown:
                with self.block(f"if {' or '.join(unknown)}:"):
                    self.line(f"{result} = None")
                word = "elif"
            self.sure.update(self.atom(arg) for arg in t.children(condition))
        with self.block(f"{word} {holds}:"):
            self.into(result, node.then)
        if condition.nullable and not plain:
            with self.block(f"elif {holds} is None:"):
                self.line(f"{result} = None")
        with self.block("else:"):
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
        result = self.fresh()
        self.line(f"{result} = {self.atom(args[0])}")
        decisive, other = ("True", "False") if disjunction else ("False", "True")
        for arg in args[1:]:
            with self.block(f"if {result} is not {decisive}:"):
                value = self.atom(arg)
                unsure = f"None if {result} is None or {value} is None else " if node.nullable else ""
                self.line(f"{result} = {decisive} if {value} is {decisive} else {unsure}{other}")
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
            if len(by_count) == 1:
                continue
            counts = tuple(sorted(by_count))
            if counts[0] >= 0 and counts[-1] < _NEAR * len(counts) and not fact.nullable:
                firsts, offset = self.fresh(), self.fresh()
                self.line(f"{firsts}, {offset} = months_from({self.atom(fact)}, {counts[-1]})")
                self.bind(("months of", fact), firsts)
                self.months[firsts] = (offset, counts[-1])
                continue
            names = [self.fresh() for _ in counts]
            self.line(f"{', '.join(names)}, = shifted({self.atom(fact)}, {counts!r})")
            for count, name in zip(counts, names, strict=True):
                self.bind(by_count[count], name)

    def text(self, node: t.Node) -> str:
        match node:
            case t.And(args):
                return self.logic(args, "and", "False")
            case t.Or(args):
                return self.logic(args, "or", "True")
            case t.IsKnown():
                return self.plain(node)
            case t.FirstKnown(args):
                return self.first_known(args)
            case t.Extreme(latest, args):
                return self.strict(args, lambda names: _extreme(names, latest))
            case t.Shift(date, count, in_months):
                return self.shift(date, count, in_months)
            case t.Not(arg):
                return self.strict((arg,), lambda names: f"not {names[0]}")
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
                return self.strict(args, lambda names: _CALLS[function].format(*names))
        raise TypeError(f"no Python for {node!r}")

    def strict(self, args: tuple[t.Node, ...], write: Callable[[list[str]], str]) -> str:
        names = [self.atom(arg) for arg in args]
        checks = dict.fromkeys(
            f"{name} is None"
            for name, arg in zip(names, args, strict=True)
            if arg.nullable and name not in self.sure
        )
        guard = f"None if {' or '.join(checks)} else " if checks else ""
        return guard + write(names)

    def shift(self, date: t.Node, count: t.Node, in_months: bool) -> str:
        if in_months:
            if isinstance(count, t.Literal) and self.of_day is not None and not isinstance(date, t.Fact):
                return looked_up(self.atom(date), int(count.value))
            firsts = self.known(("months of", date))
            if firsts is not None and isinstance(count, t.Literal):
                offset, longest = self.months[firsts]
                if 0 <= count.value <= longest:
                    return f"{firsts}[{count.value}] + {offset}"
            return self.strict((date, count), lambda names: f"add_months({names[0]}, {names[1]})")
        return self.strict(
            (date, count),
            lambda names: (
                f"{names[0]} + {names[1]}"
                if not may_be_never(date)
                else f"dates.add_days({names[0]}, {names[1]})"
            ),
        )

    def logic(self, args: tuple[t.Node, ...], word: str, decisive: str) -> str:
        names = [self.atom(arg) for arg in args]
        unknown = [name for name, arg in zip(names, args, strict=True) if arg.nullable]
        if not unknown:
            return f" {word} ".join(names)
        decided = " or ".join(f"{name} is {decisive}" for name in names)
        other = "True" if decisive == "False" else "False"
        return f"{decisive} if {decided} else None if {' or '.join(f'{name} is None' for name in unknown)} else {other}"

    def first_known(self, args: tuple[t.Node, ...]) -> str:
        if args[1:] == (t.FALSE,):
            return self.surely(args[0])
        parts: list[str] = []
        for position, arg in enumerate(args):
            name = self.atom(arg)
            if not arg.nullable or position == len(args) - 1:
                return "".join(parts) + name
            parts.append(f"{name} if {name} is not None else ")
        raise AssertionError("unreachable")


def _is_likely(node: t.Node) -> bool:
    """False for what seldom holds and is therefore asked first: that something is not known."""
    return not (isinstance(node, t.Not) and isinstance(node.arg, t.IsKnown))


def _extreme(names: list[str], latest: bool) -> str:
    """A comparison costs a tenth of a call."""
    if len(names) == 2:
        return f"{names[0]} if {names[0]} {'>=' if latest else '<='} {names[1]} else {names[1]}"
    return f"{'max' if latest else 'min'}({', '.join(names)})"


def may_be_never(node: t.Node) -> bool:
    """False where a date is surely a real day."""
    for part in t.walk(node):
        if isinstance(part, t.Literal) and part.of == "date" and part.value == NEVER:
            return True
        if (
            isinstance(part, t.Fact)
            and part.type == "date"
            and part.name not in ("birth", "opened", "start", "ended")
        ):
            return True
        if isinstance(part, t.Aggregate) and part.type == "date" and part.field != "date":
            return True
        if isinstance(part, t.RecordField) and part.type == "date" and part.name != "date":
            return True
    return False
