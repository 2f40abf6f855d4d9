"""What one cell says: every way of writing a value that can be understood without guessing, and what cannot."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siklus.exchange.excel.cells import read_cell
from siklus.exchange.excel.sheets import Cell
from siklus.exchange.excel.words import CATALOGUE
from siklus.kernel.dates import date_of, iso
from tests.unit.exchange.reading import TODAY, cell, context

BORN = "2024-02-29"


@pytest.mark.parametrize(
    "written",
    ["29/02/2024", "29-2-2024", "29.02.2024", "2024-02-29", "2024/02/29", "2024-02-29 00:00:00", "29 Februari 2024",
     "29-Feb-2024", "29 Peb 2024".replace("Peb", "Pebruari"), "'29/02/2024", "20240229", 45351.0, "45351", 45351.5],
)  # fmt: skip
def test_a_date_is_understood_however_it_is_written(written: Cell) -> None:
    assert cell("tgl_lahir", written).value == BORN


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("31/02/2025", "no_such_date", "28/02/2025"),
        ("02/25/2025", "month_day_swapped", "25/02/2025"),
        ("14/12/2026", "future", ""),
        ("05/03/21", "short_year", ""),
        ("kemarin", "not_a_date", ""),
        ("01/01/1826", "too_long_ago", ""),
        (8.2e9, "not_a_date", ""),
        ("#REF!", "error_cell", ""),
        ("", "", ""),
        ("-", "", ""),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_likely_one(written: str, code: str, hint: str) -> None:
    reading = cell("tgl_lahir", written)
    if not code:
        assert reading.value is None and reading.fault is None
        return
    assert reading.fault is not None and reading.fault.code == code
    assert reading.fault.values.get("hint", "") == hint
    assert reading.fault.why() and reading.fault.todo()


@pytest.mark.parametrize(
    ("written", "value"),
    [("8,2", 8.2), ("8.2", 8.2), (8.2, 8.2), (8.199999999999999, 8.2), ("8,2 kg", 8.2), ("8", 8.0), (" 8,25 ", 8.25),
     ("8200 gr", None), (0.0, None), ("0", None), ("-", None), (None, None)],
)  # fmt: skip
def test_a_weight_is_read_with_comma_or_point(written: Cell, value: float | None) -> None:
    reading = cell("berat", written)
    assert (
        (reading.value, reading.fault) == (value, None) if written != "8200 gr" else reading.fault is not None
    )


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [(82.0, "impossible_maybe", "8,2"), ("820", "impossible_maybe", "8,2"), ("-5", "impossible", None),
     ("8,2,1", "impossible_maybe", None), ("delapan", "not_a_number", None),
     ("2026-02-08", "number_became_date", "8,2")],
)  # fmt: skip
def test_a_weight_that_cannot_be_names_what_was_probably_meant(
    written: Cell, code: str, hint: str | None
) -> None:
    fault = cell("berat", written).fault
    assert fault is not None and fault.code == code
    if hint is not None:
        assert fault.values["hint"] == hint


def test_a_birth_weight_in_grams_is_understood_and_said_so() -> None:
    reading = cell("bb_lahir", 3200.0)
    assert reading.value == 3.2
    assert reading.remark is not None
    assert reading.remark.why() == "BB Lahir 3.200 g dibaca sebagai 3,2 kg"


def test_an_odd_weight_is_kept_with_a_remark() -> None:
    reading = cell("berat", 35.0)
    assert reading.value == 35.0
    assert reading.remark is not None and reading.remark.code == "odd"


NIK = "9902110101220001"


@pytest.mark.parametrize(
    "written",
    [NIK, "'" + NIK, f"`{NIK}", " 9902 1101 0122 0001 ", "9902.110101.220001", "9.902110101220001E+15",
     "9,902110101220001E+15", NIK + ".0", NIK + ",00"],
)  # fmt: skip
def test_a_nik_is_understood_where_all_its_digits_are_there(written: str) -> None:
    assert cell("nik", written).value == NIK


@pytest.mark.parametrize(
    ("written", "code"),
    [("9,90211E+15", "nik_lost"), (9.902110101220001e15, "nik_lost"), ("990211010122001", "nik_length"),
     ("99021101012200O1", "nik_not_digits"), (1234.5, "nik_not_digits")],
)  # fmt: skip
def test_a_nik_that_lost_digits_is_never_taken(written: Cell, code: str) -> None:
    fault = cell("nik", written).fault
    assert fault is not None and fault.code == code


@pytest.mark.parametrize("written", ["0", "-", "", None, 0.0, "0000000000000000", "tidak ada"])
def test_no_nik_is_no_fault(written: Cell) -> None:
    reading = cell("nik", written)
    assert reading.value is None and reading.fault is None


def test_a_filler_nik_is_left_out_and_said_so() -> None:
    reading = cell("nik", "9999999999999999")
    assert reading.value is None
    assert reading.remark is not None and reading.remark.code == "nik_same_digit"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("L", "l"),
        ("p", "p"),
        ("Laki-laki", "l"),
        ("LAKI LAKI", "l"),
        ("Perempuan", "p"),
        ("Pria", "l"),
        (1.0, "l"),
        ("", None),
    ],
)
def test_sex_is_understood_in_every_known_word(written: Cell, value: str | None) -> None:
    assert cell("jk", written).value == value


def test_an_unknown_word_offers_the_nearest_known_one() -> None:
    fault = cell("jk", "Perempaun").fault
    assert fault is not None and (fault.code, fault.suggestion) == ("unknown_code", "p")
    far = cell("jk", "?? ada").fault
    assert far is not None and far.suggestion == ""


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("rt", "RT 02", "02"),
        ("rt", 3.0, "03"),
        ("rt", "RT.012", "12"),
        ("rt", "00", None),
        ("hp", "+62 812-3456-7890", "081234567890"),
        ("hp", 81234567890.0, "081234567890"),
        ("jkn", "PBI APBN", True),
        ("jkn", "0001234567890", True),
        ("jkn", "Tidak", False),
        ("disabilitas", "Ya", True),
        ("disabilitas", "Tuna Rungu", True),
        ("disabilitas", "Tidak", False),
        ("nama", "  Sari   Contoh ", "Sari Contoh"),
        ("hubungan", "Kepala Keluarga", "kepala_keluarga"),
    ],
)
def test_the_other_columns_of_a_list_are_understood(column: str, written: Cell, value: object) -> None:
    assert cell(column, written, "bnba").value == value


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("hp", "tak ada nomor"),
        ("jkn", "mungkin"),
        ("disabilitas", "lupa"),
        ("rt", "Dusun II"),
        ("nama", "123"),
    ],
)
def test_what_they_cannot_be_is_a_fault(column: str, written: str) -> None:
    assert cell(column, written, "bnba").fault is not None


DAYS = st.integers(min_value=TODAY - 40_000, max_value=TODAY)


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d"]))
def test_every_day_is_read_back_from_every_form(day: int, form: str) -> None:
    assert read_cell(date_of(day).strftime(form), context("tgl_lahir")).value == iso(day)


@given(DAYS)
def test_every_day_is_read_back_from_the_number_excel_keeps(day: int) -> None:
    serial = float((date_of(day) - datetime.date(1899, 12, 30)).days)
    assert read_cell(serial, context("tgl_lahir")).value == iso(day)


@given(st.integers(min_value=30, max_value=6000), st.booleans(), st.booleans())
def test_every_weight_is_read_back(hundredths: int, comma: bool, with_unit: bool) -> None:
    text = f"{hundredths / 100:.2f}"
    text = text.replace(".", ",") if comma else text
    assert read_cell(text + " kg" * with_unit, context("berat")).value == hundredths / 100


@given(st.integers(min_value=10**15, max_value=10**16 - 1))
def test_every_nik_is_read_back_from_text_and_from_full_scientific_form(number: int) -> None:
    digits = str(number)
    readings = {
        read_cell(form, context("nik")).value
        for form in (digits, f"'{digits}", f"{digits[0]}.{digits[1:]}E+15")
    }
    assert readings == ({digits} if len(set(digits)) > 1 else {None})


@given(
    st.sampled_from(["nik", "nama", "jk", "tgl_lahir", "berat", "tinggi", "bb_lahir", "rt", "cara", "alamat"]),
    st.one_of(st.text(max_size=60), st.floats(allow_nan=False, allow_infinity=False), st.none(),
              st.from_regex(r"[0-9.,/eE+ -]{1,20}", fullmatch=True)),
)  # fmt: skip
def test_whatever_stands_in_a_cell_the_answer_is_a_value_or_plain_words(column: str, written: Cell) -> None:
    reading = read_cell(written, context(column))
    assert reading.value is None or reading.fault is None
    for finding in (reading.fault, reading.remark):
        if finding is not None:
            assert finding.code in CATALOGUE
            assert finding.why() and "{" not in finding.why() + finding.todo()
