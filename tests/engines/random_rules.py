"""Expressions nobody would write, drawn by type from the whole language: for finding where engines differ."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from siklus.rules.vocabulary import Vocabulary

_ARGUMENTS = {"int": "int", "date": "date", "dec:1": "dec:1"}
_KEPT_LATE = ("exists", "count", "days_with", "months_with", "first", "last")
_FOLDED = ("kunjungan", "timbang", "suntik", "masa")


@dataclass
class Draw:
    """Draws expressions about one unit. `lets` are names of dates that rest on folds or on today."""

    vocabulary: Vocabulary
    unit: str
    chance: random.Random
    lets: list[str] = field(default_factory=list)

    def pick(self, *options: str) -> str:
        return self.chance.choice(options)

    def of(self, kind: str, depth: int, record: str | None = None) -> str:
        """An expression of a type; inside a `where` when `record` names a kind."""
        if depth <= 0 or self.chance.random() < 0.1:
            return self.leaf(kind, record)
        if kind == "bool":
            return self.yes_no(depth, record)
        if kind == "int":
            return self.whole(depth, record)
        if kind == "date":
            return self.date(depth, record)
        if kind.startswith("dec"):
            a, b = self.of(kind, depth - 1, record), self.of(kind, depth - 1, record)
            fold = self.value_of_fold(kind, depth) if record is None else a
            return self.pick(f"({a} + {b})", f"({a} - {b})", f"first_known({a}, {b})", fold)
        return self.value_of_fold(kind, depth) if record is None else self.leaf(kind, record)

    def leaf(self, kind: str, record: str | None) -> str:
        """A field, a fact or a constant."""
        facts = self.vocabulary.facts_of(self.unit)
        names = [name for name, spec in facts.items() if spec.type == kind and not name.startswith("harap")]
        if record is not None and self.chance.random() < 0.7:
            fields = self.vocabulary.kinds[record].fields
            names = [
                name for name, spec in fields.items() if spec.type == kind and name not in facts
            ] or names
        constants = {
            "bool": ["true", "false"],
            "int": ["0", "3", "-2"],
            "date": ["today", "never", "period.from"],
        }
        if record is not None:
            constants["date"] = ["period.from", "period.to"]
        if (not names or self.chance.random() < 0.15) and kind in constants:
            return self.chance.choice(constants[kind])
        return self.chance.choice(names) if names else "warna_a"

    def yes_no(self, depth: int, record: str | None) -> str:
        a, b = (self.of("bool", depth - 1, record) for _ in range(2))
        ways = [f"({a} and {b})", f"({a} or {b})", f"(not ({a}))", self.comparison(depth - 1, record)]
        ways += [f"(if {a} then {b} else {self.leaf('bool', record)})", f"first_known({a}, {b})"]
        ways += [f"(({self.of(self.a_type(), depth - 1, record)}) is {self.pick('known', 'unknown')})"]
        ways += [self.comparison(depth - 1, record), f"({a} and {self.comparison(depth - 1, record)})"]
        if record is None:
            ways += [
                self.fold("exists", depth - 1),
                self.fold("exists", depth - 1),
                self.pick("open(masa)", "open(sakit_x)"),
            ]
        return self.chance.choice(ways)

    def a_type(self) -> str:
        return self.pick("int", "date", "dec:1", "bool", "code:warna")

    def comparison(self, depth: int, record: str | None) -> str:
        kind = self.pick("int", "date", "dec:1", "code:warna", "bool")
        a, b, c = (self.of(kind, depth, record) for _ in range(3))
        if kind == "code:warna":
            return self.pick(
                f"({a} = merah)", f"({a} != biru)", f"({a} in hangat)", f"({a} not in [merah, biru])"
            )
        if kind == "bool":
            return f"(({a}) = {self.pick('true', 'false')})"
        within = f"({a} within [{b}, {c}{self.pick(']', ')')})"
        numbers = [f"({a} in [0, 3])"] if kind == "int" else []
        return self.pick(
            *(f"({a} {op} {b})" for op in ("=", "!=", "<", "<=", ">", ">=")), within, within, *numbers
        )

    def whole(self, depth: int, record: str | None) -> str:
        a, b = (self.of("int", depth - 1, record) for _ in range(2))
        day, other = (self.of("date", depth - 1, record) for _ in range(2))
        near = self.near_date(record)
        ways = [
            f"({a} + {b})",
            f"({a} - {b})",
            f"({a} * 3)",
            f"latest_of({a}, {b})",
            f"earliest_of({a}, {b})",
        ]
        ways += [f"first_known({a}, {b})", f"(if {self.of('bool', depth - 1, record)} then {a} else {b})"]
        ways += [f"{self.pick('age_days', 'age_months', 'age_years')}({near})"]
        ways += [f"{self.pick('month', 'year')}({near})", f"({day} - {other})"]
        ways += [f"{self.pick('months_between', 'weeks_between')}({near}, {self.near_date(record)})"]
        if record is None:
            ways += [
                self.fold(self.pick("count", "days_with", "months_with"), depth - 1),
                self.value_of_fold("int", depth),
            ]
        return self.chance.choice(ways)

    def near_date(self, record: str | None) -> str:
        """A date that is a day of somebody's life: month arithmetic beyond the year 9999 means nothing."""
        names = ["birth", "hari_a", "hari_b", "hari_pasti", *(["date"] if record else ["today"])]
        return self.chance.choice(
            [*names, f"{self.chance.choice(names)} + {self.pick('1 month', '3 weeks', '2 years')}"]
        )

    def date(self, depth: int, record: str | None) -> str:
        a, b = (self.of("date", depth - 1, record) for _ in range(2))
        span = self.pick("1 day", "2 weeks", "1 month", "11 months", "1 year")
        ways = [f"({a} + {span})", f"({self.near_date(record)} - {span})", f"latest_of({a}, {b})"]
        ways += [f"earliest_of({a}, {b})", f"first_known({a}, {b})"]
        ways += [f"plus_days({a}, {self.leaf('int', record)})"]
        ways += [f"(if {self.of('bool', depth - 1, record)} then {a} else {b})"]
        starts = ("start_of_month", "start_of_year", "start_of_school_year", "start_of_week")
        ways += [f"{self.pick(*starts)}({self.near_date(record)})"]
        if record is None:
            ways += [self.value_of_fold("date", depth), self.fold(self.pick("first", "last"), depth - 1)]
        return self.chance.choice(ways)

    def fold(self, function: str, depth: int) -> str:
        """A fold whose condition may wait for today or another fold; then it speaks only of the day."""
        kind = self.pick(*_FOLDED[:3])
        parts = [self.of("bool", min(depth, 2), kind)] if self.chance.random() < 0.7 else []
        if function in _KEPT_LATE and self.chance.random() < 0.5:
            late = self.pick(*self.lets, "today - 30 days", "today - 1 month")
            parts.append(f"date {self.pick('>=', '>', '<', '<=')} {late}")
        return f"{function}({kind}{' where ' + ' and '.join(parts) if parts else ''})"

    def value_of_fold(self, kind: str, depth: int) -> str:
        """A value taken from records, or from episodes seen as records."""
        fields = [
            (of, name)
            for of in _FOLDED
            for name, spec in (
                self.vocabulary.episodes[of].fields if of == "masa" else self.vocabulary.kinds[of].fields
            ).items()
            if spec.type == kind and name not in ("oleh", "tempat")
        ]
        if not fields:
            return self.leaf(kind, None)
        of, name = self.chance.choice(fields)
        where = (
            ""
            if of == "masa" or self.chance.random() < 0.4
            else f" where {self.of('bool', min(depth, 2) - 1, of)}"
        )
        functions = ["first", "last", "nth(2", "last(2"] + (["min", "max"] if kind in _ARGUMENTS else [])
        functions += ["sum"] if kind != "date" and kind in _ARGUMENTS else []
        function = self.chance.choice(functions)
        opened = f"{function}, " if "(" in function else f"{function}("
        return f"{opened}{of}.{name}{where})"


LETS = {
    "l1": "last(timbang)",
    "l2": "first(kunjungan where nilai is known) + 1 month",
    "l3": "last(masa.opened)",
}


def random_documents(vocabulary: Vocabulary, seed: int, count: int) -> list[dict[str, Any]]:
    """A file of indicators and a package of needs and series, so many of each."""
    chance = random.Random(seed)
    indicators, needs = [], []
    for number in range(count):
        unit = chance.choice(["person", "person", "masa"])
        draw = Draw(vocabulary, unit, chance, list(LETS))
        indicators.append(_indicator(draw, number))
        needs.append(_series(draw, number) if number % 4 == 0 else _need(draw, number))
    return [
        {"indicators": indicators},
        {"package": "acak", "let": LETS, **_SOURCE, "by": _BY, "needs": needs},
    ]


_SOURCE = {"cites": "acak", "confidence": "ours"}
_BY = [{"at": "pustu", "who": ["bidan"]}]
_SCHEDULES = (
    "calendar month",
    "calendar year",
    "school year",
    "week",
    "campaign months [2, 8]",
    "ages [3, 6] months",
)


def _indicator(draw: Draw, number: int) -> dict[str, Any]:
    name = f"angka_{number}"
    components = {"a": draw.of("bool", 4), "b": f"({draw.of(draw.a_type(), 3)}) is known"}
    said = {"indicator": name, "title": name, "per": draw.unit, "period": "year", "let": LETS, **_SOURCE}
    return {**said, "counted": draw.of("bool", 2), "components": components}


def _need(draw: Draw, number: int) -> dict[str, Any]:
    name = f"perlu_{number}"
    counts = f"{draw.pick('kunjungan', 'timbang')} where "
    need = {"need": name, "title": name, "per": draw.unit, "who": draw.of("bool", 2)}
    need["counts"] = counts + draw.of("bool", 1, counts.split()[0])
    way = draw.chance.random()
    if way < 0.4:
        need["opens"] = draw.of("date", 2)
    elif way < 0.6:
        need |= {"every": "2 months since last", "starts": draw.of("date", 1)}
    else:
        need["every"] = draw.pick(*_SCHEDULES)
    for slot in ("due", "overdue", "until"):
        if draw.chance.random() < 0.5 and not (slot == "due" and way >= 0.4):
            need[slot] = draw.of("date", 2)
    if draw.chance.random() < 0.4:
        need["not_needed"] = [{"when": draw.of("bool", 2), "say": "acak"}]
    if draw.chance.random() < 0.2:
        need["done"] = draw.of("bool", 3)
    if draw.chance.random() < 0.15:
        need["appointment"] = "kontrol"
    return {key: _outside_periods(value) for key, value in need.items()}


def _series(draw: Draw, number: int) -> dict[str, Any]:
    name = f"deret_{number}"
    steps = []
    for place in range(1, 4):
        opens = draw.of("date", 1)
        opens = f"latest_of({opens}, prev + {draw.pick('1 month', '14 days')})" if place > 1 else opens
        step = {"need": f"{name}_{place}", "title": name, "opens": opens}
        if draw.chance.random() < 0.5:
            step["until"] = draw.of("date", 1)
        steps.append({key: _outside_periods(value) for key, value in step.items()})
    series = {
        "series": name,
        "title": name,
        "per": draw.unit,
        "who": "true",
        "counts": "suntik where warna in hangat",
    }
    return {**series, **({"number": "dosis"} if draw.chance.random() < 0.5 else {}), "steps": steps}


def _outside_periods(value: Any) -> Any:
    """A need knows of no period."""
    if isinstance(value, list):
        return [{key: _outside_periods(each) for key, each in entry.items()} for entry in value]
    return str(value).replace("period.from", "hari_pasti").replace("period.to", "hari_pasti")
