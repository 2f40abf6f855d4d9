"""Guests: persons whose care is entrusted to a second area for a time. Their home, and every figure, stays where it is.

Whether somebody is a guest follows from the day alone, so nothing has to run at midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from siklus.records.drafts import StoredRecord
from siklus.records.guests import Entrusted, entrusted
from siklus.register.models import POSYANDU, PUSKESMAS, Guest, Person
from siklus.register.placing import Placing, Residence
from siklus.register.queries import chunks

__all__ = ("Guest",)


@dataclass(frozen=True, slots=True)
class Visit:
    """Where and when somebody is a guest; both days are part of it."""

    area: Residence
    first: int
    last: int


def on_day(day: int) -> QuerySet[Guest]:
    """Who is a guest somewhere on a day."""
    return Guest.objects.filter(first__lte=day, last__gte=day)


def begun_by(day: int) -> QuerySet[Guest]:
    """Who is or was a guest somewhere by a day."""
    return Guest.objects.filter(first__lte=day)


def turned(after: int, upto: int) -> QuerySet[Guest]:
    """Whose time began or ended by itself on a day after one, up to another."""
    began, ended = Q(first__gt=after, first__lte=upto), Q(last__gte=after, last__lt=upto)
    return Guest.objects.filter(began | ended)


def of_person(person_id: int) -> QuerySet[Guest]:
    """Every time of one person, the newest first."""
    return Guest.objects.filter(person_id=person_id).order_by("-first", "-id")


def visits_of(person_ids: Iterable[int]) -> dict[int, frozenset[Visit]]:
    """All times of these persons, by person, of absorbed ones those of the survivor; who has none is left out."""
    if not Guest.objects.exists():
        return {}
    into: dict[int, int] = {}
    for ids in chunks(person_ids):
        rows = Person.objects.filter(id__in=ids).values_list("id", "merged_into")
        into.update((key, key if survivor is None else survivor) for key, survivor in rows)
    found: dict[int, set[Visit]] = {}
    for ids in chunks(set(into.values())):
        for row in Guest.objects.filter(person_id__in=ids):
            area = Residence(desa=row.desa_code, posyandu=row.posyandu_code, puskesmas=row.puskesmas_code)
            found.setdefault(row.person_id, set()).add(Visit(area, row.first, row.last))
    return {key: frozenset(found[survivor]) for key, survivor in into.items() if survivor in found}


def area_of(facility: str, placing: Placing) -> Residence | None:
    """The area to which care is entrusted with a facility; None for a code that is none."""
    kind = placing.kind.get(facility)
    if kind is None:
        return None
    if kind == PUSKESMAS:
        return Residence(puskesmas=facility)
    return Residence(
        desa=placing.desa.get(facility, ""),
        posyandu=facility if kind == POSYANDU else "",
        puskesmas=placing.puskesmas_of(facility),
    )


def project_guests(
    records_by_person: Mapping[int, Sequence[StoredRecord]],
    gone: Iterable[int],
    into: Mapping[int, int],
    placing: Placing,
) -> None:
    """Writes the times these records tell of; who is `gone` from the register is nobody's guest."""
    left = set(gone)
    for ids in chunks(records_by_person):
        Guest.objects.filter(person_id__in=ids).delete()
    rows = [
        _row(told, into.get(person, person), area)
        for person, records in records_by_person.items()
        if not left.intersection((person, into.get(person, person)))
        for told in entrusted(records)
        if (area := area_of(told.to, placing)) is not None
    ]
    Guest.objects.bulk_create(rows)


def _row(told: Entrusted, person: int, area: Residence) -> Guest:
    return Guest(
        id=told.id, person_id=person, facility_code=told.to, first=told.first, last=told.last, desa_code=area.desa,
        posyandu_code=area.posyandu, puskesmas_code=area.puskesmas,
    )  # fmt: skip
