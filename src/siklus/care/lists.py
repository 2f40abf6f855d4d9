"""The list of needs by name, within the scope of who asks.

A page of names is a page of families, in the order somebody walks: village, RW, RT, family, and in it the eldest first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import QuerySet

from siklus.access.scope import Visitor
from siklus.care.counts import needs_as_of, persons_by_status, totals
from siklus.care.models import Need
from siklus.care.wanted import NeedFilter, is_wide, rows_wanted
from siklus.register.queries import WalkLine, chunks, walk_lines
from siklus.rules.answers import STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """One need of one person, with what a list shows of them."""

    person_id: int
    person_name: str
    birth: int | None
    sex: str
    mother_name: str
    household_id: int | None
    alamat: str
    rt: str
    rw: str
    phone: str
    desa_code: str
    posyandu_code: str
    puskesmas_code: str
    need: str
    package: str
    klaster: str
    unit: str
    unit_id: int
    occurrence: int | None
    status: str
    opens: int | None
    due: int | None
    overdue: int | None
    until: int | None
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPage:
    """A page of families with their needs, and the sums of the whole list (a person counts once in each sum).

    `must_narrow`: the area is a whole district; the sums are there, and names once an area is chosen.
    """

    lines: tuple[NeedLine, ...]
    total_persons: int
    total_households: int
    total_needs: int
    persons_by_status: dict[str, int]
    as_of: int | None
    must_narrow: bool = False


def needs_list(user: Visitor, wanted: NeedFilter, today: int, *, page: int = 1, size: int = 50) -> NeedsPage:
    """The needs of a user's area, `size` families a page; size 0 gives all of them (for a file or for paper)."""
    families: list[list[int]] = []
    lines: list[NeedLine] = []
    must_narrow = is_wide(user, wanted)
    if not must_narrow:
        rows = rows_wanted(user, wanted)
        families = _families(walk_lines(rows.values_list("person_id", flat=True).distinct()))
        shown = families if size == 0 else families[(page - 1) * size : page * size]
        place = {person: place for place, person in enumerate(p for family in shown for p in family)}
        lines = sorted(_lines(rows, place), key=lambda line: _reading_order(line, place))
    persons, needs = totals(user, wanted)
    return NeedsPage(
        lines=tuple(lines),
        total_persons=persons,
        total_households=len(families),
        total_needs=needs,
        persons_by_status=persons_by_status(user, wanted),
        as_of=needs_as_of(user),
        must_narrow=must_narrow,
    )


def _families(persons: list[WalkLine]) -> list[list[int]]:
    """The persons by family, in walking order; who has no family stands alone."""
    families: dict[tuple[str, str, str, int, int], list[tuple[int, int]]] = {}
    for line in persons:
        alone = 0 if line.household_id else line.person_id
        family = (line.desa_code, _padded(line.rw), _padded(line.rt), line.household_id or 0, alone)
        families.setdefault(family, []).append((line.birth or 0, line.person_id))
    return [[person for _, person in sorted(families[family])] for family in sorted(families)]


def _padded(number: str) -> str:
    return number.rjust(5, "0")


def _lines(rows: QuerySet[Need], place: dict[int, int]) -> list[NeedLine]:
    found: list[NeedLine] = []
    for ids in chunks(place):
        some = rows.filter(person_id__in=ids).select_related("person__household", "person__mother")
        found.extend(_line(row) for row in some)
    return found


def _line(row: Need) -> NeedLine:
    person, home = row.person, row.person.household
    return NeedLine(
        person_id=row.person_id, person_name=person.name, birth=person.birth, sex=person.sex,
        mother_name=person.mother.name if person.mother else "", household_id=person.household_id,
        alamat=home.alamat if home else "", rt=home.rt if home else "", rw=home.rw if home else "",
        phone=person.phone, desa_code=row.desa_code, posyandu_code=row.posyandu_code,
        puskesmas_code=row.puskesmas_code, need=row.need, package=row.package, klaster=row.klaster,
        unit=row.unit, unit_id=row.unit_id, occurrence=row.occurrence, status=row.status, opens=row.opens,
        due=row.due, overdue=row.overdue, until=row.until, asks=tuple(json.loads(row.asks)),
    )  # fmt: skip


def _reading_order(line: NeedLine, place: dict[int, int]) -> tuple[int, int, int, str]:
    return place[line.person_id], STATUSES.index(line.status), line.due or 0, line.need
