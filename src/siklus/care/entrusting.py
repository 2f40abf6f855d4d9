"""Entrusting somebody's care to a second area for a time: who may, for how long, ending it early, prolonging it.

Only the area where somebody has their home does so. Everything is a record through the one door; that a time is over
needs none (`register.guests`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from siklus.access.may import ENTRUST, may
from siklus.access.permissions import permissions
from siklus.access.queries import User
from siklus.access.scope import NotInScope, Visitor, is_at_home, scope_filter
from siklus.care import log
from siklus.care.actions import append_records, correct_record, void_record
from siklus.care.wanted import NeedFilter, places
from siklus.kernel.dates import iso
from siklus.records.drafts import DraftRecord, Outcome
from siklus.records.persons import ENTRUSTING
from siklus.register import guests
from siklus.register import queries as register
from siklus.register.guests import Guest

TO, FIRST, LAST, WHY, REMARK = "ke", "mulai", "sampai", "sebab", "catatan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """One time for which somebody is entrusted: to which facility, both days part of it, why, what was remarked."""

    id: int
    person: int
    to: str
    first: int
    last: int
    why: str
    remark: str

    def holds(self, today: int) -> bool:
        """Is it going on?"""
        return self.first <= today <= self.last


class TooLong(Exception):
    """Longer than `permissions.yaml` allows: then somebody has moved. `most` is the number of days."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NotElsewhere(Exception):
    """The area named is where this person has their home."""


def may_entrust(user: Visitor, person: int) -> bool:
    """May this user entrust this person to somebody else?"""
    return may(user, ENTRUST) and is_at_home(user, person)


def entrust(
    user: User, person: int, *, to: str, first: int, last: int, why: str, remark: str, today: int
) -> Outcome:
    """Care is shared with the area of a facility from a day to a day. TooLong, NotElsewhere; NotInScope for a guest."""
    _check(user, person, first, last)
    home = register.places_of_persons([person])[person]
    if to in (home.posyandu, home.puskesmas) or guests.area_of(to, register.placing()) is None:
        raise NotElsewhere
    data = {TO: to, FIRST: iso(first), LAST: iso(last), WHY: why, REMARK: remark or None}
    draft = DraftRecord(kind=ENTRUSTING, on=today, person=person, data=data)
    return append_records([draft], author=user, today=today, refresh=False)[0]


def prolong(user: User, time: Time, last: int, *, why: str, today: int) -> Outcome:
    """Another last day, later or earlier."""
    _check(user, time.person, time.first, last)
    return correct_record(
        time.id, author=user, why=why, changes={LAST: iso(last)}, today=today, refresh=False
    )


def end(user: User, time: Time, *, why: str, today: int) -> Outcome:
    """Over from now on: yesterday was the last day, or it never was."""
    _check(user, time.person, time.first, time.first)
    if time.first >= today:
        return void_record(time.id, author=user, why=why, today=today, refresh=False)
    return prolong(user, time, today - 1, why=why, today=today)


def times_of(person: int) -> tuple[Time, ...]:
    """Every time of one person, the newest first; who may see the person sees them."""
    return tuple(_times(guests.of_person(person)))


def times_on(persons: Iterable[int], today: int) -> dict[int, Time]:
    """The time that is going on of each of these persons, the one that ends last; others are left out."""
    found: dict[int, Time] = {}
    for ids in register.chunks(persons):
        held = guests.on_day(today).filter(person_id__in=ids).order_by("last", "id")
        found.update((time.person, time) for time in _times(held))
    return found


def guests_in(user: Visitor, wanted: NeedFilter, today: int) -> tuple[Time, ...]:
    """Who is a guest of this area today and has their home elsewhere."""
    found = list(guests.on_day(today).filter(scope_filter(user), places(wanted)).order_by("last", "id"))
    own = register.people().filter(scope_filter(user), places(wanted))
    at_home = set(own.filter(id__in={row.person_id for row in found}).values_list("id", flat=True))
    return tuple(_times(row for row in found if row.person_id not in at_home))


def _check(user: User, person: int, first: int, last: int) -> None:
    if not may(user, ENTRUST):
        raise PermissionDenied
    if not is_at_home(user, person):
        raise NotInScope(person)
    most = permissions().entrusting.most_days
    if last - first >= most:
        raise TooLong(most)


def _times(rows: Iterable[Guest]) -> Iterable[Time]:
    held = list(rows)
    versions = log.versions_of([row.id for row in held])
    for row in held:
        said = versions[row.id][-1].data
        yield Time(
            id=row.id, person=row.person_id, to=row.facility_code, first=row.first, last=row.last,
            why=str(said.get(WHY) or ""), remark=str(said.get(REMARK) or ""),
        )  # fmt: skip
