"""The list of needs by name, within the scope of who asks.

A page of names is a page of families, in the order somebody walks: village, RW, RT, family, and in it the eldest first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import QuerySet

from siklus.access.scope import Visitor
from siklus.care.counts import needs_as_of, persons_by_status, totals
from siklus.care.models import Need
from siklus.care.wanted import NeedFilter, is_wide, rows_of_guests, rows_wanted, searched
from siklus.register.queries import chunks, in_walking_order
from siklus.rules.answers import STATUSES
from siklus.rules.vocabulary import HOUSEHOLD


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


# The columns of a line, in the order of its fields.
_OF_PERSON = {
    "person_id": "person_id", "person_name": "person__name", "birth": "person__birth", "sex": "person__sex",
    "mother_name": "person__mother__name", "household_id": "person__household_id",
    "alamat": "person__household__alamat", "rt": "person__household__rt", "rw": "person__household__rw",
    "phone": "person__phone",
}  # fmt: skip
_NAMES = tuple(field.name for field in fields(NeedLine))
_COLUMNS = tuple(_OF_PERSON.get(name, name) for name in _NAMES)
_TEXTS = frozenset({"mother_name", "alamat", "rt", "rw"})


def needs_list(user: Visitor, wanted: NeedFilter, today: int, *, page: int = 1, size: int = 50) -> NeedsPage:
    """The needs of a user's area, `size` families a page; size 0 gives all of them (for a file or for paper)."""
    families: list[list[int]] = []
    lines: list[NeedLine] = []
    wanted = searched(user, wanted)
    must_narrow = is_wide(user, wanted)
    if not must_narrow:
        rows = rows_wanted(user, wanted)
        families = _families(in_walking_order(rows.values_list("person_id", flat=True)))
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


def guests_list(user: Visitor, wanted: NeedFilter, persons: Collection[int]) -> tuple[NeedLine, ...]:
    """What guests need, of those who need something, in the order given. No sum counts them: their home does."""
    place = {person: number for number, person in enumerate(persons)}
    rows = rows_of_guests(user, wanted, persons)
    return tuple(sorted(_lines(rows, place), key=lambda line: _reading_order(line, place)))


def _families(persons: Iterable[tuple[int, int | None]]) -> list[list[int]]:
    """The persons by family, as they follow one another; who has no family stands alone."""
    families: list[list[int]] = []
    last: int | None = None
    for person, family in persons:
        if family is None or family != last:
            families.append([])
        families[-1].append(person)
        last = family
    return families


def _lines(rows: QuerySet[Need], place: dict[int, int]) -> list[NeedLine]:
    found: list[NeedLine] = []
    for ids in chunks(place):
        some = rows.filter(person_id__in=ids).values_list(*_COLUMNS)
        found.extend(NeedLine(**dict(zip(_NAMES, _known(row), strict=True))) for row in some)
    return found


def _known(row: tuple[Any, ...]) -> list[Any]:
    """A person without family or mother has nulls in the texts that come from there."""
    *values, asks = row
    return [
        *(
            "" if value is None and name in _TEXTS else value
            for name, value in zip(_NAMES, values, strict=False)
        ),
        tuple(json.loads(asks)),
    ]


def _reading_order(line: NeedLine, place: dict[int, int]) -> tuple[int, bool, int, int, str]:
    """What is owed to the family as such comes before what is owed to who stands for it."""
    return (
        place[line.person_id],
        line.unit != HOUSEHOLD,
        STATUSES.index(line.status),
        line.due or 0,
        line.need,
    )
