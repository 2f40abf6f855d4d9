"""Numbers of measurements at the door: how fine they are, and what a slip of the decimal comma may have meant."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

# A comma forgotten or moved by one or two digits, or grams for kilograms and metres for centimetres.
_SLIPS = (0.1, 10, 0.01, 100, 0.001)


def is_number(value: Any) -> bool:
    """True for a JSON number; true and false are not numbers here."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def places_of(value: float) -> int:
    """Decimal places written: 8.25 has 2, 8.0 and 8 none."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def likely(value: float, plausible: tuple[float, float], places: int) -> float | None:
    """The value probably meant when the comma slipped (83 -> 8.3, 3200 -> 3.2); None when nothing plausible is near."""
    for slip in _SLIPS:
        guess = round(value * slip, places) + 0  # nought has no sign
        if plausible[0] <= guess <= plausible[1]:
            return guess if places else int(guess)
    return None
