"""Is the log whole, and is the register what the log says? For `siklus doctor`."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Count, Max
from django.db.models.expressions import RawSQL

from siklus.care.actions import rebuild_register
from siklus.care.models import Record
from siklus.kernel.ids import number_of
from siklus.register.queries import fingerprints


def log_size() -> tuple[int, int]:
    """(number of records, last sequence number): equal in a log that lost nothing."""
    found = Record.objects.aggregate(records=Count("id"), last=Max("seq"))
    return found["records"], found["last"] or 0


def last_written() -> datetime.datetime | None:
    """When the server wrote its newest record, by its own clock; None when there is none."""
    return Record.objects.order_by("-seq").values_list("created_at", flat=True).first()


def gaps_in_numbers() -> list[tuple[int, int]]:
    """(device, how many of its numbers are missing) for devices whose records are not numbered 1, 2, 3 ..."""
    devices = Record.objects.annotate(device=RawSQL("id >> 32", ())).values_list("device").order_by("device")
    counted = devices.annotate(Count("id"), Max("id"))
    missing = ((device, number_of(last) - records) for device, records, last in counted)
    return [(device, count) for device, count in missing if count]


def register_differs() -> int:
    """How many persons and families a rebuild would change; nothing is changed."""
    with transaction.atomic():
        before = fingerprints()
        rebuild_register()
        after = fingerprints()
        transaction.set_rollback(True)
    return len(before.items() ^ after.items())
