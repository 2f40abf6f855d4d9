"""Questions about phones and refusals, for the desk within a user's scope and for the phones themselves."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Count
from django.http import Http404
from django.utils import timezone

from siklus.access.may import KEEP_DEVICES, may, may_read_kind, may_read_record
from siklus.access.queries import User
from siklus.access.scope import Visitor, scope_filter
from siklus.kernel.problems import Problem
from siklus.library.loading import load_book
from siklus.register import areas
from siklus.sync import gaps
from siklus.sync.models import OPEN, Enrolment, Phone, PhoneUser, Refusal
from siklus.sync.wire import part_of

__all__ = ("Phone", "Refusal")

CLOCK_MAY_DIFFER = timedelta(minutes=10)
_RUNS, _LISTED = 20, 200


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes on a phone."""

    user_id: int
    name: str
    may_write: bool
    pin_round: int


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A phone with what the desk wants to see of it. `missing` are runs of numbers that have not come."""

    phone: Phone
    place: str
    writers: tuple[Writer, ...]
    missing: tuple[gaps.Run, ...]
    refused: int
    is_clock_off: bool


def may_manage(user: Visitor) -> bool:
    """Who enrols and stops phones, and settles what was refused."""
    return may(user, KEEP_DEVICES)


def phone_of(device: int, token: str) -> Phone | None:
    """The phone that holds this secret."""
    phone = Phone.objects.filter(pk=device).first()
    given = hashlib.sha256(token.encode()).hexdigest()
    if phone is None or not phone.token_hash or not hmac.compare_digest(given, phone.token_hash):
        return None
    return phone


def phones(user: Visitor) -> tuple[PhoneLine, ...]:
    """All phones of the user's area, by place and name."""
    rows = list(Phone.objects.filter(scope_filter(user)).order_by("puskesmas_code", "scope_code", "name"))
    return tuple(_lines(rows))


def phone(user: Visitor, device: int) -> PhoneLine:
    """One of them; 404 outside the user's area."""
    row = Phone.objects.filter(scope_filter(user), pk=device).first()
    if row is None:
        raise Http404(device)
    return _lines([row])[0]


def writers_of(row: Phone) -> tuple[Writer, ...]:
    """Who may write on a phone, and who might once."""
    found = PhoneUser.objects.filter(phone=row).select_related("user").order_by("user_id")
    return tuple(
        Writer(each.user_id, str(each.user), each.may_write and each.user.is_active, each.pin_round)
        for each in found
    )


def has_writer(row: Phone) -> bool:
    """Does anybody write on it who still may? An edge has users of its own."""
    writers = PhoneUser.objects.filter(phone=row, may_write=True, user__is_active=True)
    return row.is_edge or writers.exists()


def candidates(user: Visitor, scope_code: str) -> tuple[User, ...]:
    """Who may be named as a writer on a phone of a place: active users who work there."""
    codes = [scope_code]
    for kind in areas.FACILITY_KINDS:
        codes += [area.code for area in areas.areas_under(scope_code, kind)]
    return tuple(User.objects.filter(scope_code__in=codes, is_active=True).order_by("name", "pk"))


def open_offers(user: Visitor) -> Sequence[Enrolment]:
    """Codes that were made and not used yet."""
    rows = Enrolment.objects.filter(scope_filter(user), phone__isnull=True, expires_at__gt=timezone.now())
    return list(rows.order_by("expires_at"))


def inbox(user: Visitor, state: str = OPEN) -> Sequence[Refusal]:
    """What was refused in the user's area and stands like that, oldest first."""
    rows = Refusal.objects.filter(scope_filter(user), state=state)
    listed = rows.select_related("phone", "author", "settled_by").order_by("received_at", "id")
    return list(islice((row for row in listed if _may_know(user, row)), _LISTED))


def inbox_count(user: Visitor) -> int:
    """How many wait for somebody who reads such records. Opened are only those whose values decide."""
    waiting = Refusal.objects.filter(scope_filter(user), state=OPEN)
    counted = 0
    for kind, count in waiting.order_by().values_list("kind").annotate(Count("id")):
        may_know = _may_know_kind(user, kind)
        if may_know is None:
            counted += sum(_may_know(user, row) for row in waiting.filter(kind=kind))
        elif may_know:
            counted += count
    return counted


def refusal(user: Visitor, key: int) -> Refusal:
    """One of them, however it stands; 404 outside the user's area, and for a secret that this user does not read."""
    rows = Refusal.objects.filter(scope_filter(user), pk=key).select_related("phone", "author", "settled_by")
    row = rows.first()
    if row is None or not _may_know(user, row):
        raise Http404(key)
    return row


def _may_know_kind(user: Visitor, kind: str) -> bool | None:
    """Of a kind that is not known here nothing is shown but that it came. None: the values decide."""
    return may_read_kind(user, kind) if kind in load_book().vocabulary.kinds else True


def _may_know(user: Visitor, row: Refusal) -> bool:
    """Refused or not, a secret is one."""
    told = _may_know_kind(user, row.kind)
    if told is not None:
        return told
    values = part_of(body_of(row), "data").items()
    said = {name: value if isinstance(value, str | int | float) else None for name, value in values}
    return may_read_record(user, row.kind, said)


def problems_of(row: Refusal) -> tuple[Problem, ...]:
    """Why it was refused."""
    return tuple(Problem(*each) for each in json.loads(row.problems))


def body_of(row: Refusal) -> Mapping[str, Any]:
    """What came, as it came."""
    body = json.loads(row.body)
    return body if isinstance(body, dict) else {}


def _lines(rows: Sequence[Phone]) -> list[PhoneLine]:
    names = areas.names_of({row.scope_code for row in rows})
    limit = CLOCK_MAY_DIFFER.total_seconds()
    return [
        PhoneLine(
            phone=row,
            place=names.get(row.scope_code, row.scope_code),
            writers=writers_of(row),
            missing=tuple(gaps.missing(gaps.of_phone(row), _RUNS)),
            refused=Refusal.objects.filter(phone=row, state=OPEN).count(),
            is_clock_off=row.clock_offset is not None and abs(row.clock_offset) > limit,
        )
        for row in rows
    ]
