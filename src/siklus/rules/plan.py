"""Tree -> accumulators: what has to be kept of a unit's records so that any day can be finished from it.

See the rule language, section 7.

A `where` is split into its early part, known from the record and the unit's facts, and its late part, which
rests on today, on another aggregate or on an earlier step. The early part is folded; a late part may speak only
of `date`, and is judged over kept days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from siklus.rules import tree as t
from siklus.rules.book import Classification, Indicator, Need, Rule, Rules
from siklus.rules.source import Faults
from siklus.rules.vocabulary import MEMBER, PERSON

EMPTY_ZERO = ("count", "days_with", "months_with")
EMPTY_LIST = ("dates", "unclear_dates")
EMPTY_FALSE = ("some", "unclear")


@dataclass(frozen=True)
class Accumulator:
    """One kept value.

    Operators: `some` and `unclear` (a record where the condition is true, or unknown), `count days_with
    months_with first last nth min max sum`, `dates` and `unclear_dates` (sorted), `last_unclear` (last day on
    which the condition is unknown).

    Empty values: False, 0, an empty list or None.
    """

    operator: str
    kind: str
    field: str | None
    where: t.Node
    nth: int
    attached: bool

    @property
    def of_unclear(self) -> bool:
        """True for those that collect the records whose condition is unknown."""
        return self.operator in ("unclear", "unclear_dates", "last_unclear")


@dataclass
class Plan:
    """The accumulators of one unit, each with its place; asking twice for the same one gives the same place."""

    places: dict[Accumulator, int] = field(default_factory=dict)

    def place(
        self,
        operator: str,
        aggregate: t.Aggregate,
        where: t.Node,
        field_name: str | None = None,
        nth: int = 0,
    ) -> int:
        """Where this accumulator is kept, added at the end when it is new."""
        key = Accumulator(operator, aggregate.kind, field_name, where, nth, aggregate.attached)
        return self.places.setdefault(key, len(self.places))

    def cover(self, nodes: Iterable[t.Node]) -> None:
        """Give a place to everything these expressions rest on, in reading order; the same for every engine."""
        for node in nodes:
            for part in t.walk(node):
                if isinstance(part, t.Aggregate):
                    early, late = split(part)
                    for operator, name in kept_for(part, early, late):
                        self.place(operator, part, early, name, part.nth)

    def of_members(self) -> list[int]:
        """The places of what is asked of a household's members; they are filled anew each day, and nothing is kept."""
        return [place for accumulator, place in self.places.items() if accumulator.kind == MEMBER]

    def by_kind(self) -> dict[tuple[str, bool], list[tuple[int, Accumulator]]]:
        """Accumulators grouped by (kind of record, attached), for one pass over each."""
        grouped: dict[tuple[str, bool], list[tuple[int, Accumulator]]] = {}
        for accumulator, place in self.places.items():
            grouped.setdefault((accumulator.kind, accumulator.attached), []).append((place, accumulator))
        return grouped


def kept_for(aggregate: t.Aggregate, early: t.Node, late: list[t.Node]) -> list[tuple[str, str | None]]:
    """(operator, field) of the accumulators that answer an aggregate.

    The second, if any, is for records whose condition is unknown.
    """
    unclear = early.nullable and aggregate.function == "exists"
    if not late:
        if aggregate.function != "exists":
            return [(aggregate.function, aggregate.field)]
        return [("some", None), ("unclear", None)] if unclear else [("some", None)]
    if aggregate.function == "exists" and lower_bound(late) is not None:
        return [("last", "date"), ("last_unclear", "date")] if unclear else [("last", "date")]
    return [("dates", "date"), ("unclear_dates", "date")] if unclear else [("dates", "date")]


def expressions_of_need(need: Need) -> tuple[t.Node, ...]:
    """The expressions a need is finished from, in the order every engine uses."""
    return (
        *(value for _, value in need.steps),
        need.who,
        need.done,
        need.excluded,
        need.due,
        need.until,
        need.overdue,
        need.waits,
        need.refused,
        need.occurrence,
        need.opens,
    )


def expressions_of_indicator(indicator: Indicator) -> tuple[t.Node, ...]:
    """The expressions an indicator is judged by."""
    return (indicator.counted, *indicator.components.values(), indicator.reached)


def expressions_of_classification(table: Classification) -> tuple[t.Node, ...]:
    """The expressions a record is classified by."""
    return (table.measured, table.who, *(row.when for row in table.rows))


def plan_of_needs(rules: Rules, unit: str) -> Plan | None:
    """What is kept of a unit; None when no need is about it. A person also keeps what the household asks for."""
    needs = [node for need in rules.needs if need.unit == unit for node in expressions_of_need(need)]
    shares = [share.node for share in rules.shares] if unit == PERSON else []
    return plan_of((*needs, *shares)) if needs or shares else None


def plan_of(expressions: Iterable[t.Node]) -> Plan:
    """A plan that covers these expressions."""
    plan = Plan()
    plan.cover(expressions)
    return plan


def conjuncts(node: t.Node) -> list[t.Node]:
    """The parts of a condition that must all hold."""
    if isinstance(node, t.And):
        return [part for arg in node.args for part in conjuncts(arg)]
    return [] if node == t.TRUE else [node]


def split(aggregate: t.Aggregate) -> tuple[t.Node, list[t.Node]]:
    """(early condition, late conditions); `date > x` is read as `date >= x + 1 day`, which folds to a last date."""
    parts = conjuncts(aggregate.where)
    early = t.both(*(part for part in parts if not t.needs_finish(part)))
    late = []
    for part in parts:
        if t.needs_finish(part):
            if isinstance(part, t.Compare) and part.op == ">" and isinstance(part.left, t.RecordField):
                part = t.Compare(">=", part.left, t.Shift(part.right, t.Literal(1, "int"), False))
            late.append(part)
    return early, late


def lower_bound(late: list[t.Node]) -> t.Node | None:
    """The limit x when the late condition is just `date >= x`, so that a last date is enough."""
    if (
        len(late) == 1
        and isinstance(late[0], t.Compare)
        and late[0].op == ">="
        and isinstance(late[0].left, t.RecordField)
    ):
        right = late[0].right
        return None if any(isinstance(node, t.RecordField) for node in t.outside_aggregates(right)) else right
    return None


def expressions_of(rules: Rules) -> Iterator[tuple[Rule, t.Node]]:
    """Every (rule, expression) of a rule book, in the order of the sources."""
    every: tuple[Rule, ...] = (*rules.needs, *rules.indicators, *rules.classifications)
    for rule in every:
        yield from ((rule, node) for node in expressions_of_rule(rule))


def expressions_of_rule(rule: Rule) -> tuple[t.Node, ...]:
    """Every expression of one rule."""
    if isinstance(rule, Need):
        return expressions_of_need(rule)
    return (
        expressions_of_indicator(rule) if isinstance(rule, Indicator) else expressions_of_classification(rule)
    )


def check_late_conditions(rules: Rules, faults: Faults) -> None:
    """R17: a condition that waits for the day may speak only of the record's date."""
    told: set[tuple[str, str]] = set()
    for rule, node in expressions_of(rules):
        for part in t.walk(node):
            if not isinstance(part, t.Aggregate):
                continue
            _, late = split(part) if part.kind != MEMBER else (t.TRUE, [])
            spoken = {
                each.name
                for condition in late
                for each in t.outside_aggregates(condition)
                if isinstance(each, t.RecordField) and each.name != "date"
            }
            for name in sorted(spoken):
                if (rule.name, name) not in told:
                    told.add((rule.name, name))
                    faults.add(
                        "R17",
                        rule.mark,
                        "a condition that needs today or another aggregate may only speak of 'date', "
                        f"not '{name}' ({rule.name})",
                    )
            kept = ("exists", "count", "days_with", "months_with", "dates")
            if (
                late
                and part.function not in kept
                and not (part.function in ("first", "last") and part.field == "date")
            ):
                faults.add(
                    "R17",
                    rule.mark,
                    f"{part.function} over a condition that needs today cannot be kept; "
                    "use exists, count, first or last of date",
                )
