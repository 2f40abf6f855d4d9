"""Files as WHO's own programs read and write them: children in rows, z-scores and flags beside them.

The names of columns and the words of cells are in `knowledge/standards/programs.yaml`. A cell that cannot be read is
told and taken as empty; nothing a file holds stops the others.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from siklus.kernel.problems import Problem
from siklus.library.standards import FOLDER
from siklus.library.yaml_text import read_yaml
from siklus.rules.growth import (
    BOYS,
    GIRLS,
    HUNDREDTHS,
    IMPLAUSIBLE,
    LYING,
    STANDING,
    Child,
    Growth,
    Measured,
    measured,
    score,
)

_FILE = "programs.yaml"
_DIGITS = ".15g"
_FROM_NOUGHT = ("age_days", "age_months")
_SHOWN_AT_MOST = 30
Row = Mapping[str, str | None]


@dataclass(frozen=True)
class Program:
    """The columns of one of WHO's programs and the words of its cells. `words` maps each word to what it means."""

    name: str
    title: str
    tables: str
    reads: Mapping[str, str]
    corrected: Mapping[str, str]
    scores: Mapping[str, str | None]
    writes: tuple[str, ...]
    words: Mapping[str, Mapping[str, Any]]
    missing: frozenset[str]

    def fits(self, columns: Collection[str]) -> bool:
        """True when a file has the age as this program names it."""
        return any(self.reads[age] in columns for age in _FROM_NOUGHT if age in self.reads)

    def standard(self, growth: Growth) -> Growth:
        """Only the tables this program knows: the other one judges the other ages."""
        indexes = {
            name: replace(
                index, tables=tuple(t for t in index.tables if t.file.startswith(f"{self.tables}/"))
            )
            for name, index in growth.indexes.items()
        }
        return replace(growth, indexes=indexes)


def read_programs(knowledge: Path) -> dict[str, Program]:
    """The programs by name, in the order of the knowledge."""
    spec = read_yaml(knowledge / FOLDER / _FILE, _FILE)["growth_programs"]
    meanings: dict[str, dict[str, Any]] = {
        "sex": {"boys": BOYS, "girls": GIRLS},
        "position": {"lying": LYING, "standing": STANDING},
        "oedema": {"yes": True, "no": False},
    }
    words = {
        field: {str(word): meaning for key, meaning in known.items() for word in spec["words"][field][key]}
        for field, known in meanings.items()
    }
    missing = frozenset(map(str, spec["words"]["missing"]))
    return {
        str(name): Program(
            name=str(name),
            title=str(each["title"]),
            tables=str(each["tables"]),
            reads=dict(each["reads"]),
            corrected=dict(each["corrected"]),
            scores=dict(each["scores"]),
            writes=tuple(each["writes"]),
            words=words,
            missing=missing,
        )
        for name, each in spec["programs"].items()
    }


def scored(
    growth: Growth, program: Program, rows: Iterable[Row]
) -> Iterator[tuple[dict[str, str], list[Problem]]]:
    """For each row the columns the program writes, and what could not be read. Rows count from 2, after the heading."""
    standard = program.standard(growth)
    for number, row in enumerate(rows, 2):
        problems: list[Problem] = []
        values = {
            field: _read(program, field, column, row.get(column), number, problems)
            for field, column in program.reads.items()
        }
        values["oedema"] = values.get("oedema") is True
        yield _written(standard, program, measured(standard, Child(**values))), problems


def _read(
    program: Program, field: str, column: str, cell: str | None, number: int, problems: list[Problem]
) -> Any:
    text = (cell or "").strip()
    if text.casefold() in program.missing:
        return None
    if field in program.words:
        known = program.words[field]
        if text.casefold() not in known:
            problems.append(_bad(number, column, text, f"diharapkan salah satu dari: {', '.join(known)}."))
        return known.get(text.casefold())
    value = _number(text)
    least = "0 atau lebih" if field in _FROM_NOUGHT else "lebih dari 0"
    if value is None:
        problems.append(_bad(number, column, text, "bukan angka."))
    elif value < 0 or (value == 0 and field not in _FROM_NOUGHT):
        problems.append(_bad(number, column, text, f"diharapkan {least}."))
        return None
    return value


def _number(text: str) -> float | None:
    """A finite number, with a point or a comma before the decimals."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _bad(number: int, column: str, text: str, expected: str) -> Problem:
    shown = text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}..."
    return Problem(
        "G01", f"baris {number}, kolom {column}", f"'{shown}': {expected}", "", "Dianggap tidak diisi."
    )


def _written(growth: Growth, program: Program, child: Measured) -> dict[str, str]:
    found = {column: _corrected(program, field, child) for field, column in program.corrected.items()}
    for name, index in program.scores.items():
        found[f"z{name}"] = found[f"f{name}"] = ""
        if index is not None:
            result = score(growth, growth.indexes[index], child)
            if result.value is not None:
                found[f"z{name}"] = format(result.value / HUNDREDTHS, _DIGITS)
                found[f"f{name}"] = str(int(result.why == IMPLAUSIBLE))
    return {column: found[column] for column in program.writes}


def _corrected(program: Program, field: str, child: Measured) -> str:
    if field == "is_odd":
        return str(int(child.is_odd))
    if field in ("sex", "position"):
        meaning = child.sex if field == "sex" else child.position
        return next((word for word, means in program.words[field].items() if means == meaning), "")
    value = child.values[field]
    return "" if value is None else format(value, _DIGITS)
