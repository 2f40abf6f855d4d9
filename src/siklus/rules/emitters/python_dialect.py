"""How Python says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from siklus.rules import tree as t
from siklus.rules.emitters.dialect import Picks
from siklus.rules.emitters.writer import Writer
from siklus.rules.runtime import Later

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
_AT_HAND = 8
_PERIOD = ("P0", "P1")
"""A fold that no period is asked of does without."""
_TABLE = re.compile(r"\b(later|earlier)_(\d+)\b")


class Python:
    """Statements of Python, one a line; three values are True, False and None.

    `derived` names by kind the fields that a record does not hold: each is a call, made where it is read.
    """

    none, true, false, nothing = "None", "True", "False", "()"
    end, close, indent = "", "", "    "
    empty, otherwise, leave, on = "pass", "else:", "break", "continue"

    def __init__(self, derived: Mapping[str, Collection[str]]) -> None:
        self.derived, self.kind = derived, ""

    def literal(self, value: Any) -> str:
        return repr(value)

    def when(self, test: str, again: bool = False) -> str:
        return f"{'elif' if again else 'if'} {test}:"

    def each(self, name: str, items: str) -> str:
        return f"for {name} in {items}:"

    def function(self, name: str, parameters: Sequence[str], writer: Writer) -> list[str]:
        given = (f"{each}=None" if each in _PERIOD and "R" in parameters else each for each in parameters)
        return [f"def {name}({', '.join(given)}):", *writer.lines]

    def day_function(self, unit: str, values: Sequence[str], writer: Writer) -> list[str]:
        given = "".join(f"{value}, " for value in values)
        return [f"@lru_cache({_AT_HAND})", f"def day_{unit}(today):", *writer.lines, f"    return ({given})"]

    def turn(self, test: str, call: str) -> str:
        return f"if {test}: return {call}"

    def give(self, text: str) -> str:
        return f"return {text}"

    def fact(self, name: str) -> str:
        return f"u[{name!r}]"

    def field(self, name: str, record: str = "r") -> str:
        if name in self.derived.get(self.kind, ()):
            return f"{deriver_of(self.kind, name)}({record}, u)"
        return f"{record}[{name!r}]"

    def records(self, kind: str) -> str:
        self.kind = kind
        return f"R[{kind!r}]"

    def has_kind(self, kind: str) -> str:
        return f"{kind!r} in R"

    def is_unknown(self, name: str) -> str:
        return f"{name} is None"

    def is_known(self, name: str) -> str:
        return f"{name} is not None"

    def is_value(self, name: str, value: str) -> str:
        return f"{name} is {value}"

    def is_not_value(self, name: str, value: str) -> str:
        return f"{name} is not {value}"

    def both(self, tests: Iterable[str]) -> str:
        return " and ".join(tests)

    def any_of(self, tests: Iterable[str]) -> str:
        return " or ".join(tests)

    def negated(self, test: str) -> str:
        return f"not {test}"

    def compare(self, op: str, left: str, right: str) -> str:
        return f"{left} {_OPS.get(op, op)} {right}"

    def one_of(self, name: str, options: tuple[Any, ...]) -> str:
        return f"{name} in {options!r}"

    def choose(self, test: str, then: str, other: str) -> str:
        return f"{then} if {test} else {other}"

    def extreme(self, names: Sequence[str], latest: bool) -> str:
        return f"{'max' if latest else 'min'}({', '.join(names)})"

    def call(self, function: str, names: Sequence[str]) -> str:
        return _CALLS[function].format(*names)

    def add_days(self, day: str, count: str) -> str:
        return f"dates.add_days({day}, {count})"

    def move(self, writer: Writer, date: t.Node, count: t.Node) -> str:
        """A day moved by a fixed number of months is looked up, which costs a fifth of a call."""
        if isinstance(count, t.Literal) and writer.of_day is not None and not isinstance(date, t.Fact):
            months, day = int(count.value), writer.atom(date)
            return f"later_{months}[{day}]" if months >= 0 else f"earlier_{-months}[{day}]"
        firsts = writer.known(("months of", date))
        if firsts is not None and isinstance(count, t.Literal):
            offset, longest = writer.months[firsts]
            if 0 <= count.value <= longest:
                return f"{firsts}[{count.value}] + {offset}"
        return writer.strict((date, count), lambda names: f"add_months({names[0]}, {names[1]})")

    def move_together(self, writer: Writer, fact: t.Fact, by_count: Mapping[int, t.Shift]) -> None:
        counts = tuple(by_count)
        if counts[0] >= 0 and counts[-1] < _NEAR * len(counts) and not fact.nullable:
            firsts, offset = writer.fresh(), writer.fresh()
            writer.line(f"{firsts}, {offset} = months_from({writer.atom(fact)}, {counts[-1]})")
            writer.bind(("months of", fact), firsts)
            writer.months[firsts] = (offset, counts[-1])
            return
        names = [writer.fresh() for _ in counts]
        writer.line(f"{', '.join(names)}, = shifted({writer.atom(fact)}, {counts!r})")
        for count, name in zip(counts, names, strict=True):
            writer.bind(by_count[count], name)

    def filled(self, items: str) -> str:
        return items

    def has_any(self, items: str) -> str:
        return f"len({items}) > 0"

    def new_list(self) -> str:
        return "[]"

    def append(self, items: str, item: str) -> str:
        return f"{items}.append({item})"

    def added(self, items: str, item: str) -> str:
        return f"[*{items}, {item}]"

    def summary(self, function: str, days: str) -> str:
        return {
            "count": f"len({days})",
            "days_with": f"len(set({days}))",
            "months_with": f"len({{month_number(d) for d in {days}}})",
            "first": f"{days}[0] if {days} else None",
            "last": f"{days}[-1] if {days} else None",
            "dates": days,
        }[function]

    def picked(self, records: str, picks: Picks) -> str:
        tests = (
            f"{self.field(name)} {'is not None' if word is None else f'== {word!r}'}" for name, word in picks
        )
        return f"[r for r in {records} if {' and '.join(tests)}]"

    def at_least(self, rows: str, count: int) -> str:
        return f"len({rows}) >= {count}"

    def field_at(self, rows: str, place: int, field: str) -> str:
        return self.field(field, f"{rows}[{place}]")

    def count(self, rows: str) -> str:
        return f"len({rows})"

    def days_of(self, rows: str) -> str:
        return f"[r['date'] for r in {rows}]"

    def days_with(self, days: str) -> str:
        return f"len(set({days}))"

    def months_of(self, rows: str) -> str:
        return f"len({{month_number(r['date']) for r in {rows}}})"

    def known_of(self, rows: str, field: str) -> str:
        return f"[x for r in {rows} if (x := {self.field(field)}) is not None]"

    def reduced(self, operator: str, values: str) -> str:
        return f"{operator}({values})"

    def settle(self, status: str, asks: str) -> str:
        return f"s = {status}; q = {asks}"

    def asked(self, pairs: Sequence[tuple[str, str]]) -> str:
        return f"asked({', '.join(f'({label!r}, {value})' for label, value in pairs)})"

    def answer(self, answers: str, values: Sequence[str]) -> str:
        return f"({', '.join(values)})"

    def mapping(self, values: Mapping[str, str]) -> str:
        return f"{{{', '.join(f'{key!r}: {value}' for key, value in values.items())}}}"

    def add(self, answers: str, answer: str) -> str:
        return f"add(new({answers}, {answer}))"


def deriver_of(kind: str, name: str) -> str:
    """What works out a derived field is called in written lines."""
    return f"{name}_of_{kind}"


def tables_in(source: str) -> dict[str, Later]:
    """The tables of moved days that written lines name."""
    found = sorted(set(_TABLE.findall(source)))
    return {f"{word}_{n}": Later(int(n) if word == "later" else -int(n)) for word, n in found}
