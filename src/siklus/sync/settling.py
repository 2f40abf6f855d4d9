"""Needs and coverage after a push: the phone is answered first, then those concerned are computed, many at a time.

A push only notes whom it touched, in its own transaction; the keeper beside the server takes the notes
(docs/decisions/0038). Two phones that bring the same family cost one computation.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from siklus.care import queries as care
from siklus.monitoring import actions as monitoring
from siklus.records.drafts import Outcome
from siklus.register.queries import chunks
from siklus.sync.models import Waiting

PERSON, HOUSEHOLD = "person", "household"
AT_ONCE = 200


def note_touched(outcomes: Sequence[Outcome]) -> int:
    """Notes everybody these outcomes concern; how many."""
    noted = [(PERSON, key) for key in care.touched_by(outcomes)]
    noted += [(HOUSEHOLD, key) for key in care.families_touched_by(outcomes)]
    rows = [Waiting(unit=unit, unit_id=key) for unit, key in noted]
    Waiting.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def settle_waiting(today: int, limit: int = AT_ONCE) -> int:
    """Computes those who have waited longest, up to a number; how many. Their notes go in the same transaction."""
    if not Waiting.objects.exists():
        return 0
    with transaction.atomic():
        rows = Waiting.objects.order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        taken = list(rows[:limit].values_list("id", "unit", "unit_id"))
        for some in chunks([key for key, _, _ in taken]):
            Waiting.objects.filter(id__in=some).delete()
        persons = [key for _, unit, key in taken if unit == PERSON]
        homes = [key for _, unit, key in taken if unit == HOUSEHOLD]
        monitoring.settle(persons, today, homes)
    return len(taken)


def waiting_count() -> int:
    """How many persons and families wait to be computed again."""
    return Waiting.objects.count()
