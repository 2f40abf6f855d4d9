"""A recapitulation sheet as a workbook in the shape of the printed form: columns side by side, A4 on its side."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from itertools import groupby

import xlsxwriter

from siklus.kernel.dates import iso
from siklus.library.forms.reports import Column
from siklus.monitoring.sheets import Sheet

UNRECORDED, CLOSED = "belum tercatat", "dihitung tenaga kesehatan"
_A4 = 9
_NARROW, _FIRST, _TALL = 6, 14, 150
_HEAD = 3


def cells(sheet: Sheet, closed: Collection[str] = ()) -> Iterator[tuple[Column, int | str, int]]:
    """Every column with what stands under it and of how many it is not clear; what has no figure says so."""
    for column in sheet.report.columns:
        if column.shows_period:
            yield column, sheet.period.name, 0
        elif not column.is_counted:
            yield column, UNRECORDED, 0
        elif column.name in closed:
            yield column, CLOSED, 0
        else:
            figure = sheet.figures[column.name]
            yield column, figure.count, figure.unclear


def workbook_of(sheet: Sheet, closed: Collection[str] = (), office: str = "") -> bytes:
    """The sheet as a file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet("Rekapitulasi")
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    bold = book.add_format({"bold": True})
    boxed = {"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    head, figure = book.add_format({**boxed, "bold": True}), book.add_format(boxed)
    upright = book.add_format({**boxed, "rotation": 90, "valign": "bottom"})
    report = sheet.report
    page.write_string(0, 0, report.title, bold)
    page.write_string(
        1, 0, f"{sheet.area.name} · {sheet.period.name} · keadaan per {iso(sheet.as_of)} · {office}"
    )
    row = _HEAD
    page.set_row(row + 1, _TALL)
    place = 0
    for group, some in groupby(report.columns, key=lambda column: column.group):
        last = place + len(list(some)) - 1
        if group and last > place:
            page.merge_range(row, place, row, last, group, head)
        else:
            page.write_string(row, place, group, head)
        place = last + 1
    for n, (column, value, unclear) in enumerate(cells(sheet, closed)):
        page.write_string(row + 1, n, column.title, upright)
        page.write_number(row + 2, n, n + 1, head)
        if isinstance(value, int):
            page.write_number(row + 3, n, value, figure)
        else:
            page.write_string(row + 3, n, value, figure)
        page.write_string(row + 4, n, f"+{unclear}?" if unclear else "", figure)
    page.set_column(0, 0, _FIRST)
    page.set_column(1, len(report.columns) - 1, _NARROW)
    after = row + 6
    page.write_string(
        after, 0, "Baris kedua: yang belum jelas, karena ada yang belum diketahui tentang mereka."
    )
    page.write_string(after + 1, 0, f"{report.note} Sumber: {report.cites}.")
    page.write_string(after + 3, 0, "Koordinator Kader Posyandu: ____________________")
    book.close()
    return buffer.getvalue()
