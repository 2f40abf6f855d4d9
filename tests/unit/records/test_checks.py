"""The check at the door: what is refused, in which words, and what is let in beside it."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.kernel.dates import parse_day
from siklus.records.checks import Checked, Surroundings, check_record
from siklus.rules.vocabulary import Vocabulary

TODAY = parse_day("2026-11-21")


@pytest.fixture
def check(vocabulary: Vocabulary) -> Any:
    def run(kind: str, data: dict[str, Any], on: str = "2026-11-20", **around: Any) -> Checked:
        roles = {name: around.pop(name) for name in ("by_role", "place_kind") if name in around}
        surroundings = Surroundings(today=TODAY, **around)
        return check_record(
            kind=kind, on=parse_day(on), data=data, vocabulary=vocabulary, around=surroundings, **roles
        )

    return run


def codes(checked: Checked) -> list[str]:
    return [problem.code for problem in checked.problems]


def test_a_good_record_comes_back_in_stored_words(check: Any) -> None:
    checked = check("imunisasi", {"vaksin": "Pentavalen", "dosis": 1}, by_role="Bidan Desa", place_kind="pkm")
    assert checked.problems == ()
    assert (checked.data, checked.by_role, checked.place_kind) == (
        {"vaksin": "dpt_hb_hib", "dosis": 1},
        "bidan",
        "puskesmas",
    )


@pytest.mark.parametrize(
    ("kind", "data", "code", "says"),
    [
        ("timbng", {}, "K01", "Maksudnya 'timbang'?"),
        ("timbang", {"beratt": 8.2}, "K02", "Maksudnya 'berat'?"),
        ("imunisasi", {}, "K03", "Isilah"),
        ("timbang", {"berat": "8,2"}, "K04", "angka tanpa tanda kutip"),
        ("timbang", {"berat": True}, "K04", "angka tanpa tanda kutip"),
        ("imunisasi", {"vaksin": "bgc"}, "K05", "Maksudnya 'bcg'?"),
        ("timbang", {"berat": 8.255}, "K06", "paling banyak 2 angka di belakang koma"),
        ("kpsp", {"skor": 7.5}, "K06", "bilangan bulat"),
        ("timbang", {"berat": 83}, "K07", "Maksudnya 8,3 kg?"),
        ("timbang", {"berat": 3200}, "K07", "Maksudnya 3,2 kg?"),
        ("daftar_kehamilan", {"hpht": "31/02/2026"}, "K11", "2026-11-21"),
        ("penolakan", {"kebutuhan": "bgc"}, "K12", "Maksudnya 'bcg'?"),
    ],
)
def test_a_fault_is_named_with_what_to_do(
    check: Any, kind: str, data: dict[str, Any], code: str, says: str
) -> None:
    checked = check(kind, data, needs=["bcg", "mr1"])
    assert codes(checked) == [code]
    assert says in str(checked.problems[0])


def test_all_faults_of_a_record_are_told_at_once(check: Any) -> None:
    checked = check("imunisasi", {"vaksin": "x", "dosis": "satu"}, on="2026-11-22", by_role="dukun")
    assert sorted(codes(checked)) == ["K04", "K05", "K05", "K08"]


@pytest.mark.parametrize(
    ("on", "around", "code"),
    [
        ("2026-11-22", {}, "K08"),
        ("2025-12-31", {"birth": "2026-01-01"}, "K09"),
        ("2026-06-02", {"died": "2026-06-01"}, "K10"),
    ],
)
def test_a_service_lies_between_birth_death_and_today(
    check: Any, on: str, around: dict[str, str], code: str
) -> None:
    days = {name: parse_day(day) for name, day in around.items()}
    assert codes(check("obat_cacing", {}, on=on, **days)) == [code]


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        (
            "daftar_kehamilan",
            {"hpht": "2026-12-01"},
            "Hari pertama haid terakhir (HPHT): 1 Des 2026 sesudah tanggal catatan (20 Nov 2026)",
        ),
        (
            "daftar_kehamilan",
            {"hpht": "2026-09-01", "hpl": "2026-06-08"},
            "Perkiraan lahir (HPL): 8 Jun 2026 sebelum hari pertama haid terakhir (HPHT) (1 Sep 2026)",
        ),
        (
            "daftar_orang",
            {"nama": "Siti", "birth": "2026-11-21"},
            "Tanggal lahir: 21 Nov 2026 sesudah tanggal catatan",
        ),
        (
            "janji",
            {"urusan": "hipertensi", "tanggal": "2026-11-19"},
            "Tanggal janji: 19 Nov 2026 sebelum tanggal catatan",
        ),
    ],
)
def test_a_day_that_another_day_of_the_record_forbids_is_refused(
    check: Any, kind: str, data: dict[str, Any], says: str
) -> None:
    checked = check(kind, data)
    assert codes(checked) == ["K14"]
    assert says in str(checked.problems[0])


def test_a_day_may_be_that_of_the_record_and_one_that_cannot_be_read_forbids_nothing(check: Any) -> None:
    assert codes(check("daftar_kehamilan", {"hpht": "2026-11-20", "hpl": None})) == []
    assert codes(check("daftar_kehamilan", {"hpht": "besok", "hpl": "2020-01-01"})) == ["K11"]


def test_the_day_of_birth_of_death_and_today_itself_are_allowed(check: Any) -> None:
    day = parse_day("2026-11-21")
    assert codes(check("obat_cacing", {}, on="2026-11-21", birth=day, died=day)) == []


def test_a_birth_date_may_be_corrected_after_death(check: Any) -> None:
    assert codes(check("ubah_orang", {"birth": "2020-01-01"}, died=parse_day("2026-06-01"))) == []


def test_an_odd_value_is_kept_and_asked_about(check: Any) -> None:
    checked = check("timbang", {"berat": 35})
    assert checked.problems == () and checked.data == {"berat": 35}
    assert [problem.code for problem in checked.odd] == ["K13"]


def test_a_field_nobody_knows_is_kept_and_an_empty_one_is_dropped(check: Any) -> None:
    checked = check("timbang", {"berat": 8.2, "panjang": None, "lila": "", "warna_kms_2031": "hijau"})
    assert checked.problems == ()
    assert checked.data == {"berat": 8.2, "warna_kms_2031": "hijau"}
