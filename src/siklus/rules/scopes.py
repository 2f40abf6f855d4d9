"""What an expression may speak of, and the pieces its reader shares with the slots of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siklus.kernel.problems import ProblemError
from siklus.rules import tree as t
from siklus.rules.source import Mark, did_you_mean, fault, is_like
from siklus.rules.vocabulary import EPISODE_KIND, HOUSEHOLD, MEMBER, Vocabulary

_COUNTS = ("count", "days_with", "months_with")
_OF_MEMBERS = ("exists", "count", "min", "max", "sum")
"""Persons stand in no order and on no day."""


@dataclass(frozen=True, eq=False)
class Word(t.Node):
    """A bare name that must turn out to be a code or a need."""

    name: str
    mark: Mark

    @property
    def nullable(self) -> bool:
        return False


@dataclass(frozen=True, eq=False)
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


def kind_named(scope: Scope, name: str, mark: Mark, *, records_only: bool = False) -> str:
    """The kind of record (or of episode, or `member`) of this name that a rule about the scope's unit may read."""
    vocabulary, is_household = scope.vocabulary, scope.unit == HOUSEHOLD
    if name == MEMBER and not records_only:
        if not is_household:
            raise fault(
                "R28", mark, "'member' stands only in a rule about a household", "write 'per: household'"
            )
        return MEMBER
    known = vocabulary.kinds.get(name)
    if known is None and (records_only or name not in vocabulary.episodes):
        raise fault("R04", mark, f"'{name}' is not a kind of record.", did_you_mean(name, vocabulary.kinds))
    if (known is not None and known.of == HOUSEHOLD) is not is_household:
        if not is_household:
            raise fault(
                "R28", mark, f"'{name}' is a record of a household; a rule about a person cannot read it"
            )
        hint = "share a 'let' of the person (share: yes) and ask 'member' for it"
        raise fault("R28", mark, f"'{name}' is of a person; a rule about a household cannot read it", hint)
    return name if known is not None else EPISODE_KIND + name


def check_of_members(function: str, kind: str, mark: Mark) -> None:
    """R28 for what cannot be asked of persons together."""
    if kind == MEMBER and function not in _OF_MEMBERS:
        raise fault(
            "R28",
            mark,
            f"persons stand in no order and on no day: '{function}' of 'member'",
            ", ".join(_OF_MEMBERS),
        )


def birth_in(scope: Scope, mark: Mark) -> t.Node:
    """The birth that `age_...` speaks of: the person's, or in a `where` over members that of each of them."""
    if scope.record == MEMBER:
        return t.RecordField(t.BIRTH.name, t.BIRTH.of, t.BIRTH.may_be_unknown)
    if scope.unit == HOUSEHOLD:
        raise no_such_name(scope, Word(t.BIRTH.name, mark))
    return t.BIRTH


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
