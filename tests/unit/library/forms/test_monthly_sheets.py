"""The monthly sheets of the posyandu: every printed column is there, in its order, and counts what its title says."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from siklus.kernel.dates import parse_day
from siklus.kernel.periods import parse_period
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.reports import words_of
from siklus.library.forms.tallies import Figure, tally
from siklus.library.loading import load_book
from siklus.library.sources import cited, read_sources
from siklus.rules.life import Life
from tests.unit.library.forms.small_forms import forms, told

KNOWLEDGE = Path(__file__).resolve().parents[4] / "knowledge"
PRINTED = KNOWLEDGE / "forms/coverage/rekap_posyandu.csv"
MONTHLY = {"rekap_ibu": 29, "rekap_balita": 36, "rekap_remaja": 26, "rekap_dewasa_lansia": 47}
OCTOBER = parse_period("2026-10")
DAY = parse_day("2026-10-14")
LATER = parse_day("2026-11-20")


def printed() -> list[dict[str, str]]:
    with PRINTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_printed_column_is_one_of_ours_under_its_own_words_or_has_a_reason() -> None:
    reports, found = load_forms().reports, dict.fromkeys(MONTHLY, 0)
    for row in printed():
        if not row["rekap"]:
            assert len(row["alasan"].split()) > 3, row
            continue
        name, _, column = row["rekap"].partition(":")
        found[name] += 1
        ours = reports[name].column(column)
        assert (ours.group, ours.title) == (row["kelompok"], row["label"])
        assert reports[name].columns[int(row["kolom"]) - 1] is ours
    assert found == MONTHLY


def test_every_sheet_cites_a_source_and_tells_whom_each_column_counts() -> None:
    vocabulary, sources = load_book().vocabulary, read_sources(KNOWLEDGE)
    for report in load_forms().reports.values():
        assert cited([report.cites], sources), report.name
        for column in report.columns:
            assert column.shows_period or words_of(report, column, vocabulary), (report.name, column.name)


def person(birth: str | None, sex: str | None, *records: dict[str, Any], number: int = 1) -> Subject:
    """Somebody with records, of which only those up to the end of October are handed over."""
    book = load_book()
    facts: dict[str, Any] = {**dict.fromkeys(book.vocabulary.person), "id": number, "died": None, "sex": sex}
    facts["birth"] = None if birth is None else parse_day(birth)
    rows = [
        {
            **dict.fromkeys(book.vocabulary.kinds[r["kind"]].fields),
            "id": n, "date": DAY, "oleh": "kader", "tempat": "posyandu", **r,
        }
        for n, r in enumerate(records, 1)
    ]  # fmt: skip
    unit = book.reference.units(Life(facts, tuple(r for r in rows if r["date"] < OCTOBER.stop)))[0]
    return Subject("person", unit.facts, unit.records)


def counted(sheet: str, *people: Subject) -> dict[str, Figure]:
    found = tally(load_forms().reports[sheet], [(each, None) for each in people], OCTOBER, LATER)
    return {name: figure for name, figure in found.items() if figure != Figure(0, 0)}


ONE, MAYBE = Figure(1, 0), Figure(0, 1)


def test_a_child_who_came_is_judged_by_the_last_measurement_of_the_month() -> None:
    first = {"kind": "timbang", "berat": 815, "date": parse_day("2026-09-12")}
    again = {"kind": "timbang", "berat": 880, "panjang": 730}
    child = person("2026-01-10", "l", first, again, {"kind": "imunisasi", "vaksin": "mr"})
    # Owed at 0-11 months; came; weight rose; well nourished; length normal; vaccinated.
    assert counted("rekap_balita", child) == dict.fromkeys(("k2", "k5", "k13", "k15", "k17", "k28"), ONE)


def test_a_child_who_did_not_come_is_owed_and_counted_as_absent() -> None:
    visited = {"kind": "timbang", "berat": 815, "tempat": "puskesmas"}
    assert counted("rekap_balita", person("2024-01-10", "l", visited)) == {"k3": ONE, "k9": ONE}


def test_what_is_not_known_of_somebody_is_counted_as_unclear() -> None:
    found = counted("rekap_balita", person(None, "l", {"kind": "timbang", "berat": 815, "tempat": None}))
    assert found["k2"] == found["k3"] == found["k5"] == found["k8"] == MAYBE
    unsexed = counted("rekap_balita", person("2026-01-10", None, {"kind": "timbang", "panjang": 730}))
    assert unsexed["k17"] == unsexed["k18"] == MAYBE and unsexed["k5"] == ONE


def test_a_pregnant_woman_counts_in_the_columns_of_pregnancy_and_none_of_the_childbed() -> None:
    woman = person(
        "1996-01-01", "p",
        {"kind": "daftar_kehamilan", "date": parse_day("2026-06-01"), "hpht": parse_day("2026-05-01")},
        {"kind": "ukur_ibu", "bb_sesuai": False, "lila": 234, "td_sesuai": True},
        {"kind": "ttd_ibu", "tablet": 30, "setiap_hari": False},
        {"kind": "skrining_tb", "gejala": 1, "kontak_erat": True},
    )  # fmt: skip
    assert set(counted("rekap_ibu", woman)) == {
        "k2", "k4", "k9", "k11", "k12", "k14", "k15", "k17", "k22",
    }  # fmt: skip


def test_pressure_between_low_and_high_is_normal_and_no_one_is_in_two_columns() -> None:
    for systolic, diastolic, column in (
        (89, 70, "k15"), (90, 60, "k16"), (139, 89, "k16"), (140, 80, "k17"), (120, 90, "k17"), (100, 59, "k15"),
    ):  # fmt: skip
        adult = person("1980-01-01", "l", {"kind": "ukur_td", "sistolik": systolic, "diastolik": diastolic})
        assert set(counted("rekap_dewasa_lansia", adult)) == {"k2", "k4", column}, (systolic, diastolic)


def test_a_month_of_which_nothing_is_measured_has_no_pressure_even_if_the_month_before_had() -> None:
    before = {"kind": "ukur_td", "sistolik": 150, "diastolik": 95, "date": parse_day("2026-09-30")}
    after = {"kind": "ukur_td", "sistolik": 150, "diastolik": 95, "date": parse_day("2026-11-01")}
    assert set(counted("rekap_dewasa_lansia", person("1980-01-01", "l", before, after))) == {"k2", "k6"}


def test_the_domains_of_an_old_persons_screening_are_counted_yes_no_or_unclear() -> None:
    domains = {"kind": "skilas", "kursi": False, "orientasi_salah": False, "tidak_ulang": False}
    found = counted("rekap_dewasa_lansia", person("1950-01-01", "p", domains))
    assert found["k34"] == found["k35"] == ONE
    assert found["k43"] == found["k44"] == MAYBE


def test_men_are_not_on_the_sheet_of_mothers_and_children_not_on_that_of_adults() -> None:
    assert counted("rekap_ibu", person("1990-01-01", "l", {"kind": "edukasi"})) == {}
    assert counted("rekap_dewasa_lansia", person("2020-01-01", "l", {"kind": "edukasi"})) == {}


HEAD = "report: r\ntitle: R\nversion: 1\nsince: 2026-11-22\nevery: month\ncites: kartu posyandu\nconfidence: ours\n"


def test_what_no_record_tells_is_a_column_without_a_figure() -> None:
    text = HEAD + (
        "let: {datang: {title: datang, record_at: posyandu}}\ncolumns:\n"
        "  - {column: a, title: Bulan, shows: period}\n"
        "  - {column: b, title: Hadir, missing: siapa yang bertugas tidak dicatat}\n"
        "  - {column: c, title: Datang, is: datang}\n"
    )
    report = forms(text).reports["r"]
    assert set(tally(report, [], OCTOBER, LATER)) == {"c"}
    said = [words_of(report, column, load_book().vocabulary) for column in report.columns]
    assert said == ["", "siapa yang bertugas tidak dicatat", "datang"]
    assert report.column("c").reads == frozenset()


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("for: exists(timbang)\ncolumns:\n  - {column: a, title: A, is: 'true'}\n", "F10"),
        ("columns:\n  - {column: a, title: A, class: {bbu: [normal]}}\n", "F14"),
        ("columns:\n  - {column: a, title: A, class: {bb_u: [norml]}}\n", "F14"),
        ("columns:\n  - {column: a, title: A, is: 'true', missing: tidak ada}\n", "F01"),
        ("columns:\n  - {column: a, title: A, shows: bulan}\n", "F01"),
        ("let: {d: {record_at: posyndu}}\ncolumns: []\n", "F04"),
    ],
)
def test_a_wrong_sheet_is_told(lines: str, code: str) -> None:
    assert [line.split()[0] for line in told(HEAD + lines)] == [code]


def test_a_sheet_is_by_week_or_month() -> None:
    assert [line.split()[0] for line in told(HEAD.replace("month", "year") + "columns: []\n")] == ["F01"]
