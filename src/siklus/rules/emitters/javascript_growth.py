"""Growth -> one ES module with the tables, loaded only by who judges a child: a tenth of it when packed by the server.

Each column stands as the differences of its differences in whole numbers of its last place, which are nearly all one
digit; a whole number divided by ten thousand is the double that its decimals are read as.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from siklus.rules.growth import Growth, Rows

_ALGORITHM = Path(__file__).with_name("javascript_growth.js")
_SCALES = (10_000, 10_000, 100_000)
"""Of L, M and S: they are published with so many decimals."""


def write_growth_module(growth: Growth) -> str:
    """The text of the module; `measured` and `score` are those of `rules.growth`."""
    return "\n".join(
        [
            "// Siklus, baku pertumbuhan WHO. Dibuat dari knowledge/standards; jangan diubah di sini.",
            f"const WHO = {_json(_settings(growth))};",
            f"const PACKED = {_json(_packed(growth))};",
            *without_remarks(_ALGORITHM),
            "",
        ]
    )


def without_remarks(path: Path) -> list[str]:
    """The lines of a file of JavaScript, without what stands there for readers."""
    lines = (line.strip("\n") for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.lstrip().startswith(("//", "/**"))]


def _settings(growth: Growth) -> dict[str, Any]:
    return {
        "days_in_month": growth.days_in_month,
        "standing_from_day": growth.standing_from_day,
        "standing_from_cm": growth.standing_from_cm,
        "standing_odd_before_month": growth.standing_odd_before_month,
        "difference": growth.difference,
        "scales": _SCALES,
        "indexes": {name: asdict(index) for name, index in growth.indexes.items()},
    }


def _packed(growth: Growth) -> dict[str, Any]:
    files = dict.fromkeys(table.file for index in growth.indexes.values() for table in index.tables)
    return {file: _of_file(growth.rows(file)) for file in files}


def _of_file(both: Sequence[Rows]) -> dict[str, Any]:
    columns = [zip((rows.l, rows.m, rows.s), _SCALES, strict=True) for rows in both]
    return {
        "first": both[0].first,
        "sexes": [[pack(column, scale) for column, scale in each] for each in columns],
    }


def pack(column: Iterable[float], scale: int) -> str:
    """The differences of the differences of a column; a number with more decimals than the scale keeps is refused."""
    words, value, step = [], 0, 0
    for number in column:
        whole = round(number * scale)
        if whole / scale != number:
            raise ValueError(f"{number!r} has more decimals than are kept")
        words.append(str(whole - value - step))
        value, step = whole, whole - value
    return " ".join(words)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
