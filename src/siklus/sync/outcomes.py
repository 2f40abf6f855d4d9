"""What became of a refusal: settled once, by the log or by a person, and numbered for its phone to hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from siklus.access.queries import User
from siklus.kernel.ids import format_record_id
from siklus.sync.models import OPEN, Phone, Refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """`number` rises by one with each outcome of a phone; `state` is how it ended, `seq` its place in the log."""

    number: int
    id: str
    state: str
    reason: str
    seq: int | None


def settle_refusal(
    key: int, state: str, *, seq: int | None = None, reason: str = "", by: User | None = None
) -> bool:
    """Must run in a transaction: the phone's row is locked, so the numbers of its outcomes are in commit order."""
    row = Refusal.objects.get(pk=key)
    phone = Phone.objects.select_for_update().get(pk=row.phone_id)
    done = Refusal.objects.filter(pk=key, state=OPEN).update(
        state=state, seq=seq, reason=reason[:300], settled_at=timezone.now(), settled_by=by, waits_for=None,
        change=phone.told + 1,
    )  # fmt: skip
    if done:
        phone.told += 1
        phone.save(update_fields=["told"])
    return bool(done)


def outcomes_after(phone: Phone, heard: int, limit: int) -> Sequence[Outcome]:
    """What a phone has not heard yet of what was refused, in the order in which it was settled."""
    rows = Refusal.objects.filter(phone=phone, change__gt=heard).order_by("change")[:limit]
    return [
        Outcome(
            row.change or 0,
            "" if row.key is None else format_record_id(row.key),
            row.state,
            row.reason,
            row.seq,
        )
        for row in rows
    ]
