"""The SPM page: four figures that say what they are out of, and names that are as many as their number."""

from __future__ import annotations

import pytest

from siklus.desk.pages import spm, spm_names
from siklus.kernel import periods
from siklus.kernel.dates import parse_day
from siklus.library.loading import load_book

YEAR = periods.year(2026)
TODAY = parse_day("2026-11-12")


def figures(**changes: int | None) -> spm.Figures:
    known = {"target": 1310, "registered": 1236, "reached": 1198, "complete": 871, "unclear": 0, **changes}
    return spm.Figures(indicator=load_book().indicator("spm04"), **known)  # type: ignore[arg-type]


def row(it: spm.Figures, out_of: str = spm.TARGET) -> spm.Row:
    return spm.row_of(
        it, title="Balita", period=YEAR, today=TODAY, out_of=out_of, address="/spm/spm04/", query={}
    )


def test_a_share_says_its_denominator() -> None:
    by_target, by_registered = row(figures()), row(figures(), spm.REGISTERED)
    assert (by_target.share, by_target.share_of) == ("66,5 %", "dari 1.310 sasaran")
    assert (by_registered.share, by_registered.share_of) == ("70,5 %", "dari 1.236 terdaftar")


def test_a_missing_target_is_said_and_the_share_falls_back_to_the_registered_in_words() -> None:
    found = row(figures(target=None))
    assert found.target == "belum ada"
    assert (found.share, found.share_of) == ("70,5 %", "dari 1.236 terdaftar")
    assert any("Belum ada sasaran" in note for note in spm.notes_of([figures(target=None)], spm.TARGET))


def test_more_than_the_target_is_shown_as_it_is_with_what_to_do() -> None:
    it = figures(target=186, registered=194, reached=194, complete=194)
    found = row(it)
    assert found.share == "104,3 %"
    assert found.share_of == "dari 186 sasaran: periksa sasaran"
    assert found.bar is not None and found.bar.is_over
    assert (found.lacking.number, found.lacking.href, found.per_week) == ("0", "", "–")


def test_numbers_open_to_exactly_those_people() -> None:
    found = row(figures(unclear=12))
    assert (found.lacking.number, found.lacking.href) == ("365", "/spm/spm04/?lihat=belum")
    assert (found.complete.number, found.complete.href) == ("871", "/spm/spm04/?lihat=lengkap")
    assert found.unclear is not None
    assert (found.unclear.number, found.unclear.href) == ("+ 12 belum jelas", "/spm/spm04/?lihat=belum-jelas")


def test_nobody_registered_is_neither_zero_percent_nor_complete() -> None:
    found = row(figures(target=None, registered=0, reached=0, complete=0))
    assert (found.share, found.bar) == ("–", None)


def test_the_lead_names_the_pace_of_the_day_and_the_largest_gap() -> None:
    text = "".join(
        part.text for part in spm.lead_of([figures()], period=YEAR, today=TODAY, out_of=spm.TARGET)
    )
    assert "Hari ke-316" in text
    assert "86,6 %" in text
    assert "1 dari 1 layanan tertinggal" in text
    assert "365 orang" in text


def test_when_nothing_lags_the_lead_says_what_was_looked_at() -> None:
    it = figures(complete=1236)
    text = "".join(part.text for part in spm.lead_of([it], period=YEAR, today=TODAY, out_of=spm.REGISTERED))
    assert "Tidak ada layanan yang tertinggal dari 1 yang diperiksa" in text


@pytest.mark.parametrize(
    ("today", "a_week"), [("2026-11-12", "53"), ("2026-12-31", "–"), ("2026-12-30", "365")]
)
def test_what_lacks_is_spread_over_the_weeks_that_are_left(today: str, a_week: str) -> None:
    it = figures()
    found = spm.row_of(
        it, title="", period=YEAR, today=parse_day(today), out_of=spm.TARGET, address="", query={}
    )
    assert found.per_week == a_week


def test_the_sum_above_the_names_adds_up_in_sight() -> None:
    line = spm_names.sum_line(figures(target=131, registered=124, complete=71), "Desa Cawang Lama")
    assert [f"{part.sign}{part.number}" for part in line.parts] == ["71", "+53", "=124"]
    assert line.aside == "sasaran proyeksi 131 · cakupan 54,2 % dari sasaran"


def test_there_is_one_tab_a_lacking_component_with_its_count_and_the_open_one_is_marked() -> None:
    tabs = spm_names.tabs_of(
        figures(), {"timbang_8": 29, "vitamin_a": 0}, {"timbang_8": 2}, which=spm.LACKING, component="timbang_8",
        query={},
    )  # fmt: skip
    assert [(tab.number, tab.is_open) for tab in tabs] == [("365", False), ("31", True), ("871", False)]


def test_side_by_side_an_indicator_has_its_short_title() -> None:
    book = load_book()
    official = [indicator for indicator in book.indicators if indicator.name.startswith("spm")]
    short = spm.short_titles(official)
    assert short["spm04"] == "Balita"
    assert short["spm06"] == "Usia produktif"
    assert all(indicator.source.get("short_en") for indicator in official)
