"""What the written languages differ in: how each says a value, a test, a block, a list. All else is written once.

The writers (`writer`, `aggregates`, `fold`, `finish`, `judging`) decide what is worked out and when; a dialect only
says it. Texts given to a dialect are names or literals it has itself written, unless said otherwise. In every language
`A` is the kept state, `R` the records, `u` the facts of the unit, `r` one record, `T` what depends on the day alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from siklus.rules import tree as t

if TYPE_CHECKING:
    from siklus.rules.emitters.writer import Writer

Picks = Sequence[tuple[str, Any]]
"""(field, word) of which each must hold: the field is that word, or is known where the word is None."""


class Dialect(Protocol):
    """One language."""

    none: str
    true: str
    false: str
    nothing: str
    """A list that is empty and stays so."""
    end: str
    """What ends a statement."""
    indent: str
    close: str
    """The line that ends a block; empty where blocks end by indentation."""
    empty: str
    """The line of a block in which nothing is to be done."""
    otherwise: str
    leave: str
    """Out of the loop."""
    on: str
    """On to the next round of the loop."""

    def literal(self, value: Any) -> str:
        """A constant: a word, a whole number, yes, no, unknown."""

    # Blocks

    def when(self, test: str, again: bool = False) -> str:
        """Head of what is done only if; `again` continues the `when` before it."""

    def each(self, name: str, items: str) -> str:
        """Head of a loop over a list."""

    def function(self, name: str, parameters: Sequence[str], writer: Writer) -> list[str]:
        """The whole function around written lines."""

    def day_function(self, unit: str, values: Sequence[str], writer: Writer) -> list[str]:
        """The function that works out what depends on the day alone, once a day."""

    def turn(self, test: str, call: str) -> str:
        """The line that leaves the function with what another one answers."""

    def give(self, text: str) -> str:
        """The line that answers with a value."""

    # Values of a unit, of a record, of all records

    def fact(self, name: str) -> str: ...

    def field(self, name: str, record: str = "r") -> str: ...

    def records(self, kind: str) -> str: ...

    def has_kind(self, kind: str) -> str: ...

    # Tests

    def is_unknown(self, name: str) -> str: ...

    def is_known(self, name: str) -> str: ...

    def is_value(self, name: str, value: str) -> str:
        """The very value: a yes is no number."""

    def is_not_value(self, name: str, value: str) -> str: ...

    def both(self, tests: Iterable[str]) -> str:
        """All of these tests, as they stand."""

    def any_of(self, tests: Iterable[str]) -> str:
        """One of these tests, as they stand."""

    def negated(self, test: str) -> str: ...

    def compare(self, op: str, left: str, right: str) -> str: ...

    def one_of(self, name: str, options: tuple[Any, ...]) -> str: ...

    def choose(self, test: str, then: str, other: str) -> str:
        """One of two values; `other` may be another choice."""

    # Whole numbers and days

    def extreme(self, names: Sequence[str], latest: bool) -> str: ...

    def call(self, function: str, names: Sequence[str]) -> str:
        """A function of the rule language, of known values."""

    def add_days(self, day: str, count: str) -> str:
        """Days after a day that may be never."""

    def move(self, writer: Writer, date: t.Node, count: t.Node) -> str:
        """A day moved by months; unknown if either is."""

    def move_together(self, writer: Writer, fact: t.Fact, by_count: Mapping[int, t.Shift]) -> None:
        """Makes ready for several moves of one fact."""

    # Lists

    def filled(self, items: str) -> str: ...

    def has_any(self, items: str) -> str:
        """As `filled`, as a value that is kept."""

    def new_list(self) -> str: ...

    def append(self, items: str, item: str) -> str: ...

    def added(self, items: str, item: str) -> str:
        """A new list with one more."""

    def summary(self, function: str, days: str) -> str:
        """count, days_with, months_with, first, last or dates of a list of days in order."""

    def picked(self, records: str, picks: Picks) -> str: ...

    def at_least(self, rows: str, count: int) -> str: ...

    def field_at(self, rows: str, place: int, field: str) -> str:
        """A field of one of the rows; places below nought count from the end."""

    def count(self, rows: str) -> str: ...

    def days_of(self, rows: str) -> str: ...

    def days_with(self, days: str) -> str: ...

    def months_of(self, rows: str) -> str: ...

    def known_of(self, rows: str, field: str) -> str: ...

    def reduced(self, operator: str, values: str) -> str:
        """min, max or sum of known values; there is at least one."""

    # Answers

    def settle(self, status: str, asks: str) -> str:
        """The line that keeps the status of a need as `s` and what it asks for as `q`."""

    def asked(self, pairs: Sequence[tuple[str, str]]) -> str:
        """The labels whose value is unknown."""

    def answer(self, answers: str, values: Sequence[str]) -> str:
        """An answer, not yet given; `answers` names its shape in `rules.answers`, whose order the values have."""

    def mapping(self, values: Mapping[str, str]) -> str:
        """Values by name."""

    def add(self, answers: str, answer: str) -> str:
        """The line that gives an answer."""
