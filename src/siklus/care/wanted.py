"""What a list of needs is narrowed to, as conditions on the read model and its sums; always within a user's scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from siklus.access.may import absent_needs
from siklus.access.queries import visitor
from siklus.access.scope import Visitor, access_persons, scope_filter
from siklus.care.models import Need, NeedTally
from siklus.care.tally import ANY, NOW, NOW_STATUSES
from siklus.register.queries import matching, people
from siklus.rules.answers import STATUSES
from siklus.rules.vocabulary import HOUSEHOLD

_FEW = 500
AREAS = ("puskesmas", "desa", "posyandu")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFilter:
    """What a list is narrowed to; empty means all. `desas` are villages together (of a pustu, of a kecamatan).

    `needs` are several services together (all that a posyandu can do).
    `query` is a search for names, NIK or No KK; `persons` is its answer once it was asked (`searched`).
    """

    puskesmas: str = ""
    desa: str = ""
    desas: tuple[str, ...] = ()
    posyandu: str = ""
    klaster: str = ""
    package: str = ""
    need: str = ""
    needs: tuple[str, ...] | None = None
    statuses: tuple[str, ...] = ()
    query: str = ""
    persons: tuple[int, ...] | None = None


def rows_wanted(user: Visitor, wanted: NeedFilter) -> QuerySet[Need]:
    """The needs of the list, without those that do not exist for this user."""
    rows, absent = rows_of(user, wanted), absent_needs(user)
    return rows.exclude(need__in=absent) if absent else rows


def rows_of(user: Visitor, wanted: NeedFilter) -> QuerySet[Need]:
    """The needs of the list, whether the user may know of them or not."""
    return _narrowed(Need.objects.filter(scope_filter(user), places(wanted)), wanted)


def rows_of_guests(user: Visitor, wanted: NeedFilter, persons: Collection[int]) -> QuerySet[Need]:
    """The same of guests, wherever they have their home; what is owed to their family is their home's."""
    own = Need.objects.filter(person_id__in=persons).exclude(unit=HOUSEHOLD)
    rows, absent = _narrowed(own, wanted), absent_needs(user)
    return rows.exclude(need__in=absent) if absent else rows


def _narrowed(rows: QuerySet[Need], wanted: NeedFilter) -> QuerySet[Need]:
    # All statuses are named even when all are wanted: they are the second column of the indexes.
    rows = rows.filter(status__in=wanted.statuses or STATUSES)
    exact = {name: getattr(wanted, name) for name in ("klaster", "package", "need") if getattr(wanted, name)}
    if exact:
        rows = rows.filter(**exact)
    if wanted.needs is not None:
        rows = rows.filter(need__in=wanted.needs)
    if wanted.persons is not None:
        rows = rows.filter(person_id__in=wanted.persons)
    elif wanted.query:
        rows = rows.filter(person_id__in=matching(people(), wanted.query).order_by().values("id"))
    return rows


def searched(user: Visitor, wanted: NeedFilter) -> NeedFilter:
    """The filter with its search answered, when few are meant: a page asks the same several times."""
    if not wanted.query or wanted.persons is not None:
        return wanted
    found = matching(access_persons(user).filter(places(wanted)), wanted.query)
    persons = tuple(found.order_by().values_list("id", flat=True)[: _FEW + 1])
    return replace(wanted, persons=persons) if len(persons) <= _FEW else wanted


def tallies_wanted(user: Visitor, wanted: NeedFilter) -> QuerySet[NeedTally]:
    """The kept sums of the filter's place and of the narrowest of need, package, klaster it names; every status."""
    if wanted.need:
        level = {"need": wanted.need}
    elif wanted.package:
        level = {"package": wanted.package, "need": ""}
    else:
        level = {"klaster": wanted.klaster, "package": "", "need": ""}
    return tallies(user).filter(places(wanted), **level)


def tallies(user: Visitor) -> QuerySet[NeedTally]:
    """All kept sums of the user's area."""
    return NeedTally.objects.filter(scope_filter(user), persons__gt=0)


def tallied_status(wanted: NeedFilter) -> str | None:
    """The status under which a sum of these statuses is kept; None when it has to be counted."""
    if wanted.query or wanted.needs is not None:
        return None
    if not wanted.statuses:
        return ANY
    if set(wanted.statuses) == set(NOW_STATUSES):
        return NOW
    return wanted.statuses[0] if len(wanted.statuses) == 1 else None


def is_wide(user: Visitor, wanted: NeedFilter) -> bool:
    """True for a whole district: sums are shown, but no names until an area is chosen."""
    is_narrowed = any(getattr(wanted, area) for area in AREAS) or bool(wanted.desas or wanted.query)
    return visitor(user).scope_kind == "kabupaten" and not is_narrowed


def places(wanted: NeedFilter) -> Q:
    """The condition of the filter's places."""
    exact = Q(**{f"{area}_code": getattr(wanted, area) for area in AREAS if getattr(wanted, area)})
    return exact & Q(desa_code__in=wanted.desas) if wanted.desas else exact
