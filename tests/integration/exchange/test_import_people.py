"""Who is meant by a row, and what a person decides; nothing of the register is overwritten."""

from __future__ import annotations

import json

import pytest

from siklus.care import actions as care
from siklus.doubles.models import Pair
from siklus.exchange.excel import actions
from siklus.exchange.excel.verdicts import Decision
from siklus.kernel.dates import parse_day
from siklus.records.drafts import DraftRecord
from siklus.register.models import Person
from tests.integration.exchange import world
from tests.integration.exchange.taking_in import (
    SARI,
    children,
    counts,
    faults,
    findings,
    saved,
    staged_bytes,
)
from tests.integration.exchange.world import TODAY, content, user
from tests.numbers import nik

pytestmark = pytest.mark.usefixtures("planted")


def test_what_the_register_says_is_never_overwritten_only_remarked() -> None:
    saved(staged_bytes(children(SARI)))
    other = (
        SARI.replace("Ibu Contoh", "Ibu Lain").replace("12,4", "13,4").replace("Apur;Aster", "Jabi;Seroja")
    )
    batch = staged_bytes(children(other))
    (row,) = batch.rows.all()
    said = {finding.code: finding.why() for finding in findings(row)}
    assert row.verdict == "match"
    assert said == {
        "fact_differs": "Nama orang tua di Siklus Ibu Contoh; berkas Ibu Lain. Yang di Siklus tidak diubah",
        "lives_elsewhere": "Di Siklus terdaftar di Apur; berkas Jabi. Yang di Siklus tidak diubah",
        "recorded_otherwise": "Penimbangan dan pengukuran balita 8 Okt 2026 sudah ada dengan berat badan 12,4; "
        "berkas 13,4. Yang di Siklus tidak diubah",
        "nothing_new": "Semua isinya sudah ada; tidak ada yang ditambah",
    }
    before = content()
    saved(batch)
    assert content() == before


def test_a_doubtful_row_waits_and_a_person_decides_once_for_all_rows_that_follow_it() -> None:
    saved(staged_bytes(children(SARI.replace("9902216902240001", ""))))
    known = Person.objects.get()
    doubtful = ";Sari Conto;P;29/02/2024;Ibu Contoh;Apur;Aster;{};12,9"
    batch = staged_bytes(children(doubtful.format("09/10/2026"), doubtful.format("10/11/2026")))
    assert counts(batch) == {"rows": 2, "conflict": 2}
    assert saved(batch).rows == 0
    first = batch.rows.get(number=2)
    assert json.loads(first.candidates)[0]["id"] == known.id
    actions.decide(batch, row=first, decision=Decision("same", known.id), today=TODAY)
    assert counts(batch) == {"rows": 2, "match": 2}
    assert saved(batch).records == 2
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("choice", "people", "left"), [("new", 2, {"match": 1, "new": 1}), ("skip", 1, {"skip": 2})]
)
def test_a_person_may_also_say_that_it_is_somebody_else_or_leave_the_row(
    choice: str, people: int, left: dict[str, int]
) -> None:
    saved(staged_bytes(children(SARI)))
    twin = ";Sari Conto;P;29/02/2024;Ibu Contoh;Apur;Aster;{};12,9"
    batch = staged_bytes(children(twin.format("09/10/2026"), twin.format("10/11/2026")))
    actions.decide(batch, row=batch.rows.get(number=2), decision=Decision(choice), today=TODAY)
    assert counts(batch) == {"rows": 2, **left}
    saved(batch)
    assert Person.objects.count() == people
    assert Pair.objects.count() == people - 1, "whether the two are one is asked at once, not the next night"


def test_somebody_registered_as_new_gets_no_nik_of_another() -> None:
    saved(staged_bytes(children(SARI)))
    batch = staged_bytes(
        children(SARI.replace("Sari Contoh", "Joko Lain").replace("29/02/2024", "01/01/2020"))
    )
    (row,) = batch.rows.all()
    assert row.verdict == "conflict"
    actions.decide(batch, row=row, decision=Decision("new"), today=TODAY)
    saved(batch)
    assert sorted((row.name, nik(row)) for row in Person.objects.all()) == [
        ("Joko Lain", ""),
        ("Sari Contoh", "9902216902240001"),
    ]


def test_somebody_known_outside_the_area_is_not_shown_and_waits() -> None:
    saved(staged_bytes(children(SARI)))
    line = SARI.replace("Apur;Aster", "Pasar PU Tanding;Mawar")
    batch = staged_bytes(children(line), by="tetangga", where=world.NEIGHBOUR)
    (row,) = batch.rows.all()
    assert (row.verdict, row.candidates, row.person_id) == ("conflict", "[]", None)
    assert findings(row)[-1].code == "nik_outside"
    assert not json.loads(row.draft)["may_be_same"]


def test_a_village_of_another_area_cannot_be_written_to() -> None:
    batch = staged_bytes(children(SARI), by="tetangga", where=world.NEIGHBOUR)
    assert [code for _, _, _, code in faults(batch)] == ["desa_unknown_far"]


def test_a_measurement_after_a_recorded_death_is_left_out_and_said_so() -> None:
    saved(staged_bytes(children(SARI)))
    person = Person.objects.get()
    care.append_records(
        [DraftRecord(kind="meninggal", on=parse_day("2026-10-20"), person=person.id)],
        author=user("pkm"),
        today=TODAY,
    )
    batch = staged_bytes(children(SARI.replace("08/10/2026", "01/11/2026")))
    (row,) = batch.rows.all()
    assert {"after_death", "died_or_left"} <= {finding.code for finding in findings(row)}
    assert saved(batch).records == 0


def test_a_row_without_nik_and_parents_is_recognised_when_the_same_line_was_imported_before() -> None:
    line = ";Sari Contoh;P;29/02/2024;;Apur;Aster;{};12,4"
    saved(staged_bytes(children(line.format("08/10/2026"))))
    batch = staged_bytes(children(line.format("12/11/2026")))
    assert counts(batch) == {"rows": 1, "match": 1}
