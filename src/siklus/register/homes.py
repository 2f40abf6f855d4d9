"""Families as the rules about households see them: where they live, and who lives there now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from siklus.register import asking

_LIVING = (
    "SELECT id, household_id FROM register_person WHERE household_id {among}"
    ' AND merged_into IS NULL AND died IS NULL AND "left" IS NULL ORDER BY id'
)
_HOMES = (
    "SELECT id, desa_code, posyandu_code, puskesmas_code, head_id, facts"
    " FROM register_household WHERE id {among}"
)
_HOMES_OF = "SELECT household_id FROM register_person WHERE id {among} AND household_id IS NOT NULL"


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
    wanted = asking.keys(sorted(set(household_ids)))
    living: dict[int, list[int]] = {}
    for person, household in asking.rows(_LIVING, wanted):
        living.setdefault(household, []).append(person)
    return {
        key: Home(
            id=key, desa_code=desa, posyandu_code=posyandu, puskesmas_code=puskesmas, head_id=head,
            members=tuple(living.get(key, ())), facts=json.loads(facts),
        )
        for key, desa, posyandu, puskesmas, head, facts in asking.rows(_HOMES, wanted)
    }  # fmt: skip


def homes_of(person_ids: Iterable[int]) -> set[int]:
    """The families into which the records of these persons put them now."""
    return {household for (household,) in asking.rows(_HOMES_OF, asking.keys(sorted(set(person_ids))))}
