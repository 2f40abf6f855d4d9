"""State, needs, coverage and doubles after an import: person by person for a few, everything in bulk for many.

The bulk run lives in a room beside this one, so the site names it (`SIKLUS_REBUILD` in the settings).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from siklus.doubles import keeping as doubles
from siklus.kernel.dates import year_of
from siklus.monitoring import actions as monitoring

FEW = 2_000
"""Persons up to which settling each alone is quicker than rebuilding everybody."""
_AT_ONCE = 100
Rebuild = Callable[[int, int], object]
_log = logging.getLogger(__name__)


def are_few(persons: Sequence[int]) -> bool:
    """True when these persons are settled one by one, inside the transaction that touched them."""
    return len(persons) <= FEW or not getattr(settings, "SIKLUS_REBUILD", "")


def settle_few(persons: Sequence[int], today: int) -> None:
    """Fold and count these persons again."""
    monitoring.settle(persons, today)


def settle_many(today: int) -> bool:
    """Rebuild everybody, after the records are committed. False when it failed: the records stand, the sums are old."""
    rebuild: Rebuild = import_string(settings.SIKLUS_REBUILD)
    try:
        for year in monitoring.years_held(today) or [year_of(today)]:
            rebuild(today, year)
    except Exception:
        _log.exception("rebuild after an import failed")
        return False
    return True


def look_for_doubles(newcomers: Sequence[int]) -> None:
    """Whether those an import registered stood in the register before, once they are committed.

    A failure is logged only: the night looks through everybody.
    """
    try:
        if len(newcomers) > FEW:
            doubles.look_at_everybody()
            return
        for first in range(0, len(newcomers), _AT_ONCE):  # in between others can write
            doubles.look_at(newcomers[first : first + _AT_ONCE])
    except Exception:
        _log.exception("doubles were not looked for after an import")
