"""How values are written for people, and how the words people write are read: codes, days, numbers (Indonesian)."""

from __future__ import annotations

import re

from siklus.kernel.dates import date_of
from siklus.rules.vocabulary import Vocabulary

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_JOINTS = re.compile(r"[\s/\-]+")


def code_word(vocabulary: Vocabulary, codes: str, text: str) -> str | None:
    """The stored word for a word or alias in any case, with blanks, `/` or `-` for `_`; None when it is none."""
    plain = text.strip().casefold()
    return vocabulary.code(codes, plain) or vocabulary.code(codes, _JOINTS.sub("_", plain))


def shown_day(day: int) -> str:
    """`21 Nov 2026`."""
    date = date_of(day)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def number(value: float) -> str:
    """`8,3` and `1.310`: decimal comma, points between thousands."""
    text = f"{value:,.10f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")
