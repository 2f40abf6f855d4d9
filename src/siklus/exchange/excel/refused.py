"""The refused rows as a workbook: each as it stood in the file, the reason beside it, ready to be corrected and sent.

The header is that of the file, so the corrected workbook can be taken in as it is. Texts stay texts: no formula, no
link, no number made of a NIK.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import xlsxwriter

from siklus.exchange.excel.columns import load_layout
from siklus.exchange.excel.models import Batch
from siklus.exchange.excel.queries import RowView, rows_of
from siklus.exchange.excel.verdicts import REJECT
from siklus.exchange.excel.words import N_

_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_REASONS = (N_("Baris asal"), N_("Mengapa ditolak"), N_("Yang bisa dilakukan"))
_WIDE, _NARROW = 60, 16


def refused_workbook(batch: Batch, translate: Callable[[str], str] = str) -> bytes:
    """An .xlsx of the refused rows of a batch."""
    header: list[str] = json.loads(batch.header)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        page = book.add_worksheet("Ditolak")
        bold = book.add_format({"bold": True, "bottom": 1})
        text, bad = (
            book.add_format({"num_format": "@"}),
            book.add_format({"num_format": "@", "bg_color": "#FBE4E5"}),
        )
        why = book.add_format({"text_wrap": True, "valign": "top"})
        for position, title in enumerate([*header, *map(translate, _REASONS)]):
            page.write_string(0, position, title, bold)
        page.freeze_panes(1, 0)
        page.set_column(0, max(0, len(header) - 1), _NARROW)
        page.set_column(len(header) + 1, len(header) + 2, _WIDE)
        position_of = {column: at for at, column in enumerate(_titles(batch))}
        for line, row in enumerate(rows_of(batch, REJECT).iterator(chunk_size=500), start=1):
            view = RowView(row)
            faulty = {position_of.get(fault.column) for fault in view.faults}
            for position, cell in enumerate(view.cells):
                look = bad if position in faulty else text
                if isinstance(cell, str):
                    page.write_string(line, position, cell, look)
                elif cell is not None:
                    page.write_number(line, position, cell)
            for empty in faulty:
                if empty is not None and (empty >= len(view.cells) or view.cells[empty] is None):
                    page.write_blank(line, empty, None, bad)
            page.write_number(line, len(header), row.number)
            page.write_string(line, len(header) + 1, _lines(view, translate, todo=False), why)
            page.write_string(line, len(header) + 2, _lines(view, translate, todo=True), why)
    return buffer.getvalue()


def _titles(batch: Batch) -> list[str]:
    """The title the layout has for each column of the file; empty for columns that are not read."""
    columns = load_layout(batch.layout).columns
    keys: list[str | None] = json.loads(batch.keys)
    return [columns[key].title if key else "" for key in keys]


def _lines(view: RowView, translate: Callable[[str], str], *, todo: bool) -> str:
    lines = []
    for fault in view.faults:
        said = fault.finding.todo(translate) if todo else fault.finding.why(translate)
        lines.append(f"{fault.column}: {said}" if fault.column else said)
    return "\n".join(lines)
