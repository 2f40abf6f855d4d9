"""Tables of access: users with a role and a scope, devices that number their records, the audit."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from siklus.register.sealed_text import SealedText

DINKES, PUSKESMAS, PUSTU, KADER, ADMIN = "dinkes", "puskesmas", "pustu", "kader", "admin"
KEPALA, AUDITOR = "kepala", "auditor"
ROLES = [
    (DINKES, "Dinas Kesehatan"),
    (PUSKESMAS, "Petugas puskesmas"),
    (KEPALA, "Kepala puskesmas"),
    (PUSTU, "Bidan atau perawat pustu"),
    (KADER, "Kader"),
    (ADMIN, "Pengelola sistem"),
    (AUDITOR, "Auditor"),
]
SCOPE_KINDS = [
    ("kabupaten", "Kabupaten"),
    ("puskesmas", "Puskesmas"),
    ("pustu", "Pustu"),
    ("posyandu", "Posyandu"),
]


class User(AbstractUser):
    """Somebody who logs in. What they may see is `scope_kind` with `scope_code`; an empty scope sees nobody."""

    role = models.CharField(max_length=10, choices=ROLES, default=KADER)
    scope_kind = models.CharField(max_length=10, choices=SCOPE_KINDS, blank=True, default="")
    scope_code = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=100, blank=True, default="")
    has_given_password = models.BooleanField(default=False)
    """Somebody else made the password: nothing opens until they have one of their own."""

    def __str__(self) -> str:
        return self.name or self.username


class SecondStep(models.Model):
    """The key that a user's phone makes codes of. `used_step` is the time of the last code: none is taken twice."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_step")
    key = SealedText()
    used_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """A code on paper for who has lost the phone: only its hash, good once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class Device(models.Model):
    """Something that writes records and numbers them 1, 2, 3 ...: the desk, an import run, a seed, a phone."""

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=100, blank=True, default="")
    last_number = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class UsedTicket(models.Model):
    """A form of the desk that was kept: the same form sent again is not kept twice."""

    code = models.CharField(max_length=64, primary_key=True)
    used_at = models.DateTimeField(db_index=True)


class AuditEntry(models.Model):
    """Who looked at or changed what, and when. Rows are only added; `detail` holds no names or NIK.

    `number` counts them without gaps; `hash` is over the row and the hash of the row before (`chain.py`).
    """

    number = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True, default="", db_index=True)
    detail = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["action", "number"], name="audit_action")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class AuditHead(models.Model):
    """The end of the chain of the audit: how many lines there are, and the hash of the last. One row."""

    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.count} {self.hash[:12]}"
