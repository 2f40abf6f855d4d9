"""Counts of needs over a user's area, from the kept sums where they suffice. A person counts once in each figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Sum

from siklus.access.scope import Visitor, scope_filter
from siklus.care.lasting import day_noted
from siklus.care.models import Need
from siklus.care.seen import Row, unseen
from siklus.care.wanted import NeedFilter, rows_wanted, tallied_status, tallies, tallies_wanted
from siklus.rules.answers import STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedCount:
    """How many persons of the scope have needs of a package in a status."""

    package: str
    klaster: str
    status: str
    persons: int
    needs: int


def need_counts(user: Visitor, today: int) -> tuple[NeedCount, ...]:
    """Persons and needs of each package in each status, over the user's area."""
    rows = (
        tallies(user)
        .filter(need="", status__in=STATUSES)
        .exclude(package="")
        .values_list("package", "klaster", "status")
        .annotate(Sum("persons"), Sum("needs"))
        .order_by("klaster", "package", "status")
    )
    beside = unseen(user, NeedFilter())
    persons_beside = beside.persons(lambda row: (row.package, row.klaster, row.status))
    needs_beside = beside.needs(lambda row: (row.package, row.klaster, row.status))
    counts = (
        NeedCount(
            package=package, klaster=klaster, status=status,
            persons=persons - persons_beside.get((package, klaster, status), 0),
            needs=needs - needs_beside.get((package, klaster, status), 0),
        )
        for package, klaster, status, persons, needs in rows
    )  # fmt: skip
    return tuple(count for count in counts if count.persons)


def persons_with(user: Visitor, today: int, wanted: NeedFilter | None = None) -> dict[str, int]:
    """Persons with a need in each status, in `now` (overdue or due) and in `any`; places and needs as filtered."""
    wanted = wanted or NeedFilter()
    sums = dict(tallies_wanted(user, wanted).values_list("status").annotate(Sum("persons")))
    beside = unseen(user, wanted).persons_by_status()
    seen = {status: persons - beside.get(status, 0) for status, persons in sums.items()}
    return {status: persons for status, persons in seen.items() if persons}


def persons_by_area(user: Visitor, wanted: NeedFilter, kind: str) -> dict[str, int]:
    """Persons with such needs by code of puskesmas, desa or posyandu (`kind`)."""
    status = tallied_status(wanted)
    if status is None:
        rows = rows_wanted(user, wanted).values_list(f"{kind}_code")
        return dict(rows.annotate(Count("person_id", distinct=True)))
    sums = tallies_wanted(user, wanted).filter(status=status).values_list(f"{kind}_code")
    beside = unseen(user, wanted).persons(lambda row: getattr(row, kind), wanted.statuses or STATUSES)
    seen = {code: persons - beside.get(code, 0) for code, persons in sums.annotate(Sum("persons"))}
    return {code: persons for code, persons in seen.items() if persons}


def totals(user: Visitor, wanted: NeedFilter) -> tuple[int, int]:
    """(persons, needs) of a list."""
    status = tallied_status(wanted)
    if status is None:
        rows = rows_wanted(user, wanted)
        found = rows.aggregate(persons=Count("person_id", distinct=True), needs=Count("id"))
        return found["persons"], found["needs"]
    sums = tallies_wanted(user, wanted).filter(status=status)
    found = sums.aggregate(persons=Sum("persons"), needs=Sum("needs"))
    beside, statuses = unseen(user, wanted), wanted.statuses or STATUSES
    return (
        (found["persons"] or 0) - beside.persons(_together, statuses).get("", 0),
        (found["needs"] or 0) - beside.needs(_together, statuses).get("", 0),
    )


def persons_by_status(user: Visitor, wanted: NeedFilter) -> dict[str, int]:
    """Persons of a list by status, in the order in which a reader has to act."""
    if wanted.query or wanted.needs is not None:
        rows = rows_wanted(user, wanted).values_list("status")
        found = dict(rows.annotate(Count("person_id", distinct=True)))
    else:
        found = persons_with(user, 0, wanted)
    shown = wanted.statuses or STATUSES
    return {status: found[status] for status in STATUSES if status in shown and found.get(status)}


def needs_as_of(user: Visitor) -> int | None:
    """The day for which the lists of this area hold; None when they are empty.

    A row tells on which day it was computed; it stays until a day that can change it, so a new day need not touch it.
    """
    day: int | None = Need.objects.filter(scope_filter(user)).aggregate(day=Min("as_of"))["day"]
    return None if day is None else max(day, day_noted() or day)


def _together(_row: Row) -> str:
    return ""
