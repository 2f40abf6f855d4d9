"""Places and facilities as one tree for the reader: kabupaten > puskesmas > pustu, desa, posyandu.

`is_assumed` marks a belonging nobody official has confirmed (confidence `ours` of a service area).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from siklus.kernel.places import is_place_code, is_within
from siklus.register.models import POSYANDU, PUSKESMAS, PUSTU, Facility, Place, ServiceArea

KABUPATEN, KECAMATAN, DESA = "kabupaten", "kecamatan", "desa"
FACILITY_KINDS = (PUSKESMAS, PUSTU, POSYANDU)
_KABUPATEN_LEVEL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place or facility; `kind` is provinsi, kabupaten, kecamatan, desa, puskesmas, pustu or posyandu."""

    code: str
    name: str
    kind: str
    is_assumed: bool = False


def place_or_facility(code: str) -> Area | None:
    """The place or facility of a code; None when there is none."""
    if is_place_code(code):
        place = Place.objects.filter(code=code).first()
        return None if place is None else _of_place(place)
    facility = Facility.objects.filter(code=code).first()
    return None if facility is None else _of_facility(facility)


def area_path(code: str) -> tuple[Area, ...]:
    """From the kabupaten down to the place or facility itself; empty when the code is unknown."""
    here = place_or_facility(code)
    if here is None:
        return ()
    path = [here]
    if here.kind in FACILITY_KINDS:
        desa = ""
        facility = Facility.objects.select_related("parent").filter(code=code).first()
        while facility is not None:
            desa = desa or facility.desa_code or _any_desa(facility.code)
            facility = facility.parent
            if facility is not None:
                path.insert(0, _of_facility(facility))
    else:
        desa = code
        if here.kind == DESA:
            puskesmas = _puskesmas_of_desa(code)
            if puskesmas is not None:
                path.insert(0, puskesmas)
    kabupaten = place_or_facility(".".join(desa.split(".")[:_KABUPATEN_LEVEL])) if desa else None
    if kabupaten is not None and kabupaten.kind == KABUPATEN and path[0].code != kabupaten.code:
        path.insert(0, kabupaten)
    return tuple(path)


def areas_under(code: str, kind: str) -> tuple[Area, ...]:
    """Areas of a kind at or below a place or facility, by name. A facility's villages are those it serves now."""
    here = place_or_facility(code)
    if here is None:
        return ()
    if here.kind == kind:
        return (here,)
    if kind in FACILITY_KINDS:
        return _facilities_under(here, kind)
    if here.kind in FACILITY_KINDS:
        return _desas_of(here) if kind == DESA else ()
    found = Place.objects.filter(code__startswith=here.code + ".").order_by("name")
    return tuple(area for area in map(_of_place, found) if area.kind == kind)


def everywhere(kind: str) -> tuple[Area, ...]:
    """All facilities of a kind, by name."""
    return tuple(_of_facility(row) for row in Facility.objects.filter(kind=kind).order_by("name", "code"))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names of places and facilities by code."""
    wanted = [code for code in codes if code]
    names = dict(Place.objects.filter(code__in=wanted).values_list("code", "name"))
    names.update(Facility.objects.filter(code__in=wanted).values_list("code", "name"))
    return names


def _facilities_under(here: Area, kind: str) -> tuple[Area, ...]:
    rows = Facility.objects.filter(kind=kind).order_by("name")
    if here.kind in FACILITY_KINDS:
        rows = rows.filter(
            Q(parent_id=here.code)
            | Q(parent__parent_id=here.code)
            | Q(kind=POSYANDU, desa_code__in=_codes(here))
            if here.kind == PUSTU
            else Q(parent_id=here.code) | Q(parent__parent_id=here.code)
        )
        return tuple(_of_facility(row) for row in rows)
    served = set(
        ServiceArea.objects.filter(valid_to__isnull=True, desa_code__startswith=here.code).values_list(
            "facility_id", flat=True
        )
    )
    return tuple(
        _of_facility(row)
        for row in rows
        if row.code in served or (row.desa_code and is_within(row.desa_code, here.code))
    )


def _codes(here: Area) -> list[str]:
    return list(
        ServiceArea.objects.filter(facility_id=here.code, valid_to__isnull=True).values_list(
            "desa_code", flat=True
        )
    )


def _desas_of(here: Area) -> tuple[Area, ...]:
    areas = {
        area.desa_code: area.confidence == "ours"
        for area in ServiceArea.objects.filter(facility_id=here.code, valid_to__isnull=True)
    }
    if here.kind == POSYANDU and not areas:
        desa = Facility.objects.values_list("desa_code", flat=True).get(code=here.code)
        areas = {desa: False} if desa else {}
    rows = Place.objects.filter(code__in=list(areas)).order_by("name")
    return tuple(Area(code=p.code, name=p.name, kind=DESA, is_assumed=areas[p.code]) for p in rows)


def _puskesmas_of_desa(desa: str) -> Area | None:
    area = (
        ServiceArea.objects.filter(desa_code=desa, facility__kind=PUSKESMAS, valid_to__isnull=True)
        .select_related("facility")
        .order_by("-valid_from", "facility_id")
        .first()
    )
    if area is None:
        return None
    facility = area.facility
    return Area(
        code=facility.code, name=facility.name, kind=facility.kind, is_assumed=area.confidence == "ours"
    )


def _any_desa(facility: str) -> str:
    desa = ServiceArea.objects.filter(facility_id=facility).values_list("desa_code", flat=True).first()
    return desa or ""


def _of_place(place: Place) -> Area:
    # The official list says kelurahan for some villages; both are one level of the tree.
    return Area(code=place.code, name=place.name, kind=DESA if place.level == "kelurahan" else place.level)


def _of_facility(facility: Facility) -> Area:
    return Area(
        code=facility.code, name=facility.name, kind=facility.kind, is_assumed=facility.confidence == "ours"
    )
