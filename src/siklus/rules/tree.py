"""The one tree of the rule language: frozen nodes, each with a type and whether it can be unknown.

Types: `bool`, `int`, `date` (day number), `need`, `code:LIST`, `dec:N` (whole number of 10^-N), `dates` (sorted list
of days), and `span`, a length of time beside a date. What the nodes mean is in the rule language, section 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from siklus.rules.node import BY_QUESTION, BY_RECORD, Node, children, needs_finish, outside_aggregates, walk
from siklus.rules.vocabulary import MEMBER

__all__ = ["BY_QUESTION", "BY_RECORD", "Node", "children", "needs_finish", "outside_aggregates", "walk"]


@dataclass(frozen=True, eq=False)
class Literal(Node):
    """A constant. A bool literal of None is the constant *unknown*. `said` are words of its own, for people only."""

    value: Any
    of: str
    said: str = field(default="", compare=False, repr=False)

    @property
    def type(self) -> str:
        return self.of

    @property
    def nullable(self) -> bool:
        return self.value is None


@dataclass(frozen=True, eq=False)
class SpanLiteral(Node):
    """A length of time in days or months; it never outlives the addition it stands in."""

    count: int
    in_months: bool

    @property
    def type(self) -> str:
        return "span"


@dataclass(frozen=True, eq=False)
class Today(Node):
    """The day the answer is for."""

    @property
    def late(self) -> bool:
        return True

    rests_on = BY_QUESTION

    @property
    def type(self) -> str:
        return "date"


@dataclass(frozen=True, eq=False)
class PeriodBound(Node):
    """First day of the period (`start`), or the first day after it. Known when records are folded."""

    start: bool

    rests_on = BY_QUESTION

    @property
    def type(self) -> str:
        return "date"


@dataclass(frozen=True, eq=False)
class _Named(Node):
    name: str
    of: str
    may_be_unknown: bool

    @property
    def type(self) -> str:
        return self.of

    @property
    def nullable(self) -> bool:
        return self.may_be_unknown


@dataclass(frozen=True, eq=False)
class Fact(_Named):
    """A fact of the unit."""


@dataclass(frozen=True, eq=False)
class RecordField(_Named):
    """A field of the record that a `where` is looking at."""

    rests_on = BY_RECORD


@dataclass(frozen=True, eq=False)
class StepValue(_Named):
    """What an earlier step of a series came to: `NEED.on` (the day that settled it) or `NEED.done`."""

    @property
    def late(self) -> bool:
        return True

    rests_on = BY_QUESTION

    @property
    def need(self) -> str:
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, eq=False)
class _Logic(Node):
    args: tuple[Node, ...]

    @property
    def type(self) -> str:
        return "bool"


@dataclass(frozen=True, eq=False)
class And(_Logic):
    """False if any is false, else unknown if any is unknown."""


@dataclass(frozen=True, eq=False)
class Or(_Logic):
    """True if any is true, else unknown if any is unknown."""


@dataclass(frozen=True, eq=False)
class Not(Node):
    arg: Node

    @property
    def type(self) -> str:
        return "bool"


@dataclass(frozen=True, eq=False)
class IsKnown(Node):
    arg: Node

    @property
    def type(self) -> str:
        return "bool"

    @property
    def nullable(self) -> bool:
        return False


@dataclass(frozen=True, eq=False)
class Compare(Node):
    """`op` is one of = != < <= > >=."""

    op: str
    left: Node
    right: Node

    @property
    def type(self) -> str:
        return "bool"


@dataclass(frozen=True, eq=False)
class OneOf(Node):
    arg: Node
    options: tuple[Any, ...]

    @property
    def type(self) -> str:
        return "bool"


@dataclass(frozen=True, eq=False)
class Shift(Node):
    """A date moved by days or by months (clamped); never stays never."""

    date: Node
    count: Node
    in_months: bool

    @property
    def type(self) -> str:
        return "date"


@dataclass(frozen=True, eq=False)
class DaysBetween(Node):
    """`later - earlier` in days."""

    later: Node
    earlier: Node

    @property
    def type(self) -> str:
        return "int"


@dataclass(frozen=True, eq=False)
class Sum(Node):
    """`left + right`, or `left - right` when the sign is -1; whole numbers or measurements of the same places."""

    left: Node
    right: Node
    sign: int

    @property
    def type(self) -> str:
        return self.left.type


@dataclass(frozen=True, eq=False)
class Product(Node):
    arg: Node
    factor: int

    @property
    def type(self) -> str:
        return self.arg.type


@dataclass(frozen=True, eq=False)
class Call(Node):
    """A function of `FUNCTIONS`; unknown if any argument is."""

    function: str
    args: tuple[Node, ...]

    @property
    def type(self) -> str:
        return FUNCTIONS[self.function][1]


@dataclass(frozen=True, eq=False)
class Extreme(Node):
    """The latest (or earliest) of its arguments; unknown if any is unknown."""

    latest: bool
    args: tuple[Node, ...]

    @property
    def type(self) -> str:
        return self.args[0].type


@dataclass(frozen=True, eq=False)
class FirstKnown(Node):
    args: tuple[Node, ...]

    @property
    def type(self) -> str:
        return self.args[0].type

    @property
    def nullable(self) -> bool:
        return all(arg.nullable for arg in self.args)


@dataclass(frozen=True, eq=False)
class Choice(Node):
    """`if condition then ... else ...`; unknown when the condition is, whatever the branches say."""

    condition: Node
    then: Node
    other: Node

    @property
    def type(self) -> str:
        return self.then.type


@dataclass(frozen=True, eq=False)
class Aggregate(Node):
    """A fold over the records of one kind.

    `where` may rest on facts, and on today or other aggregates as far as it speaks of `date`.
    `function`: exists count first last nth min max sum days_with months_with, and `dates` (sorted days of the
    matching records). `attached`: only records attached to the episode the rule is about. Nobody writes `last_unclear`,
    the last day on which `where` is unknown: how long an answer lasts may hang on it.
    """

    function: str
    kind: str
    field: str | None
    where: Node
    nth: int
    attached: bool
    of: str

    @property
    def open_parts(self) -> tuple[Node, ...]:
        return (self,)

    @cached_property
    def rests_on(self) -> int:
        """It looks at records of its own. What a member of a household shares may differ by day."""
        return BY_QUESTION if self.kind == MEMBER else self.where.rests_on & ~BY_RECORD

    @property
    def late(self) -> bool:
        return True

    @property
    def type(self) -> str:
        return self.of

    @property
    def nullable(self) -> bool:
        if self.function in ("count", "days_with", "months_with", "dates"):
            return False
        return self.where.nullable if self.function == "exists" else True


@dataclass(frozen=True, eq=False)
class EarliestWithin(Node):
    """The first day d of a date list with `low <= d < high`; unknown if either limit is, or if there is none."""

    dates: Aggregate
    low: Node
    high: Node

    @property
    def late(self) -> bool:
        return True

    @property
    def type(self) -> str:
        return "date"

    @property
    def nullable(self) -> bool:
        return True


@dataclass(frozen=True, eq=False)
class HasDates(Node):
    """True when a date list holds anything."""

    dates: Aggregate

    @property
    def type(self) -> str:
        return "bool"

    @property
    def nullable(self) -> bool:
        return False


FUNCTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "age_days": (("date", "date"), "int"),
    "age_months": (("date", "date"), "int"),
    "age_years": (("date", "date"), "int"),
    "months_between": (("date", "date"), "int"),
    "weeks_between": (("date", "date"), "int"),
    "month": (("date",), "int"),
    "year": (("date",), "int"),
    "start_of_month": (("date",), "date"),
    "start_of_year": (("date",), "date"),
    "start_of_school_year": (("date",), "date"),
    "start_of_week": (("date",), "date"),
}
"""Argument types and result. The `age_` functions are written with one argument; birth is put in front."""

TRUE = Literal(True, "bool")
FALSE = Literal(False, "bool")
UNKNOWN = Literal(None, "bool")
BIRTH = Fact("birth", "date", True)


def both(*args: Node) -> Node:
    """`and`, leaving out what is always true."""
    kept = tuple(arg for arg in args if arg != TRUE)
    return TRUE if not kept else kept[0] if len(kept) == 1 else And(kept)


def either(*args: Node) -> Node:
    """`or`, leaving out what is always false."""
    kept = tuple(arg for arg in args if arg != FALSE)
    return FALSE if not kept else kept[0] if len(kept) == 1 else Or(kept)


def surely(node: Node) -> Node:
    """The condition with unknown read as false; only for internal questions that no person has to answer."""
    return FirstKnown((node, FALSE)) if node.nullable else node
