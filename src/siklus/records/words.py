"""How values are written for people, and how the words people write are read: codes, days, numbers (Indonesian)."""

from __future__ import annotations

import re

from siklus.rules.shown import MONTHS, number, shown_day
from siklus.rules.vocabulary import Vocabulary

__all__ = ("MONTHS", "code_word", "number", "shown_day")
_JOINTS = re.compile(r"[\s/\-]+")


def code_word(vocabulary: Vocabulary, codes: str, text: str) -> str | None:
    """The stored word for a word or alias in any case, with blanks, `/` or `-` for `_`; None when it is none."""
    plain = text.strip().casefold()
    return vocabulary.code(codes, plain) or vocabulary.code(codes, _JOINTS.sub("_", plain))
