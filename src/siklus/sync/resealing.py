"""What phones sent and was not let in, brought to the key in force."""

from __future__ import annotations

from siklus.register.resealing import reseal_texts
from siklus.sync.models import Refusal


def reseal_refusals() -> int:
    """Gives how many rows were written."""
    return reseal_texts(Refusal, ("body",))
