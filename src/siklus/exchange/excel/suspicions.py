"""What is odd about a column as a whole, though every cell of it can be read.

An Excel set to American dates turns 03/04/2025 into the fourth of March and leaves 25/04/2025 a text. The column then
holds dates whose day is never above 12 beside texts whose day always is: the dates are probably the wrong way round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from siklus.exchange.excel.columns import Header, Layout
from siklus.exchange.excel.sheets import CSV_NAME, Cell, Sheet, column_letters
from siklus.exchange.excel.words import Finding
from siklus.kernel.dates import MONTHS_PER_YEAR

_ISO = re.compile(r"\d{4}-\d{2}-(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.]\d{1,2}[-/.]\d{4}")
_ENOUGH = 3
_SHOWN = 3


def suspicions_of(sheet: Sheet, layout: Layout, header: Header) -> list[Finding]:
    """One finding for each column of dates that looks turned round. A CSV holds only texts: nothing to tell."""
    if sheet.name == CSV_NAME:
        return []
    rows = sheet.rows[header.row :]
    found = (
        _turned(layout.columns[key].title, position, header.row, [_cell(row, position) for row in rows])
        for position, key in enumerate(header.keys)
        if key is not None and layout.columns[key].reads == "date"
    )
    return [finding for finding in found if finding is not None]


def _turned(title: str, position: int, above: int, cells: Sequence[Cell]) -> Finding | None:
    dates: list[int] = []
    is_day_first = False
    for line, cell in enumerate(cells, start=above + 1):
        if not isinstance(cell, str):
            continue
        if match := _ISO.fullmatch(cell):
            if int(match[1]) > MONTHS_PER_YEAR:
                return None
            dates.append(line)
        elif match := _DAY_FIRST.fullmatch(cell.strip()):
            if int(match[1]) <= MONTHS_PER_YEAR:
                return None
            is_day_first = True
    if not is_day_first or len(dates) < _ENOUGH:
        return None
    cells_shown = ", ".join(f"{column_letters(position)}{line}" for line in dates[:_SHOWN])
    return Finding("dates_turned", {"column": title, "count": str(len(dates)), "cells": cells_shown})


def _cell(row: Sequence[Cell], position: int) -> Cell:
    return row[position] if position < len(row) else None
