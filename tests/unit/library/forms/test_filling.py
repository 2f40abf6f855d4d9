"""Filling in: what stands on a form by the answers above it and what is known, and which records come of it."""

from __future__ import annotations

import pytest

from siklus.kernel.dates import parse_day
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.filling import Visit, answers_of, drafts_of, fill, is_offered, suggested
from siklus.library.forms.model import Form
from siklus.library.loading import load_book
from siklus.records.checks import Surroundings, check_record
from siklus.records.drafts import DraftRecord, StoredRecord
from siklus.rules.life import Life
from tests.unit.library.forms.small_forms import form, forms

TODAY = parse_day("2026-11-22")


def child(birth: str | None, sex: str | None = None) -> Subject:
    return Subject(
        facts={"birth": None if birth is None else parse_day(birth), "sex": sex, "died": None, "id": 7}
    )


def shown(what: Form, answers: dict[str, object], subject: Subject) -> set[str]:
    return {item.id for item in fill(what, answers, subject, TODAY).items}


def drafts(what: Form, answers: dict[str, object], subject: Subject, **visit: object) -> list[DraftRecord]:
    given = {"person": 7, "by_role": "kader", "place_kind": "posyandu", **visit}
    return drafts_of(what, answers, Visit(on=TODAY, subject=subject, **given), load_book().vocabulary)  # type: ignore[arg-type]


def stored(found: list[DraftRecord]) -> list[StoredRecord]:
    return [
        StoredRecord(
            id=n, seq=n, kind=d.kind, person=7, household=None, on=d.on, root=n, data=d.data, by_role=d.by_role,
            place_kind=d.place_kind,
        )
        for n, d in enumerate(found, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("birth", "stands"),
    [("2026-06-22", True), ("2026-04-23", True), ("2026-04-22", False), (None, True)],
)
def test_exclusive_breastfeeding_is_asked_up_to_six_months_and_when_the_age_is_not_known(
    birth: str | None, stands: bool
) -> None:
    assert ("asi_eksklusif" in shown(load_forms().form("kartu_balita"), {}, child(birth))) is stands


@pytest.mark.parametrize(
    ("berat", "sex", "stands"),
    [
        (2.0, "l", True),
        (2.0, None, True),
        (None, "l", True),
        (None, None, True),
        (5.0, None, False),
        (None, "p", False),
    ],
)
def test_a_condition_that_is_not_known_to_be_false_shows_its_question(
    berat: float | None, sex: str | None, stands: bool
) -> None:
    """and: false if either side is, however little is known of the other."""
    what = forms(
        form("timbang", "ask: timbang.berat", 'ask: timbang.lila, show: "berat < 3.00 and sex = l"')
    ).form("percobaan")
    answers = {} if berat is None else {"berat": berat}
    assert ("lila" in shown(what, answers, child(None, sex))) is stands


def test_what_was_typed_before_a_question_went_away_does_not_count() -> None:
    what = forms(
        form(
            "timbang",
            "ask: timbang.naik, id: kenaikan",
            "ask: timbang.lila, show: kenaikan = naik",
            "ask: timbang.berat, show: lila < 11.5",
        )
    ).form("percobaan")
    answers = {"kenaikan": "tidak_naik", "lila": 10.0, "berat": 6.5}
    filled = fill(what, answers, child(None), TODAY)
    assert filled.answers == {"kenaikan": "tidak_naik", "berat": 6.5}
    assert drafts(what, answers, child(None))[1].data == {
        "naik": "tidak_naik",
        "berat": 6.5,
        "isian": "percobaan/1",
    }


def test_a_required_question_counts_as_missing_only_where_it_stands() -> None:
    card = load_forms().form("kartu_balita")
    missing = {
        answer: [item.id for item in fill(card, {"vitamin_a": answer}, child("2025-01-01"), TODAY).missing]
        for answer in (True, False)
    }
    assert missing == {True: ["kapsul"], False: []}


def test_the_records_of_a_posyandu_card_pass_the_door_and_read_back_as_the_answers() -> None:
    card = load_forms().form("kartu_balita")
    answers = {
        "berat": 8.2, "panjang": 71.5, "cara": "telentang", "lengkap": True, "kenaikan": "naik", "batuk": True,
        "demam": False,
        "bb_turun": False, "kontak_erat": False, "imunisasi_1": "mr", "dosis_1": 1, "imunisasi_2": "ipv", "dosis_2": 2,
        "vitamin_a": True, "kapsul": "biru", "obat_cacing": False, "sakit": True,
        "keluhan": "batuk", "materi": "MP-ASI",
    }  # fmt: skip
    subject = child("2025-11-01", "l")
    found = drafts(card, answers, subject)
    for draft in found:
        checked = check_record(
            kind=draft.kind, on=draft.on, data=draft.data, by_role=draft.by_role, place_kind=draft.place_kind,
            vocabulary=load_book().vocabulary, around=Surroundings(today=TODAY),
        )  # fmt: skip
        assert checked.problems == (), draft
        assert draft.person == 7 and draft.by_role == "kader" and draft.place_kind == "posyandu"
    kinds = [draft.kind for draft in found]
    assert kinds == [
        "isian_formulir", "ceklis_perkembangan", "timbang", "skrining_tb", "imunisasi", "imunisasi",
        "vitamin_a", "keluhan", "edukasi",
    ]  # fmt: skip
    assert found[0].data == {"formulir": "kartu_balita", "versi": 1, "tidak": "obat_cacing"}
    assert found[3].data["gejala"] == 1
    assert answers_of(card, stored(found)) == answers


def test_a_count_of_symptoms_is_not_written_while_one_of_them_is_not_known() -> None:
    card = load_forms().form("kartu_balita")
    found = drafts(card, {"batuk": True, "demam": True}, child("2025-11-01"))
    assert [d.data for d in found if d.kind == "skrining_tb"] == [
        {"batuk": True, "demam": True, "isian": "kartu_balita/1"}
    ]


@pytest.mark.parametrize(
    ("answers", "levels"),
    [
        ({"bahaya_kejang": True}, ["segera"]),
        ({"bahaya_mata": True, "bahaya_kejang": False}, ["pustu"]),
        ({"bahaya_mata": True, "bahaya_kejang": True}, ["segera", "pustu"]),
        ({"bahaya_imunisasi": True}, []),
        ({"bahaya_mata": False}, []),
    ],
)
def test_a_danger_sign_at_home_becomes_a_danger_record_as_soon_as_one_is_known(
    answers: dict[str, object], levels: list[str]
) -> None:
    found = drafts(
        load_forms().form("kr_bayi"),
        {"hasil_kunjungan": "dilakukan", **answers},
        child("2026-10-01"),
        place_kind="kunjungan_rumah",
    )
    assert [draft.data["tingkat"] for draft in found if draft.kind == "tanda_bahaya"] == levels


def test_a_service_told_at_home_is_kept_as_told_and_never_as_the_service_itself() -> None:
    answers = {
        "hasil_kunjungan": "dilakukan",
        "kn1": True,
        "kn1_tanggal": "2026-10-02",
        "bcg_1": True,
        "rv_1": False,
    }
    found = drafts(load_forms().form("kr_bayi"), answers, child("2026-10-01"))
    assert {draft.kind for draft in found} == {
        "isian_formulir",
        "kunjungan_rumah",
        "layanan_diterima",
        "cek_imunisasi",
    }
    told = {(d.data.get("layanan") or d.data["vaksin"]): d.data["ya"] for d in found if "ya" in d.data}
    assert told == {"kn1": True, "bcg": True}  # RV 1 is not asked of a child below two months


def test_a_refused_visit_asks_nothing_more() -> None:
    found = shown(load_forms().form("kr_bayi"), {"hasil_kunjungan": "ditolak"}, child("2026-10-01"))
    assert found == {"hasil_kunjungan", "nama", "tempat_lahir", "tgl_lahir", "jk"}


def test_item_17_alone_makes_a_danger_and_a_half_answered_questionnaire_has_no_score() -> None:
    srq = load_forms().form("srq20")
    found = drafts(srq, {"butir17": True}, child("1990-01-01"))
    assert [(d.kind, d.data.get("skor"), d.data.get("tingkat")) for d in found[1:]] == [
        ("srq20", None, None), ("tanda_bahaya", None, "segera")
    ]  # fmt: skip
    every = {f"butir{n}": n in (3, 5) for n in range(1, 21)}
    assert [d.data.get("skor") for d in drafts(srq, dict(every), child("1990-01-01"))[1:]] == [2]


def test_the_puma_score_follows_the_printed_form() -> None:
    card = load_forms().form("kartu_dewasa_lansia")
    answers = {
        "rokok": "lebih_30",
        "napas_pendek": True,
        "dahak": False,
        "puma_batuk": True,
        "spirometri": False,
    }
    scores = {
        birth: [d.data["skor"] for d in drafts(card, dict(answers), child(birth, "l")) if d.kind == "puma"]
        for birth in ("1986-11-22", "1976-11-22", "1966-11-22", "1966-11-23")
    }
    assert scores == {"1986-11-22": [5], "1976-11-22": [6], "1966-11-22": [7], "1966-11-23": [6]}


@pytest.mark.parametrize(
    ("answers", "domains"),
    [
        ({"kursi": False, "tes_bisik": True}, None),
        ({"orientasi_salah": False, "tidak_ulang": False, "kursi": False, "bb_turun": False, "nafsu_makan": True,
          "lila_kurang": False, "masalah_mata": True, "tes_bisik": True, "sedih": False, "kurang_minat": False}, 3),
    ],
)  # fmt: skip
def test_the_domains_of_skilas_are_counted_only_when_each_is_known(
    answers: dict[str, object], domains: int | None
) -> None:
    found = drafts(load_forms().form("kartu_lansia"), answers, child("1950-01-01"))
    assert [d.data.get("ya") for d in found if d.kind == "skilas"] == [domains]


def test_an_answer_with_the_name_of_a_fact_stands_for_the_fact() -> None:
    registering = load_forms().form("daftar_orang")
    for birth, stands in (("2024-01-01", True), ("1990-01-01", False)):
        assert ("berat_lahir" in shown(registering, {"birth": birth}, Subject())) is stands


def test_a_registration_names_the_new_person_to_the_records_beside_it() -> None:
    found = drafts(
        load_forms().form("daftar_orang"), {"nama": "Contoh", "birth": "1990-01-01"}, Subject(), person=None
    )
    assert [(d.kind, d.ref, d.person) for d in found] == [
        ("daftar_orang", "orang", None),
        ("isian_formulir", "", "@orang"),
    ]


def test_a_family_and_its_house_are_told_on_one_sheet() -> None:
    answers = {"alamat": "Jl. Contoh", "desa": "17.02.06.1004", "jenis_jamban": "cemplung", "jkn": True}
    found = drafts(load_forms().form("daftar_keluarga"), answers, Subject(unit="household"), person=None)
    assert [(d.kind, d.person, d.household) for d in found] == [
        ("daftar_keluarga", None, None), ("isian_formulir_keluarga", None, "@keluarga"),
        ("data_rumah", None, "@keluarga"), ("periksa_rumah", None, "@keluarga"),
    ]  # fmt: skip
    assert found[3].data == {"jamban": False, "jkn": True, "isian": "daftar_keluarga/1"}


def test_a_form_is_offered_unless_it_is_surely_not_for_this_person() -> None:
    balita = load_forms().form("kartu_balita")
    assert [is_offered(balita, child(birth), TODAY) for birth in ("2024-01-01", "1990-01-01", None)] == [
        True,
        False,
        True,
    ]


def test_what_belongs_to_a_pregnancy_is_asked_while_one_is_open() -> None:
    card, book = load_forms().form("kartu_ibu"), load_book()
    woman = dict.fromkeys(book.vocabulary.person) | {"id": 7, "died": None, "sex": "p"}
    blank = dict.fromkeys(book.vocabulary.kinds["daftar_kehamilan"].fields)
    opened = {**blank, "kind": "daftar_kehamilan", "id": 1, "date": TODAY - 30, "hpht": TODAY - 84}
    for records, stands in (((), False), ((opened,), True)):
        unit = book.reference.units(Life(woman, records))[0]
        filled = fill(card, {}, Subject("person", unit.facts, unit.records), TODAY)
        assert ("kelas_ibu" in {item.id for item in filled.items}) is stands
        assert filled.values.get("usia_kehamilan") == (12 if stands else None)


def test_a_suggested_value_comes_from_what_is_known() -> None:
    what = forms(
        form("ukur_bbtb", "ask: ukur_bbtb.tinggi, prefill: last(ukur_bbtb.tinggi)"),
    ).form("percobaan")
    blank = dict.fromkeys(load_book().vocabulary.kinds["ukur_bbtb"].fields)
    before = {**blank, "kind": "ukur_bbtb", "id": 1, "date": TODAY - 300, "tinggi": 1585}
    for records, given in (({}, None), ({"ukur_bbtb": [before]}, 158.5)):
        subject = Subject(facts=child(None).facts, records=records)
        assert suggested(what, what.item("tinggi"), {}, subject, TODAY) == given


def test_a_code_may_be_suggested_as_it_is() -> None:
    what = forms(form("timbang", "ask: timbang.cara, prefill: berdiri")).form("percobaan")
    assert suggested(what, what.item("cara"), {}, child(None), TODAY) == "berdiri"


def test_a_visit_names_the_pregnancy_it_belongs_to_where_that_is_known() -> None:
    found = drafts(
        load_forms().form("anc"), {"berat": 55.5, "suhu": 36.5}, Subject(), episodes={"kehamilan": "3-4"}
    )
    assert {d.kind: d.data.get("episode") for d in found} == {
        "isian_formulir": None, "kunjungan_anc": "3-4", "tanda_vital": None,
    }  # fmt: skip
