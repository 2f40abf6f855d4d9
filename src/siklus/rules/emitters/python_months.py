"""Months in written Python: days of records are moved by tables, which cost a fifth of a call."""

from __future__ import annotations

import re
from array import array

from siklus.rules import runtime
from siklus.rules import tree as t

_TABLE = re.compile(r"\b(later|earlier)_(\d+)\b")


def moved(day: str, count: t.Node, months: str, with_table: bool) -> str:
    """The day so many months later; by a table when the number is fixed and the day a common one."""
    by_call = f"add_months({day}, {months})"
    if not with_table or not isinstance(count, t.Literal):
        return by_call
    low, high, n = runtime.NEAR_LOW, runtime.NEAR_HIGH, int(count.value)
    table = f"later_{n}" if n >= 0 else f"earlier_{-n}"
    return f"{table}[{day} - {low}] if {low} <= {day} < {high} else {by_call}"


def tables_in(source: str) -> dict[str, array[int]]:
    """The tables that written lines name."""
    found = sorted(set(_TABLE.findall(source)))
    return {f"{word}_{n}": runtime.later(int(n) if word == "later" else -int(n)) for word, n in found}
