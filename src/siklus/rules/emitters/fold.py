"""The fold: one pass over each kind of record, writing into one list of accumulators.

Records come sorted by (date, id). A record is tried only on conditions it can meet: what its code says comes first,
and a condition stops at the first part that is false. First, last and counted values are read from the matching records
after the pass: what is derived from a record (a z-score) is worked out for the last one alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from siklus.rules import tree as t
from siklus.rules.emitters.dialect import Dialect, Picks
from siklus.rules.emitters.writer import Writer
from siklus.rules.plan import EMPTY_FALSE, EMPTY_LIST, EMPTY_ZERO, Accumulator, Plan, conjuncts

Members = list[tuple[int, Accumulator]]
Trial = tuple[t.Node, list[t.Node]]
"""A condition, and those of its parts that are still to be asked."""

_IN_PASSING = ("last", "last_unclear", "unclear_dates", *EMPTY_FALSE)
_MONTHS = itemgetter(1)
_AT_ONCE = 4
"""How many codes are compared one after another before they are halved instead."""


def write_fold(dialect: Dialect, name: str, plan: Plan, first: str = "") -> list[str]:
    """Lines of `NAME(u, R, P0, P1)` that returns the accumulators of a unit from its records by kind."""
    writer = Writer(dialect, plan)
    if first:
        writer.line(first)
    empty = ", ".join(_empty_word(dialect, accumulator) for accumulator in plan.places)
    writer.set("A", f"[{empty}]")
    if any(accumulator.attached for accumulator in plan.places):
        writer.set("i", dialect.fact("id"))
    for (kind, attached), group in plan.by_kind().items():
        with writer.block(dialect.when(dialect.has_kind(kind))):
            _Pass(writer, attached).write(dialect.records(kind), group)
    writer.line(dialect.give("A"))
    return dialect.function(name, ("u", "R", "P0", "P1"), writer)


def empty_of(accumulator: Accumulator) -> object:
    """The value of an accumulator that has seen nothing."""
    operator = accumulator.operator
    return (
        False
        if operator in EMPTY_FALSE
        else 0
        if operator in EMPTY_ZERO
        else ()
        if operator in EMPTY_LIST
        else None
    )


def _empty_word(dialect: Dialect, accumulator: Accumulator) -> str:
    empty = empty_of(accumulator)
    return dialect.nothing if empty == () else dialect.literal(empty)


class _Pass:
    """One pass over the records of a kind."""

    def __init__(self, writer: Writer, attached: bool) -> None:
        self.writer, self.say = writer, writer.dialect
        self.attached = attached
        self.conditions: dict[t.Node, Members] = {}
        self.matching: dict[t.Node, str] = {}
        self.latest: dict[t.Node, str] = {}

    def write(self, records: str, group: Members) -> None:
        """The names that do not depend on the record, the loop, and what is read from the matching records."""
        writer, conditions = self.writer, self.conditions
        for place, accumulator in group:
            conditions.setdefault(accumulator.where, []).append((place, accumulator))
        self._hoist(conditions)
        listed = {where: kept for where, members in conditions.items() if (kept := _read_afterwards(members))}
        looped = [where for where in conditions if self.attached or where != t.TRUE]
        picked: Picks = ()
        if (
            len(looped) == 1
            and not self.attached
            and len(listed.get(looped[0], ())) == len(conditions[looped[0]])
        ):
            picked = _picked(looped[0])
        for where in listed:
            self.matching[where] = writer.fresh()
            rows = self.say.new_list() if self.attached or where != t.TRUE else records
            if picked and where in looped:
                rows = self.say.picked(records, picked)
            writer.line(f"{self.matching[where]} = {rows}")
        for where in () if picked else looped:
            if where not in listed and any(each.operator == "last" for _, each in conditions[where]):
                self.latest[where] = writer.fresh()
                writer.line(f"{self.latest[where]} = {self.say.none}")
        if looped and not picked:
            with writer.block(self.say.each("r", records)):
                if self.attached:
                    other = self.say.compare("!=", self.say.field("unit"), "i")
                    with writer.block(self.say.when(other)):
                        writer.line(self.say.on)
                self._sort_out(looped)
        for where, members in listed.items():
            rows = self.matching[where]
            with writer.block(self.say.when(self.say.filled(rows))):
                for place, accumulator in members:
                    _read(writer, place, accumulator, rows)
        for where, name in self.latest.items():
            with writer.block(self.say.when(self.say.is_known(name))):
                for place, accumulator in conditions[where]:
                    if not accumulator.of_unclear:
                        self._note(place, accumulator, name)

    def _hoist(self, conditions: Iterable[t.Node]) -> None:
        self.writer.shift_together(conditions)
        for where in conditions:
            for part in t.walk(where):
                if not isinstance(part, t.Literal) and not any(
                    isinstance(each, t.RecordField) for each in t.walk(part)
                ):
                    self.writer.atom(part)

    def _sort_out(self, conditions: Iterable[t.Node]) -> None:
        """Conditions that ask one code field of the record are tried by its value, the others one by one."""
        trials = [(where, conjuncts(where)) for where in conditions]
        field = _deciding_field(trials)
        by_value: dict[Any, list[Trial]] = {}
        others = []
        for where, parts in trials:
            asked = next((part for part in parts if field and _options(part, field)), None)
            if field is None or asked is None:
                others.append((where, parts))
                continue
            rest = [part for part in parts if part is not asked]
            for value in _options(asked, field):
                by_value.setdefault(value, []).append((where, rest))
        self._try(others)
        if by_value and field:
            # The field is required, but an old log may have been written when it was not.
            with self.writer.block(self.say.when(self.say.is_known(self.writer.atom(field)))):
                self._by_value(self.writer.atom(field), sorted(by_value.items()))

    def _by_value(self, name: str, choices: list[tuple[Any, list[Trial]]]) -> None:
        if len(choices) > _AT_ONCE:
            middle = len(choices) // 2
            before = self.say.compare("<", name, self.say.literal(choices[middle][0]))
            with self.writer.block(self.say.when(before)):
                self._by_value(name, choices[:middle])
            with self.writer.block(self.say.otherwise):
                self._by_value(name, choices[middle:])
            return
        for place, (value, trials) in enumerate(choices):
            same = self.say.compare("=", name, self.say.literal(value))
            with self.writer.block(self.say.when(same, place > 0)):
                self._try(trials)

    def _try(self, trials: list[Trial]) -> None:
        """Asks once what several conditions begin with; a condition stops at the first part that is surely false."""
        by_first: dict[t.Node, list[Trial]] = {}
        for where, parts in trials:
            first = next((part for part in parts if not part.nullable), t.TRUE)
            by_first.setdefault(first, []).append((where, [part for part in parts if part is not first]))
        aged = [(*age, first) for first in by_first if (age := _age_reached(first)) is not None]
        if len(aged) > 1 and len({fact for fact, _, _ in aged}) == 1:
            self._climb([(first, by_first.pop(first)) for _, _, first in sorted(aged, key=_MONTHS)])
        for first, rests in by_first.items():
            if first == t.TRUE:
                for where, parts in rests:
                    self._take_if(where, t.both(*parts))
            else:
                with self.writer.block(self.say.when(self.writer.test(first))):
                    self._try(rests)

    def _climb(self, steps: list[tuple[t.Node, list[Trial]]]) -> None:
        """Who has not reached one age has not reached the later ones."""
        (first, rests), *later = steps
        with self.writer.block(self.say.when(self.writer.test(first))):
            self._try(rests)
            if later:
                self._climb(later)

    def _take_if(self, where: t.Node, rest: t.Node) -> None:
        """Takes the record for the accumulators of this condition; its rest can still be unknown."""
        members = self.conditions[where]
        clear = [member for member in members if not member[1].of_unclear]
        unclear = [member for member in members if member[1].of_unclear]
        if rest == t.TRUE:
            self._take(where, clear)
            return
        if not unclear:
            with self.writer.block(self.say.when(self.writer.condition(rest))):
                self._take(where, clear)
            return
        is_unclear, holds = self._both_ways(rest)
        with self.writer.block(self.say.when(is_unclear)):
            for place, accumulator in unclear:
                self._note(place, accumulator)
        if clear:
            with self.writer.block(self.say.when(holds, True)):
                self._take(where, clear)

    def _both_ways(self, condition: t.Node) -> tuple[str, str]:
        """Whether a condition is unknown, and whether it holds where it is not."""
        writer, say = self.writer, self.say
        if isinstance(condition, t.Compare | t.OneOf) and writer.known(condition) is None:
            unsure = writer.unsure(condition)
            if unsure:
                return say.any_of(map(say.is_unknown, unsure)), writer.plain(condition)
        holds = writer.atom(condition)
        return say.is_unknown(holds), holds

    def _take(self, where: t.Node, members: Members) -> None:
        afterwards: Members = []
        if where in self.matching:
            self.writer.line(self.say.append(self.matching[where], "r"))
            afterwards = _read_afterwards(members)
        elif where in self.latest:
            self.writer.line(f"{self.latest[where]} = r")
            afterwards = members
        for place, accumulator in members:
            if (place, accumulator) not in afterwards:
                self._note(place, accumulator)

    def _note(self, place: int, accumulator: Accumulator, record: str = "r") -> None:
        a, date = f"A[{place}]", self.say.field("date", record)
        if accumulator.operator in EMPTY_FALSE:
            self.writer.line(f"{a} = {self.say.true}")
        elif accumulator.operator == "unclear_dates":
            self.writer.line(f"{a} = {self.say.added(a, date)}")
        else:
            self.writer.line(f"{a} = {self.say.field(accumulator.field or '', record)}")


def _read_afterwards(members: Members) -> Members:
    """Which accumulators are read from the list of matching records; a lone last value is not worth a list."""
    if members and members[0][1].where == t.TRUE:
        return [member for member in members if not member[1].of_unclear]
    listed = [member for member in members if member[1].operator not in _IN_PASSING]
    lasts = [member for member in members if member[1].operator == "last"]
    return listed + lasts if listed else []


def _read(writer: Writer, place: int, accumulator: Accumulator, rows: str) -> None:
    """One accumulator from the records that match; there is at least one."""
    say, operator, field, nth = writer.dialect, accumulator.operator, accumulator.field or "", accumulator.nth
    a = f"A[{place}]"
    if operator == "nth":
        with writer.block(say.when(say.at_least(rows, abs(nth)))):
            writer.line(f"{a} = {say.field_at(rows, nth if nth < 0 else nth - 1, field)}")
    elif operator in ("min", "max", "sum"):
        values = writer.let(("known", rows, field), say.known_of(rows, field))
        with writer.block(say.when(say.filled(values))):
            writer.line(f"{a} = {say.reduced(operator, values)}")
    else:
        writer.line(f"{a} = {_read_at_once(writer, operator, field, rows)}")


def _read_at_once(writer: Writer, operator: str, field: str, rows: str) -> str:
    say = writer.dialect
    match operator:
        case "some":
            return say.true
        case "last":
            return say.field_at(rows, -1, field)
        case "first":
            return say.field_at(rows, 0, field)
        case "count":
            return say.count(rows)
        case "months_with":
            return say.months_of(rows)
    days = writer.let(("days", rows), say.days_of(rows))
    return days if operator == "dates" else say.days_with(days)


def _picked(where: t.Node) -> Picks:
    """A condition on one record that is simple enough to pick records by; empty when it is not."""
    picks: list[tuple[str, str | None]] = []
    for part in conjuncts(where):
        match part:
            case t.IsKnown(t.RecordField(name)):
                picks.append((name, None))
            case t.Compare("=", t.RecordField(name), t.Literal(str() as value)):
                picks.append((name, value))
            case _:
                return ()
    return picks


def _age_reached(part: t.Node) -> tuple[t.Fact, int] | None:
    """(fact, months) of a condition `date >= FACT + n months`."""
    match part:
        case t.Compare(
            ">=", t.RecordField("date"), t.Shift(t.Fact() as fact, t.Literal(int() as months), True)
        ):
            return fact, months
    return None


def _deciding_field(trials: Iterable[Trial]) -> t.RecordField | None:
    """The code field that most of these conditions ask, when more than one do."""
    asked: dict[t.RecordField, int] = {}
    for _, parts in trials:
        for field in dict.fromkeys(field for part in parts if (field := _asked_field(part))):
            asked[field] = asked.get(field, 0) + 1
    field = max(asked, key=lambda each: asked[each], default=None)
    return field if field is not None and asked[field] > 1 else None


def _asked_field(part: t.Node) -> t.RecordField | None:
    """The field a part compares with words, when the field is always known."""
    match part:
        case t.Compare("=", t.RecordField() as field, t.Literal(str())) if not field.nullable:
            return field
        case t.OneOf(t.RecordField() as field, (str(), *_)) if not field.nullable:
            return field
    return None


def _options(part: t.Node, field: t.RecordField) -> tuple[Any, ...]:
    """The values of the field with which this part is true; none when it asks something else."""
    match part:
        case t.Compare("=", asked, t.Literal(value)) if asked == field and _asked_field(part):
            return (value,)
        case t.OneOf(asked, options) if asked == field and _asked_field(part):
            return options
    return ()
