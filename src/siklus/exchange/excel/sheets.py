"""A file as rows of plain cells: .xlsx through calamine, CSV in whatever encoding and delimiter Excel wrote it.

A cell is a text, a number or None; dates become ISO text. Row numbers stay those the clerk sees in Excel, so title
rows and empty rows are kept. What cannot be taken is refused with words (`guard`).
"""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import python_calamine

from siklus.exchange.excel.guard import MAX_COLUMNS, MAX_ROWS, SheetPart, inspect_workbook, kind_of
from siklus.exchange.excel.words import Refused

Cell = str | float | None
CSV_NAME = "CSV"
_TITLE_ROWS = 100
_DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_LINES = 60
_LONGEST_CELL = 4_000
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet; `rows[0]` is row 1 of Excel. `formula` is the address of a cell with one, or empty."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    formula: str = ""

    def check(self) -> None:
        """Refuse what is too long or holds formulas. Called for the sheet that is chosen, not for its neighbours."""
        if self.formula:
            raise Refused("formulas", sheet=self.name, cell=self.formula)
        if len(self.rows) > MAX_ROWS + _TITLE_ROWS:
            raise Refused("too_many_rows", sheet=self.name, limit=f"{MAX_ROWS:,}".replace(",", "."))
        width = max((len(row) for row in self.rows), default=0)
        if width > MAX_COLUMNS:
            raise Refused("too_many_columns", sheet=self.name, found=str(width), limit=str(MAX_COLUMNS))


def read_sheets(content: bytes) -> list[Sheet]:
    """All sheets of the file that are safe to read; Refused when the file as a whole is not."""
    if kind_of(content) == "csv":
        return [_read_csv(content)]
    parts = inspect_workbook(content)
    part_by_name = {part.name: part for part in parts}
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return [
                _sheet(part_by_name[name], workbook.get_sheet_by_name(name))
                for name in workbook.sheet_names
                if name in part_by_name
            ]
    except python_calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except python_calamine.CalamineError as error:
        raise Refused("damaged") from error


def _sheet(part: SheetPart, read: python_calamine.CalamineSheet) -> Sheet:
    rows = [_cells(row) for row in read.to_python(skip_empty_area=False)]
    for (row, column), digits in _trusted(part.long_numbers).items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = digits
    return Sheet(part.name, tuple(_trimmed(row) for row in rows), part.formula)


def _trusted(long_numbers: Mapping[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    """Long numbers of columns where some are odd: those went into the file digit by digit, the others were rounded."""
    exact = {column for (_, column), digits in long_numbers.items() if int(digits) % 2}
    return {place: digits for place, digits in long_numbers.items() if place[1] in exact}


def _cells(values: Sequence[object]) -> list[Cell]:
    """The cells of a row. Nearly all of a list are short texts or empty: these are told apart here, without a call."""
    return [
        None
        if value == ""
        else value
        if type(value) is str and len(value) <= _LONGEST_CELL and not value.isspace()
        else _plain(value)
        for value in values
    ]


def _plain(value: object) -> Cell:
    """A cell as text or number; a text longer than any cell of a list is cut."""
    if isinstance(value, str):
        return value[:_LONGEST_CELL] if value.strip() else None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return None if value is None else str(value)


def _trimmed(row: list[Cell]) -> tuple[Cell, ...]:
    """The row without the empty cells at its end."""
    while row and row[-1] is None:
        row.pop()
    return tuple(row)


def _read_csv(content: bytes) -> Sheet:
    text = _decode(content)
    first, _, rest = text.partition("\n")
    hint = first.strip().lower()
    if hint.startswith("sep=") and len(hint) == len("sep=") + 1:
        # Excel's own hint of the delimiter takes a line; keep it, so that row numbers stay right.
        delimiter, text = hint[-1], "\n" + rest
    else:
        delimiter = _delimiter(text)
    try:
        rows = tuple(
            _trimmed([_csv_cell(cell) for cell in row])
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        )
    except csv.Error as error:
        raise Refused("damaged") from error
    while rows and not rows[-1]:
        rows = rows[:-1]
    return Sheet(CSV_NAME, rows, _csv_formula(rows))


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("not_a_spreadsheet")


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same, largest number of cells."""
    sample = text.splitlines(keepends=True)[:_SAMPLE_LINES]

    def width(delimiter: str) -> tuple[int, int]:
        try:
            counts = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
        except csv.Error:
            return (0, 0)
        return max(((seen * (cells - 1), cells) for cells, seen in counts.items()), default=(0, 0))

    return max(_DELIMITERS, key=width)


def _csv_cell(text: str) -> Cell:
    text = text.strip()
    if text.startswith('="') and text.endswith('"'):
        # The usual trick to keep a long number as text in a CSV: ="1702..."
        text = text[2:-1]
    return text[:_LONGEST_CELL] or None


def _csv_formula(rows: Sequence[Sequence[Cell]]) -> str:
    for number, row in enumerate(rows, start=1):
        for position, cell in enumerate(row):
            if isinstance(cell, str) and cell.startswith("=") and len(cell) > 1:
                return f"{column_letters(position)}{number}"
    return ""


def column_letters(position: int) -> str:
    """Excel's letters of a column counted from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_error(cell: Cell) -> bool:
    """True for the text of an Excel error."""
    return isinstance(cell, str) and cell.strip().upper() in _ERRORS
