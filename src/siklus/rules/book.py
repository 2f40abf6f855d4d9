"""What a rule book holds once it is checked: needs, indicators, classifications, each with its slots as typed trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from siklus.rules.source import Mark, MarkedMap
from siklus.rules.tree import Node
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Vocabulary


@dataclass(frozen=True)
class Performer:
    """Who may do it where: a place tier and the roles allowed there."""

    at: str
    who: tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """A group of rules with one gate.

    The gate is judged first; unknown counts as true, so nobody without a birth date is lost.
    """

    name: str
    title: str
    klaster: str
    gate: Node
    file: str


@dataclass(frozen=True)
class Exclusion:
    """A reason why the need does not apply, in the words shown to people."""

    when: Node
    say: str


@dataclass(frozen=True)
class Let:
    """A name its writer gave to an expression; `title` is what readers call it, empty when it has no title."""

    name: str
    node: Node
    title: str


@dataclass(frozen=True)
class Share:
    """What a person's household may ask of each person: a fact of the register, or a let marked `share: yes`.

    `file` is where such a let stands; a fact stands in none.
    """

    name: str
    node: Node
    title: str = ""
    file: str = ""


ACTIVE, OPPORTUNISTIC = "active", "opportunistic"
REACHES = (ACTIVE, OPPORTUNISTIC)
"""How people are reached for a need: they are sought out, or it is asked and done when they are met for anything."""


@dataclass(frozen=True)
class Need:
    """One thing a unit can be owed. Days are half-open limits; see the rule language, section 3.

    `waits` is true when the step before it is surely not done. `steps` are values to compute before the
    slots, in order. `lets` are the names its writer gave to expressions. `after` names the step before in a series.
    `reach` changes no answer: lists, sums and paper show only what people are sought out for.
    """

    name: str
    title: str
    package: Package
    unit: str
    who: Node
    done: Node
    excluded: Node
    exclusions: tuple[Exclusion, ...]
    opens: Node
    due: Node
    overdue: Node
    until: Node
    waits: Node
    refused: Node
    occurrence: Node
    steps: tuple[tuple[str, Node], ...]
    lets: tuple[Let, ...]
    after: str | None
    repeats: str | None
    by: tuple[Performer, ...]
    cites: str
    confidence: str
    source: MarkedMap
    mark: Mark
    reach: str = ACTIVE

    @property
    def is_sought(self) -> bool:
        """False of what waits until its person is met."""
        return self.reach == ACTIVE


@dataclass(frozen=True)
class Indicator:
    """Who is counted in a period, who was reached at all, and the components that must all be true for the standard."""

    name: str
    title: str
    unit: str
    klaster: str
    period: str
    counted: Node
    reached: Node
    components: Mapping[str, Node]
    lets: tuple[Let, ...]
    labels: Mapping[str, str]
    official: str
    cites: str
    confidence: str
    source: MarkedMap
    mark: Mark


@dataclass(frozen=True)
class Row:
    """One line of a classification."""

    when: Node
    value: str
    do: str
    say: str


@dataclass(frozen=True)
class Classification:
    """How the last record of a kind is judged, most dangerous row first; the last row is `otherwise`."""

    name: str
    title: str
    package: Package
    kind: str
    measured: Node
    who: Node
    rows: tuple[Row, ...]
    lets: tuple[Let, ...]
    cites: str
    confidence: str
    source: MarkedMap
    mark: Mark


Rule = Need | Indicator | Classification
"""Anything of a rule book that has a name, a source and examples."""


@dataclass(frozen=True)
class ValueChoice:
    """A dated, cited constant and the variants a district may choose between."""

    name: str
    chosen: str
    variants: tuple[Mapping[str, object], ...]
    mark: Mark


@dataclass(frozen=True)
class Rules:
    """Everything one rule book says, before any engine is made of it."""

    vocabulary: Vocabulary
    packages: tuple[Package, ...]
    needs: tuple[Need, ...]
    indicators: tuple[Indicator, ...]
    classifications: tuple[Classification, ...]
    values: tuple[ValueChoice, ...]
    shares: tuple[Share, ...] = ()
    """Only what some rule about a household asks for: books without such rules have none."""

    def units(self) -> tuple[str, ...]:
        """The kinds of unit any rule is about: person, then the episodes of the vocabulary in order, then household."""
        rules: tuple[Need | Indicator, ...] = (*self.needs, *self.indicators)
        used = {rule.unit for rule in rules}
        return (PERSON, *(name for name in (*self.vocabulary.episodes, HOUSEHOLD) if name in used))
