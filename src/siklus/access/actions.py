"""What changes in access: users, devices and their numbers, and the audit, which only grows."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max

from siklus.access.audit import add_entry
from siklus.access.models import Device, User
from siklus.access.permissions import permissions
from siklus.access.scope import Visitor
from siklus.kernel.problems import Problem, ProblemError
from siklus.register import actions as register_actions
from siklus.register import asking
from siklus.register import queries as register
from siklus.register.areas import place_or_facility

DESK, EDGE = "desk", "edge"
BLOCKS_FROM, BLOCK = 2**20, 2**12
_SKIPPED_PART = 2**8  # of all numbers of devices is left out when a backup was put back: 4,096, at an edge 16
_NUMBERS_GONE = Problem(
    "A06", "perangkat", "nomor perangkat dari kabupaten sudah habis", "", "Daftarkan lagi."
)
"""Edges number their devices from blocks of this size, above all numbers of the district's own."""
ALLOTTED = "device-block"
"""The fact of an installation that is an edge: the devices it may make, first-last."""


def log_look(user: Visitor, action: str, subject: str, detail: str = "") -> None:
    """One line of the audit. `subject` names a person or list by id or code; no names and no NIK go in.

    Who works at the server's console without a name stands there as nobody.
    """
    somebody = user if isinstance(user, User) and user.pk is not None else None
    add_entry(somebody, action, subject[:60], detail)


def note(user: Visitor, action: str, subject: str = "", detail: str = "") -> None:
    """The same line, for what was done rather than looked at."""
    log_look(user, action, subject, detail)


def add_user(*, username: str, password: str, role: str, scope_code: str, name: str = "") -> User:
    """A new user for a role and the place of their scope; ProblemError tells everything that does not fit."""
    problems = []
    roles = permissions().roles
    scope_kind = roles[role].place if role in roles else None
    if scope_kind is None:
        problems.append(
            Problem("A01", "peran", f"'{role}' bukan peran", f"salah satu dari {', '.join(roles)}")
        )
    if allotted() is not None:
        problems.append(
            Problem("A07", "pengguna", "pengguna server ini diatur di kabupaten", "", "Tambahkan di sana.")
        )
    area = place_or_facility(scope_code)
    if area is None:
        problems.append(Problem("A02", "wilayah", f"kode '{scope_code}' tidak ada dalam daftar"))
    elif scope_kind is not None and area.kind != scope_kind:
        problems.append(
            Problem("A03", "wilayah", f"{area.name} adalah {area.kind}", f"diharapkan {scope_kind}")
        )
    if User.objects.filter(username=username).exists():
        problems.append(Problem("A04", "nama masuk", f"'{username}' sudah dipakai", "", "Pilih nama lain."))
    try:
        validate_password(password, User(username=username, name=name))
    except ValidationError as error:
        problems.extend(Problem("A05", "kata sandi", str(message)) for message in error.messages)
    if problems:
        raise ProblemError(problems)
    return User.objects.create_user(
        username=username,
        password=password,
        role=role,
        scope_kind=scope_kind,
        scope_code=scope_code,
        name=name,
    )


@transaction.atomic
def add_device(*, kind: str, name: str = "") -> int:
    """A new writer of records; its id begins the id of each of them. ProblemError where an edge has used its block."""
    own = allotted()
    if own is None and connection.vendor == "postgresql":
        return Device.objects.create(kind=kind, name=name).pk
    # SQLite has one writer, and would go on above the highest number there is: that may be one of a block.
    own = own or range(1, BLOCKS_FROM)
    highest = Device.objects.filter(pk__range=(own[0], own[-1])).aggregate(last=Max("pk"))["last"]
    number = own[0] if highest is None else highest + 1
    if number not in own:
        raise ProblemError([_NUMBERS_GONE])
    return Device.objects.create(pk=number, kind=kind, name=name).pk


def allotted() -> range | None:
    """The numbers of devices that the district gave this edge; None where this is no edge."""
    first, _, last = register.installation_fact(ALLOTTED).partition("-")
    return range(int(first), int(last) + 1) if last else None


@transaction.atomic
def number_afresh() -> None:
    """After a backup was put back: no number is given again that was given since it was made.

    Phones, edges and papers may still speak of what is gone here; it must never become somebody else. The desk goes on
    as a new device, and devices are numbered from above all that can have been made since.
    """
    own = allotted() or range(1, BLOCKS_FROM)
    highest = Device.objects.filter(pk__range=(own[0], own[-1])).aggregate(last=Max("pk"))["last"] or 0
    number = max(highest, own[0]) + len(own) // _SKIPPED_PART
    if number not in own:
        raise ProblemError([_NUMBERS_GONE])
    Device.objects.create(pk=number, kind=DESK)
    if own[0] == 1:
        allot_block("")
        if connection.vendor == "postgresql":
            asking.tell("SELECT setval(pg_get_serial_sequence('access_device', 'id'), %s)", number)


@transaction.atomic
def allot_block(name: str) -> range:
    """A block of numbers for an edge, whose own number is the first of them."""
    used = Device.objects.select_for_update().filter(pk__gte=BLOCKS_FROM, kind=EDGE).count()
    first = BLOCKS_FROM + used * BLOCK
    Device.objects.create(pk=first, kind=EDGE, name=name)
    return range(first, first + BLOCK)


@transaction.atomic
def use_block(block: range) -> None:
    """This installation is an edge from now on: what is written at its desk has the first number of the block."""
    Device.objects.filter(last_number=0).delete()
    register_actions.set_installation_fact(ALLOTTED, f"{block[0]}-{block[-1]}")
    Device.objects.create(pk=block[0], kind=DESK)


def raise_numbers(last: Mapping[int, int]) -> None:
    """No device numbers a record anew that came back from the district: {device: highest number}."""
    for device, number in last.items():
        Device.objects.filter(pk=device, last_number__lt=number).update(last_number=number)


def devices_of(block: range) -> list[tuple[int, str, str, int]]:
    """(number, kind, name, last number used) of the devices of a block."""
    rows = Device.objects.filter(pk__range=(block[0], block[-1])).order_by("pk")
    return list(rows.values_list("pk", "kind", "name", "last_number"))


def desk_device() -> int:
    """The device of what is written at the desk: the newest (`number_afresh`)."""
    device = Device.objects.filter(kind=DESK).order_by("-id").first()
    return device.pk if device is not None else add_device(kind=DESK)


@transaction.atomic
def take_numbers(device: int, count: int) -> int:
    """The first of `count` numbers in a row, now used; the device stays locked until the transaction ends."""
    row = Device.objects.select_for_update().get(pk=device)
    first = row.last_number + 1
    row.last_number += count
    row.save(update_fields=["last_number"])
    return first
