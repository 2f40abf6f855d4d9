"""From a file to records: every good row kept, every bad one named, nothing doubled."""

from __future__ import annotations

import json

import pytest
from django.db.models import F

from siklus.care import queries as care_queries
from siklus.care.models import Record
from siklus.exchange.excel import actions, known
from siklus.exchange.excel.models import Batch
from siklus.exchange.excel.words import Refused
from siklus.kernel.dates import parse_day
from siklus.register.models import Household, Person
from tests.integration.exchange import world
from tests.integration.exchange.taking_in import (
    SARI,
    children,
    counts,
    faults,
    findings,
    saved,
    staged,
    staged_bytes,
)
from tests.integration.exchange.world import TODAY, content, user
from tests.numbers import card, family_of_card, nik

pytestmark = pytest.mark.usefixtures("planted")


@pytest.mark.parametrize("name", ["eppgbm_bersih.xlsx", "eppgbm_bersih.csv"])
def test_a_clean_export_becomes_children_and_weighings(name: str) -> None:
    batch = staged(name)
    assert counts(batch) == {"rows": 17, "new": 15, "match": 2}
    assert Record.objects.count() == 0, "nothing is written before it is saved"
    done = saved(batch)
    assert (done.rows, done.refused, done.waiting) == (17, 0, 0)
    assert Person.objects.count() == 15
    assert Record.objects.filter(kind="timbang").count() == 17
    alya = Person.objects.get(name="Alya Zahira")
    assert (nik(alya), alya.sex, alya.desa_code) == ("9902215203240001", "p", "17.02.21.2001")
    assert (alya.posyandu_code, alya.puskesmas_code) == ("PY170221200101", world.PUSKESMAS)
    assert json.loads(alya.facts) == {
        "alamat": "Dusun 2", "berat_lahir": 3.1, "nama_ortu": "Yuni Astuti", "panjang_lahir": 49.0, "rt": "01",
    }  # fmt: skip
    weighed = [event for event in care_queries.time_line(alya.id) if event.kind == "timbang"]
    assert [(event.on, event.data["berat"]) for event in weighed] == [
        (parse_day("2026-10-08"), 1150), (parse_day("2026-09-10"), 1120)
    ]  # fmt: skip


def test_every_good_row_of_a_messy_file_is_kept_and_every_bad_one_is_named() -> None:
    batch = staged("eppgbm_kotor.xlsx")
    assert (batch.sheet, batch.header_row) == ("Balita", 4)
    assert counts(batch) == {"rows": 17, "new": 7, "match": 2, "reject": 8, "faults": 9}
    assert faults(batch) == [
        (17, "Berat", "158", "impossible_maybe"),
        (18, "NIK", "9,90221E+15", "nik_lost"),
        (19, "Tgl Lahir", "31/02/2023", "no_such_date"),
        (20, "Nama", "", "empty_name"),
        (21, "Desa/Kel", "Tj. Agungg", "desa_unknown"),
        (22, "JK", "Lelaki?", "unknown_code"),
        (22, "Tanggal Pengukuran", "14/12/2026", "future"),
        (23, "Tanggal Pengukuran", "", "measured_no_date"),
        (24, "NIK", "99022110102300", "nik_length"),
    ]
    for row in batch.rows.filter(verdict="reject"):
        assert all(one.why() and one.todo() for one in findings(row) if one.code != "nik_birth_differs")
    assert saved(batch).rows == 9
    assert sorted(Person.objects.values_list("name", flat=True)) == [
        "Alya Zahira", "Bagas Pratama", "Citra Lestari", "Dafa Ramadhan", "Elisa Maharani", "Fahri Hidayat",
        "Gita Permata",
    ]  # fmt: skip
    assert json.loads(Person.objects.get(name="Bagas Pratama").facts)["berat_lahir"] == 2.9


def test_importing_the_same_file_again_only_matches_and_adds_nothing() -> None:
    saved(staged("eppgbm_kotor.xlsx"))
    before, records = content(), Record.objects.count()
    again = staged("eppgbm_kotor.xlsx")
    assert counts(again) == {"rows": 17, "match": 9, "reject": 8, "faults": 9}
    done = saved(again)
    assert (done.rows, done.records, Record.objects.count()) == (9, 0, records)
    assert content() == before


def test_a_file_with_many_birthdays_recognises_the_same_people(monkeypatch: pytest.MonkeyPatch) -> None:
    saved(staged("eppgbm_kotor.xlsx"))
    monkeypatch.setattr(known, "_FEW_BIRTHS", 0)
    assert counts(staged("eppgbm_kotor.xlsx")) == {"rows": 17, "match": 9, "reject": 8, "faults": 9}


def test_the_clean_file_after_the_messy_one_adds_only_what_was_lacking() -> None:
    saved(staged("eppgbm_kotor.xlsx"))
    batch = staged("eppgbm_bersih.xlsx")
    assert counts(batch) == {"rows": 17, "new": 8, "match": 9}
    saved(batch)
    weighings = Record.objects.filter(kind="timbang")
    assert weighings.filter(root=F("id")).count() == 17
    assert weighings.exclude(root=F("id")).count() == 9, "the nine of the messy file now also say N"
    assert nik(Person.objects.get(name="Citra Lestari")) == "9902214507230003", (
        "the NIK the messy file lacked"
    )


def test_a_hostile_list_stays_text_and_takes_over_nobody() -> None:
    batch = staged("eppgbm_jahat.xlsx")
    assert counts(batch) == {"rows": 14, "new": 7, "conflict": 1, "reject": 6, "faults": 6}
    assert [(number, code) for number, _, _, code in faults(batch)] == [
        (9, "too_long"), (11, "nik_not_digits"), (12, "too_long_ago"), (13, "not_a_number"), (14, "impossible"),
        (15, "desa_unknown_far"),
    ]  # fmt: skip
    (clash,) = batch.rows.filter(verdict="conflict")
    assert findings(clash)[-1].code == "same_nik_in_file"
    saved(batch)
    names = set(Person.objects.values_list("name", flat=True))
    assert {"<script>alert(1)</script>", "); DROP TABLE register_person;--", "=HYPERLINK(A1)"} <= names


def test_a_list_by_name_by_address_becomes_families_and_persons() -> None:
    batch = staged("bnba.xlsx")
    assert counts(batch) == {"rows": 9, "new": 6, "reject": 3, "faults": 3}
    assert faults(batch) == [
        (9, "Tanggal Lahir", "", "empty"), (10, "No KK", "99022110", "kk_length"),
        (11, "Desa", "Lubuk Alaai", "desa_unknown")
    ]  # fmt: skip
    saved(batch)
    assert sorted((card(row), row.alamat, row.rt, row.desa_code) for row in Household.objects.all()) == [
        ("9902211001150001", "Jalan Lintas", "01", "17.02.21.2001"),
        ("9902211001150002", "Jalan Lintas", "02", "17.02.21.2003"),
    ]
    first = family_of_card("9902211001150001")
    assert Person.objects.get(id=first.head_id or 0).name == "Supriyadi"
    assert sorted(first.members.values_list("name", "relation", "phone", "jkn")) == [
        ("Alya Zahira", "anak", "", True),
        ("Supriyadi", "kepala_keluarga", "081234567001", True),
        ("Yuni Astuti", "istri", "081234567002", True),
    ]
    alone = Person.objects.get(name="Mbah Karto")
    assert (alone.household_id, alone.desa_code, json.loads(alone.facts)) == (
        None, "17.02.21.2003", {"alamat": "Jalan Lintas", "rt": "03"}
    )  # fmt: skip
    before = content()
    assert counts(staged("bnba.xlsx")) == {"rows": 9, "match": 6, "reject": 3, "faults": 3}
    actions.undo(batch, author=user("pkm"), today=TODAY, why="keliru")
    assert Person.objects.count() == Household.objects.count() == 0
    saved(again := staged("bnba.xlsx"))
    assert again.pk != batch.pk and content() != before, "the same people, registered by new records"


def test_a_child_of_the_export_is_joined_to_the_family_of_the_list() -> None:
    saved(staged("eppgbm_bersih.xlsx"))
    batch = staged("bnba.xlsx")
    assert counts(batch) == {"rows": 9, "new": 5, "match": 1, "reject": 3, "faults": 3}
    saved(batch)
    alya = Person.objects.select_related("household").get(name="Alya Zahira")
    assert card(alya.household) == "9902211001150001"
    assert (alya.relation, alya.jkn) == ("anak", True)


def test_a_suggestion_taken_once_is_read_in_every_row() -> None:
    batch = staged("eppgbm_kotor.xlsx")
    actions.choose(batch, column="desa", found="Tj. Agungg", chosen="Tanjung Agung", today=TODAY)
    assert counts(batch) == {"rows": 17, "new": 8, "match": 2, "reject": 7, "faults": 8}


def test_another_meaning_of_a_column_is_judged_again() -> None:
    text = "NIK;Nama;Tgl Lahir;Desa/Kel;Tanggal Pengukuran;Timbangan\n;Sari;1/2/2024;Apur;8/10/2026;12,4\n"
    batch = staged_bytes(text.encode())
    assert json.loads(batch.keys)[-1] is None
    actions.change_mapping(batch, [*json.loads(batch.keys)[:-1], "berat"], today=TODAY)
    (row,) = batch.rows.all()
    assert json.loads(row.draft)["measured"] == [["timbang", parse_day("2026-10-08"), {"berat": 12.4}]]


def test_a_register_that_changed_since_the_check_is_looked_at_again_before_anything_is_written() -> None:
    one, other = staged_bytes(children(SARI)), staged_bytes(children(SARI))
    assert counts(one) == counts(other) == {"rows": 1, "new": 1}
    saved(one)
    assert saved(other).records == 0
    assert counts(other) == {"rows": 1, "match": 1}
    assert Person.objects.count() == 1


def test_a_file_without_rows_leaves_nothing_behind() -> None:
    with pytest.raises(Refused):
        staged_bytes(children())
    assert Batch.objects.count() == 0
