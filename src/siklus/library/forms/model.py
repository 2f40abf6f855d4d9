"""A form as it is read from `knowledge/forms/`: sections of items over the records that a filling writes.

What a field is (type, unit, limits, words) stands in the vocabulary; an item only points at it. Conditions are trees
of the rule language over the answers that stand above them, the facts of the person, and today.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from siklus.rules import tree as t
from siklus.rules.source import Mark
from siklus.rules.vocabulary import Field

ASK, TICK, DERIVED, CLASS, IS, SHOWS = "ask", "tick", "derived", "class", "is", "shows"
ANSWERED = (ASK, TICK)
"""Items that take an answer; the others only show something."""
NOWHERE = Mark("", 1, 1)


@dataclass(frozen=True, slots=True)
class Term:
    """A code of another system for what an item asks; `system` is one of those named in `terms.yaml`."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A record that a filling may write.

    `fixed` are values (as on the wire) the form gives, `computed` those it works out. With `when` the record is
    written as soon as that is true; without, as soon as one of its questions is answered or its tick is yes.
    """

    alias: str
    kind: str
    fixed: Mapping[str, Any] = made(default_factory=dict)
    computed: Mapping[str, t.Node] = made(default_factory=dict)
    when: t.Node | None = None
    mark: Mark = NOWHERE


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a form. `how` is one of ask, tick, derived, class, is, shows.

    `field` is what the answer is (a yes/no for a tick); `record` the alias it goes to, empty for what only shows.
    `show` is true where the item always stands. `words` replace the words of a yes/no or of codes for the reader,
    `only` are the codes offered, all when empty. `value` is what a computed item shows, `prefill` what is suggested.
    """

    id: str
    how: str
    record: str
    field: Field
    label: str
    hint: str = ""
    words: Mapping[str, str] = made(default_factory=dict)
    only: tuple[str, ...] = ()
    show: t.Node = t.TRUE
    show_text: str = ""
    is_required: bool = False
    who: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    prefill: t.Node | None = None
    prefill_text: str = ""
    value: t.Node | None = None
    value_text: str = ""
    about: str = ""
    terms: tuple[Term, ...] = ()
    mark: Mark = NOWHERE

    @property
    def is_answered(self) -> bool:
        """True when somebody fills it in."""
        return self.how in ANSWERED


@dataclass(frozen=True, slots=True)
class Section:
    """Items that stand together, and when they stand at all."""

    id: str
    title: str
    items: tuple[Item, ...]
    show: t.Node = t.TRUE
    show_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """How answers of the version before become answers of this one; see `versions`."""

    before: int
    renamed: Mapping[str, str] = made(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = made(default_factory=dict)
    split: Mapping[str, Mapping[str, str]] = made(default_factory=dict)
    dropped: Mapping[str, str] = made(default_factory=dict)
    mark: Mark = NOWHERE


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form. `unit` is person, household or an episode; `gate` says for whom it is offered."""

    name: str
    title: str
    version: int
    since: datetime.date
    group: str
    unit: str
    at: tuple[str, ...]
    who: tuple[str, ...]
    gate: t.Node
    gate_text: str
    cites: str
    confidence: str
    note: str
    records: Mapping[str, Written]
    sections: tuple[Section, ...]
    mapped: Mapped | None
    mark: Mark

    @property
    def edition(self) -> str:
        """What a record carries to say by which version it was made: `NAME/VERSION`."""
        return f"{self.name}/{self.version}"

    @property
    def items(self) -> Iterator[Item]:
        """Every item from top to bottom."""
        for section in self.sections:
            yield from section.items

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that take an answer."""
        return tuple(item for item in self.items if item.is_answered)

    def item(self, name: str) -> Item:
        """An item by its id; KeyError when there is none."""
        for item in self.items:
            if item.id == name:
                return item
        raise KeyError(name)
