"""Devices with numbers of their own choosing: a seed's records carry the same ids on every machine."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.color import no_style
from django.db import connection

from siklus.access.models import Device

SEED = "seed"


def keep_devices(devices: Iterable[tuple[int, str, int]]) -> None:
    """Writes (id, name, last number used) of devices that are new here."""
    Device.objects.bulk_create(
        Device(id=key, kind=SEED, name=name, last_number=last) for key, name, last in devices
    )
    # PostgreSQL hands out ids by a sequence that does not notice ids given by hand.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Device]):
            cursor.execute(statement)
