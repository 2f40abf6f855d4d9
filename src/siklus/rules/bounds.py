"""The next day on which the value of an expression can change if no record comes, as an expression of the language.

It is a bound from below: asking a day early costs a little work, a day late would be wrong. Every form through which
`today` can be looked at says here when it turns next; what is not named here may turn tomorrow, so a new form is safe
before it is fast. A bound is a known day after `today`, or never.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from siklus.kernel.dates import DAYS_PER_WEEK, LEAP_CYCLE_DAYS, MONTHS_PER_YEAR, NEVER
from siklus.rules import tree as t
from siklus.rules.asking import leaves
from siklus.rules.plan import lower_bound, split

FOREVER = t.Literal(NEVER, "date")
TODAY = t.Today()
Steps = Mapping[str, t.Node]
"""What each step of a series is made of: `NEED.on` and `NEED.done`."""

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
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
            case t.Call("month", (t.Today(),)) if isinstance(limit, t.Literal) or _is_month(limit):
                return _meets_month(op, limit)
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
        return earliest(self._of(t.Call("age_years", ages)), *(turn_at(turn, day) for turn in turns))

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
        return unless(node, self.of(node), self.while_it_is(node, False))

    def stays(self, node: t.Node, known_as: bool | None = None) -> t.Node:
        """Until when a condition stays what it is, and while it is unknown, what it asks for; as what it is known,
        if that is told."""
        if known_as is None:
            held = if_(t.surely(node), self.while_it_is(node, True), self.while_it_is(node, False))
        else:
            held = self.while_it_is(node, known_as)
        if not node.nullable:
            return held
        return if_(t.IsKnown(node), held, self.of(node, *(leaf for _, leaf in leaves(node))))

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
                    found = if_(decides, self.while_it_is(arg, holds), found)
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


def turn_at(day: t.Node, walking: t.Node = TODAY) -> t.Node:
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
    return earliest(*(turn_at(_moved(limit, days, False) if days else limit, walking) for days in limits))


def _meets_month(op: str, number: t.Node) -> t.Node:
    """When today's month compared with a number turns: where that month begins, or ends, and at the new year."""
    january = t.Call("start_of_year", (TODAY,))
    turns = [_moved(january, MONTHS_PER_YEAR, True)]
    for more in _LIMITS.get(op, (0, 1)):
        if isinstance(number, t.Literal):
            if number.value is None or not 1 <= number.value <= MONTHS_PER_YEAR:
                return FOREVER
            turns.append(_moved(january, number.value + more - 1, True))
        else:
            before = t.Sum(number, t.Literal(1, "int"), -1)
            turns.append(t.Shift(january, number if more else before, True))
    return earliest(*map(turn_at, turns))


def _is_month(number: t.Node) -> bool:
    return isinstance(number, t.Call) and number.function == "month"


def unless(condition: t.Node, bound: t.Node, otherwise: t.Node) -> t.Node:
    """One bound, but another where a condition surely does not hold: who is not meant is told nothing."""
    return bound if condition == t.TRUE else if_(t.surely(t.Not(condition)), otherwise, bound)


def if_(condition: t.Node, bound: t.Node, otherwise: t.Node) -> t.Node:
    if condition in (t.TRUE, t.FALSE) or bound == otherwise:
        return otherwise if condition == t.FALSE else bound
    return t.Choice(condition, bound, otherwise)
