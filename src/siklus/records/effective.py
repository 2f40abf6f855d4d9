"""Effective records: of all rows naming one root the newest by sequence counts; a void root disappears.

The effective record keeps the root's id, so that order and episode keys do not jump when something is corrected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from siklus.records.drafts import StoredRecord


def effective(rows: Iterable[StoredRecord]) -> list[StoredRecord]:
    """The records that count, sorted by (day, id)."""
    newest: dict[int, StoredRecord] = {}
    for row in rows:
        known = newest.get(row.root)
        if known is None or row.seq > known.seq:
            newest[row.root] = row
    counted = [
        row if row.id == row.root else replace(row, id=row.root) for row in newest.values() if not row.is_void
    ]
    counted.sort(key=lambda row: (row.on, row.id))
    return counted
