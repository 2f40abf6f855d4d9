"""How values are written for people, and how the words people write are read: codes, days, numbers (Indonesian)."""

from __future__ import annotations

import re

from siklus.rules.shown import MONTHS, number, shown_day
from siklus.rules.vocabulary import Vocabulary

__all__ = ("MONTHS", "code_word", "number", "shown_day")
_JOINTS = re.compile(r"[\s/\-]+")


def code_word(vocabulary: Vocabulary, codes: str, text: str) -> str | None:
    """The stored word for a word, alias or label in any case, with blanks, `/` or `-` for `_`; None when it is none."""
    plain = text.strip().casefold()
    found = vocabulary.code(codes, plain) or vocabulary.code(codes, _JOINTS.sub("_", plain))
    if found is not None:
        return found
    labelled = [code.name for code in vocabulary.codes[codes].values() if code.label.casefold() == plain]
    return labelled[0] if len(labelled) == 1 else None
