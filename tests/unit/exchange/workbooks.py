"""Small workbooks made in memory, good and bad ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter


def workbook(*sheets: tuple[str, Iterable[Sequence[object]]]) -> bytes:
    """An .xlsx with these sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, value in enumerate(row):
                    if value is not None:
                        page.write(number, position, value)
    return buffer.getvalue()


def changed(content: bytes, members: Mapping[str, bytes], drop: Iterable[str] = ()) -> bytes:
    """The same zip with members replaced, added or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members and name not in drop:
                new.writestr(name, old.read(name))
        for name, data in members.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet_xml(cells: str) -> bytes:
    """The XML of a worksheet with these rows."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


def with_sheet(cells: str) -> bytes:
    """A workbook whose only sheet has these rows, written by hand."""
    plain = workbook(("Balita", [["x"]]))
    return changed(plain, {"xl/worksheets/sheet1.xml": sheet_xml(cells)})
