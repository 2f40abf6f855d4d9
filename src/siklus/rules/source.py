"""Plain documents that remember where each value stood, so that every fault has a file, a line and a column."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from siklus.kernel.problems import Problem, ProblemError

Read = TypeVar("Read")


class Mark(NamedTuple):
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
        self.keep([Problem(code, str(mark), found, expected)])

    def keep(self, problems: Iterable[Problem]) -> None:
        """Problems of what is read several times (the names of a package, by each of its rules) are told once."""
        self.problems += (each for each in problems if each not in self.problems)

    def guard(self) -> _Guard:
        """A `with` block whose ProblemError is kept and does not stop the reading."""
        return _Guard(self)

    def tried(self, read: Callable[[], Read], otherwise: Read) -> Read:
        """What `read` gives; what it finds wrong is kept, and the reading goes on with something else."""
        with self.guard():
            return read()
        return otherwise

    def raise_if_any(self) -> None:
        """End the reading when something was wrong; the problems of a file come in the order of its lines."""
        if self.problems:
            files = list(dict.fromkeys(_place(problem)[0] for problem in self.problems))
            raise ProblemError(
                sorted(self.problems, key=lambda each: (files.index(_place(each)[0]), _place(each)[1:]))
            )


def _place(problem: Problem) -> tuple[str, int, int]:
    file, line, column = problem.where.rsplit(":", 2)
    return file, int(line), int(column)


class _Guard:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, ProblemError):
            self.faults.keep(error.problems)
            return True
        return False


def fault(code: str, mark: Mark, found: str, expected: str = "") -> ProblemError:
    """A single problem, ready to raise."""
    return ProblemError([Problem(code, str(mark), found, expected)])


def told_before() -> ProblemError:
    """Ends the reading of an expression that rests on something whose fault is told where it stands."""
    return ProblemError([])


def did_you_mean(word: str, known: Iterable[str], shown: int = 12) -> str:
    """The nearest known word as a question, or the first of the known words."""
    words = sorted(set(known))
    near = difflib.get_close_matches(word, words, 1)
    if near:
        return f"Did you mean '{near[0]}'?"
    return f"Known here: {', '.join(words[:shown])}{' ...' if len(words) > shown else ''}."


def is_like(word: str, known: Iterable[str]) -> bool:
    """True when a word may be a slip of the pen for one of these."""
    return bool(difflib.get_close_matches(word, list(known), 1))


def text_of(value: Any) -> str:
    """The expression text of a YAML scalar (`true` is read as a yes/no by YAML, and is one)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def mapping_of(document: MarkedMap, section: str) -> MarkedMap:
    """The mapping under a section; an empty one when it is absent."""
    found = document.get(section)
    if found is None:
        return MarkedMap(document.mark)
    if not isinstance(found, MarkedMap):
        raise fault("R02", document.at(section), f"'{section}' gives names, each with what it is")
    return found


def words_of(document: MarkedMap, section: str) -> list[str]:
    """The words listed under a section; nothing when it is absent."""
    found = document.get(section)
    if found is not None and not isinstance(found, list):
        raise fault("R02", document.at(section), f"'{section}' lists words", f"write [{text_of(found)}]")
    return [str(word) for word in found or ()]


def entries_of(document: MarkedMap, section: str) -> Iterator[MarkedMap]:
    """The mappings listed under a section; nothing when it is absent."""
    listed = document.get(section) or ()
    for item in listed if isinstance(listed, list | tuple) else (listed,):
        if not isinstance(item, MarkedMap):
            raise fault("R02", document.at(section), f"'{section}' lists mappings")
        yield item
