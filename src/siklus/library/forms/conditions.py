"""What the conditions and computed values of a form may speak of, and what they come to.

The language is that of the rules, read by the same compiler; the values are those of the reference interpreter, with
the answers standing as facts beside those of the person. Unknown is a value: a condition that is not known to be
false shows what it stands at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from siklus.rules import tree as t
from siklus.rules.episodes import RecordsByKind
from siklus.rules.life import Facts
from siklus.rules.reference import Reader, Unit
from siklus.rules.scopes import Scope
from siklus.rules.source import Mark, fault
from siklus.rules.vocabulary import EPISODE_KIND, HOUSEHOLD, PERSON, Vocabulary

OPEN = "open "
"""Before the name of an episode: the fact that it is open today."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a form is filled in for: facts as the engines have them, and records by kind (episodes among them)."""

    unit: str = PERSON
    facts: Facts = field(default_factory=dict)
    records: RecordsByKind = field(default_factory=dict)


def scope_of(vocabulary: Vocabulary, unit: str, above: Mapping[str, t.Node]) -> Scope:
    """What an expression may name: the answers that stand above it, then facts of the unit, then codes."""
    return Scope(vocabulary, unit, above)


def check_plain(node: t.Node, mark: Mark) -> t.Node:
    """A condition may not look into records, but for `open(EPISODE)`: a phone decides it while somebody is typing."""
    for part in t.walk(node):
        if isinstance(part, t.Aggregate) and not _is_last_day(part):
            raise fault(
                "F10",
                mark,
                "a condition of a form speaks of answers above it, facts of the person, today and open(EPISODE)",
                f"not of records of '{part.kind}'",
            )
    return node


def value_of(node: t.Node, answers: Mapping[str, Any], subject: Subject, today: int) -> Any:
    """The value by the answers (as engines have them) and what is known of the person; None is unknown."""
    facts = {**subject.facts, **answers}
    return Reader(Unit(subject.unit, facts, subject.records), today).value(node)


def can_be_true(node: t.Node) -> bool:
    """False when the condition is false whatever the answers and facts are: it is, though nothing is known."""
    facts: dict[str, Any] = {"died": None, "id": 0}
    return Reader(Unit(PERSON, facts, {}), 0).value(_changed(node, _nothing_known)) is not False


def with_open_as_facts(node: t.Node) -> t.Node:
    """The same condition with `open(EPISODE)` read as the fact `open EPISODE`, for who has no records at hand."""
    return _changed(node, _open_as_fact)


def _open_as_fact(node: t.Node) -> t.Node | None:
    if isinstance(node, t.FirstKnown) and isinstance(node.args[0], t.Compare):
        last = node.args[0].left
        if isinstance(last, t.Aggregate) and _is_last_day(last):
            return t.Fact(OPEN + last.kind.removeprefix(EPISODE_KIND), "bool", True)
    return None


def _nothing_known(node: t.Node) -> t.Node | None:
    """What turns the lack of a value into an answer may turn out either way once the value is there."""
    if isinstance(node, t.IsKnown | t.FirstKnown | t.Aggregate | t.Today):
        return t.Literal(None, node.type)
    return None


def _changed(node: t.Node, change: Callable[[t.Node], t.Node | None]) -> t.Node:
    """The tree with every node that `change` gives another for put in its place, from the top."""
    found = change(node)
    if found is not None:
        return found
    parts: dict[str, Any] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, t.Node):
            parts[each.name] = _changed(value, change)
        elif isinstance(value, tuple):
            parts[each.name] = tuple(_changed(p, change) if isinstance(p, t.Node) else p for p in value)
    return replace(node, **parts) if parts else node


def _is_last_day(node: t.Aggregate) -> bool:
    return node.kind.startswith(EPISODE_KIND) and node.field == "last_day" and node.function == "max"


def exclude_each_other(one: t.Node, other: t.Node) -> bool:
    """True where it is plain that both cannot hold: one denies the other, or one value is two different things."""
    for a, b in ((one, other), (other, one)):
        if isinstance(a, t.Not) and a.arg == b:
            return True
        if isinstance(a, t.Compare) and isinstance(b, t.Compare) and a.left == b.left:
            both_literal = isinstance(a.right, t.Literal) and isinstance(b.right, t.Literal)
            if both_literal and a.op == b.op == "=" and a.right != b.right:
                return True
            if (a.op, b.op) in (("<", ">="), ("<=", ">"), ("=", "!=")) and a.right == b.right:
                return True
    return False


def unit_exists(vocabulary: Vocabulary, unit: str) -> bool:
    """True of person, household and every episode."""
    return unit in (PERSON, HOUSEHOLD) or unit in vocabulary.episodes
