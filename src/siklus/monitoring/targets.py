"""Sasaran proyeksi of a place: as entered for it, else the sum of its parts when each of them has one, else none.

A target is never computed from the people we know: where nobody entered one, the page says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from siklus.register import areas
from siklus.register import queries as register

_PARTS = {
    areas.KABUPATEN: "puskesmas",
    areas.KECAMATAN: areas.DESA,
    "puskesmas": areas.DESA,
    "pustu": areas.DESA,
    areas.DESA: "posyandu",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTarget:
    """A target and where it comes from; `value` is None when there is none."""

    value: int | None = None
    source: str = ""


NO_TARGET = PlaceTarget()
TargetOf = Callable[[str, str], PlaceTarget]


def target_finder(year: int) -> TargetOf:
    """A function (indicator, code of a place or facility) -> its target in the year."""
    entered = register.targets(year)

    @cache
    def parts_of(code: str) -> tuple[str, ...]:
        area = areas.place_or_facility(code)
        kind = _PARTS.get(area.kind) if area else None
        return tuple(part.code for part in areas.areas_under(code, kind)) if kind else ()

    def target_of(indicator: str, code: str) -> PlaceTarget:
        own = entered.get((indicator, code))
        if own is not None:
            return PlaceTarget(value=own.value, source=own.source)
        parts = [entered.get((indicator, part)) for part in parts_of(code)] if entered else []
        known = [part.value for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return NO_TARGET
        return PlaceTarget(value=sum(known), source=_("jumlah %(n)s bagiannya") % {"n": len(known)})

    return target_of
