"""The finish in SQL: layers of plain columns over a unit and its folded accumulators, nothing written out twice.

An aggregate, a step of a series and a slot are each a column of their own; a column stands one layer above what it
rests on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.asking import SLOTS, leaves
from siklus.rules.book import Need
from siklus.rules.emitters.duckdb_expressions import Expressions, literal, quoted
from siklus.rules.emitters.duckdb_fold import fold_table
from siklus.rules.plan import Plan, lower_bound, split
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER, PERSON

_LONG, _SHORT = 60, 20
_NEVER = str(NEVER)
_PLAIN = re.compile(r'\w+|"[^"]+"')
_LEAVES = (t.Literal, t.SpanLiteral, t.Today, t.PeriodBound, t.Fact, t.RecordField, t.StepValue)


class Layers(Expressions):
    """Collects columns. `write` gives back the text of a value over the columns written so far.

    `today` is a day, or the name of a column of the unit that holds each one's own day.
    """

    def __init__(self, plan: Plan, today: int | str, bounds: tuple[int, int] | None = None) -> None:
        super().__init__(today, bounds)
        self.plan = plan
        self.columns: list[tuple[int, str, str]] = []
        self.height: dict[str, int] = {}
        self.named: dict[object, str] = {}
        self.places: set[int] = set()
        self.shared: dict[int, t.Node] = {}
        self.reach = 0
        self.record_date: str | None = None

    def share(self, expressions: Iterable[t.Node]) -> None:
        """What stands more than once in these is worked out once, in a column, wherever it is written from here on."""
        seen: dict[int, t.Node] = {}
        waiting = list(expressions)
        while waiting:
            node = waiting.pop()
            if isinstance(node, _LEAVES):
                continue
            if id(node) in seen:
                self.shared[id(node)] = node
                continue
            seen[id(node)] = node
            waiting += split(node)[1] if isinstance(node, t.Aggregate) else t.children(node)

    def write(self, node: t.Node) -> str:
        if self.record_date is None and id(node) in self.shared:
            return self.of(id(node), lambda: super(Layers, self).write(node))
        return super().write(node)

    def measured(self, node: t.Node) -> tuple[str, int]:
        """The text of a node and the highest layer it rests on."""
        outer, self.reach = self.reach, 0
        text = self.write(node)
        found, self.reach = self.reach, max(outer, self.reach)
        return text, found

    def column(self, key: object, text: str, rests_on: int) -> str:
        """Give a text a column; the same key has one column, and so has the same text."""
        if key not in self.named:
            name = self.named.get(text)
            if name is None:
                name = f"c{len(self.columns)}"
                self.columns.append((rests_on + 1, name, text))
                self.height[name] = rests_on + 1
                self.named[text] = name
            self.named[key] = name
        return self.use(self.named[key])

    def use(self, name: str) -> str:
        """Note that a column is being rested on."""
        self.reach = max(self.reach, self.height[name])
        return name

    def brief(self, node: t.Node) -> str:
        text, rests_on = self.measured(node)
        if self.record_date is not None or _is_brief(text, _LONG):
            return text
        return self.column(text, text, rests_on)

    def slot(self, node: t.Node) -> str:
        """A column (or a constant) for a slot."""
        text, rests_on = self.measured(node)
        return (
            text
            if isinstance(node, t.Literal) or _PLAIN.fullmatch(text)
            else self.column(text, text, rests_on)
        )

    def leaf(self, node: t.Node) -> str:
        match node:
            case t.Fact(name, _, _):
                return quoted(name)
            case t.RecordField():
                assert self.record_date is not None
                return self.record_date
            case t.StepValue(name, _, _):
                return self.use(self.named[name])
            case t.Aggregate():
                return self.aggregate(node)
            case t.EarliestWithin(dates, low, high):
                return self.of(node, lambda: self.earliest(dates, low, high))
            case t.HasDates(dates):
                return f"(len({self.aggregate(dates)}) > 0)"
        raise TypeError(f"no SQL for {node!r}")

    def of(self, key: object, text: Callable[[], str]) -> str:
        """The column of what has this key, its text made once; a short text needs none."""
        if key in self.named:
            return self.use(self.named[key])
        outer, self.reach = self.reach, 0
        made = text()
        rests_on, self.reach = self.reach, outer
        if _is_brief(made, _SHORT):
            self.reach = max(outer, rests_on)
            return made
        return self.column(key, made, rests_on)

    def earliest(self, dates: t.Aggregate, low: t.Node, high: t.Node) -> str:
        days, first, stop = self.aggregate(dates), self.brief(low), self.brief(high)
        return f"list_min(list_filter({days}, lambda d: d >= {first} and d < {stop}))"

    def kept(self, operator: str, node: t.Aggregate, early: t.Node, field: str | None) -> str:
        place = self.plan.place(operator, node, early, field, node.nth)
        self.places.add(place)
        return f"a{place}"

    def aggregate(self, node: t.Aggregate) -> str:
        early, late = split(node)
        unclear = early.nullable and node.function == "exists"

        def kept(operator: str, field: str | None = None) -> str:
            return self.kept(operator, node, early, field)

        if not late:
            if node.function == "exists":
                some = f"coalesce({kept('some')}, false)"
                if unclear:
                    return f"(case when {some} then true when {kept('unclear')} then null else false end)"
                return some
            found = kept(node.function, node.field)
            if node.function in ("count", "days_with", "months_with"):
                return f"coalesce({found}, 0)"
            return f"coalesce({found}, []::integer[])" if node.function == "dates" else found
        bound = lower_bound(late)
        if node.function == "exists" and bound is not None:
            last, clouded = kept("last", "date"), kept("last_unclear", "date") if unclear else ""
            return self.of(node, lambda: self.since(bound, last, clouded))
        days = f"coalesce({kept('dates', 'date')}, []::integer[])"
        clouded = f"coalesce({kept('unclear_dates', 'date')}, []::integer[])" if unclear else ""
        return self.of(node, lambda: self.over_days(node, t.both(*late), days, clouded))

    def since(self, bound: t.Node, last: str, clouded: str) -> str:
        limit = self.brief(bound)
        if not clouded:
            since = f"{last} >= {limit}"
            return (
                f"(case when {last} is null then false else {since} end)"
                if bound.nullable
                else f"coalesce({since}, false)"
            )
        anything = f"{last} is not null or {clouded} is not null"
        unsure = (
            f"when {limit} is null then (case when {anything} then null else false end) "
            if bound.nullable
            else ""
        )
        return f"(case {unsure}when {last} >= {limit} then true when {clouded} >= {limit} then null else false end)"

    def over_days(self, node: t.Aggregate, late: t.Node, days: str, clouded: str) -> str:
        for part in t.walk(late):
            if isinstance(part, t.Aggregate | t.EarliestWithin):
                self.write(part)
        outer, self.record_date = self.record_date, "d"
        condition = self.write(late)
        self.record_date = outer
        kept = f"list_filter({days}, lambda d: {condition})"
        if node.function == "exists":
            unsure = f"len(list_filter({days}, lambda d: ({condition}) is null)) > 0"
            if clouded:
                unsure += f" or len(list_filter({clouded}, lambda d: coalesce({condition}, true))) > 0"
            return f"(case when len({kept}) > 0 then true when {unsure} then null else false end)"
        return {
            "count": f"len({kept})::integer",
            "days_with": f"len(list_distinct({kept}))::integer",
            "months_with": f"len(list_distinct(list_transform({kept}, lambda d: month_number_(d))))::integer",
            "first": f"list_min({kept})",
            "last": f"list_max({kept})",
            "dates": f"list_sort({kept})",
        }[node.function]

    def steps(self, need: Need) -> None:
        """Columns for the steps of a series, on which later needs may rest."""
        for name, node in need.steps:
            text, rests_on = self.measured(node)
            self.column(name, text, rests_on)

    def need(self, need: Need) -> Answer:
        """The texts of one answer over columns of the layers, once the steps are there."""
        parts = {name: self.slot(getattr(need, name)) for name in _SLOTS}
        text = _status(need, parts, self.today)
        status = self.column((need.name, "status"), text, self.rests_on(parts.values()))
        days = {name: _day(parts[name], getattr(need, name)) for name in DAYS}
        return Answer(literal(need.name), parts["occurrence"], status, asks=self.asks(need, status), **days)

    def rests_on(self, names: Iterable[str]) -> int:
        """The highest layer among columns; constants lie at the bottom."""
        return max((self.height.get(name, 0) for name in names), default=0)

    def asks(self, need: Need, status: str) -> str:
        """The labels that an unknown status may ask for, null for each that is known; null when there are none."""
        cases = []
        for slot in _possible(need):
            by_label: dict[str, list[str]] = {}
            for label, leaf in leaves(getattr(need, slot)):
                by_label.setdefault(label, []).append(f"{self.slot(leaf)} is null")
            words = ", ".join(
                f"case when {' or '.join(tests)} then {literal(label)} end"
                for label, tests in by_label.items()
            )
            cases.append(f"when 'unknown:{slot}' then [{words}]::varchar[]")
        return f"case {status} {' '.join(cases)} end" if cases else "NULL"

    def select(self, base: str) -> str:
        """The base query with every layer on top of it."""
        query = base
        for layer in sorted({height for height, _, _ in self.columns}):
            columns = ", ".join(f"{text} as {name}" for height, name, text in self.columns if height == layer)
            query = f"select *, {columns} from ({query})"
        return query


_SLOTS = ("who", "done", "excluded", "due", "until", "overdue", "waits", "refused", "occurrence", "opens")
DAYS = ("opens", "due", "overdue", "until")


class Answer(NamedTuple):
    """The texts of one answer: a status with the slot that made it unknown, and days that may be never."""

    need: str
    occurrence: str
    status: str
    opens: str
    due: str
    overdue: str
    until: str
    asks: str


_ANSWERED = ("varchar", "integer", "varchar", *["integer"] * 4, "varchar[]")


def rows_of(unit: str, columns: Iterable[tuple[str, str, Iterable[str]]], source: str) -> str:
    """So many rows for each row of the source: (name, type, its texts) of each column, beside whose they are.

    A list of constants costs nothing.
    """
    lists = ", ".join(f"unnest([{', '.join(texts)}]::{kind}[]) as {name}" for name, kind, texts in columns)
    return f"select id as unit_id, {person_of(unit)} as whose, {lists} from ({source})"


def answered(unit: str, answers: Sequence[Answer], source: str) -> str:
    """A row for each answer and row of the source. What is the same to do with every answer is done to the rows."""
    rows = rows_of(unit, zip(Answer._fields, _ANSWERED, zip(*answers, strict=True), strict=True), source)
    days = ", ".join(
        f"case when status <> 'not_applicable' and {name} < {NEVER} then {name} end as {name}"
        for name in DAYS
    )
    return (
        f"select unit_id, whose, need, occurrence, split_part(status, ':', 1) as status, {days}, "
        f"coalesce(list_filter(asks, lambda x: x is not null), []::varchar[]) as asks from ({rows})"
    )


def _possible(need: Need) -> list[str]:
    return [slot for slot in SLOTS if getattr(need, slot).nullable]


def _status(need: Need, part: dict[str, str], today: int | str | None) -> str:
    """The precedence of section 3.1 as one CASE; an unknown carries the slot that decided it.

    A line is left out where it can never be the one.
    """
    due, until, overdue = part["due"], part["until"], part["overdue"]
    possible = _possible(need)
    lines = [
        (need.who != t.TRUE, f"when not {part['who']} then 'not_applicable'"),
        (need.done != t.FALSE, f"when {part['done']} then 'done'"),
        (need.excluded != t.FALSE, f"when {part['excluded']} then 'not_applicable'"),
        ("who" in possible, f"when {part['who']} is null then 'unknown:who'"),
    ]
    if "due" in possible:
        waits = need.waits != t.FALSE
        lines += [
            (not waits, f"when {due} is null then 'unknown:due'"),
            (waits, f"when {due} is null and not {part['waits']} then 'unknown:due'"),
            (waits and "until" in possible, f"when {due} is null and {until} is null then 'unknown:until'"),
            (waits, f"when {due} is null and {today} >= {until} then 'missed'"),
            (waits, f"when {due} is null then 'not_yet'"),
        ]
    lines += [
        (True, f"when {today} < {due} then 'not_yet'"),
        ("done" in possible, f"when {part['done']} is null then 'unknown:done'"),
        ("excluded" in possible, f"when {part['excluded']} is null then 'unknown:excluded'"),
        ("until" in possible, f"when {until} is null then 'unknown:until'"),
        (until != _NEVER, f"when {today} >= {until} then 'missed'"),
        (need.refused != t.FALSE, f"when {part['refused']} then 'refused'"),
        ("overdue" in possible, f"when {overdue} is null then 'unknown:overdue'"),
        (overdue != _NEVER, f"when {today} >= {overdue} then 'overdue'"),
    ]
    return f"case {' '.join(text for may_be, text in lines if may_be)} else 'due' end"


def _day(name: str, node: t.Node) -> str:
    return "NULL" if isinstance(node, t.Literal) and node.value is None else name


def _is_brief(text: str, length: int) -> bool:
    """True for what may as well stand twice; a macro is much longer than its name."""
    return len(text) <= length and "_(" not in text


def base_of(unit: str, layers: Layers, plan: Plan, where: str, prefix: str = "", members: str = "") -> str:
    """The unit beside the accumulators that these layers use; `members` gives those over a household's members."""
    joins, columns = "", ""
    for (kind, attached), group in plan.by_kind().items():
        used = [place for place, _ in group if place in layers.places]
        if used:
            alias = f"k{used[0]}"
            source = f"({members})" if kind == MEMBER else fold_table(unit, kind, attached, prefix)
            joins += f" left join {source} {alias} on {alias}.unit_id = u.id"
            columns += "".join(f", {alias}.a{place}" for place in used)
    return f"select u.*{columns} from {quoted(f'u_{unit}')} u{joins} {where}"


def person_of(unit: str) -> str:
    """The column that says whose a unit is; a household stands for itself."""
    return "id" if unit in (PERSON, HOUSEHOLD) else "person"
