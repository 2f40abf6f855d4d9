"""Who may see whom. Everything read for a user passes here; outside their scope a person does not exist (404).

A scope is one place: kabupaten (Dinkes), puskesmas, pustu (the villages it serves today) or posyandu (kader).
The filters stand on the codes each row carries, so they are one indexed equality.
"""

from __future__ import annotations

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404

from siklus.access import clock
from siklus.access.models import User
from siklus.access.permissions import permissions
from siklus.register import areas, guests
from siklus.register import queries as register
from siklus.register.areas import Area
from siklus.register.queries import Household, Person

Visitor = User | AnonymousUser
SEE_PERSONS = "see_persons"
"""The act of the permissions without which nobody is in anybody's scope."""


class NotInScope(Http404):
    """The person, family or place is not there, or not for this user: the answer is the same."""


def scope_filter(user: Visitor, prefix: str = "") -> Q:
    """The rows of a table with desa_code, posyandu_code and puskesmas_code that this user may see; none by default."""
    nobody = Q(**{f"{prefix}pk__in": []})
    if not _has_scope(user) or user.role not in permissions().acts[SEE_PERSONS]:
        return nobody
    match user.scope_kind:
        case "puskesmas":
            return Q(**{f"{prefix}puskesmas_code": user.scope_code})
        case "posyandu":
            return Q(**{f"{prefix}posyandu_code": user.scope_code})
        case "pustu":
            return Q(**{f"{prefix}desa_code__in": register.desas_served(user.scope_code, clock.today())})
        case "kabupaten":
            if register.kabupatens() <= {user.scope_code}:
                return (
                    Q()
                )  # the whole installation is theirs; no condition lets the indexes of a list do their work
            return Q(**{f"{prefix}desa_code__startswith": f"{user.scope_code}."})
    return nobody


def access_persons(user: Visitor) -> QuerySet[Person]:
    """Everybody this user may see, also as guests of today, without those absorbed by a merge."""
    home, here = scope_filter(user), guests_here(user)
    theirs = home | Q(id__in=here) if here else home
    return register.people().filter(theirs)


def guests_here(user: Visitor) -> frozenset[int]:
    """Whose care is entrusted to this user's area today; some may have their home in it as well.

    Asked first and on its own: with nobody there, as nearly always, no list pays for the possibility.
    """
    if not _has_scope(user) or user.scope_kind == areas.KABUPATEN:
        return frozenset()  # of a whole district everybody is in scope at home
    found = guests.on_day(clock.today()).filter(scope_filter(user))
    return frozenset(found.values_list("person_id", flat=True))


def is_at_home(user: Visitor, person_id: int) -> bool:
    """Has this person their home in the user's area? Only there care is entrusted to others."""
    return register.people().filter(scope_filter(user), id=person_id).exists()


def access_person(user: Visitor, person_id: int) -> Person:
    """One person in scope; for an absorbed one the survivor. NotInScope when there is none for this user."""
    survivor = register.survivor_of(person_id)
    person = access_persons(user).filter(id=survivor).first()
    if person is None:
        raise NotInScope(person_id)
    return person


def access_everybody(user: Visitor) -> QuerySet[Person]:
    """Everybody at home in the area, with those absorbed by a merge, each where their own records put them."""
    return register.everybody().filter(scope_filter(user))


def access_households(user: Visitor) -> QuerySet[Household]:
    """The families this user may see: those living in scope, and those with a member in scope."""
    members = access_persons(user).filter(household_id__isnull=False).values("household_id")
    return register.households().filter(scope_filter(user) | Q(id__in=members))


def access_household(user: Visitor, household_id: int) -> Household:
    """One family in scope; NotInScope otherwise. Its members are asked for by `access_persons`."""
    household = register.households().filter(id=household_id).first()
    if household is None:
        raise NotInScope(household_id)
    lives_here = register.households().filter(scope_filter(user), id=household_id).exists()
    if not lives_here and not access_persons(user).filter(household_id=household_id).exists():
        raise NotInScope(household_id)
    return household


def access_facilities(user: Visitor) -> tuple[Area, ...]:
    """Puskesmas, pustu and posyandu of this user's area, each kind by name."""
    if not _has_scope(user):
        return ()
    return tuple(area for kind in areas.FACILITY_KINDS for area in areas.areas_under(user.scope_code, kind))


def access_desas(user: Visitor) -> tuple[Area, ...]:
    """Villages of this user's area."""
    return areas.areas_under(user.scope_code, areas.DESA) if _has_scope(user) else ()


def access_area(user: Visitor, code: str) -> Area:
    """A place or facility at or below the user's own; NotInScope otherwise."""
    area = areas.place_or_facility(code)
    if area is None or not _has_scope(user):
        raise NotInScope(code)
    if code == user.scope_code or any(step.code == user.scope_code for step in areas.area_path(code)):
        return area
    if any(area.code == code for area in access_desas(user)):
        return area
    raise NotInScope(code)


def _has_scope(user: Visitor) -> TypeGuard[User]:
    return isinstance(user, User) and user.is_active and bool(user.scope_kind and user.scope_code)
