"""Takes away what has no use any more, as `knowledge/retention.yaml` says: never a record, a refusal, the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from siklus.doubles.keeping import drop_pairs_of_nobody
from siklus.library.retention import load_retention
from siklus.sync.actions import drop_codes_before
from siklus.sync.snapshots import drop_made_before


def tidy(now: datetime) -> dict[str, int]:
    """How many of each sort went, by the names of the file."""
    past = {name: now - timedelta(days=each.after_days) for name, each in load_retention().removed.items()}
    with transaction.atomic():
        done = {
            "sessions": _sessions(past["sessions"]),
            "codes": drop_codes_before(past["codes"]),
            "gone_pairs": drop_pairs_of_nobody(),
        }
    return {**done, "snapshots": drop_made_before(past["snapshots"].timestamp())}


def _sessions(moment: datetime) -> int:
    rows = Session.objects.filter(expire_date__lt=moment)
    count: int = rows.count()
    rows.delete()
    return count
