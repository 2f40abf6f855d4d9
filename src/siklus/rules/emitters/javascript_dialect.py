"""How JavaScript says it. Unknown is null; records lie in `R` by the place of their kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from siklus.rules import tree as t
from siklus.rules.emitters.dialect import Picks
from siklus.rules.emitters.writer import Writer

_CALLS = {
    "age_days": "{1} - {0}",
    "age_months": "monthsBetween({0}, {1})",
    "age_years": "ageYears({0}, {1})",
    "months_between": "monthsBetween({0}, {1})",
    "weeks_between": "weeksBetween({0}, {1})",
    "month": "monthOf({0})",
    "year": "yearOf({0})",
    "start_of_month": "startOfMonth({0})",
    "start_of_year": "startOfYear({0})",
    "start_of_school_year": "startOfSchoolYear({0})",
    "start_of_week": "startOfWeek({0})",
}
_OPS = {"=": "===", "!=": "!=="}
_ANSWERS = {"NeedAnswer": "aNeed", "IndicatorAnswer": "anIndicator", "ClassAnswer": "aClass"}
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def member(owner: str, name: str) -> str:
    """A named value of an object."""
    return f"{owner}.{name}" if _NAME.fullmatch(name) else f"{owner}[{json.dumps(name)}]"


class JavaScript:
    """Statements of JavaScript, one a line. `kinds` gives every kind of record that is read its place in `R`."""

    none, true, false, nothing = "null", "true", "false", "NONE"
    end, close = ";", "}"
    empty = ""
    otherwise, leave, on = "else {", "break", "continue"
    indent = " "

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self.fields: dict[str, dict[str, None]] = {}
        self.facts: dict[str, None] = {}
        self.kind = ""

    def place(self, kind: str) -> int:
        """Where the records of a kind lie."""
        self.fields.setdefault(kind, {})
        return self.kinds.setdefault(kind, len(self.kinds))

    def literal(self, value: Any) -> str:
        return json.dumps(value)

    def when(self, test: str, again: bool = False) -> str:
        return f"{'else ' if again else ''}if ({test}) {{"

    def each(self, name: str, items: str) -> str:
        return f"for (const {name} of {items}) {{"

    def function(self, name: str, parameters: Sequence[str], writer: Writer) -> list[str]:
        return [f"function {name}({', '.join(parameters)}) {{", *self._names(writer), *writer.lines, "}"]

    def day_function(self, unit: str, values: Sequence[str], writer: Writer) -> list[str]:
        """Worked out again only when the day is another one than the last time."""
        day, found = f"day_{unit}_of", f"day_{unit}_is"
        return [
            f"let {day} = null, {found} = NONE;",
            f"function day_{unit}(today) {{",
            f" if ({day} === today) return {found};",
            *self._names(writer),
            *writer.lines,
            f" {day} = today;",
            f" return {found} = [{', '.join(values)}];",
            "}",
        ]

    def _names(self, writer: Writer) -> list[str]:
        names = [*writer.given, *(f"v{number}" for number in range(1, writer.most + 1))]
        return [f" let {', '.join(names)};"] if names else []

    def turn(self, test: str, call: str) -> str:
        return f"if ({test}) return {call}"

    def give(self, text: str) -> str:
        return f"return {text}"

    def fact(self, name: str) -> str:
        self.facts[name] = None
        return member("u", name)

    def field(self, name: str, record: str = "r") -> str:
        self.fields[self.kind][name] = None
        return member(record, name)

    def records(self, kind: str) -> str:
        self.kind = kind
        return f"R[{self.place(kind)}]"

    def has_kind(self, kind: str) -> str:
        return self.filled(self.records(kind))

    def is_unknown(self, name: str) -> str:
        return f"{name} === null"

    def is_known(self, name: str) -> str:
        return f"{name} !== null"

    def is_value(self, name: str, value: str) -> str:
        return f"{name} === {value}"

    def is_not_value(self, name: str, value: str) -> str:
        return f"{name} !== {value}"

    def both(self, tests: Iterable[str]) -> str:
        return " && ".join(tests)

    def any_of(self, tests: Iterable[str]) -> str:
        return " || ".join(tests)

    def negated(self, test: str) -> str:
        return f"!{test}"

    def compare(self, op: str, left: str, right: str) -> str:
        return f"{left} {_OPS.get(op, op)} {right}"

    def one_of(self, name: str, options: tuple[Any, ...]) -> str:
        return f"({' || '.join(f'{name} === {json.dumps(option)}' for option in options) or 'false'})"

    def choose(self, test: str, then: str, other: str) -> str:
        return f"{test} ? {then} : {other}"

    def extreme(self, names: Sequence[str], latest: bool) -> str:
        return f"Math.{'max' if latest else 'min'}({', '.join(names)})"

    def call(self, function: str, names: Sequence[str]) -> str:
        return _CALLS[function].format(*names)

    def add_days(self, day: str, count: str) -> str:
        return f"addDays({day}, {count})"

    def move(self, writer: Writer, date: t.Node, count: t.Node) -> str:
        month = writer.known(("months of", date))
        if month is not None and isinstance(count, t.Literal):
            offset, _ = writer.months[month]
            return writer.strict((date,), lambda _: f"dayIn({month} + {count.value}, {offset})")
        return writer.strict((date, count), lambda names: f"addMonths({names[0]}, {names[1]})")

    def move_together(self, writer: Writer, fact: t.Fact, by_count: Mapping[int, t.Shift]) -> None:
        """The month of the fact, and how far into it the day lies, are found once."""
        day = writer.atom(fact)
        month, offset = writer.fresh(), writer.fresh()
        writer.line(f"{month} = {day} === null ? 0 : monthAt({day})")
        writer.line(f"{offset} = {day} - firstAt({month})")
        writer.bind(("months of", fact), month)
        writer.months[month] = (offset, max(by_count))

    def filled(self, items: str) -> str:
        return f"{items}.length > 0"

    def has_any(self, items: str) -> str:
        return self.filled(items)

    def new_list(self) -> str:
        return "[]"

    def append(self, items: str, item: str) -> str:
        return f"{items}.push({item})"

    def added(self, items: str, item: str) -> str:
        return f"[...{items}, {item}]"

    def summary(self, function: str, days: str) -> str:
        return {
            "count": self.count(days),
            "days_with": self.days_with(days),
            "months_with": f"monthsWith({days})",
            "first": f"{days}.length > 0 ? {days}[0] : null",
            "last": f"{days}.length > 0 ? {days}[{days}.length - 1] : null",
            "dates": days,
        }[function]

    def picked(self, records: str, picks: Picks) -> str:
        tests = (
            f"{self.field(name)} {'!== null' if word is None else f'=== {json.dumps(word)}'}"
            for name, word in picks
        )
        return f"{records}.filter((r) => {' && '.join(tests)})"

    def at_least(self, rows: str, count: int) -> str:
        return f"{rows}.length >= {count}"

    def field_at(self, rows: str, place: int, field: str) -> str:
        return self.field(field, f"{rows}[{place if place >= 0 else f'{rows}.length - {-place}'}]")

    def count(self, rows: str) -> str:
        return f"{rows}.length"

    def days_of(self, rows: str) -> str:
        return f"daysOf({rows})"

    def days_with(self, days: str) -> str:
        return f"distinct({days})"

    def months_of(self, rows: str) -> str:
        return f"monthsWith(daysOf({rows}))"

    def known_of(self, rows: str, field: str) -> str:
        return f"{rows}.map((r) => {self.field(field)}).filter(isKnown)"

    def reduced(self, operator: str, values: str) -> str:
        return f"total({values})" if operator == "sum" else f"Math.{operator}(...{values})"

    def settle(self, status: str, asks: str) -> str:
        return f"s = {status}; q = {asks}"

    def asked(self, pairs: Sequence[tuple[str, str]]) -> str:
        return f"asked({', '.join(f'{json.dumps(label)}, {value}' for label, value in pairs)})"

    def answer(self, answers: str, values: Sequence[str]) -> str:
        return f"{_ANSWERS[answers]}({', '.join(values)})"

    def mapping(self, values: Mapping[str, str]) -> str:
        return f"{{{', '.join(f'{json.dumps(key)}: {value}' for key, value in values.items())}}}"

    def add(self, answers: str, answer: str) -> str:
        return f"add.push({answer})"
