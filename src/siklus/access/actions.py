"""What changes in access: users, devices and their numbers, and the audit, which only grows."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from siklus.access.audit import add_entry
from siklus.access.models import Device, User
from siklus.access.permissions import permissions
from siklus.access.scope import Visitor
from siklus.kernel.problems import Problem, ProblemError
from siklus.register.areas import place_or_facility

DESK = "desk"


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


def add_device(*, kind: str, name: str = "") -> int:
    """A new writer of records; its id begins the id of each of them."""
    return Device.objects.create(kind=kind, name=name).pk


def desk_device() -> int:
    """The device of what is written at the desk."""
    device = Device.objects.filter(kind=DESK).order_by("id").first()
    return device.pk if device is not None else add_device(kind=DESK)


@transaction.atomic
def take_numbers(device: int, count: int) -> int:
    """The first of `count` numbers in a row, now used; the device stays locked until the transaction ends."""
    row = Device.objects.select_for_update().get(pk=device)
    first = row.last_number + 1
    row.last_number += count
    row.save(update_fields=["last_number"])
    return first
