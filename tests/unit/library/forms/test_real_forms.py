"""The forms of the knowledge folder: complete against what is printed, cited, in words a reader has."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from siklus.library.forms import load_forms
from siklus.library.forms.showing import Shown
from siklus.library.loading import load_book
from siklus.library.sources import cited, read_sources
from siklus.library.yaml_text import plain_yaml

KNOWLEDGE = Path(__file__).resolve().parents[4] / "knowledge"
COVERAGE = KNOWLEDGE / "forms/coverage"
_OF_FORMS = ("formulir", "kartu", "kunjungan_rumah", "dalam_gedung")
ROWS = {
    "kartu_posyandu.csv": {
        "ibu_hamil_nifas_menyusui": 19, "bayi_balita_apras": 26, "dewasa_lansia": 29, "usia_sekolah_remaja": 8,
    },
    "kunjungan_rumah.csv": {
        "keluarga": 11, "anggota": 8, "rumah": 8, "ibu_hamil": 58, "bersalin_nifas": 55, "bayi_0_6bln": 61,
        "balita_apras_6_71bln": 55, "sekolah_remaja_6_18": 25, "dewasa": 34, "lansia": 37,
        "tbc": 21, "tindak_lanjut": 7,
    },
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (COVERAGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_row_of_the_printed_form_is_an_item_of_ours_or_has_a_reason(name: str) -> None:
    catalogue = load_forms()
    known = {f"{form.name}:{item.id}" for form in catalogue.current for item in form.items}
    found: dict[str, int] = {}
    for row in rows(name):
        group = row.get("kartu") or row["form"]
        found[group] = found.get(group, 0) + 1
        items = row["isian"].split()
        assert items or len(row["alasan"].split()) > 3, row
        assert set(items) <= known, row
    assert found == ROWS[name]


def test_every_form_cites_a_source_of_which_it_is_said_what_was_read() -> None:
    sources = read_sources(KNOWLEDGE)
    assert [form.name for form in load_forms().current if not cited([form.cites], sources)] == []


def test_every_form_says_how_sure_we_are_and_none_that_grades_danger_calls_itself_read() -> None:
    for form in load_forms().current:
        grades = [w for w in form.records.values() if w.kind == "tanda_bahaya" and w.when is not None]
        assert not grades or "pilihan kami" in form.cites or form.name == "kartu_remaja", form.name


def test_every_item_can_be_said_to_its_reader() -> None:
    vocabulary = load_book().vocabulary
    for versions in load_forms().by_name.values():
        for form in versions:
            shown = Shown(form, vocabulary)
            assert shown.head()["sumber"]
            for row in shown.rows():
                assert row["isian"].strip() and row["jenis"], (form.edition, row)
                assert "_" not in row["bila"], (form.edition, row["bila"])


def test_a_code_list_of_a_form_alone_is_used_by_some_field() -> None:
    listed = plain_yaml(KNOWLEDGE / "vocabulary/codes_formulir.yaml")["codes"]
    used = {f.codes for kind in load_book().vocabulary.kinds.values() for f in kind.fields.values()}
    assert set(listed) - used == set()


def test_a_result_of_hiv_syphilis_or_hepatitis_is_asked_only_into_a_secret_record_and_never_of_a_kader() -> (
    None
):
    """That somebody was tested may stand anywhere; what was found only in a kind the vocabulary calls secret."""
    words = re.compile(r"hiv|sifilis|hbsag|hepatitis", re.IGNORECASE)
    kinds = load_book().vocabulary.kinds
    for form in load_forms().current:
        for item in form.questions:
            if (words.search(item.id) or words.search(item.label)) and item.field.type not in (
                "bool",
                "date",
            ):
                assert item.how == "tick" or kinds[form.records[item.record].kind].sensitive == "hiv", item.id
                assert "kader" not in (item.who or form.who), (form.name, item.id)


def test_every_new_kind_of_record_is_written_by_some_form() -> None:
    files = (KNOWLEDGE / "vocabulary").glob("kinds_*.yaml")
    own = [path for path in files if path.stem.removeprefix("kinds_") in _OF_FORMS]
    kinds = [kind for path in own for kind in plain_yaml(path)["kinds"]]
    written = {w.kind for form in load_forms().current for w in form.records.values()}
    assert len(kinds) > 50
    assert set(kinds) - written == {"isian_formulir", "isian_formulir_keluarga"}


def test_the_forms_of_the_issue_are_there() -> None:
    """Registration, posyandu, home visits, inside the building, school, referral, birth, death, move."""
    assert {form.name for form in load_forms().current} >= set(
        "daftar_keluarga daftar_orang kartu_ibu kartu_balita kartu_remaja kartu_dewasa_lansia kartu_lansia "
        "kr_ibu_hamil kr_nifas kr_bayi kr_balita kr_remaja kr_dewasa kr_lansia kr_tbc kr_keluarga "
        "kr_tindak_lanjut anc inc pnc neonatal mtbm mtbs sdidtk imunisasi skrining kronis tb kb laboratorium "
        "obat edukasi penjaringan rujukan jawaban_rujukan kelahiran kematian pindah ".split()
    )


def test_a_vaccine_is_recorded_with_its_batch_wherever_a_health_worker_gives_it() -> None:
    for name in ("imunisasi", "anc", "neonatal", "penjaringan"):
        form = load_forms().form(name)
        given = {written.alias for written in form.records.values() if written.kind == "imunisasi"}
        assert given and given == {item.record for item in form.questions if item.field.name == "batch"}, name


def test_codes_of_other_systems_stand_beside_the_fields_they_belong_to() -> None:
    item = load_forms().form("kartu_balita").item("berat")
    assert [(term.system, term.code) for term in item.terms] == [("loinc", "29463-7")]
    penta = load_forms().form("kr_bayi").item("dpt_hb_hib_1")
    assert {term.code for term in penta.terms} == {"VG107", "VG45", "VG17"}
    coded = sum(bool(item.terms) for form in load_forms().current for item in form.questions)
    assert coded > 150
