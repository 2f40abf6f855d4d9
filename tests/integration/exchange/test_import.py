"""From a file to records and back: every good row kept, every bad one named, nothing doubled, all undone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db.models import F

from siklus.care import actions as care
from siklus.care import queries as care_queries
from siklus.care.models import Need, Record
from siklus.exchange.excel import actions, settling
from siklus.exchange.excel.models import Batch, Row
from siklus.exchange.excel.verdicts import Decision
from siklus.exchange.excel.words import Finding, Refused
from siklus.kernel.dates import parse_day
from siklus.monitoring.models import Coverage, CoverageUnit
from siklus.records.drafts import DraftRecord
from siklus.register.models import Household, Person
from tests.integration.exchange import world
from tests.integration.exchange.world import TODAY, area, content, sample, user

pytestmark = pytest.mark.usefixtures("planted")


def staged(name: str, **rest: Any) -> Batch:
    return staged_bytes(sample(name), name, **rest)


def staged_bytes(
    data: bytes, name: str = "daftar.csv", *, by: str = "pkm", where: str = world.PUSKESMAS
) -> Batch:
    return actions.stage(data, file_name=name, area=area(where), author=user(by), today=TODAY)


def saved(batch: Batch) -> actions.Saved:
    done = actions.save(batch, author=user("pkm"), today=TODAY)
    batch.refresh_from_db()
    return done


def counts(batch: Batch) -> dict[str, int]:
    batch.refresh_from_db()
    return {name: number for name, number in json.loads(batch.counts).items() if number and name != "saved"}


def faults(batch: Batch) -> list[tuple[int, str, str, str]]:
    return [
        (row.number, one["column"], one["found"], one["code"])
        for row in batch.rows.order_by("number")
        for one in json.loads(row.findings)
        if one["fault"]
    ]


def findings(row: Row) -> list[Finding]:
    return [Finding(one["code"], one["values"], one["suggestion"]) for one in json.loads(row.findings)]


def children(*lines: str) -> bytes:
    head = "NIK;Nama;JK;Tgl Lahir;Nama Ortu;Desa/Kel;Posyandu;Tanggal Pengukuran;Berat"
    return "\n".join([head, *lines]).encode()


SARI = "9902216902240001;Sari Contoh;P;29/02/2024;Ibu Contoh;Apur;Aster;08/10/2026;12,4"


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
    assert (alya.nik, alya.sex, alya.desa_code) == ("9902215203240001", "p", "17.02.21.2001")
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


def test_the_clean_file_after_the_messy_one_adds_only_what_was_lacking() -> None:
    saved(staged("eppgbm_kotor.xlsx"))
    batch = staged("eppgbm_bersih.xlsx")
    assert counts(batch) == {"rows": 17, "new": 8, "match": 9}
    saved(batch)
    weighings = Record.objects.filter(kind="timbang")
    assert weighings.filter(root=F("id")).count() == 17
    assert weighings.exclude(root=F("id")).count() == 9, "the nine of the messy file now also say N"
    assert Person.objects.get(name="Citra Lestari").nik == "9902214507230003", "the NIK the messy file lacked"


def test_undoing_brings_back_the_same_content_and_deletes_no_record() -> None:
    saved(staged_bytes(children(SARI)))
    before, records = content(), set(Record.objects.values_list("id", flat=True))
    batch = staged("eppgbm_bersih.xlsx")
    saved(batch)
    assert content() != before
    written = set(Record.objects.values_list("id", flat=True))
    would = actions.try_undo(batch, author=user("pkm"), today=TODAY)
    assert set(Record.objects.values_list("id", flat=True)) == written
    done = actions.undo(batch, author=user("pkm"), today=TODAY, why="salah berkas")
    assert done == would == actions.Undone(records=len(written - records), kept=())
    assert content() == before
    assert written <= set(Record.objects.values_list("id", flat=True))
    again = staged("eppgbm_bersih.xlsx")
    assert counts(again) == {"rows": 17, "new": 15, "match": 2}


def test_undoing_an_import_that_filled_in_facts_takes_them_out_again() -> None:
    saved(staged_bytes(children(SARI.replace("9902216902240001", ""))))
    before = content()
    batch = staged_bytes(children(SARI.replace("12,4", "12,9").replace("08/10", "09/10")))
    assert counts(batch) == {"rows": 1, "match": 1}
    saved(batch)
    assert Person.objects.get().nik == "9902216902240001"
    actions.undo(batch, author=user("pkm"), today=TODAY, why="keliru")
    assert content() == before


def test_somebody_others_have_written_of_since_stays_when_the_import_is_undone() -> None:
    batch = staged("eppgbm_bersih.xlsx")
    saved(batch)
    alya = Person.objects.get(name="Alya Zahira")
    later = DraftRecord(kind="vitamin_a", on=TODAY, data={"kapsul": "merah"}, person=alya.id)
    assert care.append_records([later], author=user("pkm"), today=TODAY)[0].is_accepted
    done = actions.undo(batch, author=user("pkm"), today=TODAY, why="salah berkas")
    assert done.kept == (alya.id,)
    assert [person.name for person in Person.objects.all()] == ["Alya Zahira"]
    counted = {event.kind for event in care_queries.time_line(alya.id) if not event.is_void}
    assert counted == {"daftar_orang", "vitamin_a"}, "the weighings of the import count no more"


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
    assert sorted(Household.objects.values_list("no_kk", "alamat", "rt", "desa_code")) == [
        ("9902211001150001", "Jalan Lintas", "01", "17.02.21.2001"),
        ("9902211001150002", "Jalan Lintas", "02", "17.02.21.2003"),
    ]
    first = Household.objects.get(no_kk="9902211001150001")
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
    assert alya.household is not None and alya.household.no_kk == "9902211001150001"
    assert (alya.relation, alya.jkn) == ("anak", True)


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
        "lives_elsewhere": "Di Siklus terdaftar di Apur; berkas Jabi. Catat pindah bila benar",
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


def test_somebody_registered_as_new_gets_no_nik_of_another() -> None:
    saved(staged_bytes(children(SARI)))
    batch = staged_bytes(
        children(SARI.replace("Sari Contoh", "Joko Lain").replace("29/02/2024", "01/01/2020"))
    )
    (row,) = batch.rows.all()
    assert row.verdict == "conflict"
    actions.decide(batch, row=row, decision=Decision("new"), today=TODAY)
    saved(batch)
    assert sorted(Person.objects.values_list("name", "nik")) == [
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


def test_a_file_without_rows_leaves_nothing_behind() -> None:
    with pytest.raises(Refused):
        staged_bytes(children())
    assert Batch.objects.count() == 0


def test_a_bulk_run_that_fails_leaves_the_records_and_says_that_sums_are_old(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(settling, "FEW", 0)
    settings.SIKLUS_REBUILD = f"{__name__}.broken"
    done = saved(staged("eppgbm_bersih.xlsx"))
    assert (done.settled, done.records) == (False, 32)
    assert Person.objects.count() == 15


def broken(_today: int, _year: int) -> None:
    """A bulk run that cannot finish."""
    raise RuntimeError


class TestManyPersons:
    """Large imports are settled by the bulk run, which reads what is committed."""

    @pytest.fixture
    def planted(self, transactional_db: None) -> None:
        world.plant()

    def test_many_persons_are_settled_in_bulk_with_the_same_needs_and_coverage(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = staged("eppgbm_bersih.xlsx")
        saved(first)
        one_by_one = said_of_children()
        actions.undo(first, author=user("pkm"), today=TODAY, why="ulang")
        assert said_of_children() == set()
        monkeypatch.setattr(settling, "FEW", 0)
        assert saved(staged("eppgbm_bersih.xlsx")).settled
        assert said_of_children() == one_by_one


def said_of_children() -> set[tuple[Any, ...]]:
    """Needs and coverage by name and place, whatever ids the children have."""
    names = dict(Person.objects.values_list("id", "name"))
    needs = Need.objects.values_list("person_id", "need", "occurrence", "status", "due", "overdue", "until")
    units = CoverageUnit.objects.values_list(
        "person_id", "indicator", "counted", "reached", "complete", "lacking"
    )
    sums = Coverage.objects.values_list("indicator", "desa_code", "registered", "reached", "complete")
    return {(names[person], *rest) for person, *rest in [*needs, *units]} | set(sums)
