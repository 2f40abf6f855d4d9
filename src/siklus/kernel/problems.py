"""A problem as every part of Siklus reports it: what, where, what was found, what was expected, what to do next.

Words for users are Indonesian and kind. No personal data stands in a problem that goes to a log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` is file:line:column, or record and field, or row and column; `todo` says what the reader can do."""

    code: str
    where: str
    found: str
    expected: str = ""
    todo: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.found}" if self.where else self.found
        if self.expected:
            text += f" {self.expected}" if text.endswith((".", ";")) else f"; {self.expected}"
        if self.todo:
            text += f" {self.todo}"
        return f"{self.code} {text}"


class ProblemError(Exception):
    """Several problems at once: a bad file lists every fault, a bad batch every bad record."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
