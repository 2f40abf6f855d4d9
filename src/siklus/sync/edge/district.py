"""What the district's server does for an edge: a code for it, its block of numbers, and what it needs besides records.

Users go there with the hash of their password, so that people can log in without internet; never those of the district
itself, and no key of a second step (docs/decisions/0050).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from siklus.access import actions as access
from siklus.access.mirroring import users_for
from siklus.access.queries import User
from siklus.access.scope import access_area
from siklus.kernel.problems import Problem, ProblemError
from siklus.register import mirroring as register
from siklus.sync import gaps
from siklus.sync.actions import CODE_LASTS, Key, codes_of, hashed, new_code, new_token
from siklus.sync.models import Enrolment, Phone, PhoneUser, SubDevice

MOST_DEVICES = 5000
PUSKESMAS = "puskesmas"


@dataclass(frozen=True, slots=True)
class Told:
    """A device that writes at an edge, with the last number it has used."""

    device: int
    name: str
    last: int
    pending: int | None = None


@transaction.atomic
def offer(*, by: User, name: str, scope_code: str) -> str:
    """A code that makes one server the edge of a puskesmas, once, within CODE_LASTS. Or ProblemError."""
    place = access_area(by, scope_code)
    problems = []
    if place.kind != PUSKESMAS:
        problems.append(Problem("E04", "wilayah", f"{place.name} bukan puskesmas"))
    if not name.strip():
        problems.append(Problem("E02", "nama", "nama perangkat belum diisi"))
    if problems:
        raise ProblemError(problems)
    code = new_code()
    Enrolment.objects.create(
        code_hash=hashed(code), name=name.strip()[:100], scope_kind=place.kind, scope_code=place.code, made_by=by,
        expires_at=timezone.now() + CODE_LASTS, is_edge=True, **codes_of(place.code),
    )  # fmt: skip
    access.note(by, "buat kode simpul", place.code)
    return code


@transaction.atomic
def enrol(code: str) -> tuple[Key, range] | None:
    """The server that shows this code becomes an edge, with these numbers; None for a code of no use."""
    row = Enrolment.objects.select_for_update().filter(code_hash=hashed(code), is_edge=True).first()
    if row is None or row.phone_id is not None or row.expires_at < timezone.now():
        return None
    block = access.allot_block(row.name)
    token = new_token()
    row.phone = Phone.objects.create(
        device_id=block[0], last_device=block[-1], name=row.name, scope_kind=row.scope_kind, scope_code=row.scope_code,
        enrolled_by=row.made_by, token_hash=hashed(token), puskesmas_code=row.puskesmas_code,
    )  # fmt: skip
    row.save(update_fields=["phone"])
    if row.made_by is not None:
        access.note(row.made_by, "simpul terdaftar", str(block[0]), row.scope_code)
    return Key(block[0], token), block


@transaction.atomic
def ground(edge: Phone, devices: Iterable[Told]) -> dict[str, Any]:
    """What an edge stands on: places, facilities, who serves which village, and the users of its area."""
    keep_devices(edge, devices)
    users = users_for(edge.scope_code)
    writing = [user["id"] for user in users if user["is_active"]]
    for key in (user["id"] for user in users):
        PhoneUser.objects.update_or_create(phone=edge, user_id=key, defaults={"may_write": key in writing})
    PhoneUser.objects.filter(phone=edge, may_write=True).exclude(user_id__in=writing).update(may_write=False)
    return {"scope": edge.scope_code, "users": users, **register.ground_of(edge.scope_code)}


def keep_devices(edge: Phone, devices: Iterable[Told]) -> None:
    """What an edge says of the devices that write there."""
    for told in list(devices)[:MOST_DEVICES]:
        if told.device in edge.own:
            SubDevice.objects.update_or_create(
                device_id=told.device,
                defaults={
                    "edge": edge, "name": told.name[:100], "last_number": told.last, "pending": told.pending,
                },
            )  # fmt: skip


def note_seen(edge: Phone) -> None:
    """Up to which number everything has come, of each device of an edge."""
    for row in SubDevice.objects.filter(edge=edge, seen_until__lt=F("last_number")):
        until = gaps.seen_until(counted(row))
        if until != row.seen_until:
            SubDevice.objects.filter(pk=row.pk).update(seen_until=until)


def counted(row: SubDevice) -> gaps.Counted:
    """A device of an edge as its numbers are counted."""
    return gaps.Counted(row.edge_id, row.device_id, row.seen_until, row.last_number)
