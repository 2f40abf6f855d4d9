"""What an expression may speak of, and the pieces its reader shares with the slots of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siklus.rules import tree as t
from siklus.rules.source import Mark
from siklus.rules.vocabulary import Vocabulary

_COUNTS = ("count", "days_with", "months_with")


@dataclass(frozen=True)
class Word(t.Node):
    """A bare name that must turn out to be a code or a need."""

    name: str
    mark: Mark

    @property
    def nullable(self) -> bool:
        return False


@dataclass(frozen=True)
class Scope:
    """What an expression may speak of.

    `record` is the kind a `where` looks at; `row_of` makes bare fields mean the last record of that kind.
    """

    vocabulary: Vocabulary
    unit: str
    names: Mapping[str, t.Node] = field(default_factory=dict)
    record: str | None = None
    row_of: tuple[str, t.Node] | None = None

    def inside(self, kind: str) -> Scope:
        """The same scope inside a `where` over this kind of record."""
        return Scope(self.vocabulary, self.unit, self.names, kind)


def aggregate(
    scope: Scope, function: str, kind: str, field_name: str | None, where: t.Node, nth: int = 0
) -> t.Node:
    """An aggregate over records, typed; shared by the reader and by the slots that make their own."""
    if function in ("first", "last", "nth") and field_name is None:
        field_name = "date"
    if function == "exists":
        of = "bool"
    elif function in _COUNTS:
        of = "int"
    elif function == "dates":
        of = "dates"
    else:
        of = scope.vocabulary.fields_of(kind)[field_name or "date"].type
    known = scope.vocabulary.kinds.get(kind)
    attached = known is not None and known.episode is not None and known.episode == scope.unit
    return t.Aggregate(function, kind, field_name, where, nth, attached, of)


def human(kind: str) -> str:
    """A type in the words of an error message."""
    if kind.startswith("code:"):
        return f"a word of {kind[5:]}"
    if kind.startswith("dec:"):
        return f"a measurement with {kind[4:]} decimals"
    return {
        "bool": "a yes/no",
        "int": "a whole number",
        "date": "a date",
        "span": "a length of time",
        "need": "a need",
    }.get(kind, kind)
