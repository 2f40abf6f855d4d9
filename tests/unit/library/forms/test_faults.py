"""A wrong form lists every mistake with its place, what was found and what may have been meant."""

from __future__ import annotations

import pytest

from tests.unit.library.forms.small_forms import HEAD, form, told

GOOD = form("timbang", "ask: timbang.berat", "ask: timbang.lila, show: berat > 3.00")


def test_a_good_form_has_no_fault() -> None:
    assert told(GOOD) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            form("timbang", "ask: timbang.beratt"),
            "R05 forms/percobaan.yaml:14:15 'timbang' has no field 'beratt'. Did you mean 'berat'?",
        ),
        (
            form("timbng", "ask: timbng.berat"),
            "R04 forms/percobaan.yaml:9:17 'timbng' is not a kind of record. Did you mean 'timbang'?",
        ),
        (
            form("timbang", "ask: tibang.berat"),
            "F02 forms/percobaan.yaml:14:15 'tibang' is not a record of this form. Did you mean 'timbang'?",
        ),
        (
            form("timbang", "ask: timbang.berat, show: umrr > 3"),
            "R01 forms/percobaan.yaml:14:36 'umrr' is not a fact.",
        ),
        (
            form("timbang", "ask: timbang.berat", "ask: timbang.lila, show: beratt > 3.00"),
            "R01 forms/percobaan.yaml:15:35 'beratt' is not a fact. Did you mean 'berat'?",
        ),
        (
            form("timbang", "ask: timbang.lila, show: berat > 3.00", "ask: timbang.berat"),
            "R01 forms/percobaan.yaml:14:35 'berat' is not a fact.",
        ),
        (
            form("timbang", "ask: timbang.berat, show: age_months(today)"),
            "R07 forms/percobaan.yaml:14:36 must be a yes/no, this is a whole number",
        ),
        (
            form("timbang", "ask: timbang.berat, show: exists(imunisasi)"),
            "F10 forms/percobaan.yaml:14:36 a condition of a form speaks of answers above it",
        ),
        (
            form("timbang", "ask: timbang.berat", "ask: timbang.berat, id: lagi"),
            "F05 forms/percobaan.yaml:15:9 'timbang.berat' is asked twice (forms/percobaan.yaml:14:9)",
        ),
        (
            form("timbang", "ask: timbang.berat", "ask: timbang.lila, id: berat"),
            "F03 forms/percobaan.yaml:15:33 'berat' stands twice",
        ),
        (
            form("timbang", 'ask: timbang.berat, required: true, show: "false and sex = l"'),
            "F06 forms/percobaan.yaml:14:9 'berat' is required, but it is never shown",
        ),
        (
            form("timbang", "ask: timbang.berat, who: [dokter]"),
            "F04 forms/percobaan.yaml:14:35 'dokter' does not fill in this form.",
        ),
        (
            form("timbang", "ask: timbang.berat, id: sex"),
            "F13 forms/percobaan.yaml:14:34 'sex' is already a fact of person, and another thing",
        ),
        (
            form("imunisasi", "ask: imunisasi.dosis"),
            "F08 forms/percobaan.yaml:9:11 record 'imunisasi' needs 'vaksin', which is neither asked nor given",
        ),
        (
            form("imunisasi: {set: {vaksin: bgc}}", "tick: imunisasi"),
            "F15 forms/percobaan.yaml:9:37 'bgc' does not fit 'imunisasi.vaksin'. Did you mean 'bcg'?",
        ),
        (
            form("data_rumah", "ask: data_rumah.dm"),
            "F07 forms/percobaan.yaml:9:11 'data_rumah' is about a household, this form about a person",
        ),
        (
            form("timbang", "ask: timbang.berat", "class: td_dewasa"),
            "F14 forms/percobaan.yaml:15:17 'td_dewasa' judges 'ukur_td', which this form does not write",
        ),
        (
            form("timbang", "ask: timbang.naik, id: kenaikan, only: [naik, trun]"),
            "R06 forms/percobaan.yaml:14:49 'trun' is not a word of naik.",
        ),
        (
            form("timbang", "ask: timbang.oedema, words: {ya: Ada, tida: Tidak ada}"),
            "F11 forms/percobaan.yaml:14:48 'tida' cannot be answered here. Did you mean 'tidak'?",
        ),
        (
            form("timbang", "ask: timbang.berat, shwo: berat > 1.00"),
            "R02 forms/percobaan.yaml:14:30 unknown slot 'shwo' in an item. Did you mean 'show'?",
        ),
        (
            form("timbang", "ask: timbang.naik"),
            "F17 forms/percobaan.yaml:14:9 'naik' is also a word of naik give the item another id",
        ),
        (
            form("timbang", "label: Berat"),
            "F01 forms/percobaan.yaml:14:9 an item has exactly one of ask, tick",
        ),
        (
            HEAD.replace("posyandu, kunjungan_rumah", "posyand") + "records: {timbang: }\nsections: []\n",
            "F04 forms/percobaan.yaml:5:5 'posyand' is not a word of tempat. Did you mean 'posyandu'?",
        ),
        (
            HEAD.replace("confidence: ours", "confidence: yakin") + "sections: []\n",
            "R06 forms/percobaan.yaml:8:13 'yakin' is not a confidence.",
        ),
        (
            HEAD.replace("version: 1", "version: satu") + "sections: []\n",
            "F01 forms/percobaan.yaml:3:10 'version' is a whole number from 1",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, fault: str) -> None:
    found = told(text)
    assert len(found) == 1, found
    assert found[0].startswith(fault)


def test_all_faults_of_a_form_are_told_at_once_in_the_order_of_its_lines() -> None:
    text = form(
        "timbang",
        "ask: timbang.beratt",
        "ask: timbang.lila, show: umrr > 3",
        'ask: timbang.cara, required: true, show: "sex = l and false"',
    )
    assert [line.split()[:2] for line in told(text)] == [
        ["R05", "forms/percobaan.yaml:14:15"],
        ["R01", "forms/percobaan.yaml:15:35"],
        ["F06", "forms/percobaan.yaml:16:9"],
    ]


def test_a_field_may_be_asked_in_two_places_that_are_never_shown_together() -> None:
    text = form(
        "timbang",
        "ask: timbang.naik, id: kenaikan",
        "ask: timbang.lila, id: lila_laki, show: sex = l",
        "ask: timbang.lila, id: lila_perempuan, show: sex = p",
    )
    assert told(text) == []
    assert [line[:3] for line in told(text.replace("sex = p", "kenaikan = naik"))] == ["F05"]


def test_a_required_question_under_a_condition_that_may_hold_is_no_fault() -> None:
    for condition in ("birth is known", "not (sex = l)", "age_months(today) >= 6", "open(kehamilan)"):
        assert told(form("timbang", f'ask: timbang.berat, required: true, show: "{condition}"')) == []


def test_a_code_of_another_system_belongs_to_a_field_that_exists() -> None:
    terms = (
        "systems: {loinc: http://loinc.org}\n"
        "terms:\n"
        "  timbang.berat: [{system: loinc, code: 29463-7}]\n"
        "  timbang.beratt: [{system: loinc, code: x}]\n"
        "  timbang.lila: [{system: loin, code: x}]\n"
    )
    assert told(GOOD, terms=terms) == [
        "R05 forms/terms.yaml:4:3 'timbang' has no field 'beratt'. Did you mean 'berat'?",
        "F16 forms/terms.yaml:5:27 'loin' is not a system. Did you mean 'loinc'?",
    ]


def test_the_same_version_may_not_be_written_twice() -> None:
    assert [line[:3] for line in told(GOOD, GOOD)] == ["F03", "F12"]
