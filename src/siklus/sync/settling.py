"""Needs and coverage after a push: the phone is answered first, then those concerned are computed, many at a time.

A push only notes whom it touched, in its own transaction; the keeper beside the server takes the notes
(docs/decisions/0038). Two phones that bring the same family cost one computation.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection, transaction
from django.utils import timezone

from siklus.care import queries as care
from siklus.doubles.keeping import look_at
from siklus.monitoring import actions as monitoring
from siklus.records.drafts import Outcome, newcomers
from siklus.register import asking
from siklus.register.queries import chunks
from siklus.sync.models import Waiting

PERSON, HOUSEHOLD, NEWCOMER = "person", "household", "newcomer"
AT_ONCE = 200
_NOTE = {
    "postgresql": "INSERT INTO sync_waiting (unit, since, unit_id) SELECT %s, %s::timestamptz, unnest(%s::bigint[])"
    " ON CONFLICT DO NOTHING",
    "sqlite": "INSERT OR IGNORE INTO sync_waiting (unit, since, unit_id) SELECT %s, %s, value FROM json_each(%s)",
}


def note_touched(outcomes: Sequence[Outcome]) -> int:
    """Notes everybody these outcomes concern; how many."""
    return note_units(care.touched_by(outcomes), care.families_touched_by(outcomes), newcomers(outcomes))


def note_units(persons: Collection[int], homes: Collection[int], registered: Collection[int] = ()) -> int:
    """Notes these persons and families, and who was registered now; how many."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    # In one order, so that two phones never wait for each other.
    for unit, found in ((PERSON, persons), (HOUSEHOLD, homes), (NEWCOMER, registered)):
        if found:
            asking.tell(_NOTE[connection.vendor], unit, now, asking.keys(sorted(found)))
    return len(persons) + len(homes) + len(registered)


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
        look_at(key for _, unit, key in taken if unit == NEWCOMER)
    return len(taken)


def forget_waiting() -> None:
    """Everybody was computed by other means since they were noted."""
    Waiting.objects.exclude(unit=NEWCOMER).delete()


def waiting_count() -> int:
    """How many persons and families wait to be computed again."""
    return Waiting.objects.exclude(unit=NEWCOMER).count()
