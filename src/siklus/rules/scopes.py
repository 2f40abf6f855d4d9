"""What an expression may speak of, and the pieces its reader shares with the slots of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siklus.kernel.problems import ProblemError
from siklus.rules import tree as t
from siklus.rules.source import Mark, did_you_mean, fault, is_like
from siklus.rules.vocabulary import EPISODE_KIND, Vocabulary

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
class Broken(t.Node):
    """A value or a let that could not be read: its fault is told once, not again wherever it is used."""

    @property
    def nullable(self) -> bool:
        return True


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


def no_such_name(scope: Scope, word: Word) -> ProblemError:
    """Inside a `where` it is most likely a field of the kind."""
    names = [*scope.vocabulary.facts_of(scope.unit), *scope.names, "today"]
    if scope.record is not None:
        is_field = is_like(word.name, scope.vocabulary.fields_of(scope.record))
        if is_field or not is_like(word.name, names):
            return no_such_field(scope, scope.record, word.name, word.mark)
    return fault("R01", word.mark, f"'{word.name}' is not a fact.", did_you_mean(word.name, names))


def no_such_field(scope: Scope, kind: str, name: str, mark: Mark) -> ProblemError:
    """What the kind of record has instead."""
    shown, known = kind.removeprefix(EPISODE_KIND), scope.vocabulary.fields_of(kind)
    return fault("R05", mark, f"'{shown}' has no field '{name}'.", did_you_mean(name, known))
