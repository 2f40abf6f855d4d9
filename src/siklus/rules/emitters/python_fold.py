"""The fold: one loop for each kind of record into local names, then one list of accumulators.

Records come sorted by (date, id).
"""

from __future__ import annotations

from siklus.rules import tree as t
from siklus.rules.emitters.python_writer import Writer
from siklus.rules.plan import EMPTY_FALSE, EMPTY_LIST, EMPTY_ZERO, Accumulator, Plan


def write_fold(name: str, plan: Plan) -> list[str]:
    """Lines of `def NAME(u, R, P0, P1)` that returns the accumulators of a unit from its records by kind."""
    writer = Writer(plan)
    for accumulator, place in plan.places.items():
        writer.line(f"a{place} = {empty_of(accumulator)!r}")
    for (kind, attached), group in plan.by_kind().items():
        with writer.block(f"if {kind!r} in R:"):
            for place, accumulator in group:
                if accumulator.operator in ("first", "nth", *EMPTY_ZERO):
                    seen = "None" if accumulator.operator in EMPTY_ZERO else "[]" if accumulator.nth < 0 else "0"
                    writer.line(f"n{place} = {seen}")
            _hoist(writer, group)
            with writer.block(f"for r in R[{kind!r}]:"):
                if attached:
                    with writer.block("if r['unit'] != u['id']:"):
                        writer.line("continue")
                _one_record(writer, group)
    writer.line(f"return [{', '.join(f'a{place}' for place in plan.places.values())}]")
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


def _hoist(writer: Writer, group: list[tuple[int, Accumulator]]) -> None:
    """Write what does not depend on the record before the loop."""
    for _, accumulator in group:
        for part in t.walk(accumulator.where):
            if not isinstance(part, t.Literal) and not any(
                isinstance(each, t.RecordField) for each in t.walk(part)
            ):
                writer.atom(part)


def _one_record(writer: Writer, group: list[tuple[int, Accumulator]]) -> None:
    by_where: dict[t.Node, list[tuple[int, Accumulator]]] = {}
    for place, accumulator in group:
        by_where.setdefault(accumulator.where, []).append((place, accumulator))
    for where, members in by_where.items():
        sure = [member for member in members if not member[1].of_unclear]
        unclear = [member for member in members if member[1].of_unclear]
        if where == t.TRUE:
            for place, accumulator in sure:
                _take(writer, place, accumulator)
            continue
        holds = writer.atom(where)
        if sure:
            with writer.block(f"if {holds}:"):
                for place, accumulator in sure:
                    _take(writer, place, accumulator)
        if unclear and where.nullable:
            with writer.block(f"if {holds} is None:"):
                for place, accumulator in unclear:
                    _take(writer, place, accumulator)


def _take(writer: Writer, place: int, accumulator: Accumulator) -> None:
    a, n, operator = f"a{place}", f"n{place}", accumulator.operator
    date = "r['date']"
    value = f"r[{accumulator.field!r}]"
    if operator in EMPTY_FALSE:
        writer.line(f"{a} = True")
    elif operator == "count":
        writer.line(f"{a} += 1")
    elif operator in ("days_with", "months_with"):
        seen = writer.let(("seen", operator), date if operator == "days_with" else f"month_number({date})")
        with writer.block(f"if {n} != {seen}:"):
            writer.line(f"{a} += 1")
            writer.line(f"{n} = {seen}")
    elif operator in EMPTY_LIST:
        with writer.block(f"if {a}:"):
            writer.line(f"{a}.append({date})")
        with writer.block("else:"):
            writer.line(f"{a} = [{date}]")
    elif operator in ("last", "last_unclear"):
        writer.line(f"{a} = {value}")
    elif operator == "first":
        with writer.block(f"if not {n}:"):
            writer.line(f"{n} = 1")
            writer.line(f"{a} = {value}")
    elif operator == "nth" and accumulator.nth < 0:
        writer.line(f"{n}.append({value})")
        with writer.block(f"if len({n}) >= {-accumulator.nth}:"):
            writer.line(f"{a} = {n}[{accumulator.nth}]")
    elif operator == "nth":
        writer.line(f"{n} += 1")
        with writer.block(f"if {n} == {accumulator.nth}:"):
            writer.line(f"{a} = {value}")
    else:
        item = writer.let(("field", accumulator.field), value)
        joined = f"{a} + {item}" if operator == "sum" else f"{operator}({a}, {item})"
        with writer.block(f"if {item} is not None:"):
            writer.line(f"{a} = {item} if {a} is None else {joined}")
