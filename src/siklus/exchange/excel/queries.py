"""Questions about imports: the history within a user's scope, one batch, its rows and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from siklus.access.scope import NotInScope, Visitor, access_area
from siklus.exchange.excel.columns import Layout, load_layout
from siklus.exchange.excel.matching import Candidate
from siklus.exchange.excel.models import DISCARDED, SAVED, STAGED, UNDONE, Batch, Row
from siklus.exchange.excel.rows import At
from siklus.exchange.excel.verdicts import REJECT
from siklus.exchange.excel.words import Finding
from siklus.register import areas

__all__ = [
    "DISCARDED", "SAVED", "STAGED", "UNDONE", "Batch", "Row", "RowView", "batch_for", "batches_for", "counts_of",
    "faults_of", "same_file", "views_of",
]  # fmt: skip
_LATEST = 50


@dataclass(frozen=True)
class RowView:
    """A row of a batch, its stored text read back."""

    row: Row

    @cached_property
    def draft(self) -> Mapping[str, Any]:
        """What the row says: person, household, codes of desa and posyandu, measurements."""
        found: Mapping[str, Any] = json.loads(self.row.draft)
        return found

    @cached_property
    def plan(self) -> list[dict[str, Any]]:
        """The records it will write (or wrote)."""
        found: list[dict[str, Any]] = json.loads(self.row.plan)
        return found

    @cached_property
    def cells(self) -> list[str | float | None]:
        """The cells of the file."""
        found: list[str | float | None] = json.loads(self.row.cells)
        return found

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Who may be the same person."""
        return [Candidate(**one) for one in json.loads(self.row.candidates)]

    @cached_property
    def faults(self) -> list[At]:
        """What refuses the row."""
        return [at for at, is_fault in _findings(self.row) if is_fault]

    @cached_property
    def remarks(self) -> list[At]:
        """What is worth knowing about a row that is kept, or why it waits."""
        return [at for at, is_fault in _findings(self.row) if not is_fault]


def batches_for(user: Visitor) -> list[Batch]:
    """The latest imports for places within the user's scope, newest first."""
    allowed: dict[str, bool] = {}
    found = []
    for batch in Batch.objects.select_related("author").order_by("-pk").iterator(chunk_size=_LATEST):
        if batch.place_code not in allowed:
            allowed[batch.place_code] = _is_in_scope(user, batch.place_code)
        if allowed[batch.place_code]:
            found.append(batch)
        if len(found) == _LATEST:
            break
    return found


def batch_for(user: Visitor, number: int) -> Batch:
    """One import within the user's scope; NotInScope otherwise."""
    batch = Batch.objects.select_related("author", "undone_by").filter(pk=number).first()
    if batch is None or not _is_in_scope(user, batch.place_code):
        raise NotInScope(number)
    return batch


def same_file(batch: Batch) -> Batch | None:
    """An earlier saved import of the very same file for the same place."""
    same = Batch.objects.filter(digest=batch.digest, place_code=batch.place_code, state=SAVED)
    return same.exclude(pk=batch.pk).order_by("-pk").first()


def counts_of(batch: Batch) -> Mapping[str, int]:
    """Rows by verdict, `rows` in all, `saved` rows, `faults` in the refused ones."""
    found: Mapping[str, int] = json.loads(batch.counts)
    return found


def warnings_of(batch: Batch) -> list[Finding]:
    """What is odd about whole columns of the file."""
    return [Finding(one["code"], one["values"]) for one in json.loads(batch.warnings)]


def layout_of(batch: Batch) -> Layout:
    """The layout its columns were read by."""
    return load_layout(batch.layout)


def rows_of(batch: Batch, verdict: str) -> QuerySet[Row]:
    """Rows with a verdict, in the order of the file."""
    return batch.rows.filter(verdict=verdict).order_by("number")


def views_of(batch: Batch, verdict: str, start: int, stop: int) -> list[RowView]:
    """Some of the rows with a verdict."""
    return [RowView(row) for row in rows_of(batch, verdict)[start:stop]]


def faults_of(batch: Batch) -> Iterator[tuple[RowView, At]]:
    """Every fault of every refused row."""
    for row in rows_of(batch, REJECT).iterator(chunk_size=500):
        view = RowView(row)
        for fault in view.faults:
            yield view, fault


def _findings(row: Row) -> list[tuple[At, bool]]:
    return [
        (
            At(one["column"], one["found"], Finding(one["code"], one["values"], one["suggestion"])),
            one["fault"],
        )
        for one in json.loads(row.findings)
    ]


def _is_in_scope(user: Visitor, place: str) -> bool:
    if areas.place_or_facility(place) is None:
        return False
    try:
        access_area(user, place)
    except NotInScope:
        return False
    return True


def rows_about(person_id: int) -> list[dict[str, Any]]:
    """The lines of imported files that became a record of this person, or were found to speak of them."""
    rows = Row.objects.filter(person_id=person_id).select_related("batch").order_by("batch_id", "number")
    return [
        {
            "berkas": row.batch.file_name,
            "dibaca": row.batch.created_at.isoformat(timespec="seconds"),
            "baris": row.number,
            "tersimpan": row.saved,
            "isi": " · ".join(str(cell) for cell in json.loads(row.cells) if cell not in (None, "")),
        }
        for row in rows
    ]
