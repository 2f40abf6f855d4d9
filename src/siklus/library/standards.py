"""The tables of `knowledge/standards/`: L, M and S of boys and girls, read when the first child is judged by them."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cache
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.yaml_text import read_yaml
from siklus.rules.growth import STEPS, Growth, Rows
from siklus.rules.growth_spec import read_growth

FOLDER = "standards"
_SETTINGS = "growth.yaml"
_COLUMNS = "boys_l,boys_m,boys_s,girls_l,girls_m,girls_s"
_BY_LENGTH = "cm"
Tables = Callable[[str], tuple[Rows, Rows]]


def load_growth(folder: Path) -> Growth:
    """The growth standards of a knowledge folder, without the rules."""
    name = f"{FOLDER}/{_SETTINGS}"
    return read_growth(name, read_yaml(folder / name, name)["growth"], read_tables(folder))


def read_tables(folder: Path) -> Tables:
    """The tables of a knowledge folder by the name of their file, each read once."""

    @cache
    def rows(file: str) -> tuple[Rows, Rows]:
        return _read(folder / FOLDER / file)

    return rows


def tables_in(folder: Path) -> list[Path]:
    """The files of tables of a knowledge folder, in order."""
    return sorted((folder / FOLDER).rglob("*.csv"))


def _read(path: Path) -> tuple[Rows, Rows]:
    """Boys and girls. A fault names the file: nothing is judged by half a table."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    by, _, columns = head.partition(",")
    if columns != _COLUMNS:
        raise _fault(path, f"its columns are {columns}", _COLUMNS)
    places, values = list[int](), [array("d") for _ in columns.split(",")]
    for line in lines:
        place, *numbers = map(float, line.split(","))
        places.append(round(place * STEPS) if by == _BY_LENGTH else int(place))
        for column, number in zip(values, numbers, strict=True):
            column.append(number)
    if places != list(range(places[0], places[0] + len(places))):
        raise _fault(path, "a row is missing or stands in the wrong place", "rows without a gap")
    if 0 in values[0] or 0 in values[3]:
        raise _fault(path, "L is nought", "a number that can be divided by")
    return Rows(places[0], *values[:3]), Rows(places[0], *values[3:])


def _fault(path: Path, found: str, expected: str) -> ProblemError:
    return ProblemError([Problem("V01", path.name, found, expected)])
