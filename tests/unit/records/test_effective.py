"""Of all rows naming one root the newest by sequence counts."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective


def row(key: int, seq: int, root: int | None = None, **more: Any) -> StoredRecord:
    return StoredRecord(
        id=key, seq=seq, kind="timbang", person=1, household=None, root=root or key, **{"on": 100, **more}
    )


def test_a_correction_stands_in_the_place_of_the_original() -> None:
    kept = effective([row(1, 1, data={"berat": 8}), row(5, 2, root=1, data={"berat": 9}, on=90)])
    assert [(r.id, r.on, r.data) for r in kept] == [(1, 90, {"berat": 9})]


def test_a_void_record_disappears_with_its_corrections() -> None:
    assert effective([row(1, 1), row(5, 2, root=1), row(6, 3, root=1, is_void=True)]) == []


def test_sequence_decides_and_not_the_number_of_the_record() -> None:
    kept = effective([row(9, 2, root=1, data={"berat": 9}), row(1, 1), row(5, 3, root=1, data={"berat": 7})])
    assert [r.data for r in kept] == [{"berat": 7}]


def test_records_come_by_day_and_then_by_the_id_of_the_original() -> None:
    kept = effective([row(3, 1), row(2, 2), row(8, 3, root=1, on=100), row(4, 4, on=50)])
    assert [r.id for r in kept] == [4, 1, 2, 3]


@given(st.permutations([row(1, 1), row(5, 2, root=1), row(2, 3), row(7, 4, root=2, is_void=True), row(3, 5)]))
def test_the_order_of_reading_does_not_matter(rows: list[StoredRecord]) -> None:
    assert [r.id for r in effective(rows)] == [1, 3]
