"""Plain documents that remember where each value stood, so that every fault has a file, a line and a column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from siklus.kernel.problems import Problem, ProblemError


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a source file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def shifted(self, line: int, column: int) -> Mark:
        """The place at (line, column) of a text that begins here, both counted from 1."""
        return Mark(self.file, self.line + line - 1, self.column + column - 1 if line == 1 else column)


class MarkedMap(dict[str, Any]):
    """A mapping that knows where it and each of its keys and values stand."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.key_marks: dict[str, Mark] = {}
        self.value_marks: dict[str, Mark] = {}

    def at(self, key: str) -> Mark:
        """Where the value of a key stands; the mapping itself when the key is absent."""
        return self.value_marks.get(key, self.mark)


class Faults:
    """Collects problems while a file is being read, so that all of them are told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, code: str, mark: Mark, found: str, expected: str = "") -> None:
        """One more problem."""
        self.problems.append(Problem(code, str(mark), found, expected))

    def guard(self) -> _Guard:
        """A `with` block whose ProblemError is kept and does not stop the reading."""
        return _Guard(self)

    def raise_if_any(self) -> None:
        """End the reading when something was wrong."""
        if self.problems:
            raise ProblemError(self.problems)


class _Guard:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, ProblemError):
            self.faults.problems.extend(error.problems)
            return True
        return False


def fault(code: str, mark: Mark, found: str, expected: str = "") -> ProblemError:
    """A single problem, ready to raise."""
    return ProblemError([Problem(code, str(mark), found, expected)])


def did_you_mean(word: str, known: Iterable[str], shown: int = 12) -> str:
    """The nearest known word as a question, or the first of the known words."""
    words = sorted(set(known))
    near = difflib.get_close_matches(word, words, 1)
    if near:
        return f"Did you mean '{near[0]}'?"
    return f"Known here: {', '.join(words[:shown])}{' ...' if len(words) > shown else ''}."


def text_of(value: Any) -> str:
    """The expression text of a YAML scalar (`true` is read as a yes/no by YAML, and is one)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def items_of(document: MarkedMap, section: str) -> Iterator[MarkedMap]:
    """The mappings listed under a section; nothing when it is absent."""
    for item in document.get(section) or ():
        if not isinstance(item, MarkedMap):
            raise fault("R02", document.at(section), f"'{section}' lists mappings")
        yield item
