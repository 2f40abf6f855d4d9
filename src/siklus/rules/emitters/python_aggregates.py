"""Aggregates in written Python: one kept value, or the kept days judged by what only the day decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from siklus.rules import tree as t
from siklus.rules.emitters.python_shapes import inside_aggregate, speaks_of_record
from siklus.rules.plan import lower_bound, split

if TYPE_CHECKING:
    from siklus.rules.emitters.python_writer import Writer


def write_aggregate(writer: Writer, node: t.Aggregate) -> str:
    """The name that holds the aggregate's value on this day."""
    known = writer.known(node)
    if known is not None:
        return known
    early, late = split(node)

    def keep(operator: str, name: str | None = None) -> str:
        return writer.kept(writer.plan.place(operator, node, early, name, node.nth))

    if not late:
        if node.function != "exists":
            return keep(node.function, node.field)
        some = keep("some")
        return (
            writer.let(node, f"True if {some} else None if {keep('unclear')} else False")
            if early.nullable
            else some
        )
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
    limit = writer.atom(bound)
    after = f"True if {last} is not None and {last} >= {limit} else "
    after += f"None if {unclear} is not None and {unclear} >= {limit} else False" if unclear else "False"
    if bound.nullable:
        anything = f"{last} is not None" + (f" or {unclear} is not None" if unclear else "")
        after = f"(None if {anything} else False) if {limit} is None else {after}"
    return writer.let(node, after)


def _over_days(writer: Writer, node: t.Aggregate, late: t.Node, days: str, unclear: str | None) -> str:
    for part in t.walk(late):
        if (
            not isinstance(part, t.Today | t.Literal)
            and not speaks_of_record(part)
            and not inside_aggregate(part, late)
        ):
            writer.atom(part)
    result = writer.fresh()
    date = t.RecordField("date", "date", False)
    if node.function == "exists":
        writer.line(f"{result} = False")
        with writer.block(f"for d in {days}:"):
            writer.bind(date, "d")
            holds = writer.atom(late)
            with writer.block(f"if {holds}:"):
                writer.line(f"{result} = True")
                writer.line("break")
            if late.nullable:
                with writer.block(f"if {holds} is None:"):
                    writer.line(f"{result} = None")
        if unclear:
            with writer.block(f"if {result} is False:"), writer.block(f"for d in {unclear}:"):
                writer.bind(date, "d")
                with writer.block(f"if {writer.atom(late)} is not False:"):
                    writer.line(f"{result} = None")
                    writer.line("break")
    else:
        kept = writer.fresh()
        writer.line(f"{kept} = []")
        with writer.block(f"for d in {days}:"):
            writer.bind(date, "d")
            with writer.block(f"if {writer.atom(late)}:"):
                writer.line(f"{kept}.append(d)")
        summary = {
            "count": f"len({kept})",
            "days_with": f"len(set({kept}))",
            "months_with": f"len({{month_number(d) for d in {kept}}})",
            "first": f"{kept}[0] if {kept} else None",
            "last": f"{kept}[-1] if {kept} else None",
            "dates": kept,
        }
        writer.line(f"{result} = {summary[node.function]}")
    writer.bind(node, result)
    return result


def write_earliest(writer: Writer, node: t.EarliestWithin) -> str:
    """The name that holds the first kept day within the limits."""
    days, low, high = write_aggregate(writer, node.dates), writer.atom(node.low), writer.atom(node.high)
    result = writer.fresh()
    writer.line(f"{result} = None")
    checks = [
        days,
        *(f"{name} is not None" for name, limit in ((low, node.low), (high, node.high)) if limit.nullable),
    ]
    head, loop = f"if {' and '.join(checks)}:", f"for d in {days}:"
    with writer.block(head), writer.block(loop), writer.block(f"if {low} <= d:"):
        with writer.block(f"if d < {high}:"):
            writer.line(f"{result} = d")
        writer.line("break")
    writer.bind(node, result)
    return result
