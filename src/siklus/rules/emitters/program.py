"""Generated Python that is written once and may run in many processes: its text, and what Python makes of it."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from siklus.rules.emitters.python_dialect import tables_in


@dataclass(frozen=True)
class Program:
    """A module of plain functions. `code` is good for the Python that made it alone."""

    source: str
    code: bytes = field(repr=False)

    def run(self, space: dict[str, Any]) -> None:
        """Define its functions in a space that has what they lean on."""
        space.update(tables_in(self.source))
        exec(marshal.loads(self.code), space)  # noqa: S102, S302 - our own generated text, from checked rules only


def program(lines: Sequence[str], name: str) -> Program:
    """The module that these lines are; `name` is what a trace of a fault calls it."""
    source = "\n".join(lines) + "\n"
    return Program(source, marshal.dumps(compile(source, f"<{name}>", "exec")))
