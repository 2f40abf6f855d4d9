"""WHO z-scores of growth, 2006 (0-5 years) and 2007 (5-19 years), in one written order of IEEE double operations.

Pure: what WHO says (tables, ages, limits) is a `Growth`, which knowledge gives. SQL and JavaScript do the same
operations in the same order, so that every engine comes to the same hundredths. A z-score is kept as a whole number of
hundredths, rounded half away from zero. Nothing here raises, whatever the numbers are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

BOYS, GIRLS = 0, 1
LYING, STANDING = "lying", "standing"
MEASURES = ("weight", "length", "bmi", "head", "arm")
BY_DAY, BY_MONTH, BY_LENGTH = "day", "month", "length"

STEPS = 10.0
"""Rows of a table by length to a centimetre."""
STEP = 0.1
HUNDREDTHS = 100.0
HALF, NUDGE = 0.5, 1e-9
"""Half a hundredth goes up. So does what falls short of it only because doubles cannot hold it: many scores without a
power are half a hundredth exactly, and every engine must see them on the same side."""
BEYOND = 3
"""Beyond so many standard deviations an extended index goes on in the width of the last of them."""

IMPLAUSIBLE, OEDEMA, OUTSIDE = "implausible", "oedema", "outside"


@dataclass(frozen=True, slots=True)
class Rows:
    """L, M and S of one sex at consecutive whole places, from `first` on."""

    first: int
    l: Sequence[float]  # noqa: E741 - L, M and S are what everybody calls them
    m: Sequence[float]
    s: Sequence[float]

    def at(self, place: int, share: float) -> tuple[float, float, float] | None:
        """L, M, S at a place, or so far on the way to the next; None outside the table."""
        here = place - self.first
        if not 0 <= here < len(self.l):
            return None
        if not share > 0:
            return self.l[here], self.m[here], self.s[here]
        if here + 1 == len(self.l):
            return None
        return tuple(row[here] + share * (row[here + 1] - row[here]) for row in (self.l, self.m, self.s))  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Table:
    """One file of rows by day, month or length: for ages in months from `since` to before `until`.

    A table by length is for one position and for lengths from `least` to `most`.
    """

    file: str
    by: str
    since: float
    until: float
    position: str = ""
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class Index:
    """One z-score: of which measure, by which tables; hundredths below `low` or above `high` are implausible."""

    name: str
    title: str
    of: str
    with_oedema: bool
    extended: bool
    low: int
    high: int
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """What WHO says. `rows(file)` gives the rows of boys and of girls."""

    sexes: Mapping[str, int]
    positions: Mapping[str, str]
    days_in_month: float
    standing_from_day: int
    standing_from_cm: float
    difference: float
    standing_odd_before_month: float
    indexes: Mapping[str, Index]
    rows: Callable[[str], tuple[Rows, Rows]]


class Child(NamedTuple):
    """One child as measured on one day; None is unknown. Kilograms and centimetres; `sex` BOYS or GIRLS.

    A tuple, as what comes of it: each is made anew for every record that is judged.
    """

    sex: int | None = None
    age_days: float | None = None
    age_months: float | None = None
    weight: float | None = None
    length: float | None = None
    position: str | None = None
    head: float | None = None
    arm: float | None = None
    oedema: bool = False


class Measured(NamedTuple):
    """The child with age and length made ready: whole days, exact months, length as it is measured at that age."""

    sex: int | None
    days: int | None
    months: float | None
    position: str | None
    is_odd: bool
    values: Mapping[str, float | None]
    oedema: bool


class Score(NamedTuple):
    """Hundredths of a standard deviation, or None; `why` says what is wrong with it, empty when nothing is.

    `why` is IMPLAUSIBLE (the value is there all the same), OEDEMA, OUTSIDE (no row of a table for it), or the name of
    what is not known: "sex", "age", "weight", "length", "head", "arm".
    """

    value: int | None
    why: str = ""

    @property
    def sure(self) -> int | None:
        """The value, unless it is implausible."""
        return None if self.why else self.value


def measured(growth: Growth, child: Child) -> Measured:
    """Age in whole days and exact months, and the length lying or standing as it should have been at that age."""
    days, months = _age(growth, child)
    position, length = child.position, _positive(child.length)
    is_odd = position == STANDING and months is not None and months < growth.standing_odd_before_month
    if is_odd:
        position = None
    if length is not None and days is not None:
        if days < growth.standing_from_day and position == STANDING:
            length = length + growth.difference
        elif days >= growth.standing_from_day and position == LYING:
            length = length - growth.difference
        length = _positive(length)
    weight = _positive(child.weight)
    bmi = None
    if weight is not None and length is not None:
        metres = length / HUNDREDTHS
        square = metres * metres
        bmi = _positive(weight / square) if square > 0 else None
    values = {
        "weight": weight,
        "length": length,
        "bmi": bmi,
        "head": _positive(child.head),
        "arm": _positive(child.arm),
    }
    return Measured(child.sex, days, months, position, is_odd, values, child.oedema)


def score(growth: Growth, index: Index, child: Measured) -> Score:
    """One z-score of a child made ready by `measured`."""
    value = child.values[index.of]
    if value is None:
        return Score(None, _lacking(index.of, child))
    if child.sex is None:
        return Score(None, "sex")
    if child.oedema and not index.with_oedema:
        return Score(None, OEDEMA)
    found = _row(growth, index, child)
    if isinstance(found, str):
        return Score(None, found)
    hundredths = _rounded(_z(value, *found, index.extended))
    if hundredths is None:
        return Score(None, OUTSIDE)
    return Score(hundredths, "" if index.low <= hundredths <= index.high else IMPLAUSIBLE)


def _age(growth: Growth, child: Child) -> tuple[int | None, float | None]:
    if child.age_days is not None and 0 <= child.age_days < math.inf:
        whole = math.floor(child.age_days)
        days = whole + 1 if child.age_days - whole >= HALF else whole
        return days, child.age_days / growth.days_in_month
    if child.age_months is not None and 0 <= child.age_months < math.inf:
        exact = child.age_months * growth.days_in_month
        if exact < math.inf:
            return math.floor(exact + HALF), child.age_months
    return None, None


def _positive(value: float | None) -> float | None:
    return value if value is not None and 0 < value < math.inf else None


def _lacking(measure: str, child: Measured) -> str:
    if measure != "bmi":
        return measure
    return "weight" if child.values["weight"] is None else "length"


def _row(growth: Growth, index: Index, child: Measured) -> tuple[float, float, float] | str:
    """L, M, S for the child, or what is wrong."""
    assert child.sex is not None
    for table in index.tables:
        if child.months is not None and not table.since <= child.months < table.until:
            continue
        if table.by == BY_LENGTH:
            length = child.values["length"]
            if length is None:
                return "length"
            if table.position != _judged_as(growth, child, length) or not table.least <= length <= table.most:
                continue
            place = math.floor(length * STEPS)
            share = (length - place / STEPS) / STEP
        elif child.months is None or child.days is None:
            return "age"
        elif table.by == BY_DAY:
            place, share = child.days, 0.0
        else:
            place = math.floor(child.months)
            share = child.months - place
        return growth.rows(table.file)[child.sex].at(place, share) or OUTSIDE
    return OUTSIDE


def _judged_as(growth: Growth, child: Measured, length: float) -> str:
    """Lying or standing: by age, else as measured, else by the length itself."""
    if child.days is not None:
        return LYING if child.days < growth.standing_from_day else STANDING
    if child.position is not None:
        return child.position
    return LYING if length < growth.standing_from_cm else STANDING


def _z(y: float, l: float, m: float, s: float, extended: bool) -> float:  # noqa: E741
    """The z-score of a measure by L, M, S, unrounded."""
    z = (_power(y / m, l) - 1) / (s * l)
    if extended and z > BEYOND:
        last, before = _at_deviation(BEYOND, l, m, s), _at_deviation(BEYOND - 1, l, m, s)
        z = BEYOND + (y - last) / (last - before)
    elif extended and z < -BEYOND:
        last, before = _at_deviation(-BEYOND, l, m, s), _at_deviation(1 - BEYOND, l, m, s)
        z = -BEYOND + (y - last) / (before - last)
    return z


def _at_deviation(k: int, l: float, m: float, s: float) -> float:  # noqa: E741
    """The measure that lies k standard deviations from the median."""
    return m * _power(1 + l * s * k, 1 / l)


def _power(base: float, exponent: float) -> float:
    """As IEEE says it: infinite where Python would raise."""
    try:
        return float(base**exponent)
    except (OverflowError, ZeroDivisionError):
        return math.inf


def _rounded(z: float) -> int | None:
    size = abs(z) * HUNDREDTHS + HALF + NUDGE
    if not size < math.inf:
        return None
    return -math.floor(size) if z < 0 else math.floor(size)
