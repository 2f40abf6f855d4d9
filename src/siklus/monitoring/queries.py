"""Questions of monitoring: the SPM page of a place, its parts, the names behind a number, how fresh the figures are.

Figures come from the sums by village and posyandu and never from the people themselves, so that a district opens as
fast as a posyandu. The same sums settle where a page of names begins: a list has as many lines as its number says.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from siklus.access import clock
from siklus.access.scope import Visitor, access_area, access_persons, scope_filter
from siklus.kernel import periods
from siklus.kernel.places import is_place_code
from siklus.library.loading import load_book
from siklus.monitoring.counting import FALSE, UNKNOWN, Place, Sums, read_components, read_words
from siklus.monitoring.models import Coverage, CoverageUnit, RebuildRun
from siklus.monitoring.targets import NO_TARGET, PlaceTarget, target_finder
from siklus.register import areas
from siklus.register import queries as register
from siklus.register.areas import Area
from siklus.rules.choosing import KEPT

ALL, REACHED, COMPLETE, LACKING, UNCLEAR = "all", "reached", "complete", "lacking", "unclear"
STATES = (ALL, REACHED, COMPLETE, LACKING, UNCLEAR)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The last time everything was made again; `is_current_book` is false when the rule book has changed since."""

    on_day: int
    year: int
    finished_at: datetime.datetime
    rulebook: str
    is_current_book: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpmRow:
    """The figures of an indicator in a place. `target` is None when no sasaran was entered; it is never guessed.

    Complete is out of the target officially and out of the registered for daily work; the caller says which.
    `lacking_by_component` and `unknown_by_component` are numbers of registered units, in the order of the source.
    """

    indicator: str
    target: int | None
    target_source: str
    registered: int
    reached: int
    complete: int
    unclear: int
    lacking_by_component: Mapping[str, int]
    unknown_by_component: Mapping[str, int]

    @property
    def lacking(self) -> int:
        """Registered and not complete."""
        return self.registered - self.complete


@dataclass(frozen=True, slots=True, kw_only=True)
class SpmPage:
    """All indicators of a place in a year; `as_of` is None when the year was never counted for everybody."""

    year: int
    place: str
    rows: tuple[SpmRow, ...]
    as_of: AsOf | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpmPart:
    """One indicator in one part of a place; `area` is None for people whose residence names no such part."""

    area: Area | None
    row: SpmRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLine:
    """One unit behind a number, with the components it lacks and those of which a fact is missing."""

    person_id: int
    unit: str
    unit_id: int
    counted: bool | None
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpmNames:
    """A page of names, by village, posyandu and name; `total` is how many there are on all pages."""

    row: SpmRow
    lines: tuple[NameLine, ...]
    total: int
    page: int
    pages: int


def spm_page(user: Visitor, year: int, place: str = "") -> SpmPage:
    """Every indicator for the user's scope, or for a place at or below it; NotInScope for any other."""
    code = place or _own_place(user)
    sums = _sums_by_indicator(_rows(user, year, code))
    target_of = target_finder(year)
    rows = tuple(_row(name, sums.get(name), target_of(name, code)) for name in indicator_names())
    return SpmPage(year=year, place=code, rows=rows, as_of=as_of(year))


def spm_parts(user: Visitor, indicator: str, year: int, place: str = "") -> tuple[SpmPart, ...]:
    """An indicator by the parts of a place: kabupaten by puskesmas, puskesmas by village, village by posyandu.

    The parts add up to the figure of the place.
    """
    code = place or _own_place(user)
    area = areas.place_or_facility(code)
    at = _part_of(area.kind) if area else _part_of(areas.DESA)
    sums: dict[str, Sums] = {}
    for row in _rows(user, year, code).filter(indicator=indicator):
        sums.setdefault(getattr(row, at), Sums()).add(_figures(row))
    known = {part.code: part for part in areas.areas_under(code, _PART_KIND[at])}
    target_of = target_finder(year)
    # Also a part where nobody is registered is shown: its target may say that somebody should be.
    codes = [*known, *sorted(sums.keys() - known.keys() - {""}), *([""] if "" in sums else [])]
    return tuple(
        SpmPart(
            area=known.get(part) or areas.place_or_facility(part) if part else None,
            row=_row(indicator, sums.get(part), target_of(indicator, part) if part else NO_TARGET),
        )
        for part in codes
    )


def spm_names(
    user: Visitor,
    indicator: str,
    year: int,
    place: str = "",
    component: str = "",
    state: str = LACKING,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> SpmNames:
    """The people behind one figure. With a component and LACKING: whom it is lacking or unknown for."""
    code = place or _own_place(user)
    rows = list(_rows(user, year, code).filter(indicator=indicator).order_by(*_PLACE))
    sums = _sums_by_indicator(rows)
    counts = [_how_many(_figures(row), state, component) for row in rows]
    total = sum(counts)
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    lines: list[NameLine] = []
    first, seen = (page - 1) * size, 0
    for row, count in zip(rows, counts, strict=True):
        start, seen = seen, seen + count
        if start < first + size and seen > first:
            named = _lines_at(user, row, state, component)
            lines += named[max(0, first - start) : first + size - start]
    figures = _row(indicator, sums.get(indicator), target_finder(year)(indicator, code))
    return SpmNames(row=figures, lines=tuple(lines), total=total, page=page, pages=pages)


def as_of(year: int | None = None) -> AsOf | None:
    """The last rebuild (of a year); None when there was none."""
    runs = RebuildRun.objects.all() if year is None else RebuildRun.objects.filter(year=year)
    run = runs.order_by("-id").first()
    if run is None:
        return None
    return AsOf(
        on_day=run.on_day, year=run.year, finished_at=run.finished_at, rulebook=run.rulebook,
        is_current_book=run.rulebook == load_book().hash,
    )  # fmt: skip


def last_rebuild() -> AsOf | None:
    """The last rebuild of all."""
    return as_of()


def indicator_names() -> list[str]:
    """The indicators of a calendar year and of its school year, by their official number."""
    return sorted(indicator.name for indicator in load_book().indicators if indicator.period in KEPT)


_PLACE = ("puskesmas_code", "desa_code", "posyandu_code")
_PART_KIND = {"puskesmas_code": "puskesmas", "desa_code": areas.DESA, "posyandu_code": "posyandu"}


def _part_of(kind: str) -> str:
    if kind in (areas.DESA, "posyandu"):
        return "posyandu_code"
    return "desa_code" if kind in ("puskesmas", "pustu", areas.KECAMATAN) else "puskesmas_code"


def _own_place(user: Visitor) -> str:
    return str(getattr(user, "scope_code", ""))


def _rows(user: Visitor, year: int, place: str) -> QuerySet[Coverage]:
    access_area(user, place)
    inside = Q() if place == _own_place(user) else in_place(place)
    held = [period.name for period in periods.yearly(year, clock.today())]
    return Coverage.objects.filter(scope_filter(user), inside, period__in=held)


def in_place(code: str) -> Q:
    """The rows of a place, of any table with its codes; of a pustu those of the villages it serves."""
    if register.kabupatens() <= {code}:
        return Q()  # also people of whom no village is known
    if is_place_code(code):
        return Q(desa_code=code) | Q(desa_code__startswith=f"{code}.")
    area = areas.place_or_facility(code)
    if area is not None and area.kind == "pustu":
        return Q(desa_code__in=[desa.code for desa in areas.areas_under(code, areas.DESA)])
    return Q(puskesmas_code=code) | Q(posyandu_code=code)


def _figures(row: Coverage) -> Sums:
    return Sums(row.registered, row.reached, row.complete, row.unclear, read_components(row.components))


def _sums_by_indicator(rows: Iterable[Coverage]) -> dict[str, Sums]:
    sums: dict[str, Sums] = {}
    for row in rows:
        sums.setdefault(row.indicator, Sums()).add(_figures(row))
    return sums


def _row(indicator: str, sums: Sums | None, target: PlaceTarget) -> SpmRow:
    sums = sums or Sums()
    names = load_book().indicator(indicator).components
    nothing = [0, 0, 0]
    return SpmRow(
        indicator=indicator, target=target.value, target_source=target.source, registered=sums.registered,
        reached=sums.reached, complete=sums.complete, unclear=sums.unclear,
        lacking_by_component={name: sums.components.get(name, nothing)[FALSE] for name in names},
        unknown_by_component={name: sums.components.get(name, nothing)[UNKNOWN] for name in names},
    )  # fmt: skip


def _how_many(sums: Sums, state: str, component: str) -> int:
    if component and state == LACKING:
        counts = sums.components.get(component, [0, 0, 0])
        return counts[FALSE] + counts[UNKNOWN]
    return {
        ALL: sums.registered,
        REACHED: sums.reached,
        COMPLETE: sums.complete,
        LACKING: sums.registered - sums.complete,
        UNCLEAR: sums.unclear,
    }[state]


def _lines_at(user: Visitor, row: Coverage, state: str, component: str) -> Sequence[NameLine]:
    """Everybody of one place behind a figure, by name."""
    here = Place(row.desa_code, row.posyandu_code, row.puskesmas_code)
    units = CoverageUnit.objects.filter(
        scope_filter(user), period=row.period, indicator=row.indicator, desa_code=here.desa,
        posyandu_code=here.posyandu, puskesmas_code=here.puskesmas, **_STATE_FILTERS[state],
    )  # fmt: skip
    if component and state == LACKING:
        word = f'"{component}"'
        units = units.filter(Q(lacking__contains=word) | Q(unknown__contains=word))
    found = list(units)
    names: dict[int, str] = {}
    for ids in register.chunks(unit.person_id for unit in found):
        names.update(access_persons(user).filter(id__in=ids).values_list("id", "name_key"))
    # Who moved out of scope a moment ago may still stand here: a name is shown only through `access_persons`.
    found = [unit for unit in found if unit.person_id in names]
    found.sort(key=lambda unit: (names[unit.person_id], unit.person_id, unit.unit_id))
    return [
        NameLine(
            person_id=unit.person_id, unit=unit.unit, unit_id=unit.unit_id, counted=unit.counted,
            lacking=read_words(unit.lacking), unknown=read_words(unit.unknown),
        )
        for unit in found
    ]  # fmt: skip


_STATE_FILTERS: dict[str, dict[str, bool | None]] = {
    ALL: {"counted": True},
    REACHED: {"counted": True, "reached": True},
    COMPLETE: {"counted": True, "complete": True},
    LACKING: {"counted": True, "complete": False},
    UNCLEAR: {"counted": None},
}
