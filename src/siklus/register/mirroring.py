"""Places as a district tells its edges of them, and as an edge keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from siklus.register import areas
from siklus.register.models import Facility, Place, ServiceArea

Rows = Sequence[Mapping[str, Any]]
_PLACE = ("code", "level", "name", "parent_code")
_FACILITY = ("code", "kind", "name", "parent_id", "desa_code", "klass", "confidence", "note")
_SERVED = ("facility_id", "desa_code", "valid_from", "valid_to", "confidence", "note")


def ground_of(puskesmas: str) -> dict[str, Rows]:
    """All places, the facilities of a puskesmas, and the villages that these serve. Facilities above come first."""
    codes = [
        puskesmas,
        *(each.code for kind in areas.FACILITY_KINDS for each in areas.areas_under(puskesmas, kind)),
    ]
    found = Facility.objects.filter(code__in=codes).values(*_FACILITY)
    return {
        "places": list(Place.objects.order_by("code").values(*_PLACE)),
        "facilities": sorted(found, key=lambda row: (row["code"] != puskesmas, row["code"])),
        "served": list(ServiceArea.objects.filter(facility_id__in=codes).order_by("pk").values(*_SERVED)),
    }


def keep_ground(told: Mapping[str, Rows]) -> bool:
    """Places as told, in the place of what was here; True when anything is otherwise than before."""
    before = (
        list(Place.objects.order_by("code").values(*_PLACE)),
        list(Facility.objects.order_by("code").values(*_FACILITY)),
        list(ServiceArea.objects.order_by("pk").values(*_SERVED)),
    )
    facilities = sorted(told["facilities"], key=lambda row: str(row["code"]))
    if before == (list(told["places"]), facilities, list(told["served"])):
        return False
    for row in told["places"]:
        Place.objects.update_or_create(code=row["code"], defaults=_of(row, _PLACE))
    for row in told["facilities"]:
        Facility.objects.update_or_create(code=row["code"], defaults=_of(row, _FACILITY))
    ServiceArea.objects.all().delete()
    ServiceArea.objects.bulk_create(ServiceArea(**_of(row, _SERVED)) for row in told["served"])
    return True


def _of(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}
