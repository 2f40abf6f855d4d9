"""Rows of a command as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def say(line: str) -> None:
    """What a command does while it does it: on the error output, so that the answer stays alone on the other."""
    print(line, file=sys.stderr, flush=True)


def write_rows(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: str, out: TextIO | None = None
) -> None:
    """The rows with these columns; a value that is absent or None is empty (null in JSON)."""
    out = out or sys.stdout
    if form == "json":
        write_json([{name: row.get(name) for name in columns} for row in rows], out)
    elif form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_safe(_text(row.get(name))) for name in columns] for row in rows)
    else:
        _write_table(rows, columns, out)


def write_json(value: Any, out: TextIO | None = None) -> None:
    """Indented JSON, letters as they are."""
    out = out or sys.stdout
    json.dump(value, out, ensure_ascii=False, indent=2)
    out.write("\n")


def _write_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], out: TextIO) -> None:
    lines = [list(columns), *([_text(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    rule = ["-" * width for width in widths]
    for line in (lines[0], rule, *lines[1:]):
        out.write(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        )
    if not rows:
        out.write("(tidak ada)\n")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _safe(text: str) -> str:
    """A spreadsheet must not run what somebody wrote as a name."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
