"""What a reason may look at: the value of any expression of the rule for one unit on one day, and its records.

The reference interpreter is one; an engine that keeps state is another as far as it can tell these.
"""

from __future__ import annotations

from typing import Any, Protocol

from siklus.rules import tree as t
from siklus.rules.life import EngineRecord


class Known(Protocol):
    """One unit on one day."""

    @property
    def today(self) -> int: ...

    @property
    def died(self) -> int | None:
        """The day of death, if the person has died."""

    def value(self, node: t.Node, record: EngineRecord | None = None) -> Any:
        """The value of an expression; None is unknown."""

    def judged(self, node: t.Aggregate) -> list[tuple[EngineRecord, bool | None]]:
        """The records an aggregate looks at, in order, and whether its condition holds."""

    def step_value(self, name: str) -> Any:
        """What a step of a series came to (`NEED.on`, `NEED.done`); None when it is not known."""
