"""What the rules themselves say is worth trying: the lengths of time, the values and the kinds of record they turn on.

Lives drawn from these hints stand on the limits of the rules, where two engines would differ first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from siklus.kernel.dates import MONTHS_PER_YEAR
from siklus.rules import tree as t
from siklus.rules.book import Need, Rules
from siklus.rules.plan import (
    expressions_of_classification,
    expressions_of_indicator,
    expressions_of_need,
)
from siklus.rules.vocabulary import EPISODE_KIND, MEMBER, Vocabulary

Span = tuple[int, bool]
"""(count, is it months)."""


@dataclass
class Hints:
    """What some rules turn on. `values` are by (kind, field), None standing for the facts of the person."""

    ages: list[Span] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    values: dict[tuple[str | None, str], list[object]] = field(default_factory=dict)

    def note(self, nodes: Iterable[t.Node], vocabulary: Vocabulary) -> None:
        """Take the hints of some expressions."""
        for node in nodes:
            for part, kind in _with_kind(node, None):
                self._note(part, kind, vocabulary)

    def _note(self, part: t.Node, kind: str | None, vocabulary: Vocabulary) -> None:
        match part:
            case t.Shift(date, t.Literal(count), in_months):
                (self.ages if date == t.BIRTH else self.spans).append((count, in_months))
            case t.Compare(_, t.Call(function, (t.Fact("birth"), _)), t.Literal(count)):
                months = {"age_months": 1, "age_years": MONTHS_PER_YEAR}.get(function)
                self.ages.append((count * months, True) if months else (count, False))
            case t.Compare(_, left, t.Literal(value)) | t.Compare(_, t.Literal(value), left):
                self._value(left, left.type, kind, value)
            case t.OneOf(left, options):
                for option in options:
                    self._value(left, left.type, kind, option)
            case t.Aggregate():
                self.kinds += _records_of(part.kind, vocabulary)

    def _value(self, left: t.Node, of_type: str, kind: str | None, value: object) -> None:
        for part in t.walk(left):
            if part.type != of_type:
                continue
            match part:
                case t.RecordField(name, _, _):
                    self.values.setdefault((kind, name), []).append(value)
                case t.Aggregate(_, of, name) if name is not None:
                    self.values.setdefault((of, name), []).append(value)
                case t.Fact(name, _, _):
                    self.values.setdefault((None, name), []).append(value)


def hints_of_need(need: Need, vocabulary: Vocabulary) -> Hints:
    """The hints of one need and of the episode it is about."""
    hints = Hints()
    hints.note((need.package.gate, *expressions_of_need(need)), vocabulary)
    hints.kinds += (
        _records_of(EPISODE_KIND + need.unit, vocabulary) if need.unit in vocabulary.episodes else []
    )
    return hints


def hints_of_book(rules: Rules) -> Hints:
    """The hints of all needs, indicators and classifications together, and of what persons share."""
    hints = Hints()
    hints.note((share.node for share in rules.shares), rules.vocabulary)
    for need in rules.needs:
        hints.note((need.package.gate, *expressions_of_need(need)), rules.vocabulary)
    for indicator in rules.indicators:
        hints.note(expressions_of_indicator(indicator), rules.vocabulary)
    for table in rules.classifications:
        hints.note(expressions_of_classification(table), rules.vocabulary)
    for name in rules.vocabulary.episodes:
        hints.kinds += _records_of(EPISODE_KIND + name, rules.vocabulary)
    return hints


def _records_of(kind: str, vocabulary: Vocabulary) -> list[str]:
    """The kinds of record behind a kind or an episode seen as one."""
    if not kind.startswith(EPISODE_KIND):
        return [] if kind == MEMBER else [kind]
    episode = vocabulary.episodes[kind.removeprefix(EPISODE_KIND)]
    return [episode.opened_by.kind, *(selection.kind for selection in episode.closed_by), *episode.attaches]


def _with_kind(node: t.Node, kind: str | None) -> Iterator[tuple[t.Node, str | None]]:
    """Every part with the kind of record its `where` looks at."""
    yield node, kind
    inside = node.kind if isinstance(node, t.Aggregate) else kind
    for child in t.children(node):
        yield from _with_kind(child, inside)
