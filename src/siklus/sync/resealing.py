"""What was sent and not let in, here or at the district of an edge, brought to the key in force."""

from __future__ import annotations

from siklus.register.resealing import reseal_texts
from siklus.sync.models import GivenBack, Link, Refusal


def reseal_refusals() -> int:
    """Gives how many rows were written."""
    return reseal_texts(Refusal, ("body",))


def reseal_edge() -> int:
    """The same of what an edge keeps: its key at the district, and what the district gave back."""
    return reseal_texts(GivenBack, ("body",)) + reseal_texts(Link, ("token",))
