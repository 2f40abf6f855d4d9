"""The kept state of a unit as text: a JSON object from the place of an accumulator to its value, empty ones left out.

Every engine that folds writes this same text, so that two states are equal when their texts are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from siklus.rules.emitters.python_fold import empty_of
from siklus.rules.plan import EMPTY_FALSE, EMPTY_LIST, EMPTY_ZERO, Accumulator, Plan


def state_text(plan: Plan, kept: Iterable[Any]) -> str:
    """The text of a folded unit, places rising."""
    sparse = {
        str(place): value
        for (accumulator, place), value in zip(plan.places.items(), kept, strict=True)
        if not _is_empty(accumulator, value)
    }
    return json.dumps(sparse, ensure_ascii=False, separators=(",", ":"))


def state_of(plan: Plan, text: str) -> list[Any]:
    """The folded values of a text, ready to be finished."""
    sparse = json.loads(text)
    return [sparse.get(str(place), empty_of(accumulator)) for accumulator, place in plan.places.items()]


def _is_empty(accumulator: Accumulator, value: Any) -> bool:
    if accumulator.operator in (*EMPTY_FALSE, *EMPTY_ZERO, *EMPTY_LIST):
        return not value
    return value is None
