"""The finish in SQL: layers of plain columns over a unit and its folded accumulators, nothing written out twice.

An aggregate, a step of a series and a slot are each a column of their own; a column stands one layer above what it
rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.asking import leaves
from siklus.rules.book import Need
from siklus.rules.emitters.duckdb_expressions import Expressions, literal, quoted
from siklus.rules.emitters.duckdb_fold import fold_table
from siklus.rules.emitters.shapes import may_be_never
from siklus.rules.plan import Plan, lower_bound, split
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER, PERSON

_LONG = 60


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
        self.reach = 0
        self.record_date: str | None = None

    def measured(self, node: t.Node) -> tuple[str, int]:
        """The text of a node and the highest layer it rests on."""
        outer, self.reach = self.reach, 0
        text = self.write(node)
        found, self.reach = self.reach, max(outer, self.reach)
        return text, found

    def column(self, key: object, text: str, rests_on: int) -> str:
        """Give a text a column; the same key has one column."""
        if key not in self.named:
            name = f"c{len(self.columns)}"
            self.columns.append((rests_on + 1, name, text))
            self.height[name] = rests_on + 1
            self.named[key] = name
        return self.use(self.named[key])

    def use(self, name: str) -> str:
        """Note that a column is being rested on."""
        self.reach = max(self.reach, self.height[name])
        return name

    def brief(self, node: t.Node) -> str:
        text, rests_on = self.measured(node)
        if len(text) <= _LONG or self.record_date is not None:
            return text
        return self.column(text, text, rests_on)

    def slot(self, node: t.Node) -> str:
        """A column (or a constant) for a slot."""
        text, rests_on = self.measured(node)
        if isinstance(node, t.Literal) or text in self.height:
            return text
        return self.column(("slot", node), text, rests_on)

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

    def of(self, node: t.Node, text: Callable[[], str]) -> str:
        """The column of a node, its text made once."""
        if node in self.named:
            return self.use(self.named[node])
        outer, self.reach = self.reach, 0
        made = text()
        rests_on, self.reach = self.reach, outer
        return self.column(node, made, rests_on)

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
            last, clouded = kept("last", "date"), kept("last_unclear", "date") if unclear else "NULL"
            return self.of(node, lambda: self.since(bound, last, clouded))
        days = f"coalesce({kept('dates', 'date')}, []::integer[])"
        clouded = f"coalesce({kept('unclear_dates', 'date')}, []::integer[])" if unclear else ""
        return self.of(node, lambda: self.over_days(node, t.both(*late), days, clouded))

    def since(self, bound: t.Node, last: str, clouded: str) -> str:
        limit = self.brief(bound)
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

    def need(self, need: Need) -> str:
        """One answer as a struct, once the steps are there; its parts are columns of the layers."""
        parts = {name: self.slot(getattr(need, name)) for name in _SLOTS}
        status = self.column(
            (need.name, "status"), _status(need, parts, self.today), self.rests_on(parts.values())
        )
        asks = self.asks(need, status)
        days = ", ".join(
            f"'{name}': {_day(parts[name], getattr(need, name), status)}"
            for name in ("opens", "due", "overdue", "until")
        )
        word = f"split_part({status}, ':', 1)"
        start = (
            f"'need': {literal(need.name)}, 'occurrence': {parts['occurrence']}::integer, 'status': {word}"
        )
        return f"{{{start}, {days}, 'asks': {asks}}}"

    def rests_on(self, names: Iterable[str]) -> int:
        """The highest layer among columns; constants lie at the bottom."""
        return max((self.height.get(name, 0) for name in names), default=0)

    def asks(self, need: Need, status: str) -> str:
        cases = []
        for slot in ("who", "due", "done", "excluded", "until", "overdue"):
            if f"unknown:{slot}" not in _possible(need):
                continue
            by_label: dict[str, list[str]] = {}
            for label, leaf in leaves(getattr(need, slot)):
                by_label.setdefault(label, []).append(f"{self.slot(leaf)} is null")
            words = ", ".join(
                f"case when {' or '.join(tests)} then {literal(label)} end"
                for label, tests in by_label.items()
            )
            cases.append(
                f"when 'unknown:{slot}' then list_filter([{words}]::varchar[], lambda x: x is not null)"
            )
        return f"case {status} {' '.join(cases)} else []::varchar[] end" if cases else "[]::varchar[]"

    def select(self, base: str) -> str:
        """The base query with every layer on top of it."""
        query = base
        for layer in sorted({height for height, _, _ in self.columns}):
            columns = ", ".join(f"{text} as {name}" for height, name, text in self.columns if height == layer)
            query = f"select *, {columns} from ({query})"
        return query


_SLOTS = ("who", "done", "excluded", "due", "until", "overdue", "waits", "refused", "occurrence", "opens")


def _possible(need: Need) -> Sequence[str]:
    return [f"unknown:{slot}" for slot in _SLOTS[:6] if getattr(need, slot).nullable]


def _status(need: Need, part: dict[str, str], today: int | str | None) -> str:
    """The precedence of section 3.1 as one CASE; an unknown carries the slot that decided it."""
    due, until = part["due"], part["until"]
    lines = [
        f"when not {part['who']} then 'not_applicable'",
        f"when {part['done']} then 'done'",
        f"when {part['excluded']} then 'not_applicable'",
        f"when {part['who']} is null then 'unknown:who'",
        f"when {due} is null and not {part['waits']} then 'unknown:due'",
        f"when {due} is null and {until} is null then 'unknown:until'",
        f"when {due} is null and {today} >= {until} then 'missed'",
        f"when {due} is null or {today} < {due} then 'not_yet'",
        f"when {part['done']} is null then 'unknown:done'",
        f"when {part['excluded']} is null then 'unknown:excluded'",
        f"when {until} is null then 'unknown:until'",
        f"when {today} >= {until} then 'missed'",
        f"when {part['refused']} then 'refused'",
        f"when {part['overdue']} is null then 'unknown:overdue'",
        f"when {today} >= {part['overdue']} then 'overdue'",
    ]
    return f"case {' '.join(lines)} else 'due' end"


def _day(name: str, node: t.Node, status: str) -> str:
    if isinstance(node, t.Literal) and (node.value is None or node.value >= NEVER):
        return "NULL::integer"
    is_day = f" and {name} < {NEVER}" if may_be_never(node) else ""
    return f"case when {status} <> 'not_applicable'{is_day} then {name} end"


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
