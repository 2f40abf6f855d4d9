"""Everything derived in the database, as values to compare: the register, state, needs and their sums."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps

_SKIPPED = {"id"}


def rows(table: str, *, with_id: bool = True) -> list[tuple[Any, ...]]:
    """All rows of a table (`register.Person`), sorted."""
    model = apps.get_model(table)
    names = [
        field.attname for field in model._meta.concrete_fields if with_id or field.attname not in _SKIPPED
    ]
    return sorted(model._default_manager.values_list(*names), key=repr)


def register() -> dict[str, Any]:
    """Persons and families."""
    return {name: rows(f"register.{name}") for name in ("Person", "Household")}


def derived() -> dict[str, Any]:
    """The register and everything that follows; sums that have come to nothing are left out."""
    sums = [row for row in rows("care.NeedTally", with_id=False) if any(row[-2:])]
    states = [(*row[:4], json.loads(row[4]), row[5]) for row in rows("care.State")]
    return {**register(), "State": states, "Need": rows("care.Need", with_id=False), "NeedTally": sums}
