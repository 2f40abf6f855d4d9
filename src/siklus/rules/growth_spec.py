"""The section `growth` of the knowledge -> Growth, with every fault of its shape told at its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from siklus.kernel.problems import Problem, ProblemError
from siklus.rules.growth import (
    BOYS,
    BY_DAY,
    BY_LENGTH,
    BY_MONTH,
    GIRLS,
    HUNDREDTHS,
    LYING,
    MEASURES,
    STANDING,
    Growth,
    Index,
    Rows,
    Table,
)

_BOUNDS = {
    BY_DAY: ("from", "until"),
    BY_MONTH: ("from", "until"),
    BY_LENGTH: ("from", "until", "least", "most"),
}


def read_growth(where: str, spec: Mapping[str, Any], rows: Callable[[str], tuple[Rows, Rows]]) -> Growth:
    """What WHO says, from plain values; ProblemError V01 names what is missing or not a number."""
    try:
        length = spec["length"]
        return Growth(
            sexes={str(spec["sexes"]["boys"]): BOYS, str(spec["sexes"]["girls"]): GIRLS},
            positions={str(spec["positions"][each]): each for each in (LYING, STANDING)},
            days_in_month=float(spec["days_in_month"]),
            standing_from_day=int(length["standing_from_day"]),
            standing_from_cm=float(length["standing_from_cm"]),
            difference=float(length["difference"]),
            standing_odd_before_month=float(length["standing_odd_before_month"]),
            indexes={str(name): _index(str(name), each) for name, each in spec["indexes"].items()},
            rows=rows,
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ProblemError([Problem("V01", where, f"growth: {error!r} is missing or not a number")]) from None


def _index(name: str, spec: Mapping[str, Any]) -> Index:
    if spec["of"] not in MEASURES:
        raise ValueError(f"{name}: of {spec['of']}")
    low, high = spec["implausible"]
    return Index(
        name=name,
        title=str(spec["title"]),
        of=str(spec["of"]),
        with_oedema=bool(spec.get("oedema", True)),
        extended=bool(spec["extended"]),
        low=round(low * HUNDREDTHS),
        high=round(high * HUNDREDTHS),
        tables=tuple(_table(name, each) for each in spec["tables"]),
    )


def _table(name: str, spec: Mapping[str, Any]) -> Table:
    by = str(spec["by"])
    bounds = [float(spec[bound]) for bound in _BOUNDS[by]]
    if not all(map(math.isfinite, bounds)):
        raise ValueError(f"{name}: {bounds}")
    return Table(str(spec["file"]), by, bounds[0], bounds[1], str(spec.get("position", "")), *bounds[2:])
