"""The fold in SQL: one GROUP BY for each unit and kind of record, into a table of the units that have such records."""

from __future__ import annotations

from siklus.rules import tree as t
from siklus.rules.derived import derived_read
from siklus.rules.emitters.duckdb_expressions import Expressions, quoted, sql_type
from siklus.rules.emitters.duckdb_growth import derived_table, write_derived
from siklus.rules.plan import Accumulator, Plan
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER, PERSON, Vocabulary

_ORDER = "{'d': r.\"date\", 'i': r.id}"


class RecordExpressions(Expressions):
    """Inside a fold: `r` is the record, `u` the unit."""

    def leaf(self, node: t.Node) -> str:
        if isinstance(node, t.RecordField):
            return f"r.{quoted(node.name)}"
        if isinstance(node, t.Fact):
            return f"u.{quoted(node.name)}"
        raise TypeError(f"{node!r} is not known while records are folded")


def fold_table(unit: str, kind: str, attached: bool, prefix: str = "") -> str:
    """Name of the table that holds the accumulators of one kind of record."""
    return quoted(f"f_{prefix}{unit}__{kind}{'__own' if attached else ''}")


def write_folds(
    vocabulary: Vocabulary, unit: str, plan: Plan, prefix: str = "", bounds: tuple[int, int] | None = None
) -> list[str]:
    """One statement for each kind of record the plan looks at, after those that work out derived fields it reads."""
    expressions = RecordExpressions(bounds=bounds)
    derived = derived_read(vocabulary, plan.places)
    statements = [text for kind, names in derived.items() for text in write_derived(vocabulary, kind, names)]
    for (kind, attached), group in plan.by_kind().items():
        if kind == MEMBER:
            continue
        columns = ", ".join(f"{_column(vocabulary, expressions, each)} as a{place}" for place, each in group)
        speaks_of_unit = any(isinstance(part, t.Fact) for _, each in group for part in t.walk(each.where))
        records = derived_table(kind) if kind in derived else quoted(f"r_{kind}")
        if attached:
            key, source = "r.unit", f"{records} r"
            source += f" join {quoted(f'u_{unit}')} u on u.id = r.unit" if speaks_of_unit else ""
            where = " where r.unit is not null"
        elif unit in (PERSON, HOUSEHOLD):
            key, where, source = "r.person", "", f"{records} r"
            source += f" join {quoted(f'u_{unit}')} u on u.id = r.person" if speaks_of_unit else ""
        else:
            key, where = "u.id", ""
            source = f"{records} r join {quoted(f'u_{unit}')} u on u.person = r.person"
        name = fold_table(unit, kind, attached, prefix)
        statements.append(
            f"create or replace temp table {name} as select {key} as unit_id, {columns} from {source}{where} group by 1"
        )
    return statements


def fold_members(vocabulary: Vocabulary, plan: Plan, rows: str, bounds: tuple[int, int] | None) -> str:
    """A query of the accumulators of households over their members; `rows` gives one row of each, by `household`.

    It is asked anew each day: what a member comes to is not kept.
    """
    expressions = RecordExpressions(bounds=bounds)
    group = plan.by_kind()[MEMBER, False]
    columns = ", ".join(f"{_column(vocabulary, expressions, each)} as a{place}" for place, each in group)
    speaks_of_unit = any(isinstance(part, t.Fact) for _, each in group for part in t.walk(each.where))
    join = f" join {quoted(f'u_{HOUSEHOLD}')} u on u.id = r.household" if speaks_of_unit else ""
    return f"select r.household as unit_id, {columns} from ({rows}) r{join} group by 1"


def state_column(vocabulary: Vocabulary, place: int, accumulator: Accumulator) -> str:
    """`"place":value` as JSON text when the accumulator holds something, else null."""
    name, key = f"a{place}", f"'\"{place}\":'"
    operator = accumulator.operator
    if operator in ("some", "unclear"):
        return f"case when {name} then {key} || 'true' end"
    if operator in ("count", "days_with", "months_with"):
        return f"case when {name} > 0 then {key} || {name} end"
    if operator in ("dates", "unclear_dates"):
        return f"case when len({name}) > 0 then {key} || to_json({name})::varchar end"
    return f"case when {name} is not null then {key} || to_json({name})::varchar end"


def _distinct(value: str, keep: str) -> str:
    """How many different ones; `count(distinct)` builds a hash table for each, a short list costs half of that."""
    return f"coalesce(len(list_distinct(list({value}){keep})), 0)::integer"


def _column(vocabulary: Vocabulary, expressions: RecordExpressions, accumulator: Accumulator) -> str:
    condition = expressions.write(accumulator.where)
    if accumulator.of_unclear:
        condition = f"({condition}) is null"
    keep = "" if condition == "true" else f" filter (where {condition})"
    field = f"r.{quoted(accumulator.field)}" if accumulator.field else ""
    match accumulator.operator:
        case "some" | "unclear":
            return f"bool_or(true){keep}"
        case "count":
            return f"(count(*){keep})::integer"
        case "days_with":
            return _distinct('r."date"', keep)
        case "months_with":
            return _distinct('month_number_(r."date")', keep)
        case "dates" | "unclear_dates":
            return f'list_sort(list(r."date"){keep})'
        case "last" | "last_unclear" if accumulator.field == "date":
            return f'max(r."date"){keep}'
        case "first" if accumulator.field == "date":
            return f'min(r."date"){keep}'
        case "last":
            return f"arg_max_null({field}, {_ORDER}){keep}"
        case "first":
            return f"arg_min_null({field}, {_ORDER}){keep}"
        case "nth":
            return f'(list({field} order by r."date", r.id){keep})[{accumulator.nth}]'
        case "sum":
            kind = vocabulary.fields_of(accumulator.kind)[accumulator.field or "date"].type
            return f"(sum({field}){keep})::{sql_type(kind)}"
    return f"{accumulator.operator}({field}){keep}"
