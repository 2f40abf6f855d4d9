"""How numbers, shares, days and ages are written on every page."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation

from siklus.desk import statuses, words
from siklus.kernel.dates import parse_day
from siklus.rules.reason_words import STATUS_WORDS

TODAY = parse_day("2026-11-12")


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (999, "999"), (1310, "1.310"), (288582, "288.582"), (None, "?")]
)
def test_a_number_has_points_between_thousands_and_unknown_is_a_question_mark(
    value: int | None, written: str
) -> None:
    assert words.number(value) == written


@pytest.mark.parametrize(("value", "written"), [(8227, "8.227"), (99_999, "99.999"), (177_124, "177 rb")])
def test_a_very_large_count_is_short_where_there_is_little_room(value: int, written: str) -> None:
    assert words.compact(value) == written


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (820, 2, "8,2"),
        (800, 2, "8"),
        (125, 1, "12,5"),
        (5, 2, "0,05"),
        (-130, 2, "-1,3"),
        (118, 0, "118"),
        (131050, 2, "1.310,5"),
    ],
)
def test_a_measurement_has_a_decimal_comma_and_no_idle_zeros(value: int, places: int, written: str) -> None:
    assert words.decimal(value, places) == written


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (871, 1310, "66,5 %"),
        (194, 186, "104,3 %"),
        (1000, 1000, "100,0 %"),
        (9999, 10000, "99,9 %"),
        (0, 214, "0,0 %"),
        (33, 50, "66 %"),
        (99, 99, "100 %"),
        (98, 99, "99 %"),
        (7, 8, "7 dari 8"),
        (0, 1, "0 dari 1"),
        (5, 0, "?"),
        (None, 100, "?"),
        (5, None, "?"),
    ],
)
def test_a_share_is_as_fine_as_its_people_and_never_reads_as_complete_before_it_is(
    part: int | None, whole: int | None, written: str
) -> None:
    assert words.share(part, whole) == written


@pytest.mark.parametrize(
    ("birth", "on", "written"),
    [
        ("2026-11-06", "2026-11-12", "6 hari"),
        ("2026-11-12", "2026-11-12", "0 hari"),
        ("2026-10-12", "2026-11-12", "1 bulan"),
        ("2026-01-11", "2026-11-12", "10 bulan"),
        ("2025-07-01", "2026-11-12", "1 th 4 bl"),
        ("2024-11-12", "2026-11-12", "2 th"),
        ("2019-08-20", "2026-11-12", "7 th"),
        ("1955-03-01", "2026-11-12", "71 th"),
        ("2024-02-29", "2025-02-28", "1 th"),
    ],
)
def test_an_age_is_told_as_people_tell_it(birth: str, on: str, written: str) -> None:
    assert words.age(parse_day(birth), parse_day(on)) == written


def test_an_unknown_birth_date_is_said_and_not_shown_as_zero() -> None:
    assert words.age(None, TODAY) == "umur belum diketahui"


def test_days_are_written_with_short_months() -> None:
    assert words.day(parse_day("2026-08-01")) == "1 Agu 2026"
    assert words.day_near(parse_day("2026-11-01"), TODAY) == "1 Nov"
    assert words.day_near(parse_day("2027-01-11"), TODAY) == "11 Jan 2027"
    assert words.day_slashed(parse_day("2026-11-01")) == "01/11/2026"
    assert words.day(None) == "?"
    assert words.hour(datetime.datetime(2026, 11, 12, 8, 41, tzinfo=datetime.UTC)) == "08.41"


def test_english_has_its_own_separators_and_months() -> None:
    with translation.override("en"):
        assert words.number(1310) == "1,310"
        assert words.share(871, 1310) == "66.5 %"
        assert words.day(parse_day("2026-05-01")) == "1 May 2026"
        assert words.decimal(820, 2) == "8.2"


@pytest.mark.parametrize(
    ("nik", "written"),
    [
        ("9902061101260007", "990206 •••••• 0007"),
        ("99020611", "••••"),
        ("", "belum ada"),
        (None, "belum ada"),
    ],
)
def test_a_nik_on_screen_can_be_compared_with_a_card_but_not_copied(nik: str | None, written: str) -> None:
    assert words.nik_masked(nik) == written


def test_a_list_ends_with_and() -> None:
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b"]) == "a dan b"
    assert words.listed(["a", "b", "c"]) == "a, b dan c"
    assert words.listed([]) == ""


def test_a_status_has_the_same_word_on_the_desk_in_reasons_and_in_the_handbook() -> None:
    with translation.override("id"):
        assert {status: str(statuses.WORDS[status]) for status in STATUS_WORDS} == dict(STATUS_WORDS)
