"""Indicators and classifications: each unit judged for a period, each last record by the table of its kind."""

from __future__ import annotations

from collections.abc import Iterable

from siklus.rules.book import Classification, Indicator, Share
from siklus.rules.emitters.dialect import Dialect
from siklus.rules.emitters.writer import Writer
from siklus.rules.plan import Plan


def write_indicators(dialect: Dialect, name: str, indicators: Iterable[Indicator], plan: Plan) -> list[str]:
    """Lines of `NAME(u, A, today, P0, P1, add)`."""
    writer = Writer(dialect, plan)
    for indicator in indicators:
        counted = writer.atom(indicator.counted)
        components = {key: writer.atom(node) for key, node in indicator.components.items()}
        reached = writer.atom(indicator.reached)
        about = (dialect.literal(indicator.name), dialect.literal(indicator.unit), dialect.fact("id"))
        answer = dialect.answer("IndicatorAnswer", (*about, counted, dialect.mapping(components), reached))
        writer.line(dialect.add("IndicatorAnswer", answer))
    return dialect.function(name, ("u", "A", "today", "P0", "P1", "add"), writer)


def write_share(dialect: Dialect, shares: Iterable[Share], plan: Plan) -> list[str]:
    """Lines of `share_person(u, A, today)`: what households ask of a person, by name; nothing of the dead."""
    writer = Writer(dialect, plan)
    with writer.block(dialect.when(dialect.is_known(dialect.fact("died")))):
        writer.line(dialect.give(dialect.none))
    row = {share.name: writer.atom(share.node) for share in shares}
    writer.line(dialect.give(dialect.mapping(row)))
    return dialect.function("share_person", ("u", "A", "today"), writer)


def write_classes(dialect: Dialect, name: str, tables: Iterable[Classification], plan: Plan) -> list[str]:
    """Lines of `NAME(u, A, today, add)`."""
    writer = Writer(dialect, plan)
    for table in tables:
        gate, measured = writer.atom(table.package.gate), writer.atom(table.measured)
        is_open = dialect.both([dialect.is_not_value(gate, dialect.false), measured])
        with writer.block(dialect.when(is_open)):
            who = writer.atom(table.who)
            with writer.block(dialect.when(dialect.is_not_value(who, dialect.false))):
                _write_rows(writer, table, who)
    if not writer.lines:
        writer.line("return")
    return dialect.function(name, ("u", "A", "today", "add"), writer)


def _write_rows(writer: Writer, table: Classification, who: str) -> None:
    """The first true row wins; a row above it that is unknown makes the class unknown, its action still stands."""
    say = writer.dialect
    unclear = [say.is_unknown(who)] if table.who.nullable else []
    conditions = [writer.atom(row.when) for row in table.rows]
    for place, (row, holds) in enumerate(zip(table.rows, conditions, strict=True)):
        value = say.literal(row.value)
        if unclear:
            value = say.choose(say.any_of(unclear), say.literal("unknown"), value)
        with writer.block(say.when(holds, place > 0)):
            answer = say.answer(
                "ClassAnswer", (say.literal(table.name), say.fact("id"), value, say.literal(row.do))
            )
            writer.line(say.add("ClassAnswer", answer))
        if row.when.nullable:
            unclear.append(say.is_unknown(holds))
