"""Batches of 100 records as phones bring them: the newest services of a population, taken out of it to be sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BATCH = 100
_SOME = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """What one phone sends at once; `persons` are those it speaks of."""

    items: list[dict[str, Any]]
    persons: tuple[int, ...]


def take_out(count: int) -> list[Any]:
    """Removes the newest services of persons from the log; gives their rows, the people of a day together.

    Only what leans on nothing and on which nothing leans: no register, no opening of an episode, nothing put right.
    """
    from django.apps import apps
    from django.db import transaction
    from django.db.models import F

    from siklus.care import log
    from siklus.library.loading import load_book
    from siklus.rules.episode_spec import NAMED

    vocabulary = load_book().vocabulary
    opening = {opener.kind for episode in vocabulary.episodes.values() for opener in episode.openers}
    kinds = [
        kind.name
        for kind in vocabulary.kinds.values()
        if not kind.register and kind.of == "person" and not kind.sensitive and kind.name not in opening
    ]
    records: Any = apps.get_model("care.Record")._default_manager
    replaced = set(records.exclude(root=F("id")).values_list("root", flat=True))
    newest = records.filter(kind__in=kinds, root=F("id"), is_void=False).order_by("-on", "-id")
    rows = [
        row for row in log.stored(newest[: count * 2]) if row.id not in replaced and NAMED not in row.data
    ][:count]
    with transaction.atomic():
        for start in range(0, len(rows), _SOME):
            records.filter(id__in=[row.id for row in rows[start : start + _SOME]]).delete()
    return sorted(rows, key=lambda row: (row.on, row.person, row.id))


def batches(rows: Sequence[Any], device: int, first: int = 1, size: int = BATCH) -> list[Batch]:
    """The rows as a device sends them, numbered from `first`; a last one that is not full is left out."""
    from siklus.kernel.dates import iso
    from siklus.kernel.ids import format_record_id, record_key
    from siklus.register.identity import opened_data

    items = [
        {
            "id": format_record_id(record_key(device, number)), "kind": row.kind, "on": iso(row.on),
            "person": format_record_id(row.person), "data": dict(opened_data(row.data)),
            "oleh": row.by_role, "tempat": row.place_kind,
        }
        for number, row in enumerate(rows, first)
    ]  # fmt: skip
    return [
        Batch(items[start : start + size], tuple(sorted({row.person for row in rows[start : start + size]})))
        for start in range(0, len(rows) - size + 1, size)
    ]
