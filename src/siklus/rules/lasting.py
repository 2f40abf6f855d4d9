"""How long an answer lasts: the next day on which it can change if no record comes, as an expression of the language.

One definition on the tree, so that every engine works it out as it works out anything else. It is a bound from below:
asking a day early costs a little work, a day late would be wrong. Every form through which `today` can be looked at
says here when it turns next; what is not named here may turn tomorrow, so a new form is safe before it is fast.
A bound is a known day after `today`, or never.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

from siklus.kernel.dates import DAYS_PER_WEEK, LEAP_CYCLE_DAYS, MONTHS_PER_YEAR, NEVER
from siklus.rules import tree as t
from siklus.rules.asking import SLOTS, leaves
from siklus.rules.book import Classification, Indicator, Need, Package, Rules
from siklus.rules.plan import lower_bound, split

FOREVER = t.Literal(NEVER, "date")
TODAY = t.Today()
Steps = Mapping[str, t.Node]
"""What each step of a series is made of: `NEED.on` and `NEED.done`."""

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_SHOWN = ("opens", "due", "overdue", "until", "occurrence")
_JUDGED = ("who", "done", "excluded", "waits", "refused")
_CROSSED = ("due", "until", "overdue")
_FAR_MONTHS = NEVER // (LEAP_CYCLE_DAYS + LEAP_CYCLE_DAYS) * MONTHS_PER_YEAR
_FAR_DAYS = _FAR_MONTHS * DAYS_PER_WEEK
"""A limit of age that lies centuries off is not turned into a day: the calendar of some engine might end before it."""
_MONTHS_OF_AGE = {"age_months": 1, "months_between": 1, "age_years": MONTHS_PER_YEAR}
_DAYS_OF_AGE = {"age_days": 1, "weeks_between": DAYS_PER_WEEK}
_LIMITS = {"<": (0,), ">=": (0,), "<=": (1,), ">": (1,)}
"""What is added to a limit so that a comparison turns where it is reached; of the other operators, both of them."""
_BEGINS = {"month": "start_of_month", "year": "start_of_year"}
_STEPS = {
    "start_of_month": (1, True),
    "start_of_year": (MONTHS_PER_YEAR, True),
    "start_of_school_year": (MONTHS_PER_YEAR, True),
    "start_of_week": (DAYS_PER_WEEK, False),
}
"""Days that begin something: how long that is, and whether in months."""
_PARTS_DECIDE = (
    t.And, t.Or, t.Not, t.IsKnown, t.OneOf, t.Shift, t.DaysBetween, t.Sum, t.Product, t.Call, t.Extreme,
    t.FirstKnown, t.Aggregate, t.EarliestWithin, t.HasDates, t.Compare, t.Choice,
)  # fmt: skip
_SAME_ANY_DAY = (t.Literal, t.SpanLiteral, t.PeriodBound, t.Fact, t.RecordField)


def need_lasts(need: Need, steps: Steps) -> t.Node:
    """The next day on which the answer about a need can change, while its package's gate stays as it is."""
    lasting = Lasting(steps)
    facts = [leaf for slot in SLOTS for _, leaf in leaves(getattr(need, slot))]
    told = lasting.of(
        *(getattr(need, slot) for slot in (*_SHOWN, *_JUDGED)), *(node for _, node in need.steps), *facts
    )
    crossed = earliest(*(_turn_at(getattr(need, slot)) for slot in _CROSSED))
    if need.who == t.TRUE:
        return earliest(told, crossed)
    return _unless(need.who, earliest(told, crossed), lasting.while_it_is(need.who, False))


@dataclass(frozen=True)
class PackageLasts:
    """How long the answers of one package about one kind of unit last: while its gate is shut, and while it is open."""

    unit: str
    package: Package
    needs: tuple[Need, ...]
    shut: t.Node
    open: t.Node


def packages_last(rules: Rules) -> tuple[PackageLasts, ...]:
    """Every package for each kind of unit it is about, in the order of the sources; kept for the last few books."""
    for known, made in _MADE:
        if known is rules:
            return made
    _MADE.append((rules, made := _packages_last(rules)))
    return made


_MADE: deque[tuple[Rules, tuple[PackageLasts, ...]]] = deque(maxlen=4)
"""Rules are compared by identity: to hash a book takes longer than to work this out."""


def _packages_last(rules: Rules) -> tuple[PackageLasts, ...]:
    steps, found = steps_of(rules.needs), []
    for unit in rules.units():
        of_unit = [need for need in rules.needs if need.unit == unit]
        for name in dict.fromkeys(need.package.name for need in of_unit):
            needs = tuple(need for need in of_unit if need.package.name == name)
            package = needs[0].package
            shut = shut_lasts(package.gate)
            is_open = earliest(gate_lasts(package.gate), *(need_lasts(need, steps) for need in needs))
            found.append(PackageLasts(unit, package, needs, shut, is_open))
    return tuple(found)


def gate_lasts(gate: t.Node) -> t.Node:
    """The next day on which a package can end to be about somebody."""
    return Lasting({}).of(gate)


def shut_lasts(gate: t.Node) -> t.Node:
    """The next day on which a package can begin to be about somebody."""
    return Lasting({}).while_it_is(gate, False)


def shares_last(rules: Rules) -> t.Node:
    """The next day on which what a person shares with the household can change."""
    lasting = Lasting({})
    return earliest(*(lasting.condition(share.node) for share in rules.shares))


def indicator_lasts(indicator: Indicator) -> t.Node:
    """The next cut-off day on which a unit can stand otherwise under an indicator."""
    lasting = Lasting({})
    told = lasting.of(indicator.counted, indicator.reached, *indicator.components.values())
    return _unless(indicator.counted, told, lasting.while_it_is(indicator.counted, False))


def classification_lasts(table: Classification) -> t.Node:
    """The next day on which a last record can be judged otherwise."""
    return Lasting({}).of(table.package.gate, table.measured, table.who, *(row.when for row in table.rows))


def steps_of(needs: tuple[Need, ...]) -> Steps:
    """The steps of all series by name."""
    return {name: node for need in needs for name, node in need.steps}


def earliest(*bounds: t.Node) -> t.Node:
    """The least of some bounds, each a known day."""
    flat = [
        part
        for each in bounds
        for part in (each.args if isinstance(each, t.Extreme) and not each.latest else (each,))
    ]
    kept = tuple(dict.fromkeys(part for part in flat if part != FOREVER))
    return FOREVER if not kept else kept[0] if len(kept) == 1 else t.Extreme(False, kept)


class Lasting:
    """Bounds of expressions whose steps of a series are these."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._speaks: dict[t.Node, bool] = {}

    def of(self, *nodes: t.Node) -> t.Node:
        """The next day on which one of these values can change."""
        return earliest(*(self._of(node) for node in nodes))

    def speaks_of_today(self, node: t.Node) -> bool:
        """False where the value is the same on any day."""
        found = self._speaks.get(node)
        if found is None:
            found = isinstance(node, t.Today) or not isinstance(
                node, (*_PARTS_DECIDE, *_SAME_ANY_DAY, t.StepValue)
            )
            if isinstance(node, t.StepValue):
                found = self.speaks_of_today(self.steps[node.name])
            found = self._speaks[node] = found or any(map(self.speaks_of_today, t.children(node)))
        return found

    def _of(self, node: t.Node) -> t.Node:
        if not self.speaks_of_today(node):
            return FOREVER
        if isinstance(node, t.StepValue):
            return self._of(self.steps[node.name])
        if not isinstance(node, _PARTS_DECIDE):
            return _tomorrow()
        if not _looks_at_record(node):
            special = _SPECIAL.get(type(node))
            found = special(self, node) if special else None
            if found is not None:
                return found
        return earliest(*(self._of(child) for child in t.children(node)))

    def compare(self, node: t.Compare) -> t.Node | None:
        """A comparison with a day that moves turns where the two meet."""
        for op, left, right in (
            (node.op, node.left, node.right),
            (_MIRRORED[node.op], node.right, node.left),
        ):
            if not self.speaks_of_today(right):
                found = self._meets(op, left, right)
                if found is not None:
                    return found
        if self.climbs(node.left):
            return earliest(self._of(node.right), _meets(node.op, node.left, node.right))
        if self.climbs(node.right):
            return earliest(self._of(node.left), _meets(_MIRRORED[node.op], node.right, node.left))
        return None

    def _meets(self, op: str, moving: t.Node, limit: t.Node) -> t.Node | None:
        """When `moving op limit` turns, where the limit is the same on any day; None for what is not known here."""
        match moving:
            case t.Today():
                return _meets(op, moving, limit)
            case t.Extreme(_, args) if op not in ("=", "!="):
                return earliest(*(self._of(t.Compare(op, arg, limit)) for arg in args))
            case t.DaysBetween(later, earlier) if not self.speaks_of_today(earlier):
                return self._reaches(op, later, earlier, limit, 1, False)
            case t.Call(function, (since, until)) if not self.speaks_of_today(since):
                if function in _MONTHS_OF_AGE:
                    return self._reaches(op, until, since, limit, _MONTHS_OF_AGE[function], True)
                if function in _DAYS_OF_AGE:
                    return self._reaches(op, until, since, limit, _DAYS_OF_AGE[function], False)
            case t.Call("month", (t.Today(),)) if isinstance(limit, t.Literal):
                return _meets_month(limit.value)
            case t.Sum(t.Call("age_months", ages), t.Product(t.Call("age_years", same), factor), -1) if (
                ages == same and factor == MONTHS_PER_YEAR and self.walks(ages[-1])
            ):
                return self._since_birthday(op, ages, limit)
        return _meets(op, moving, limit) if self.climbs(moving) else None

    def _since_birthday(self, op: str, ages: tuple[t.Node, ...], limit: t.Node) -> t.Node | None:
        """Completed months since the last birthday compared with a number: they begin again at the next one."""
        since, day = ages
        if self.speaks_of_today(since) or not isinstance(limit, t.Literal) or limit.value is None:
            return None
        birthdays = t.Product(t.Call("age_years", ages), MONTHS_PER_YEAR)
        turns = (
            t.Shift(since, t.Sum(birthdays, t.Literal(limit.value + more, "int"), 1), True)
            for more in _LIMITS.get(op, (0, 1))
        )
        return earliest(self._of(t.Call("age_years", ages)), *(_turn_at(turn, day) for turn in turns))

    def climbs(self, node: t.Node) -> bool:
        """True for a day that never goes back and stays (un)known, though it may rest or leap."""
        match node:
            case t.Shift(day, t.Literal(), _):
                return self.climbs(day)
            case t.Call(function, (day,)) if function in _STEPS:
                return self.climbs(day)
        return self.walks(node)

    def walks(self, node: t.Node) -> bool:
        """True for a day that moves on by a day at most from one day to the next, never back, and stays (un)known."""
        if node.type != "date":
            return False
        match node:
            case t.Today():
                return True
            case t.Shift(day, count, False):
                return self.walks(day) and not self.speaks_of_today(count)
            case t.Extreme(_, args) | t.FirstKnown(args):
                return all(map(self.walks, args))
        return not self.speaks_of_today(node)

    def _reaches(
        self, op: str, day: t.Node, since: t.Node, limit: t.Node, size: int, in_months: bool
    ) -> t.Node | None:
        """Completed units from `since` to `day` compared with a number: the same as comparing `day` with a day."""
        if op in ("=", "!=") or not isinstance(limit, t.Literal) or limit.value is None:
            return None
        count = (limit.value + (op in (">", "<="))) * size
        if abs(count) > (_FAR_MONTHS if in_months else _FAR_DAYS):
            return None
        op = ">=" if op in (">", ">=") else "<"
        return self._of(t.Compare(op, day, t.Shift(since, t.Literal(count, "int"), in_months)))

    def call(self, node: t.Call) -> t.Node | None:
        """Ages and parts of the calendar turn at the next whole unit."""
        function, args = node.function, node.args
        day = args[-1]
        if not self.walks(day):
            return None
        if len(args) == 1:
            begins = _BEGINS.get(function, function)
            return _reached(day, _moved(t.Call(begins, args), *_STEPS[begins]))
        if self.speaks_of_today(args[0]) or function == "age_days":
            return None
        in_months = function in _MONTHS_OF_AGE
        size = _MONTHS_OF_AGE[function] if in_months else _DAYS_OF_AGE[function]
        following: t.Node = t.Sum(node, t.Literal(1, "int"), 1)
        return _reached(
            day, t.Shift(args[0], t.Product(following, size) if size > 1 else following, in_months)
        )

    def aggregate(self, node: t.Aggregate) -> t.Node | None:
        """A record no older than a day that climbs: one is found, or may be, until that day has passed the last."""
        early, late = split(node)
        since = lower_bound(late)
        if node.function != "exists" or since is None or not self.climbs(since):
            return None
        lasts = ("last", "last_unclear") if early.nullable else ("last",)
        days = (
            t.Aggregate(last, node.kind, "date", early, node.nth, node.attached, "date") for last in lasts
        )
        return earliest(*(_meets("<=", since, day) for day in days))

    def condition(self, node: t.Node) -> t.Node:
        """As `of`, where a condition that surely does not hold waits only until it can."""
        return _unless(node, self.of(node), self.while_it_is(node, False))

    def while_it_is(self, node: t.Node, holds: bool) -> t.Node:
        """As `of`, where the condition is surely true, or surely false: one part may decide, however others change."""
        match node:
            case t.Not(arg):
                return self.while_it_is(arg, not holds)
            case t.And(args) | t.Or(args):
                if isinstance(node, t.And) == holds:
                    return earliest(*(self.while_it_is(arg, holds) for arg in args))
                *others, last = sorted(args, key=self.speaks_of_today)
                found = self.while_it_is(last, holds)
                for arg in reversed(others):
                    decides = t.surely(arg if holds else t.Not(arg))
                    found = _if(decides, self.while_it_is(arg, holds), found)
                return found
        return self.of(node)

    def choice(self, node: t.Choice) -> t.Node:
        """The branch that is not taken may change as it likes."""
        then, other = self._of(node.then), self._of(node.other)
        if then == other:
            return earliest(self._of(node.condition), then)
        return earliest(self._of(node.condition), _known(t.Choice(node.condition, then, other)))


_SPECIAL: dict[type[t.Node], Callable[[Lasting, t.Node], t.Node | None]] = {
    t.Compare: Lasting.compare,  # type: ignore[dict-item]
    t.Call: Lasting.call,  # type: ignore[dict-item]
    t.Aggregate: Lasting.aggregate,  # type: ignore[dict-item]
    t.Choice: Lasting.choice,  # type: ignore[dict-item]
}


def _looks_at_record(node: t.Node) -> bool:
    """True inside the condition of an aggregate: a bound may not speak of a single record."""
    return any(isinstance(part, t.RecordField) for part in t.outside_aggregates(node))


def _tomorrow() -> t.Node:
    return _moved(TODAY, 1, False)


def _moved(day: t.Node, count: int, in_months: bool) -> t.Node:
    return t.Shift(day, t.Literal(count, "int"), in_months)


def _known(bound: t.Node) -> t.Node:
    """What is unknown never turns by itself."""
    return t.FirstKnown((bound, FOREVER)) if bound.nullable else bound


def _turn_at(day: t.Node, walking: t.Node = TODAY) -> t.Node:
    """When that day is reached, if it is still to come."""
    if day == FOREVER or (isinstance(day, t.Literal) and day.value is None):
        return FOREVER
    return _known(t.Choice(t.Compare(">", day, walking), _reached(walking, day), FOREVER))


def _reached(walking: t.Node, limit: t.Node) -> t.Node:
    """The first day, after today, on which a day that climbs can be as late as a limit that lies before it now."""
    match walking:
        case t.Today():
            return _known(limit)
        case t.Shift(day, t.Literal(count, _), False):
            return _reached(day, _moved(limit, -count, False))
        case t.Shift(day, t.Literal(count, _), True):
            # Going back is exact but for the ends of months, where a day may seem reached that is not.
            return t.Extreme(True, (_reached(day, _moved(limit, -count, True)), _tomorrow()))
        case t.Call(function, (day,)):
            size, in_months = _STEPS[function]
            before = t.Call(function, (_moved(limit, -1, False),))
            return _reached(day, _moved(before, size, in_months))
    return _known(t.Shift(TODAY, t.DaysBetween(limit, walking), False))


def _meets(op: str, walking: t.Node, limit: t.Node) -> t.Node:
    """When `walking op limit` turns, while the limit stays: where it comes to the limit, or past it."""
    limits = _LIMITS.get(op, (0, 1))
    return earliest(*(_turn_at(_moved(limit, days, False) if days else limit, walking) for days in limits))


def _meets_month(number: int) -> t.Node:
    """When a comparison of today's month with a number turns: where that month begins or ends, and at the new year."""
    january = t.Call("start_of_year", (TODAY,))
    if not 1 <= number <= MONTHS_PER_YEAR:
        return FOREVER
    return reduce(
        earliest,
        (_turn_at(_moved(january, months, True)) for months in (number - 1, number, MONTHS_PER_YEAR)),
    )


def _unless(condition: t.Node, bound: t.Node, otherwise: t.Node) -> t.Node:
    """One bound, but another where a condition surely does not hold: who is not meant is told nothing."""
    return _if(t.surely(t.Not(condition)), otherwise, bound)


def _if(condition: t.Node, bound: t.Node, otherwise: t.Node) -> t.Node:
    return bound if bound == otherwise else t.Choice(condition, bound, otherwise)
