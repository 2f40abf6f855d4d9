"""Figures kept by place and period: asked of a place and of its parts, within a user's scope. Sums only, no names.

A place that keeps no sums of its own (a pustu) has those of the villages it serves. What nobody has counted is absent,
which is not the same as nought.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from siklus.access.scope import Visitor, access_area
from siklus.library.loading import load_book
from siklus.monitoring.counting import FALSE, TRUE, UNKNOWN, Sums, read_components
from siklus.monitoring.models import Figure, FigureRun
from siklus.register import areas
from siklus.register.areas import Area

_PARTS = {
    areas.KABUPATEN: "puskesmas",
    areas.KECAMATAN: areas.DESA,
    "puskesmas": areas.DESA,
    "pustu": areas.DESA,
    areas.DESA: "posyandu",
}


class NewFigure(NamedTuple):
    """A row to be kept; `components` and `groups` are JSON as the table has them."""

    indicator: str
    place: str
    registered: int
    reached: int
    complete: int
    unclear: int
    components: str
    groups: str


@dataclass(slots=True)
class Counted:
    """The figures of an indicator in a period at a place.

    `groups` is by "sex:age group" and "sex:fact=answer", each the four figures, then how many have each component.
    """

    indicator: str
    sums: Sums = field(default_factory=Sums)
    groups: dict[str, list[int]] = field(default_factory=dict)

    def add(self, other: Counted) -> None:
        """Puts the figures of another place on top."""
        self.sums.add(other.sums)
        for name, numbers in other.groups.items():
            mine = self.groups.get(name)
            self.groups[name] = (
                list(numbers) if mine is None else [a + b for a, b in zip(mine, numbers, strict=True)]
            )

    def of(self, what: str) -> int:
        """A number by its name: `registered reached complete unclear`, or of a component how many have it."""
        if what in ("registered", "reached", "complete", "unclear"):
            return int(getattr(self.sums, what))
        return self.component(what)[TRUE]

    def component(self, name: str) -> tuple[int, int, int]:
        """(true, false, unknown) of the registered."""
        counts = self.sums.components.get(name, (0, 0, 0))
        return counts[TRUE], counts[FALSE], counts[UNKNOWN]

    def split(self, what: str, fact: str = "") -> dict[str, int]:
        """The same number by "sex:age group", or by "sex:answer" of a fact."""
        names = ("registered", "reached", "complete", "unclear", *self.sums.components)
        at = names.index(what) if what in names else None
        if at is None:
            return {}
        split: dict[str, int] = {}
        for group, numbers in self.groups.items():
            sex, _, rest = group.partition(":")
            asked, told, answer = rest.rpartition("=")
            if asked == fact and bool(told) == bool(fact):
                split[f"{sex}:{answer}"] = numbers[at]
        return split


def fact_group(sex: str, fact: str, answer: str) -> str:
    """The name under which the people of one sex with one answer are counted."""
    return f"{sex}:{fact}={answer}"


Found = Mapping[tuple[str, str], Counted]
"""By (period, indicator)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedOn:
    """When the figures of a period were counted; `is_current_book` is false when the rule book has changed since."""

    as_of: int
    finished_at: datetime.datetime
    is_current_book: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresOfPart:
    """The figures of one part of a place."""

    area: Area
    found: Found


def counted_on(period: str) -> CountedOn | None:
    """The last time the figures of this period were counted; None when never."""
    run = FigureRun.objects.filter(period=period).first()
    if run is None:
        return None
    is_current = run.rulebook == load_book().hash
    return CountedOn(as_of=run.as_of, finished_at=run.finished_at, is_current_book=is_current)


def counted_periods(periods: Collection[str]) -> set[str]:
    """Those of the periods that were counted at all."""
    return set(FigureRun.objects.filter(period__in=periods).values_list("period", flat=True))


def figures_at(user: Visitor, place: str, periods: Collection[str], indicators: Collection[str]) -> Found:
    """The figures of a place; NotInScope for one outside the user's."""
    area = access_area(user, place)
    return _found(_keeping(area), periods, indicators)[""]


def figures_under(
    user: Visitor, place: str, periods: Collection[str], indicators: Collection[str]
) -> tuple[FiguresOfPart, ...]:
    """The same for each part of a place: kabupaten by puskesmas, puskesmas by village, village by posyandu."""
    area = access_area(user, place)
    kind = _PARTS.get(area.kind)
    parts = areas.areas_under(place, kind) if kind else ()
    by_code = _found({part.code: part.code for part in parts}, periods, indicators)
    return tuple(FiguresOfPart(area=part, found=by_code.get(part.code, {})) for part in parts)


def figures_of_kind(
    user: Visitor, place: str, kind: str, periods: Collection[str], indicators: Collection[str]
) -> tuple[FiguresOfPart, ...]:
    """The same for each area of a kind at or below a place: the villages of a whole district."""
    found = areas.areas_under(access_area(user, place).code, kind)
    by_code = _found({area.code: area.code for area in found}, periods, indicators)
    return tuple(FiguresOfPart(area=area, found=by_code.get(area.code, {})) for area in found)


def parts_of(area: Area) -> str:
    """The kind of the parts that `figures_under` gives; empty for a posyandu, which has none."""
    return _PARTS.get(area.kind, "")


def _keeping(area: Area) -> dict[str, str]:
    """The places whose sums make those of the area, all under one name."""
    if area.kind == "pustu":
        return {desa.code: "" for desa in areas.areas_under(area.code, areas.DESA)}
    return {area.code: ""}


def _found(
    names: Mapping[str, str], periods: Collection[str], indicators: Collection[str]
) -> dict[str, dict[tuple[str, str], Counted]]:
    """By the name each place goes under, then by (period, indicator)."""
    found: dict[str, dict[tuple[str, str], Counted]] = {name: {} for name in names.values()}
    rows = Figure.objects.filter(place__in=list(names), period__in=periods, indicator__in=indicators)
    for row in rows:
        here = found[names[row.place]].setdefault((row.period, row.indicator), Counted(row.indicator))
        here.add(_counted(row))
    return found


def _counted(row: Figure) -> Counted:
    sums = Sums(row.registered, row.reached, row.complete, row.unclear, read_components(row.components))
    return Counted(row.indicator, sums, json.loads(row.groups))


def models_of(period: str, rows: Iterable[NewFigure], as_of: int) -> list[Figure]:
    """The rows as they are kept."""
    return [Figure(period=period, as_of=as_of, **row._asdict()) for row in rows]
