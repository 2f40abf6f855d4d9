"""Whom a new day can change: everybody whose answers last no longer, by what is kept beside their state."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from siklus.care.models import Counter, State
from siklus.register import queries as register
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

_DAY = "needs_on"


def persons_due(today: int) -> list[int]:
    """Persons whose needs, dangers or standing may be others than when they were last computed, village by village.

    So are those of whom it was never worked out until when their answers last.
    """
    homes = register.residences(_due(PERSON, today))
    return sorted(homes, key=lambda person: (homes[person].puskesmas_code, homes[person].desa_code, person))


def households_due(today: int) -> list[int]:
    """Families of whom the same is true, whoever of their members changes."""
    return sorted(_due(HOUSEHOLD, today))


def persons_kept() -> int:
    """How many persons have a state."""
    return State.objects.filter(unit=PERSON).count()


def note_day(today: int) -> None:
    """From now on what is kept of everybody holds for this day."""
    Counter.objects.update_or_create(name=_DAY, defaults={"value": today})


def day_noted() -> int | None:
    """The day for which everybody was last computed or looked at; None before there was one."""
    return Counter.objects.filter(name=_DAY).values_list("value", flat=True).first()


def _due(unit: str, today: int) -> QuerySet[State, int]:
    rows = State.objects.filter(unit=unit).filter(Q(lasts__lte=today) | Q(lasts__isnull=True))
    return rows.values_list("unit_id", flat=True)
