"""The second step of coming in: a code that the user's phone makes (TOTP, RFC 6238), or one of ten codes on paper.

The key is sealed like a NIK; of the codes on paper only hashes are kept. A code is good once, within a step of the
clock. Wrong ones count as wrong passwords do: after too many the login name must wait.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils import timezone

from siklus.access import actions, queries
from siklus.access.models import RecoveryCode, SecondStep, User
from siklus.access.permissions import permissions
from siklus.register.queries import is_sample
from siklus.register.resealing import reseal_texts

ISSUER = "Siklus"
CODES = 10
_KEY_BYTES = 20
_DIGITS, _SECONDS = 6, 30
_EARLIER, _LATER = 1, 1
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _GROUP = 4, 4
_PAPER = re.compile("-?".join([f"[{_LETTERS}]{{{_GROUP}}}"] * _GROUPS))


@dataclass(frozen=True, slots=True)
class Offer:
    """What a phone is shown once: the address in the QR, and the same key for typing."""

    address: str
    key: str


def is_wanted(user: User) -> bool:
    """Must this user come in by two steps? Whoever has set it up must; of a sample nobody else."""
    return has(user) or (user.role in permissions().second_step and not is_sample())


def has(user: User) -> bool:
    """True for who has set it up."""
    return SecondStep.objects.filter(user=user, confirmed_at__isnull=False).exists()


def is_set_up(row: User) -> bool:
    """The same of a row that was read together with it."""
    found = getattr(row, "second_step", None)
    return found is not None and found.confirmed_at is not None


def codes_left(user: User) -> int:
    """How many codes on paper are still good."""
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def without() -> list[str]:
    """The login names of those who must have it and have not set it up."""
    found = User.objects.filter(role__in=permissions().second_step, is_active=True)
    return list(found.exclude(second_step__confirmed_at__isnull=False).values_list("username", flat=True))


def offer(user: User) -> Offer:
    """A key for a phone, the same until it is confirmed."""
    row, _made = SecondStep.objects.get_or_create(user=user, defaults={"key": _new_key()})
    told = _totp(row).get_provisioning_uri(user.username, ISSUER)
    return Offer(told, " ".join(row.key[at : at + _GROUP] for at in range(0, len(row.key), _GROUP)))


@transaction.atomic
def confirm(user: User, code: str) -> tuple[str, ...]:
    """The first code of the phone: from now on it is asked for. Gives the codes on paper, or nothing: a wrong code."""
    row = SecondStep.objects.select_for_update().filter(user=user, confirmed_at__isnull=True).first()
    if row is None or not _takes(row, code):
        return ()
    row.confirmed_at = timezone.now()
    row.save(update_fields=["confirmed_at"])
    actions.note(user, "kode masuk dipasang", f"pengguna {user.pk}")
    return new_codes(user)


def could_be_code(typed: str) -> bool:
    """Has it the shape of a code, of phone or paper? Passwords are longer than the one and not like the other."""
    plain = "".join(typed.split())
    return (plain.isdecimal() and len(plain) == _DIGITS) or bool(_PAPER.fullmatch(plain.lower()))


def is_right(user: User, typed: str) -> bool:
    """Is this a code of the user's phone or paper, not used before? A wrong one is a line of the audit and counts."""
    if queries.is_paused(user.username):
        return False
    with transaction.atomic():
        right = _is_of_phone(user, typed) or _is_of_paper(user, typed)
    if not right:
        actions.note(user, queries.REFUSED_LOGIN, user.username, "kode")
    return right


@transaction.atomic
def new_codes(user: User) -> tuple[str, ...]:
    """Ten new codes on paper; the former ones are good no more."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = tuple(_paper_code() for _n in range(CODES))
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, hash=_hash_of(user, code)) for code in codes)
    actions.note(user, "kode pemulihan dibuat", f"pengguna {user.pk}")
    return codes


@transaction.atomic
def take_away(user: User) -> None:
    """Nothing is left of it: a new phone begins anew. Whoever lets this happen writes the line of the audit."""
    SecondStep.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def reseal() -> int:
    """The keys under the sealing key in force; gives how many were written."""
    return reseal_texts(SecondStep, ("key",))


def step_now() -> int:
    """Which step of the clock it is, for phones and here alike."""
    return int(timezone.now().timestamp()) // _SECONDS


def _is_of_phone(user: User, typed: str) -> bool:
    row = SecondStep.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    return row is not None and _takes(row, typed)


def _takes(row: SecondStep, typed: str) -> bool:
    code, totp, now = "".join(typed.split()).encode(), _totp(row), step_now()
    for step in range(max(now - _EARLIER, row.used_step + 1), now + _LATER + 1):
        if bytes_eq(totp.generate(step * _SECONDS), code):
            row.used_step = step
            row.save(update_fields=["used_step"])
            return True
    return False


def _is_of_paper(user: User, typed: str) -> bool:
    found = RecoveryCode.objects.filter(user=user, hash=_hash_of(user, typed), used_at__isnull=True)
    if not found.update(used_at=timezone.now()):
        return False
    actions.note(user, "kode pemulihan dipakai", f"pengguna {user.pk}", f"tersisa {codes_left(user)}")
    return True


def _totp(row: SecondStep) -> TOTP:
    return TOTP(base64.b32decode(row.key), _DIGITS, SHA1(), _SECONDS)  # noqa: S303  what every app on phones speaks


def _new_key() -> str:
    return base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _paper_code() -> str:
    """79 bits: too many to try, so that a quick hash is enough."""
    groups = ("".join(secrets.choice(_LETTERS) for _n in range(_GROUP)) for _m in range(_GROUPS))
    return "-".join(groups)


def _hash_of(user: User, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(f"{user.pk}:{plain}".encode()).hexdigest()
