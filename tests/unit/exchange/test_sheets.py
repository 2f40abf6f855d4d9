"""Files as puskesmas send them: what is read, and what is refused with a word on what to do."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
import xlsxwriter

from siklus.exchange.excel import guard
from siklus.exchange.excel.columns import choose_sheet
from siklus.exchange.excel.sheets import column_letters, read_sheets
from siklus.exchange.excel.words import Refused
from tests.unit.exchange.workbooks import changed, sheet_xml, with_sheet, workbook

HEADER = ["NIK", "Nama", "JK", "Tgl Lahir", "Tanggal Pengukuran", "Berat"]
CHILD = ["9902110101220001", "Sari Contoh", "P", "01/01/2022", "05/10/2026", "8,2"]


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        choose_sheet(read_sheets(content))
    finding = caught.value.finding
    assert finding.why()
    assert finding.todo(), "a refusal says what to do"
    return finding.code


def two_numbers(first: str, second: str) -> str:
    return f'<row r="1"><c r="A1"><v>{first}</v></c></row><row r="2"><c r="A2"><v>{second}</v></c></row>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_the_encodings_and_delimiters_excel_writes(encoding: str, delimiter: str) -> None:
    cells = [
        "9902110101220001",
        "Zoë Contoh",
        "P",
        "01/01/2022",
        "05/10/2026",
        '"8,2"' if delimiter == "," else "8,2",
    ]
    text = "\r\n".join([delimiter.join(HEADER), delimiter.join(cells), ""])
    (sheet,) = read_sheets(text.encode(encoding))
    assert sheet.rows[1] == ("9902110101220001", "Zoë Contoh", "P", "01/01/2022", "05/10/2026", "8,2")


def test_a_sep_line_names_the_delimiter_and_row_numbers_stay_those_of_excel() -> None:
    (sheet,) = read_sheets(b"sep=|\nNIK|Nama\n1|Sari, Contoh\n")
    assert sheet.rows[1:] == (("NIK", "Nama"), ("1", "Sari, Contoh"))


def test_a_number_kept_as_text_by_an_equals_sign_is_no_formula() -> None:
    (sheet,) = read_sheets(b'NIK;Nama\n"=""9902110101220001""";Sari\n')
    assert sheet.rows[1] == ("9902110101220001", "Sari")
    assert sheet.formula == ""


def test_excel_cells_keep_their_row_numbers_and_dates_become_iso() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("Balita")
        page.write(3, 1, "Nama")
        page.write_datetime(4, 1, datetime.date(2022, 1, 31), book.add_format({"num_format": "dd/mm/yyyy"}))
        page.write(4, 2, 8.25)
        page.write(4, 3, True)
    (sheet,) = read_sheets(buffer.getvalue())
    assert sheet.rows[:3] == ((), (), ())
    assert sheet.rows[4] == (None, "2022-01-31", 8.25, "TRUE")


def test_sixteen_digit_numbers_beyond_a_double_are_read_digit_by_digit_when_the_column_shows_they_were_kept() -> (
    None
):
    (sheet,) = read_sheets(with_sheet(two_numbers("9902110101220001", "9902110101220002")))
    assert sheet.rows == (("9902110101220001",), ("9902110101220002",))


def test_sixteen_digit_numbers_that_may_be_rounded_stay_numbers_and_are_judged_later() -> None:
    (sheet,) = read_sheets(with_sheet(two_numbers("9902110101220004", "9902110101220002")))
    assert all(isinstance(row[0], float) for row in sheet.rows)


def test_a_small_file_that_unpacks_to_far_more_than_a_list_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "MAX_UNPACKED", 20 * guard.MEGABYTE)
    bomb = changed(
        workbook(("Balita", [HEADER, CHILD])), {"xl/media/image1.xml": b"0" * (guard.MAX_UNPACKED + 1)}
    )
    assert len(bomb) < guard.MEGABYTE
    assert refusal(bomb) == "zip_bomb"


def test_a_zip_that_lies_about_its_size_is_not_opened() -> None:
    honest = changed(workbook(("Balita", [HEADER, CHILD])), {"xl/media/image1.xml": b"0" * 1_000_000})
    lying = honest.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert refusal(lying) == "damaged"


def test_macros_are_refused_by_content_whatever_the_name() -> None:
    book = workbook(("Balita", [HEADER, CHILD]))
    assert refusal(changed(book, {"xl/vbaProject.bin": b"x"})) == "macros"
    types = zipfile.ZipFile(io.BytesIO(book)).read("[Content_Types].xml")
    macro_types = types.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    assert refusal(changed(book, {"[Content_Types].xml": macro_types})) == "macros"


def test_a_formula_is_refused_with_the_address_of_its_cell() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("Balita")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, CHILD)
        page.write_formula(1, 5, "=4+4.2", value=8.2)
    with pytest.raises(Refused) as caught:
        choose_sheet(read_sheets(buffer.getvalue()))
    assert caught.value.finding.code == "formulas"
    assert caught.value.finding.values["cell"] == "F2"
    assert (
        refusal(b"NIK;Nama;Tgl Lahir;Tanggal Pengukuran\n1;=HYPERLINK(1);1/1/2022;2/2/2022\n") == "formulas"
    )


def test_formulas_on_a_sheet_we_do_not_take_and_lists_of_dropdowns_do_no_harm() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("Balita")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, CHILD)
        page.data_validation("C2:C10", {"validate": "list", "source": "=Rekap!$A$1:$A$2"})
        book.add_worksheet("Rekap").write_formula(0, 0, "=COUNTA(Balita!A2:A10)")
    sheet, layout, _ = choose_sheet(read_sheets(buffer.getvalue()))
    assert (sheet.name, layout.name) == ("Balita", "eppgbm")


def test_a_thousand_columns_are_refused() -> None:
    wide = workbook(("Balita", [HEADER + [f"Kolom {n}" for n in range(1000)], CHILD]))
    assert refusal(wide) == "too_many_columns"
    text = ";".join(HEADER + [f"Kolom {n}" for n in range(1000)]) + "\n" + ";".join(CHILD)
    assert refusal(text.encode()) == "too_many_columns"


def test_one_cell_in_the_last_corner_of_a_sheet_is_refused_before_a_grid_is_made() -> None:
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c></row>'
    assert (
        refusal(with_sheet(first + '<row r="1048576"><c r="B1048576"><v>1</v></c></row>')) == "too_many_rows"
    )
    assert refusal(with_sheet(first + '<row r="2"><c r="XFD2"><v>1</v></c></row>')) == "too_many_columns"
    assert (
        refusal(with_sheet(first + '<row r="49000"><c r="GA49000"><v>1</v></c></row>')) == "too_large_sheet"
    )
    hidden = first + '<row r="2"><c x=">" r="XFD1048576"><v>1</v></c></row>'
    assert refusal(with_sheet(hidden)) == "too_many_columns"


def test_formatted_but_empty_cells_far_below_do_not_count() -> None:
    rows = '<row r="1"><c r="A1"><v>5</v></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    (sheet,) = read_sheets(with_sheet(rows))
    assert sheet.rows == ((5.0,),)


def test_one_long_text_used_in_a_hundred_thousand_cells_is_refused() -> None:
    text = b"x" * 30_000
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + text
        + b"</t></si></sst>"
    )
    cells = "".join(f'<row r="{n}">' + '<c t="s"><v>0</v></c>' * 20 + "</row>" for n in range(1, 1001))
    book = changed(
        workbook(("Balita", [["x"]])),
        {"xl/worksheets/sheet1.xml": sheet_xml(cells), "xl/sharedStrings.xml": shared},
    )
    assert refusal(book) == "too_large_sheet"


def test_more_rows_than_a_list_has_are_refused() -> None:
    lines = ["Nama;Tgl Lahir"] + ["Sari;1/1/2022"] * (guard.MAX_ROWS + 200)
    assert refusal("\n".join(lines).encode()) == "too_many_rows"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7 ...", "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_spreadsheet"),
        (b"<html><table><tr><td>NIK</td></tr></table></html>", "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04 torn", "damaged"),
        (b"x" * (guard.MAX_FILE + 1), "file_too_big"),
        (b"Tahun;Jumlah\n2026;10\n", "no_header"),
    ],
)
def test_what_is_not_a_list_is_refused_by_what_it_is(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize(
    ("member", "code"),
    [("xl/workbook.bin", "other_format"), ("word/document.xml", "not_a_spreadsheet")],
)
def test_other_office_files_are_named(member: str, code: str) -> None:
    book = changed(workbook(("Balita", [HEADER])), {member: b"x"}, drop=["xl/workbook.xml"])
    assert refusal(book) == code


def test_columns_have_the_letters_of_excel() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
