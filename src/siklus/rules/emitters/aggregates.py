"""Aggregates on the day: one kept value, or the kept days judged by what only the day decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from siklus.rules import tree as t
from siklus.rules.emitters.shapes import speaks_of_record
from siklus.rules.plan import lower_bound, split

if TYPE_CHECKING:
    from siklus.rules.emitters.writer import Writer


def write_aggregate(writer: Writer, node: t.Aggregate) -> str:
    """The name that holds the aggregate's value on this day."""
    known = writer.known(node)
    if known is not None:
        return known
    say = writer.dialect
    early, late = split(node)

    def keep(operator: str, name: str | None = None) -> str:
        return writer.kept(writer.plan.place(operator, node, early, name, node.nth))

    if not late:
        if node.function != "exists":
            return keep(node.function, node.field)
        some = keep("some")
        if not early.nullable:
            return some
        return writer.let(node, say.choose(some, say.true, say.choose(keep("unclear"), say.none, say.false)))
    bound = lower_bound(late)
    if node.function == "exists" and bound is not None:
        return _since(
            writer,
            node,
            bound,
            keep("last", "date"),
            keep("last_unclear", "date") if early.nullable else None,
        )
    days = keep("dates", "date")
    unclear = keep("unclear_dates", "date") if early.nullable and node.function == "exists" else None
    return _over_days(writer, node, t.both(*late), days, unclear)


def _since(writer: Writer, node: t.Aggregate, bound: t.Node, last: str, unclear: str | None) -> str:
    say, limit = writer.dialect, writer.atom(bound)

    def reaches(day: str) -> str:
        return say.both([say.is_known(day), say.compare(">=", day, limit)])

    after = say.choose(reaches(unclear), say.none, say.false) if unclear else say.false
    after = say.choose(reaches(last), say.true, after)
    if bound.nullable:
        anything = say.any_of([say.is_known(last), *([say.is_known(unclear)] if unclear else [])])
        after = say.choose(say.is_unknown(limit), f"({say.choose(anything, say.none, say.false)})", after)
    return writer.let(node, after)


def _over_days(writer: Writer, node: t.Aggregate, late: t.Node, days: str, unclear: str | None) -> str:
    say, result = writer.dialect, writer.fresh()
    date = t.RecordField("date", "date", False)
    any_day = say.when(say.any_of(map(say.filled, (days, unclear) if unclear else (days,))))
    if node.function == "exists":
        writer.line(f"{result} = {say.false}")
        with writer.block(any_day):
            for part in _steady(late):
                writer.atom(part)
            with writer.block(say.each("d", days)):
                writer.bind(date, "d")
                holds = writer.atom(late)
                with writer.block(say.when(holds)):
                    writer.line(f"{result} = {say.true}")
                    writer.line(say.leave)
                if late.nullable:
                    with writer.block(say.when(say.is_unknown(holds))):
                        writer.line(f"{result} = {say.none}")
            if unclear:
                surely_none = say.when(say.is_value(result, say.false))
                with writer.block(surely_none), writer.block(say.each("d", unclear)):
                    writer.bind(date, "d")
                    with writer.block(say.when(say.is_not_value(writer.atom(late), say.false))):
                        writer.line(f"{result} = {say.none}")
                        writer.line(say.leave)
    else:
        kept = writer.fresh()
        writer.line(f"{kept} = {say.new_list()}")
        with writer.block(any_day):
            for part in _steady(late):
                writer.atom(part)
            with writer.block(say.each("d", days)):
                writer.bind(date, "d")
                with writer.block(say.when(writer.atom(late))):
                    writer.line(say.append(kept, "d"))
        writer.line(f"{result} = {say.summary(node.function, kept)}")
    writer.bind(node, result)
    return result


def _steady(node: t.Node) -> Iterator[t.Node]:
    """What is the same for every record, in the largest parts: of a choice inside only what is chosen is worked out."""
    if isinstance(node, t.Today | t.Literal):
        return
    if not speaks_of_record(node):
        yield node
        return
    for child in t.children(node):
        yield from _steady(child)


def write_earliest(writer: Writer, node: t.EarliestWithin) -> str:
    """The name that holds the first kept day within the limits."""
    days, low, high = write_aggregate(writer, node.dates), writer.atom(node.low), writer.atom(node.high)
    say, result = writer.dialect, writer.fresh()
    writer.line(f"{result} = {say.none}")
    limits = ((low, node.low), (high, node.high))
    checks = [say.filled(days), *(say.is_known(name) for name, limit in limits if limit.nullable)]
    head, loop, reached = say.when(say.both(checks)), say.each("d", days), say.compare("<=", low, "d")
    with writer.block(head), writer.block(loop), writer.block(say.when(reached)):
        with writer.block(say.when(say.compare("<", "d", high))):
            writer.line(f"{result} = d")
        writer.line(say.leave)
    writer.bind(node, result)
    return result
