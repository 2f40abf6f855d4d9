"""Months in written Python: a day moved by a fixed number of them is looked up, which costs a fifth of a call."""

from __future__ import annotations

import re

from siklus.rules.runtime import Later

_TABLE = re.compile(r"\b(later|earlier)_(\d+)\b")


def looked_up(day: str, months: int) -> str:
    """The day so many months later, from the table of that number; an unknown day gives unknown."""
    return f"later_{months}[{day}]" if months >= 0 else f"earlier_{-months}[{day}]"


def tables_in(source: str) -> dict[str, Later]:
    """The tables that written lines name."""
    found = sorted(set(_TABLE.findall(source)))
    return {f"{word}_{n}": Later(int(n) if word == "later" else -int(n)) for word, n in found}
