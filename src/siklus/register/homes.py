"""Families as the rules about households see them: where they live, and who lives there now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from siklus.register.models import Household, Person
from siklus.register.queries import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A family and the persons who live in it: not dead, not moved away, not merged into another; by id."""

    id: int
    desa_code: str
    posyandu_code: str
    puskesmas_code: str
    head_id: int | None
    members: tuple[int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def spokesman(self) -> int | None:
        """Who stands for the family in a list: the head, else the member registered first; None where nobody lives."""
        return self.head_id if self.head_id in self.members else min(self.members, default=None)


def homes(household_ids: Iterable[int]) -> dict[int, Home]:
    """These families by id; absent ones are left out."""
    found: dict[int, Home] = {}
    for ids in chunks(sorted(household_ids)):
        living: dict[int, list[int]] = {}
        for person, household in _living(ids).values_list("id", "household_id"):
            living.setdefault(household or 0, []).append(person)
        for row in Household.objects.filter(id__in=ids):
            found[row.id] = Home(
                id=row.id, desa_code=row.desa_code, posyandu_code=row.posyandu_code,
                puskesmas_code=row.puskesmas_code, head_id=row.head_id, members=tuple(living.get(row.id, ())),
                facts=json.loads(row.facts),
            )  # fmt: skip
    return found


def homes_of(person_ids: Iterable[int]) -> set[int]:
    """The families into which the records of these persons put them now."""
    found: set[int] = set()
    for ids in chunks(sorted(person_ids)):
        rows = Person.objects.filter(id__in=ids, household_id__isnull=False).values_list(
            "household_id", flat=True
        )
        found.update(household for household in rows if household is not None)
    return found


def _living(household_ids: Iterable[int]) -> Any:
    rows = Person.objects.filter(household_id__in=household_ids, merged_into__isnull=True)
    return rows.filter(died__isnull=True, left__isnull=True).order_by("id")
