"""Headers as they are really written, and rows as they are really filled in."""

from __future__ import annotations

import pytest

from siklus.exchange.excel.columns import choose_sheet, find_header, load_layout, read_header
from siklus.exchange.excel.rows import RowDraft
from siklus.exchange.excel.sheets import Cell, Sheet, read_sheets
from siklus.exchange.excel.suspicions import suspicions_of
from siklus.kernel.dates import parse_day
from tests.unit.exchange.reading import drafts, drafts_of_file
from tests.unit.exchange.workbooks import workbook

EXPORT = (
    "NIK;Nama;JK;Tgl Lahir;BB Lahir;TB Lahir;Nama Ortu;Prov;Kab/Kota;Kec;Pukesmas;Desa/Kel;Posyandu;RT;RW;Alamat;"
    "Usia Saat Ukur;Tanggal Pengukuran;Berat;Tinggi;Cara Ukur;LiLA;BB/U;ZS BB/U;TB/U;ZS TB/U;BB/TB;ZS BB/TB;"
    "Naik Berat Badan;PMT Diterima (kg);Jml Vit A;KPSP;KIA;Detail"
).split(";")
SHORT = ["NIK", "Nama", "JK", "Tgl Lahir", "Tanggal Pengukuran", "Berat", "Tinggi", "RT"]
CHILD: list[Cell] = ["9902116902240001", "Sari Contoh", "P", "29/02/2024", "05/10/2026", "12,4", "88", "02"]


def codes(draft: RowDraft) -> list[tuple[str, str]]:
    return [(fault.column, fault.finding.code) for fault in draft.faults]


def test_every_column_of_a_real_eppgbm_export_is_known() -> None:
    header = read_header(1, EXPORT, load_layout("eppgbm"))
    assert None not in header.keys
    assert len(set(header.keys)) == len(EXPORT)


@pytest.mark.parametrize(
    ("written", "key"),
    [("tanggal lahir", "tgl_lahir"), ("TGL. LAHIR", "tgl_lahir"), ("Tangal Pengukuran", "tgl_ukur"),
     ("Puskemas", "puskesmas"), ("Nama  Orang Tua", "nama_ortu"), ("Berat (Kg)", "berat"), ("Posyandu ", "posyandu")],
)  # fmt: skip
def test_a_header_is_known_in_any_order_and_with_slips_of_the_pen(written: str, key: str) -> None:
    assert key in read_header(1, ["Keterangan lain", written], load_layout("eppgbm")).keys


def test_a_slip_of_the_pen_says_how_sure_we_are_and_short_headers_are_never_guessed() -> None:
    header = read_header(1, ["Tangal Pengukuran", "TX", "Catatan petugas gizi"], load_layout("eppgbm"))
    assert 0.86 <= header.scores[0] < 1
    assert header.keys[1:] == (None, None)


def test_the_header_is_found_under_merged_title_rows_on_the_sheet_that_has_the_list() -> None:
    book = workbook(
        ("Sampul", [["Rekap penimbangan", "Nama puskesmas"]]),
        ("Balita", [["DINAS KESEHATAN"], ["Data balita bulan Oktober 2026"], [], SHORT, CHILD]),
    )
    sheet, layout, header = choose_sheet(read_sheets(book))
    assert (sheet.name, layout.name, header.row) == ("Balita", "eppgbm", 4)


def test_the_layout_is_told_by_its_columns() -> None:
    text = "No KK;NIK;Nama;Tanggal Lahir;JK;Alamat;RT;RW;Desa;Posyandu;HP;JKN\n;;Sari;1/1/1990;P;;;;;;;\n"
    assert choose_sheet(read_sheets(text.encode()))[1].name == "bnba"


def test_no_row_with_known_columns_is_no_header() -> None:
    assert find_header([["satu", "dua"], [1.0]], load_layout("bnba")) is None


def test_a_full_row_becomes_a_child_and_one_weighing() -> None:
    (draft,) = drafts(
        [*SHORT, "Cara Ukur", "LiLA", "Jml Vit A", "Nama Ortu"],
        [[*CHILD, "Berdiri", "14,5", 2.0, "Ibu Sari"]],
    )
    assert draft.faults == () and draft.remarks == ()
    assert draft.person == {
        "nik": "9902116902240001", "nama": "Sari Contoh", "sex": "p", "birth": "2024-02-29", "rt": "02",
        "nama_ortu": "Ibu Sari",
    }  # fmt: skip
    (weighing,) = draft.measured  # a count of vitamin A without a date is no record
    assert (weighing.kind, weighing.on) == ("timbang", parse_day("2026-10-05"))
    assert weighing.data == {"berat": 12.4, "panjang": 88.0, "cara": "berdiri", "lila": 14.5}


def test_every_fault_of_a_row_is_told_at_once_with_its_column_and_value() -> None:
    (draft,) = drafts(SHORT, [["9,90211E+15", "", "Pr?", "31/02/2025", "14/12/2026", "82", "88", "02"]])
    assert codes(draft) == [
        ("NIK", "nik_lost"), ("Nama", "empty_name"), ("JK", "unknown_code"), ("Tgl Lahir", "no_such_date"),
        ("Tanggal Pengukuran", "future"), ("Berat", "impossible_maybe"),
    ]  # fmt: skip
    assert [fault.found for fault in draft.faults] == [
        "9,90211E+15",
        "",
        "Pr?",
        "31/02/2025",
        "14/12/2026",
        "82",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Tanggal Pengukuran": None}, [("Tanggal Pengukuran", "measured_no_date")]),
        ({"Tanggal Pengukuran": "28/02/2024"}, [("Tanggal Pengukuran", "before_birth")]),
        ({"Tanggal Pengukuran": None, "Berat": None, "Tinggi": 0.0}, []),
        ({"Berat": None, "Tinggi": None}, []),
        ({"Tgl Lahir": None}, [("Tgl Lahir", "empty")]),
    ],
)
def test_a_measurement_needs_its_date_and_a_child_needs_none(
    change: dict[str, Cell], expected: list[tuple[str, str]]
) -> None:
    row = [change.get(name, value) for name, value in zip(SHORT, CHILD, strict=True)]
    (draft,) = drafts(SHORT, [row])
    assert codes(draft) == expected
    assert (draft.measured == ()) == ("Tgl Lahir" not in change)


def test_a_bad_value_of_a_soft_column_is_left_out_with_a_remark_and_the_row_is_kept() -> None:
    (draft,) = drafts(SHORT, [[*CHILD[:-1], "Dusun II"]])
    assert draft.faults == () and "rt" not in draft.person
    assert [(one.column, one.finding.code) for one in draft.remarks] == [("RT", "not_rt")]


def test_a_nik_that_tells_another_birthday_is_remarked() -> None:
    (draft,) = drafts(SHORT, [["9902113112230001", *CHILD[1:]]])
    assert [one.finding.code for one in draft.remarks] == ["nik_birth_differs"]


def test_empty_rows_numbering_rows_and_repeated_headers_are_no_rows_but_a_row_without_a_name_is() -> None:
    numbering: list[Cell] = [float(n) for n in range(1, len(SHORT) + 1)]
    found = drafts(SHORT, [numbering, [], CHILD, [None] * 8, list(SHORT), [None, None, *CHILD[2:]]])
    assert [(draft.number, len(draft.faults)) for draft in found] == [(4, 0), (7, 1)]


def test_a_choice_of_the_clerk_is_read_in_every_row_that_says_the_same() -> None:
    rows: list[list[Cell]] = [[*CHILD[:2], "Prempuann", *CHILD[3:]], [*CHILD[:2], "prempuann", *CHILD[3:]]]
    found = drafts(SHORT, rows, substitutions={"jk": {"prempuann": "p"}})
    assert [draft.person["sex"] for draft in found] == ["p", "p"]


def test_sixteen_digit_numbers_are_trusted_only_where_the_column_shows_that_last_digits_survived() -> None:
    kept = drafts(SHORT, [[9002110101220003.0, *CHILD[1:]], [9002110101220010.0, *CHILD[1:]]])
    assert [draft.person.get("nik") for draft in kept] == ["9002110101220003", "9002110101220010"]
    spoilt = drafts(SHORT, [[9002110101220010.0, *CHILD[1:]], [9002110101220020.0, *CHILD[1:]]])
    assert [codes(draft) for draft in spoilt] == [[("NIK", "nik_lost")]] * 2


def test_a_list_without_a_required_column_says_so_in_every_row() -> None:
    (draft,) = drafts(["NIK", "Nama", "Berat"], [["9902116902240001", "Sari", None]])
    assert codes(draft) == [("Tgl Lahir", "empty")]


def test_a_csv_with_everything_odd_at_once_is_understood() -> None:
    lines = [
        "DATA BALITA;;;;;;;", ";;;;;;;", "nik;NAMA ANAK;l/p;tanggal lahir;tgl timbang;bb (kg);tb;rt",
        "'9902116902240001;Sari Contoh;Perempuan;2024-02-29;5/10/2026 00:00;12,4;88;RT 2",
    ]  # fmt: skip
    (draft,) = drafts_of_file("\ufeff".encode() + "\r\n".join(lines).encode())
    assert (draft.number, draft.faults) == (4, ())
    assert draft.measured[0].data == {"berat": 12.4, "panjang": 88.0}


@pytest.mark.parametrize(
    ("births", "turned"),
    [
        (["2025-03-04", "2025-12-11", "2024-01-02", "25/04/2025"], True),
        (["2025-03-04", "2025-12-31", "2024-01-02", "25/04/2025"], False),
        (["2025-03-04", "2025-12-11", "2024-01-02", "05/04/2025"], False),
        (["2025-03-04", "2025-12-11", "2024-01-02"], False),
    ],
)
def test_a_column_whose_dates_excel_probably_turned_round_is_pointed_out(
    births: list[str], turned: bool
) -> None:
    header = read_header(1, ["Nama", "Tgl Lahir"], load_layout("eppgbm"))
    sheet = Sheet("Balita", (("Nama", "Tgl Lahir"), *(("Sari", birth) for birth in births)))
    found = suspicions_of(sheet, load_layout("eppgbm"), header)
    assert [finding.why() for finding in found] == turned * [
        "Tgl Lahir: hari dan bulan 3 tanggal mungkin tertukar oleh Excel (antara lain sel B2, B3, B4)"
    ]
