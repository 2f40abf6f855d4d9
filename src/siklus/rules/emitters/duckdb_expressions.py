"""Tree -> DuckDB expressions. SQL's own three values are the language's; only where they differ is a guard written.

Month arithmetic uses the engine's date primitives, each argument once, and is held to the vectors in
`conformance/`; `date_diff` is never used. Text only: nothing here connects to a database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from siklus.kernel.dates import DAYS_PER_WEEK, MONTHS_PER_YEAR, NEVER
from siklus.rules import tree as t
from siklus.rules.emitters.shapes import may_be_never, rests_on_the_day_alone
from siklus.rules.fields import RECORD
from siklus.rules.reference import value_on

MACROS = f"""
create or replace macro dt_(d) as (date '1970-01-01' + d);
create or replace macro nd_(x) as (x::date - date '1970-01-01')::integer;
create or replace macro month_number_(d) as (year(dt_(d)) * {MONTHS_PER_YEAR} + month(dt_(d)))::integer;
create or replace macro add_months_(d, n) as nd_(dt_(d) + to_months((n)::integer));
create or replace macro add_months_or_never_(d, n) as
  case when d >= {NEVER} and n is not null then {NEVER} else add_months_(d, n) end;
create or replace macro add_days_or_never_(d, n) as
  case when d >= {NEVER} and n is not null then {NEVER} else d + n end;
create or replace macro months_between_(a, b) as (month_number_(b) - month_number_(a)
  - case when least(day(dt_(a)), day(last_day(dt_(b)))) > day(dt_(b)) then 1 else 0 end)::integer;
"""
_CALLS = {
    "age_days": "({1} - {0})",
    "age_months": "months_between_({0}, {1})",
    "age_years": f"floor(months_between_({{0}}, {{1}}) / {MONTHS_PER_YEAR})::integer",
    "months_between": "months_between_({0}, {1})",
    "weeks_between": f"floor(({{1}} - {{0}}) / {DAYS_PER_WEEK})::integer",
    "month": "month(dt_({0}))::integer",
    "year": "year(dt_({0}))::integer",
    "start_of_month": "nd_(date_trunc('month', dt_({0})))",
    "start_of_year": "nd_(date_trunc('year', dt_({0})))",
    "start_of_school_year": "nd_(date_trunc('year', dt_({0}) - to_months(6)) + to_months(6))",
    "start_of_week": "nd_(date_trunc('week', dt_({0})))",
}
_TYPES = {"bool": "BOOLEAN", "int": "INTEGER", "date": "INTEGER", "dates": "INTEGER[]", RECORD: "BIGINT"}


def sql_type(kind: str) -> str:
    """The column type of a value; decimals are whole numbers of 10^-n, codes and needs are words."""
    return _TYPES.get(kind, "INTEGER" if kind.startswith("dec:") else "VARCHAR")


def quoted(name: str) -> str:
    """A column or table name."""
    return f'"{name}"'


def literal(value: object, of: str = "bool") -> str:
    """A constant."""
    if value is None:
        return f"NULL::{sql_type(of)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


class Expressions(ABC):
    """Writes expressions; where leaves come from is for the fold and the finish to say."""

    def __init__(self, today: int | str | None = None, bounds: tuple[int, int] | None = None) -> None:
        self.today, self.bounds = today, bounds

    @abstractmethod
    def leaf(self, node: t.Node) -> str:
        """A fact, a field of the record, an aggregate or an earlier step."""

    def brief(self, node: t.Node) -> str:
        """The SQL of a node that may stand several times; an engine with layers gives long ones a column."""
        return self.write(node)

    def write(self, node: t.Node) -> str:
        """The SQL of a node; what depends on the day alone is worked out here, where the day is known."""
        if isinstance(self.today, int) and rests_on_the_day_alone(node):
            return literal(value_on(self.today, node), node.type)
        match node:
            case t.Literal(value, of):
                return literal(value, of)
            case t.Today():
                return str(self.today)
            case t.PeriodBound(start):
                assert self.bounds is not None
                return str(self.bounds[0 if start else 1])
            case t.And(args):
                return "(" + " and ".join(self.write(arg) for arg in args) + ")"
            case t.Or(args):
                return "(" + " or ".join(self.write(arg) for arg in args) + ")"
            case t.Not(arg):
                return f"(not {self.write(arg)})"
            case t.IsKnown(arg):
                return f"({self.write(arg)} is not null)"
            case t.Compare(op, left, right):
                return f"({self.write(left)} {'<>' if op == '!=' else op} {self.write(right)})"
            case t.OneOf(arg, options):
                return f"({self.write(arg)} in ({', '.join(literal(option) for option in options)}))"
            case t.Shift(date, count, in_months):
                return self.shift(date, count, in_months)
            case t.DaysBetween(later, earlier):
                return f"({self.write(later)} - {self.write(earlier)})"
            case t.Sum(left, right, sign):
                return f"({self.write(left)} {'+' if sign > 0 else '-'} {self.write(right)})"
            case t.Product(arg, factor):
                return f"({self.write(arg)} * {factor})"
            case t.Call(function, args):
                return _CALLS[function].format(*(self.brief(arg) for arg in args))
            case t.Extreme(latest, args):
                return self.extreme(latest, args)
            case t.FirstKnown(
                (t.Choice(t.Compare(_, one, two) as test, then, t.Literal() as other), last)
            ) if other == last and then in (one, two):
                return f"(case when {self.write(test)} then {self.write(then)} else {self.write(last)} end)"
            case t.FirstKnown(args):
                return f"coalesce({', '.join(self.write(arg) for arg in args)})"
            case t.Choice(condition, then, other):
                holds = self.brief(condition) if condition.nullable else self.write(condition)
                otherwise = f"when not {holds} then" if condition.nullable else "else"
                return f"(case when {holds} then {self.write(then)} {otherwise} {self.write(other)} end)"
        return self.leaf(node)

    def shift(self, date: t.Node, count: t.Node, in_months: bool) -> str:
        number = self.write(count)
        if not may_be_never(date):
            day = self.write(date)
            return f"add_months_({day}, {number})" if in_months else f"({day} + {number})"
        day = self.brief(date)
        return (
            f"add_months_or_never_({day}, {number})" if in_months else f"add_days_or_never_({day}, {number})"
        )

    def extreme(self, latest: bool, args: tuple[t.Node, ...]) -> str:
        """`greatest` skips what is unknown; the language does not."""
        if not any(arg.nullable for arg in args):
            return f"{'greatest' if latest else 'least'}({', '.join(map(self.write, args))})"
        texts = [self.brief(arg) for arg in args]
        unknown = [f"{text} is null" for text, arg in zip(texts, args, strict=True) if arg.nullable]
        found = f"{'greatest' if latest else 'least'}({', '.join(texts)})"
        return f"(case when {' or '.join(unknown)} then null else {found} end)"
