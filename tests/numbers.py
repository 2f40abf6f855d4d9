"""NIK and No. KK of rows, opened."""

from __future__ import annotations

from siklus.register.identity import KK, NIK, indexes, opened
from siklus.register.models import Household, Person


def nik(person: Person) -> str:
    """The NIK of a person, empty when there is none."""
    return opened(NIK, person.sealed_nik)


def card(family: Household | None) -> str:
    """The No. KK of a family."""
    return opened(KK, family.sealed_kk) if family is not None else ""


def family_of_card(number: str) -> Household:
    """The family of a No. KK."""
    return Household.objects.get(kk_index__in=indexes(KK, [number]))
