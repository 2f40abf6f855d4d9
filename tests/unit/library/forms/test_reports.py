"""The weekly sheet of home visits is counted from records; what is not known stands beside the figure."""

from __future__ import annotations

from typing import Any

from siklus.kernel.dates import parse_day
from siklus.kernel.periods import Period
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.tallies import Figure, tally
from siklus.library.loading import load_book
from siklus.rules.life import Life
from tests.unit.library.forms.small_forms import told

MONDAY = parse_day("2026-11-16")
WEEK = Period("week", MONDAY, MONDAY + 7, "minggu ke-47")


def person(number: int, birth: str | None, *records: dict[str, Any]) -> Subject:
    book = load_book()
    facts: dict[str, Any] = {**dict.fromkeys(book.vocabulary.person), "id": number, "died": None}
    facts["birth"] = None if birth is None else parse_day(birth)
    rows = [
        {**dict.fromkeys(book.vocabulary.kinds[r["kind"]].fields), "id": n, "date": MONDAY, **r}
        for n, r in enumerate(records, 1)
    ]
    unit = book.reference.units(Life(facts, tuple(rows)))[0]
    return Subject("person", unit.facts, unit.records)


def counted(*people: tuple[Subject, int | None]) -> dict[str, Figure]:
    found = tally(load_forms().reports["kr_mingguan"], people, WEEK, MONDAY + 30)
    return {name: figure for name, figure in found.items() if figure != Figure(0, 0)}


VISIT = {"kind": "kunjungan_rumah", "hasil": "dilakukan"}


def test_a_family_of_which_two_were_visited_is_one_family() -> None:
    mother = person(1, "1996-01-01", VISIT)
    child = person(
        2,
        "2026-08-01",
        VISIT,
        {"kind": "kr_bayi"},
        {"kind": "layanan_diterima", "layanan": "kn1", "ya": False},
    )
    assert counted((mother, 9), (child, 9)) == {
        "keluarga": Figure(1, 0), "bayi_balita": Figure(1, 0), "tidak_akses_ibu_anak": Figure(1, 0),
    }  # fmt: skip


def test_visits_of_other_weeks_and_visits_that_were_refused_are_not_counted() -> None:
    before = person(1, "1996-01-01", {**VISIT, "date": MONDAY - 1}, {**VISIT, "date": MONDAY + 7})
    refused = person(2, "1996-01-01", {"kind": "kunjungan_rumah", "hasil": "ditolak"})
    assert counted((before, 8), (refused, 9)) == {}


def test_somebody_whose_age_is_not_known_is_counted_as_unclear() -> None:
    unknown = person(1, None, {"kind": "layanan_diterima", "layanan": "kn1", "ya": False})
    assert counted((unknown, None)) == {
        "tidak_akses_ibu_anak": Figure(0, 1),
        "tidak_akses_lain": Figure(0, 1),
    }


def test_a_visit_without_its_result_may_have_been_made() -> None:
    assert counted((person(1, "1996-01-01", {"kind": "kunjungan_rumah"}), 9)) == {"keluarga": Figure(0, 1)}


def test_medicine_not_taken_counts_whoever_it_was_asked_of() -> None:
    old = person(1, "1950-01-01", {"kind": "kr_lansia", "td_minum24": False})
    patient = person(2, "1996-01-01", {"kind": "kr_tbc", "minum24": False})
    found = counted((old, 8), (patient, 9))
    assert found["tidak_minum_obat"] == Figure(2, 0) and found["lansia"] == Figure(1, 0)


HEAD = (
    "report: r\ntitle: R\nversion: 1\nsince: 2026-11-22\ncites: kartu posyandu\nconfidence: ours\ncolumns:\n"
)


def test_a_wrong_column_is_told_with_its_place() -> None:
    text = (
        HEAD
        + "  - {column: a, title: A, counts: timbng}\n"
        + "  - {column: b, title: B, is: umr > 3}\n"
        + "  - {column: c, title: C}\n"
        + "  - {column: d, title: D, counts: timbang, who: age_months(today)}\n"
        + "  - {column: e, title: E, counts: timbang}\n"
        + "  - {column: e, title: E, counts: timbang}\n"
    )
    assert [line.split()[:2] for line in told(text)] == [
        ["R04", "forms/percobaan.yaml:8:35"],
        ["R01", "forms/percobaan.yaml:9:31"],
        ["F01", "forms/percobaan.yaml:10:5"],
        ["R07", "forms/percobaan.yaml:11:49"],
        ["F03", "forms/percobaan.yaml:13:5"],
    ]
