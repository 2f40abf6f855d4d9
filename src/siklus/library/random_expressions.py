"""Expressions nobody would write, drawn by type from the whole language: for finding where engines differ."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from siklus.library.random_vocabulary import ATTACHED, KINDS, OF_HOUSEHOLD
from siklus.rules.vocabulary import EPISODE_KIND, HOUSEHOLD, MEMBER, Vocabulary

SPANS = ("1 day", "2 weeks", "1 month", "11 months", "1 year", "40 days")
_ORDERED = ("int", "date", "dec:1", "dec:2")
_STARTS = ("start_of_month", "start_of_year", "start_of_school_year", "start_of_week")
_SEEN_LATE = ("exists", "count", "days_with", "months_with", "first", "last")
"""Folds whose condition may wait for the day; it then speaks only of the record's date."""
_OF_MEMBERS, _OF_MEMBER = ("exists", "count"), 0.6
_A_LEAF, _A_CONSTANT, _OF_RECORD = 0.12, 0.15, 0.7


@dataclass
class Draw:
    """Draws expressions about one unit.

    `given` are names that hold everywhere, by type; `outside` are names that stand outside of every `where`, by type;
    `late` are dates that rest on folds or on today, with which a `where` may only compare its date.
    """

    vocabulary: Vocabulary
    unit: str
    chance: random.Random
    given: Mapping[str, Sequence[str]] = field(default_factory=dict)
    late: Sequence[str] = ()
    outside: Mapping[str, Sequence[str]] = field(default_factory=dict)
    spans: Sequence[str] = SPANS
    needs: Sequence[str] = ()

    def pick(self, *options: str) -> str:
        return self.chance.choice(options)

    def one(self, *ways: Callable[[], str]) -> str:
        """One way of writing it; the others are never drawn."""
        return self.chance.choice(ways)()

    def a_type(self) -> str:
        return self.pick("int", "date", "dec:1", "dec:2", "bool", "code:warna", "code:bentuk")

    def of(self, kind: str, depth: int, record: str | None = None) -> str:
        """An expression of a type; inside a `where` when `record` names a kind."""
        if depth <= 0 or self.chance.random() < _A_LEAF:
            return self.leaf(kind, record)
        if kind == "bool":
            return self.yes_no(depth, record)
        if kind == "int":
            return self.whole(depth, record)
        if kind == "date":
            return self.date(depth, record)
        if kind.startswith("dec:"):
            return self.measure(kind, depth, record)
        return self.word(kind, depth, record)

    def leaf(self, kind: str, record: str | None) -> str:
        """A field, a fact, a name or a constant."""
        facts = self.vocabulary.facts_of(self.unit)
        names = [name for name, spec in facts.items() if spec.type == kind]
        names += self.given.get(kind, ())
        constants = {
            "bool": ["true", "false"],
            "int": ["0", "3", "-2", "40"],
            "date": ["never", "2026-11-21"],
        }
        if record is None:
            names += self.outside.get(kind, ())
            constants["date"] = ["today", "today", "never", "2024-02-29"]
        elif self.chance.random() < _OF_RECORD:
            fields = self.vocabulary.fields_of(record)
            names = [name for name, spec in fields.items() if spec.type == kind] or names
        if kind in constants and (not names or self.chance.random() < _A_CONSTANT):
            return self.chance.choice(constants[kind])
        return self.chance.choice(names)

    def yes_no(self, depth: int, record: str | None) -> str:
        def bit(less: int = 1) -> str:
            return self.of("bool", depth - less, record)

        ways = [
            lambda: f"({bit()} and {bit()})",
            lambda: f"({bit()} and {self.comparison(depth - 1, record)})",
            lambda: f"({bit()} or {bit()})",
            lambda: f"(not ({bit()}))",
            lambda: f"(if {bit()} then {bit()} else {bit()})",
            lambda: f"first_known({bit()}, {bit()})",
            lambda: f"(({self.of(self.a_type(), depth - 1, record)}) is {self.pick('known', 'unknown')})",
            lambda: self.comparison(depth - 1, record),
            lambda: self.comparison(depth - 1, record),
        ]
        if record is None:
            ways += [lambda: self.fold("exists", depth - 1)] * 2
            if self.unit != HOUSEHOLD:
                ways += [lambda: f"open({self.pick(*self.vocabulary.episodes)})"]
        elif record == "penolakan" and self.needs:
            ways += [lambda: f"(kebutuhan {self.pick('=', '!=')} {self.pick(*self.needs)})"]
        return self.one(*ways)

    def comparison(self, depth: int, record: str | None) -> str:
        kind = self.a_type()

        def value() -> str:
            return self.of(kind, max(depth, self.chance.randint(0, 1)), record)

        if kind.startswith("code:"):
            words = list(self.vocabulary.codes[kind[5:]])
            groups = [name for name, (codes, _) in self.vocabulary.groups.items() if codes == kind[5:]]
            return self.one(
                lambda: f"({value()} {self.pick('=', '!=')} {self.pick(*words)})",
                lambda: f"({value()} {self.pick('=', '!=')} {value()})",
                lambda: f"({value()} {self.pick('in', 'not in', 'has')} {self.pick(*groups)})",
                lambda: (
                    f"({value()} {self.pick('in', 'not in')} [{', '.join(self.chance.sample(words, 2))}])"
                ),
            )
        if kind == "bool":
            return f"(({value()}) {self.pick('=', '!=')} {self.pick('true', 'false')})"
        ways = [
            lambda: f"({value()} {self.pick('=', '!=', '<', '<=', '>', '>=')} {value()})",
            lambda: f"({value()} within [{value()}, {value()}{self.pick(']', ')')})",
        ]
        if kind == "int":
            ways += [lambda: f"({value()} {self.pick('in', 'not in')} [0, 3, 7])"]
        if kind.startswith("dec:"):
            ways += [lambda: f"({value()} {self.pick('<', '>=')} {self.pick('1.5', '0.2', '12', '3')})"]
        return self.one(*ways)

    def whole(self, depth: int, record: str | None) -> str:
        def number() -> str:
            return self.of("int", depth - 1, record)

        def day() -> str:
            return self.of("date", depth - 1, record)

        ways = [
            lambda: f"({number()} {self.pick('+', '-')} {number()})",
            lambda: f"({number()} * {self.pick('2', '3')})",
            lambda: f"{self.pick('latest_of', 'earliest_of')}({number()}, {number()})",
            lambda: f"{self.pick('latest_of', 'earliest_of')}({number()}, {number()}, {number()})",
            lambda: f"first_known({number()}, {number()})",
            lambda: f"(if {self.of('bool', depth - 1, record)} then {number()} else {number()})",
            lambda: f"{self.pick('month', 'year')}({self.near(record)})",
            lambda: f"({day()} - {day()})",
            lambda: (
                f"{self.pick('months_between', 'weeks_between')}({self.near(record)}, {self.near(record)})"
            ),
        ]
        if self.unit != HOUSEHOLD or record == MEMBER:
            ways += [lambda: f"{self.pick('age_days', 'age_months', 'age_years')}({self.near(record)})"]
        if record is None:
            ways += [lambda: self.fold(self.pick("count", "days_with", "months_with"), depth - 1)] * 2
            ways += [lambda: self.value_of_fold("int", depth)]
        return self.one(*ways)

    def near(self, record: str | None) -> str:
        """A day of somebody's life: what the months of far-off days are means nothing."""
        facts = self.vocabulary.member if record == MEMBER else self.vocabulary.facts_of(self.unit)
        names = [name for name, spec in facts.items() if spec.type == "date" and name != "last_day"]
        if record != MEMBER:
            names += ["date"] * 3 if record else ["today"] * 3
        shift = f" {self.pick('+', '-')} {self.pick('1 month', '3 weeks', '2 years')}"
        return self.chance.choice(names) + (shift if self.chance.random() < 0.4 else "")

    def date(self, depth: int, record: str | None) -> str:
        def day() -> str:
            return self.of("date", depth - 1, record)

        ways = [
            lambda: f"({day()} + {self.pick(*self.spans)})",
            lambda: f"({self.near(record)} - {self.pick(*self.spans)})",
            lambda: f"{self.pick('latest_of', 'earliest_of')}({day()}, {day()})",
            lambda: f"{self.pick('latest_of', 'earliest_of')}({day()}, {day()}, {day()})",
            lambda: f"first_known({day()}, {day()})",
            lambda: f"plus_days({day()}, {self.leaf('int', record)})",
            lambda: f"(if {self.of('bool', depth - 1, record)} then {day()} else {day()})",
            lambda: f"{self.pick(*_STARTS)}({self.near(record)})",
        ]
        if record is None:
            ways += [
                lambda: self.value_of_fold("date", depth),
                lambda: self.fold(self.pick("first", "last"), depth - 1),
            ]
        return self.one(*ways)

    def measure(self, kind: str, depth: int, record: str | None) -> str:
        def value() -> str:
            return self.of(kind, depth - 1, record)

        ways = [
            lambda: f"({value()} {self.pick('+', '-')} {value()})",
            lambda: f"({value()} * 2)",
            lambda: f"{self.pick('latest_of', 'earliest_of')}({value()}, {value()})",
            lambda: f"first_known({value()}, {value()})",
            lambda: f"(if {self.of('bool', depth - 1, record)} then {value()} else {value()})",
        ]
        if record is None:
            ways += [lambda: self.value_of_fold(kind, depth)] * 3
        return self.one(*ways)

    def word(self, kind: str, depth: int, record: str | None) -> str:
        def value() -> str:
            return self.of(kind, depth - 1, record)

        ways = [
            lambda: f"first_known({value()}, {value()})",
            lambda: f"(if {self.of('bool', depth - 1, record)} then {value()} else {value()})",
        ]
        if record is None:
            ways += [lambda: self.value_of_fold(kind, depth)] * 2
        return self.one(*ways)

    def kind(self) -> str:
        """A kind of record; of an episode most often the one that attaches to it."""
        if self.unit == HOUSEHOLD:
            return self.pick(*OF_HOUSEHOLD, *(("penolakan_keluarga",) if self.needs else ()))
        attached = self.vocabulary.kinds[ATTACHED].episode == self.unit
        more = (ATTACHED,) * 3 if attached else (ATTACHED,)
        return self.pick(*KINDS, *more, *(("penolakan",) if self.needs else ()))

    def fold(self, function: str, depth: int) -> str:
        """A fold whose condition may wait for today or another fold; then that speaks only of the day."""
        of_members = self.unit == HOUSEHOLD and function in _OF_MEMBERS and self.chance.random() < _OF_MEMBER
        kind = MEMBER if of_members else self.kind()
        parts = [self.of("bool", min(depth, 2), kind)] if self.chance.random() < 0.7 else []
        if kind != MEMBER and function in _SEEN_LATE and self.chance.random() < 0.5:
            parts.append(self.late_condition())
        return f"{function}({kind}{' where ' + ' and '.join(parts) if parts else ''})"

    def late_condition(self) -> str:
        limits = (*self.late, "today - 30 days", "today - 1 month", "start_of_month(today)")
        op = self.pick(">=", ">=", ">", "<", "<=", "=", "!=")
        if self.chance.random() < 0.2:
            return f"date within [{self.pick(*limits)}, {self.pick(*limits)}{self.pick(']', ')')}"
        if self.chance.random() < 0.15:
            return f"(date {op} {self.pick(*limits)} or date > {self.pick(*limits)})"
        return f"date {op} {self.pick(*limits)}"

    def value_of_fold(self, kind: str, depth: int) -> str:
        """A value taken from records, from episodes seen as records, or from the members of a household."""
        kinds = [*KINDS, ATTACHED] if self.unit != HOUSEHOLD else [*OF_HOUSEHOLD]
        if self.unit == HOUSEHOLD and kind in _ORDERED:
            kinds += [MEMBER] * 2
        fields = [(of, name) for of in kinds for name, spec in self._fields(of).items() if spec == kind]
        fields += [
            (of, name)
            for of in (self.vocabulary.episodes if self.unit != HOUSEHOLD else ())
            for name, spec in self._fields(of).items()
            if spec == kind and name not in ("oleh", "tempat")
        ]
        if not fields:
            return self.leaf(kind, None)
        of, name = self.chance.choice(fields)
        where = ""
        if of not in self.vocabulary.episodes and self.chance.random() < 0.6:
            where = f" where {self.of('bool', min(depth, 2) - 1, of)}"
        functions = []
        if of != MEMBER:
            nth, last = self.pick("1", "2", "3"), self.pick("2", "3")
            functions += ["first(", "last(", f"nth({nth}, ", f"last({last}, "]
        functions += ["min(", "max("] * 2 if kind in _ORDERED else []
        functions += ["sum("] * 2 if kind in _ORDERED and kind != "date" else []
        return f"{self.chance.choice(functions)}{of}.{name}{where})"

    def _fields(self, of: str) -> dict[str, str]:
        name = EPISODE_KIND + of if of in self.vocabulary.episodes else of
        return {name: spec.type for name, spec in self.vocabulary.fields_of(name).items()}
