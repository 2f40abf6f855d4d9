"""How values are written for people, and how the words people write are read: codes, days, numbers (Indonesian)."""

from __future__ import annotations

import json
import re
from typing import Any

from siklus.rules.shown import MONTHS, number, shown_day
from siklus.rules.vocabulary import Vocabulary

__all__ = ("MONTHS", "as_written", "code_word", "number", "shown_day")
_JOINTS = re.compile(r"[\s/\-]+")


def as_written(value: Any) -> str:
    """A JSON value as somebody may have typed it: words in quotes, numbers as people write them, all else as JSON."""
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def code_word(vocabulary: Vocabulary, codes: str, text: str) -> str | None:
    """The stored word for a word, alias or label in any case, with blanks, `/` or `-` for `_`; None when it is none."""
    plain = text.strip().casefold()
    found = vocabulary.code(codes, plain) or vocabulary.code(codes, _JOINTS.sub("_", plain))
    if found is not None:
        return found
    labelled = [code.name for code in vocabulary.codes[codes].values() if code.label.casefold() == plain]
    return labelled[0] if len(labelled) == 1 else None
