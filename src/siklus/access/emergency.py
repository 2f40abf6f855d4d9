"""Breaking the glass: one person outside the own area, by NIK and with a reason; counted, logged, shown to the head.

Each search is a line of the audit before anything is shown, also one that finds nobody: whoever tries numbers runs out
of tries, and is seen.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from siklus.access import actions
from siklus.access.audit import Wanted, entries
from siklus.access.may import LOOK_UP, READ_AUDIT, READ_OPENINGS, READ_WHOLE_AUDIT, may
from siklus.access.models import AuditEntry, User
from siklus.access.permissions import permissions
from siklus.access.scope import Visitor, access_facilities, access_persons
from siklus.kernel.ids import format_record_id, parse_record_id
from siklus.register import queries as register
from siklus.register.queries import Person

OPENED, NOBODY, READ = "buka darurat", "cari darurat", "lihat pembukaan darurat"
_DIGITS = re.compile(r"\d[\d .-]{4,}\d")
_NEWEST = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """One such look, for who answers for it. `name` is empty where the person is not in the reader's area."""

    number: int
    at: datetime.datetime
    who: str
    person: int
    name: str
    why: str


class NoneLeft(Exception):
    """Looked up too often today."""


def left_today(user: User) -> int:
    """How many searches this user has left until midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    done = AuditEntry.objects.filter(user=user, action__in=(OPENED, NOBODY), at__gte=midnight).count()
    return max(0, permissions().emergency.a_day - done)


def is_reason(text: str) -> bool:
    """Has it enough letters to tell anything?"""
    return sum(letter.isalpha() for letter in text) >= permissions().emergency.reason_letters


@transaction.atomic
def look_up(user: Visitor, nik: str, why: str) -> Person | None:
    """The one person of this NIK, or None: nobody, or more than one. Whoever asks has a line of the audit by then."""
    if not isinstance(user, User) or not may(user, LOOK_UP):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=user.pk)  # two at once are not both the last one
    if not left_today(user):
        raise NoneLeft
    found = {register.survivor_of(key) for key in register.by_nik([nik]).get(nik, ())}
    person = register.people().filter(id__in=found).first() if len(found) == 1 else None
    subject = "" if person is None else format_record_id(person.id)
    actions.note(user, NOBODY if person is None else OPENED, subject, _DIGITS.sub("...", why))
    return person


def openings(user: Visitor, after: int = 0) -> tuple[Opening, ...]:
    """The newest looks, after a line of the audit, at the people of one's area; an auditor reads all, without names.

    A head also reads who of their own users looked elsewhere.
    """
    found = entries(Wanted(action=OPENED)).filter(number__gt=after)[:_NEWEST]
    rows = [(row, _person_of(row)) for row in found]
    known = dict(
        access_persons(user).filter(id__in={person for _row, person in rows}).values_list("id", "name")
    )
    own = {getattr(user, "scope_code", ""), *(area.code for area in access_facilities(user))} - {""}
    return tuple(
        Opening(row.number, row.at, str(row.user), person, known.get(person, ""), row.detail)
        for row, person in rows
        if may(user, READ_WHOLE_AUDIT) or person in known or (may(user, READ_AUDIT) and _office(row) in own)
    )


def unread(user: Visitor) -> int:
    """How many of them this user has not had before their eyes; reading the list is what makes them read."""
    if not isinstance(user, User) or not may(user, READ_OPENINGS):
        return 0
    lines = AuditEntry.objects.filter(user=user, action=READ).order_by("-number")
    return len(openings(user, lines.values_list("number", flat=True).first() or 0))


def _office(row: AuditEntry) -> str:
    return "" if row.user is None else row.user.scope_code


def _person_of(row: AuditEntry) -> int:
    return register.survivor_of(parse_record_id(row.subject))
