"""How the tests read one cell, one row, one file of a known layout."""

from __future__ import annotations

from siklus.exchange.excel.cells import CellContext, Reading, read_cell
from siklus.exchange.excel.columns import Header, Layout, choose_sheet, load_layout, load_rules, read_header
from siklus.exchange.excel.rows import RowDraft, RowReader, Substitutions, make_reader
from siklus.exchange.excel.sheets import Cell, read_sheets
from siklus.kernel.dates import parse_day
from siklus.library.loading import load_book

TODAY = parse_day("2026-11-21")


def reader(
    header: list[str],
    rows: list[list[Cell]],
    layout: str = "eppgbm",
    substitutions: Substitutions | None = None,
) -> tuple[RowReader, list[list[Cell]]]:
    """A reader for rows under a header in row 1."""
    known = load_layout(layout)
    return _reader(known, read_header(1, header, known), [list(header), *rows], substitutions)


def drafts(
    header: list[str], rows: list[list[Cell]], layout: str = "eppgbm", **rest: Substitutions
) -> list[RowDraft]:
    """What the rows say."""
    made, sheet = reader(header, rows, layout, **rest)
    return list(made.read_all(sheet))


def drafts_of_file(content: bytes) -> list[RowDraft]:
    """What the rows of a file say."""
    sheet, layout, header = choose_sheet(read_sheets(content))
    made, rows = _reader(layout, header, [list(row) for row in sheet.rows], None)
    return list(made.read_all(rows))


def cell(column: str, value: Cell, layout: str = "eppgbm") -> Reading:
    """One cell of a column."""
    made, _ = reader([load_layout(layout).columns[column].title], [[value]], layout)
    (context,) = [context for _, context in made.contexts]
    return read_cell(value, context)


def context(column: str, layout: str = "eppgbm") -> CellContext:
    """What the cells of a column share."""
    made, _ = reader([load_layout(layout).columns[column].title], [], layout)
    return made.contexts[0][1]


def _reader(
    layout: Layout, header: Header, rows: list[list[Cell]], substitutions: Substitutions | None
) -> tuple[RowReader, list[list[Cell]]]:
    made = make_reader(
        layout, header, rows, vocabulary=load_book().vocabulary, rules=load_rules(), today=TODAY,
        substitutions=substitutions,
    )  # fmt: skip
    return made, rows
