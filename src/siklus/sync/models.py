"""Tables of sync: phones and who may use them, codes to enrol one, what was refused, whom to settle.

A phone's key is the number of its device: it begins the id of each record the phone writes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from siklus.register.sealed_text import SealedText

ACTIVE, SUSPENDED, LOST, WIPE, WIPED = "aktif", "henti", "hilang", "hapus", "terhapus"
EMPTY = "kosongkan"
"""Of an edge: it sends what it has, and is wiped then."""
STATES = (ACTIVE, SUSPENDED, LOST, EMPTY, WIPE, WIPED)
OPEN, ACCEPTED, MENDED, DISMISSED = "terbuka", "diterima", "dibetulkan", "dikesampingkan"
CODE, DESA = 40, 13


class Placed(models.Model):
    """The codes every row about a place carries, so that a user's scope is one condition."""

    desa_code = models.CharField(max_length=DESA, blank=True, default="")
    posyandu_code = models.CharField(max_length=CODE, blank=True, default="")
    puskesmas_code = models.CharField(max_length=CODE, blank=True, default="")

    class Meta:
        abstract = True


class Phone(Placed):
    """A phone that was enrolled; what it said at its last contact stands here too.

    `seen_until`: every record up to this number has come. `told` counts the outcomes of what was refused.
    """

    device_id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    scope_kind = models.CharField(max_length=10)
    scope_code = models.CharField(max_length=CODE)
    token_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=ACTIVE)
    why = models.CharField(max_length=200, blank=True, default="")
    enrolled_at = models.DateTimeField(auto_now_add=True)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    last_contact = models.DateTimeField(null=True)
    last_push = models.DateTimeField(null=True)
    last_pull = models.DateTimeField(null=True)
    pending = models.IntegerField(null=True)
    last_number = models.BigIntegerField(default=0)
    seen_until = models.BigIntegerField(default=0)
    pulled = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)
    app_version = models.CharField(max_length=40, blank=True, default="")
    protocol = models.IntegerField(null=True)
    clock_offset = models.IntegerField(null=True)
    last_device = models.BigIntegerField(default=0)
    """Of an edge: the last of the numbers it gives to the devices that write there, itself the first. 0: a phone."""

    class Meta:
        indexes = [models.Index(fields=["puskesmas_code"], name="phone_puskesmas")]
        constraints = [models.CheckConstraint(condition=Q(state__in=STATES), name="phone_state")]

    def __str__(self) -> str:
        return f"{self.name} ({self.device_id})"

    @property
    def is_edge(self) -> bool:
        """True for the server of a puskesmas, which has phones of its own."""
        return self.last_device > 0

    @property
    def own(self) -> range:
        """The devices whose numbers it may use."""
        return range(self.device_id, max(self.device_id, self.last_device) + 1)


class SubDevice(models.Model):
    """A device that writes at an edge, as the edge tells of it: its desk, an import, a phone.

    `pending`: what a phone said it holds and had not sent to the edge.
    """

    device_id = models.BigIntegerField(primary_key=True)
    edge = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=100, blank=True, default="")
    last_number = models.BigIntegerField(default=0)
    seen_until = models.BigIntegerField(default=0)
    pending = models.IntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.device_id} at {self.edge_id}"


class PhoneUser(models.Model):
    """Somebody who may write on a phone. Who stopped stays here: what they wrote before is still taken.

    The PIN never leaves the phone; a higher `pin_round` makes the phone ask for a new one.
    """

    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="users")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    may_write = models.BooleanField(default=True)
    pin_round = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phone", "user"], name="phone_user_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.phone_id}"


class Enrolment(Placed):
    """A code that enrols one phone, once, for a while. Only its hash is kept."""

    code_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    scope_kind = models.CharField(max_length=10)
    scope_code = models.CharField(max_length=CODE)
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField()
    is_edge = models.BooleanField(default=False)
    phone = models.ForeignKey(Phone, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.name} until {self.expires_at}"


class Refusal(Placed):
    """A record that was not let in, as it came, with the reasons; it stays until somebody settles it, and after.

    `key` is empty when what came had no id. `waits_for` is a record it speaks of that has not come yet: it is judged
    again when that one does. `change` numbers the outcomes its phone has to hear.
    """

    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, related_name="refusals")
    key = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=40, blank=True, default="")
    person_id = models.BigIntegerField(null=True)
    body = SealedText()
    problems = models.TextField(default="[]")
    waits_for = models.BigIntegerField(null=True)
    is_conflict = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    received_at = models.DateTimeField(auto_now_add=True)
    times = models.IntegerField(default=1)
    state = models.CharField(max_length=15, default=OPEN)
    seq = models.BigIntegerField(null=True)
    change = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone", "digest"], name="refusal_once"),
        ]
        indexes = [
            models.Index(fields=["key"], name="refusal_key"),
            models.Index(fields=["waits_for"], name="refusal_waits", condition=Q(waits_for__isnull=False)),
            models.Index(fields=["puskesmas_code", "state"], name="refusal_puskesmas"),
            models.Index(fields=["phone", "change"], name="refusal_told", condition=Q(change__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"


class Waiting(models.Model):
    """A person or family of whom records came and whose needs and coverage are still to be computed again."""

    unit = models.CharField(max_length=10)
    unit_id = models.BigIntegerField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "unit_id"], name="waiting_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.unit_id}"


class Link(models.Model):
    """Of an edge: its way to the district. One row, or none where this server is no edge.

    `upto` is how far of the district's log has come; `seen` the same when last nothing waited here; `pushed` how far of
    the log here was answered; `heard` the last outcome heard. `area_...`: the file of the whole area that is being
    taken in, how many of its records were, of how many.
    """

    url = models.CharField(max_length=300)
    device_id = models.BigIntegerField()
    last_device = models.BigIntegerField()
    token = SealedText()
    scope_code = models.CharField(max_length=CODE)
    cursor = models.TextField(blank=True, default="")
    upto = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    pushed = models.BigIntegerField(default=0)
    heard = models.BigIntegerField(default=0)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    last_contact = models.DateTimeField(null=True)
    last_round = models.DateTimeField(null=True)
    last_fault = models.CharField(max_length=300, blank=True, default="")
    area_tag = models.CharField(max_length=80, blank=True, default="")
    area_done = models.IntegerField(default=0)
    area_all = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.device_id} of {self.url}"


class SentUp(models.Model):
    """Of an edge: a record the district has and that has not come back (`seq`), or has come unasked (no `seq`)."""

    key = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.key} {self.seq}"


class TakenOut(models.Model):
    """Of an edge: the number of a record of its own that was in its log and is there no more."""

    key = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.key}"


class GivenBack(models.Model):
    """Of an edge: a record that was taken out of its log and is not in the district's, with the reasons.

    `menunggu`: the district has not answered yet. `terbuka`: refused; it stands in the district's inbox too.
    """

    key = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40)
    person_id = models.BigIntegerField(null=True)
    author_id = models.BigIntegerField(null=True)
    body = SealedText()
    problems = models.TextField(default="[]")
    state = models.CharField(max_length=15)
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Mirrored(models.Model):
    """Of an edge: a user as the district told of them last, by hash: what changed there is taken over, once."""

    user_id = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.user_id}"
