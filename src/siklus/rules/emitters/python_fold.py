"""The fold: one pass over each kind of record, writing into one list of accumulators.

Records come sorted by (date, id). A record is tried only on conditions it can meet: what its code says comes first,
and a condition stops at the first part that is false. First, last and counted values are read from the matching records
after the pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from siklus.rules import tree as t
from siklus.rules.emitters.python_writer import Writer
from siklus.rules.plan import EMPTY_FALSE, EMPTY_LIST, EMPTY_ZERO, Accumulator, Plan, conjuncts

Members = list[tuple[int, Accumulator]]
Trial = tuple[t.Node, list[t.Node]]
"""A condition, and those of its parts that are still to be asked."""

_IN_PASSING = ("last", "last_unclear", "unclear_dates", *EMPTY_FALSE)
_MONTHS = itemgetter(1)
_AT_ONCE = 4
"""How many codes are compared one after another before they are halved instead."""


def write_fold(name: str, plan: Plan, first: str = "") -> list[str]:
    """Lines of `def NAME(u, R, P0, P1)` that returns the accumulators of a unit from its records by kind."""
    writer = Writer(plan)
    if first:
        writer.line(first)
    empty = ", ".join(repr(empty_of(accumulator)) for accumulator in plan.places)
    writer.line(f"A = [{empty}]")
    if any(accumulator.attached for accumulator in plan.places):
        writer.line("i = u['id']")
    for (kind, attached), group in plan.by_kind().items():
        with writer.block(f"if {kind!r} in R:"):
            _Pass(writer, attached).write(f"R[{kind!r}]", group)
    writer.line("return A")
    return [f"def {name}(u, R, P0=None, P1=None):", *writer.lines]


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


class _Pass:
    """One pass over the records of a kind."""

    def __init__(self, writer: Writer, attached: bool) -> None:
        self.writer = writer
        self.attached = attached
        self.conditions: dict[t.Node, Members] = {}
        self.matching: dict[t.Node, str] = {}

    def write(self, records: str, group: Members) -> None:
        """The names that do not depend on the record, the loop, and what is read from the matching records."""
        writer, conditions = self.writer, self.conditions
        for place, accumulator in group:
            conditions.setdefault(accumulator.where, []).append((place, accumulator))
        self._hoist(conditions)
        listed = {where: kept for where, members in conditions.items() if (kept := _read_afterwards(members))}
        looped = [where for where in conditions if self.attached or where != t.TRUE]
        picked = ""
        if (
            len(looped) == 1
            and not self.attached
            and len(listed.get(looped[0], ())) == len(conditions[looped[0]])
        ):
            picked = _picked(looped[0])
        for where in listed:
            self.matching[where] = writer.fresh()
            rows = "[]" if self.attached or where != t.TRUE else records
            if picked and where in looped:
                rows = f"[r for r in {records} if {picked}]"
            writer.line(f"{self.matching[where]} = {rows}")
        if looped and not picked:
            with writer.block(f"for r in {records}:"):
                if self.attached:
                    with writer.block("if r['unit'] != i:"):
                        writer.line("continue")
                self._sort_out(looped)
        for where, members in listed.items():
            rows = self.matching[where]
            with writer.block(f"if {rows}:"):
                for place, accumulator in members:
                    _read(writer, place, accumulator, rows)

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
            with self.writer.block(f"if {self.writer.atom(field)} is not None:"):
                self._by_value(self.writer.atom(field), sorted(by_value.items()))

    def _by_value(self, name: str, choices: list[tuple[Any, list[Trial]]]) -> None:
        if len(choices) > _AT_ONCE:
            middle = len(choices) // 2
            with self.writer.block(f"if {name} < {choices[middle][0]!r}:"):
                self._by_value(name, choices[:middle])
            with self.writer.block("else:"):
                self._by_value(name, choices[middle:])
            return
        for place, (value, trials) in enumerate(choices):
            with self.writer.block(f"{'elif' if place else 'if'} {name} == {value!r}:"):
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
                with self.writer.block(f"if {self.writer.test(first)}:"):
                    self._try(rests)

    def _climb(self, steps: list[tuple[t.Node, list[Trial]]]) -> None:
        """Who has not reached one age has not reached the later ones."""
        (first, rests), *later = steps
        with self.writer.block(f"if {self.writer.test(first)}:"):
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
            with self.writer.block(f"if {self.writer.condition(rest)}:"):
                self._take(where, clear)
            return
        holds = self.writer.atom(rest)
        if clear:
            with self.writer.block(f"if {holds}:"):
                self._take(where, clear)
        if unclear:
            with self.writer.block(f"if {holds} is None:"):
                for place, accumulator in unclear:
                    self._note(place, accumulator)

    def _take(self, where: t.Node, members: Members) -> None:
        afterwards: Members = []
        if where in self.matching:
            self.writer.line(f"{self.matching[where]}.append(r)")
            afterwards = _read_afterwards(members)
        for place, accumulator in members:
            if (place, accumulator) not in afterwards:
                self._note(place, accumulator)

    def _note(self, place: int, accumulator: Accumulator) -> None:
        if accumulator.operator in EMPTY_FALSE:
            self.writer.line(f"A[{place}] = True")
        elif accumulator.operator == "unclear_dates":
            self.writer.line(f"A[{place}] = [*A[{place}], r['date']]")
        else:
            self.writer.line(f"A[{place}] = r[{accumulator.field!r}]")


def _read_afterwards(members: Members) -> Members:
    """Which accumulators are read from the list of matching records; a lone last value is not worth a list."""
    if members and members[0][1].where == t.TRUE:
        return [member for member in members if not member[1].of_unclear]
    listed = [member for member in members if member[1].operator not in _IN_PASSING]
    lasts = [member for member in members if member[1].operator == "last"]
    return listed + lasts if listed else []


def _read(writer: Writer, place: int, accumulator: Accumulator, rows: str) -> None:
    """One accumulator from the records that match; there is at least one."""
    operator, field, nth = accumulator.operator, accumulator.field, accumulator.nth
    a = f"A[{place}]"
    if operator == "some":
        writer.line(f"{a} = True")
    elif operator == "last":
        writer.line(f"{a} = {rows}[-1][{field!r}]")
    elif operator == "first":
        writer.line(f"{a} = {rows}[0][{field!r}]")
    elif operator == "nth":
        with writer.block(f"if len({rows}) >= {abs(nth)}:"):
            writer.line(f"{a} = {rows}[{nth if nth < 0 else nth - 1}][{field!r}]")
    elif operator == "count":
        writer.line(f"{a} = len({rows})")
    elif operator == "dates":
        writer.line(f"{a} = {_days(writer, rows)}")
    elif operator == "days_with":
        writer.line(f"{a} = len(set({_days(writer, rows)}))")
    elif operator == "months_with":
        writer.line(f"{a} = len({{month_number(r['date']) for r in {rows}}})")
    else:
        values = writer.let(("known", rows, field), f"[x for r in {rows} if (x := r[{field!r}]) is not None]")
        with writer.block(f"if {values}:"):
            writer.line(f"{a} = {operator}({values})")


def _picked(where: t.Node) -> str:
    """A condition on one record as one expression, so that a comprehension can pick; empty when it is not so simple."""
    tests = []
    for part in conjuncts(where):
        match part:
            case t.IsKnown(t.RecordField(name)):
                tests.append(f"r[{name!r}] is not None")
            case t.Compare("=", t.RecordField(name), t.Literal(str() as value)):
                tests.append(f"r[{name!r}] == {value!r}")
            case _:
                return ""
    return " and ".join(tests)


def _days(writer: Writer, rows: str) -> str:
    return writer.let(("days", rows), f"[r['date'] for r in {rows}]")


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
