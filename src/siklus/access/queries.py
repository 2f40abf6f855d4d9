"""Questions about users, and the search for persons within a user's scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from siklus.access.models import AuditEntry, User
from siklus.access.scope import (
    NotInScope,
    access_everybody,
    access_household,
    access_households,
    access_person,
    access_persons,
)
from siklus.access.scope import Visitor as Somebody
from siklus.kernel.ids import parse_record_id
from siklus.register import areas
from siklus.register import queries as register
from siklus.register.identity import KK, NIK, indexes, opened
from siklus.register.queries import Person

__all__ = [
    "NotInScope",
    "User",
    "access_household",
    "access_person",
    "find_persons",
    "household_meant",
    "lines_of_everybody",
    "looks_at",
    "person_lines",
    "person_meant",
    "tries_left",
    "visitor",
]

REFUSED_LOGIN = "masuk ditolak"
TRIES, PAUSE = 10, timedelta(minutes=15)
COUNTED = 200
_TOLD_APART = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is logged in; `office` is the name of the place of their scope."""

    name: str
    role: str
    office: str
    scope_kind: str
    scope_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person found; days are numbers, names of places are for reading."""

    id: int
    name: str
    nik: str
    no_kk: str
    birth: int | None
    sex: str
    mother_name: str
    household_id: int | None
    rt: str
    desa_name: str
    posyandu_name: str
    died: int | None
    left: int | None
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first persons of a search, and how many there are in all; counting stops at COUNTED."""

    persons: tuple[PersonLine, ...]
    total: int

    @property
    def is_counted_out(self) -> bool:
        """True when there may be more than `total`."""
        return self.total >= COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One line of the audit about a subject."""

    at: datetime
    who: str
    action: str


def visitor(user: Somebody) -> Visitor:
    """The card of a user; empty for one who has not logged in."""
    if not isinstance(user, User):
        return Visitor(name="", role="", office="", scope_kind="", scope_code="")
    office = areas.place_or_facility(user.scope_code) if user.scope_code else None
    return Visitor(
        name=user.name or user.username,
        role=user.role,
        office=office.name if office else "",
        scope_kind=user.scope_kind,
        scope_code=user.scope_code,
    )


def find_persons(user: Somebody, text: str, limit: int) -> Found:
    """Persons in scope by NIK, No KK or the beginnings of the words of a name.

    Where more begin with the first word than are asked for, those are given; else everybody who matches.
    """
    matches = register.matching(access_persons(user), text).select_related("household", "mother")
    rows = list(register.beginning(matches, text)[: limit + 1])
    if len(rows) <= limit:
        rows = list(matches[: limit + 1])
    total = len(rows) if len(rows) <= limit else matches.order_by()[:COUNTED].count()
    return Found(persons=_lines(rows[:limit]), total=total)


def person_lines(user: Somebody, person_ids: Iterable[int]) -> dict[int, PersonLine]:
    """Those of the persons who are in scope, by id."""
    found: dict[int, PersonLine] = {}
    for ids in register.chunks(person_ids):
        rows = access_persons(user).filter(id__in=ids).select_related("household", "mother")
        found.update((line.id, line) for line in _lines(list(rows)))
    return found


def lines_of_everybody(user: Somebody, person_ids: Iterable[int]) -> dict[int, PersonLine]:
    """The same, also of those absorbed by a merge: as their own records say them."""
    found: dict[int, PersonLine] = {}
    for ids in register.chunks(person_ids):
        rows = access_everybody(user).filter(id__in=ids).select_related("household", "mother")
        found.update((line.id, line) for line in _lines(list(rows)))
    return found


def person_meant(user: Somebody, text: str) -> int | None:
    """The one person in scope of this NIK or number of a record; None when there is none, or more than one."""
    found = access_persons(user).filter(_meant(text, "nik_index", NIK)).values_list("id", flat=True)[:2]
    return found[0] if len(found) == 1 else None


def household_meant(user: Somebody, text: str) -> int | None:
    """The one family in scope of this No. KK or number of a record; None when there is none, or more than one."""
    found = access_households(user).filter(_meant(text, "kk_index", KK)).values_list("id", flat=True)[:2]
    return found[0] if len(found) == 1 else None


def user_named(username: str) -> User | None:
    """The user of a login name."""
    return User.objects.filter(username=username).first()


def operator(username: str = "") -> Somebody:
    """Who works at the server's own console: a named user, or, without a name, one who may see the whole installation.

    LookupError when there is no such user.
    """
    if username:
        user = user_named(username)
        if user is None:
            raise LookupError(username)
        return user
    kabupatens = sorted(register.kabupatens())
    return User(
        username="console",
        role="dinkes",
        scope_kind="kabupaten",
        scope_code=kabupatens[0] if kabupatens else "",
    )


def user_names(ids: set[int]) -> dict[int, str]:
    """How these users are called."""
    return {user.pk: str(user) for user in User.objects.filter(id__in=ids)}


def users_by_hasher() -> dict[str, int]:
    """How many active users have their password kept by each way of hashing."""
    kept = User.objects.filter(is_active=True).values_list("password", flat=True)
    return dict(Counter(word.partition("$")[0] for word in kept))


def looks_at(subjects: Iterable[str]) -> list[Look]:
    """Who opened, changed or took along these subjects (persons by their id), the latest first."""
    rows = AuditEntry.objects.filter(subject__in=list(subjects)).order_by("-at", "-id").select_related("user")
    return [Look(at=row.at, who=str(row.user) if row.user else "", action=row.action) for row in rows]


def is_paused(username: str) -> bool:
    """True when this login name was refused so often of late that it must wait."""
    return tries_left(username) == 0


def refused_as(username: str) -> str:
    """Under what a refused login stands in the audit, and is counted.

    A name that nobody has may be a password, or a NIK, typed where the name belongs: it is told from others, not read.
    """
    if User.objects.filter(username=username).exists():
        return username[:60]
    return f"tak dikenal {salted_hmac(REFUSED_LOGIN, username, algorithm='sha256').hexdigest()[:_TOLD_APART]}"


def tries_left(username: str) -> int:
    """How many wrong passwords this login name has left before it must wait."""
    since = timezone.now() - PAUSE
    tries = AuditEntry.objects.filter(action=REFUSED_LOGIN, subject=refused_as(username), at__gte=since)
    return max(0, TRIES - tries.count())


def _meant(text: str, column: str, what: str) -> Q:
    digits = "".join(letter for letter in text if letter not in " .'-")
    try:
        return Q(id=parse_record_id(text)) | Q(**{f"{column}__in": list(indexes(what, [digits]))})
    except ValueError:
        return Q(**{f"{column}__in": list(indexes(what, [digits]))})


def _lines(rows: Sequence[Person]) -> tuple[PersonLine, ...]:
    names = areas.names_of({row.desa_code for row in rows} | {row.posyandu_code for row in rows})
    return tuple(
        PersonLine(
            id=row.id, name=row.name, nik=opened(NIK, row.sealed_nik),
            no_kk=opened(KK, row.household.sealed_kk) if row.household else "", birth=row.birth, sex=row.sex,
            mother_name=row.mother.name if row.mother else "", household_id=row.household_id,
            rt=row.household.rt if row.household else "", desa_name=names.get(row.desa_code, ""),
            posyandu_name=names.get(row.posyandu_code, ""), died=row.died, left=row.left, phone=row.phone,
        )
        for row in rows
    )  # fmt: skip
