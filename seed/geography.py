"""Where the fictional people live: real kecamatan, villages and puskesmas, invented pustu and posyandu.

Villages get people by weight (kelurahan more than desa, no official figures exist) and posyandu by people; both depend
on the place codes alone, never on the random seed, so that every seed tells its story on one map.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from seed.assumptions import Assumptions, Section

DATA = Path(__file__).parent / "data"
SCALES = ("posyandu", "puskesmas", "district")
SAMPLE = "(contoh)"
VILLAGE_LEVELS = ("desa", "kelurahan")
_FLOWERS = (
    "Melati", "Mawar", "Anggrek", "Kenanga", "Dahlia", "Cempaka", "Flamboyan", "Teratai", "Kamboja", "Sakura",
    "Seroja", "Bougenville", "Matahari", "Nusa Indah", "Tulip", "Aster",
)  # fmt: skip
_WELL_FOUNDED = "satu puskesmas"
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Place:
    """A province, kabupaten, kecamatan, kelurahan or desa with its Kemendagri code."""

    code: str
    level: str
    name: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Facility:
    """A puskesmas, pustu or posyandu. `desa_code` is the village it stands in."""

    code: str
    kind: str
    name: str
    parent_code: str | None
    desa_code: str
    klass: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Service:
    """A facility serves a village."""

    facility_code: str
    desa_code: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One posyandu with the people to be invented for it; `number` is its place in the district, and its device."""

    number: int
    posyandu_code: str
    pustu_code: str | None
    puskesmas_code: str
    desa_code: str
    desa_name: str
    people: int


@dataclass(frozen=True, slots=True)
class Geography:
    """The map of one scale: the places and facilities there, and the neighbourhoods to be filled with people."""

    places: tuple[Place, ...]
    facilities: tuple[Facility, ...]
    services: tuple[Service, ...]
    neighbourhoods: tuple[Neighbourhood, ...]

    @property
    def people(self) -> int:
        """How many people live here on the last day of the story."""
        return sum(spot.people for spot in self.neighbourhoods)


@cache
def draw_map(scale: str, assumptions: Assumptions) -> Geography:
    """The map of a scale: the whole district, the demonstration puskesmas, or that one's first posyandu."""
    if scale not in SCALES:
        raise ValueError(f"not a scale: {scale!r}; one of {', '.join(SCALES)}")
    district = assumptions.district
    whole = _draw_district(district)
    if scale == "district":
        return whole
    wanted = [spot for spot in whole.neighbourhoods if spot.puskesmas_code == district.demo_puskesmas]
    return _cut(whole, wanted[:1] if scale == "posyandu" else wanted)


def limit_people(geography: Geography, people: int) -> Geography:
    """The same map with at most so many people in each neighbourhood, for tests."""
    spots = tuple(replace(spot, people=min(spot.people, people)) for spot in geography.neighbourhoods)
    return replace(geography, neighbourhoods=spots)


def apportion(total: int, weights: Mapping[_Key, float], at_least: int = 0) -> dict[_Key, int]:
    """Shares of a whole number by weight (largest remainder), each at least `at_least`; their sum is the total."""
    free = total - at_least * len(weights)
    all_weights = sum(weights.values())
    exact = {key: free * weight / all_weights for key, weight in weights.items()}
    shares = {key: at_least + int(share) for key, share in exact.items()}
    by_remainder = sorted(exact, key=lambda key: int(exact[key]) - exact[key])
    for key in by_remainder[: total - sum(shares.values())]:
        shares[key] += 1
    return shares


def _draw_district(district: Section) -> Geography:
    places = [place for place in _read_places() if _concerns(place.code, district.code)]
    villages = [place for place in places if place.level in VILLAGE_LEVELS]
    puskesmas, served = _read_puskesmas(district.code, villages)
    puskesmas_of = {service.desa_code: service.facility_code for service in served}
    pustu, pustu_served = _invent_pustu(villages, puskesmas, puskesmas_of, district.villages_per_pustu)
    pustu_of = {service.desa_code: service.facility_code for service in pustu_served}
    people = apportion(district.people, {village.code: _weight(village, district) for village in villages})
    posyandu_counts = apportion(district.posyandu, people, at_least=1)
    posyandu: list[Facility] = []
    spots: list[Neighbourhood] = []
    for village in villages:
        count = posyandu_counts[village.code]
        heads = apportion(people[village.code], dict.fromkeys(range(count), 1))
        for index in range(count):
            parent = pustu_of.get(village.code) or puskesmas_of[village.code]
            facility = _invent_posyandu(village, index, parent)
            posyandu.append(facility)
            spots.append(
                Neighbourhood(
                    number=len(spots) + 1,
                    posyandu_code=facility.code,
                    pustu_code=pustu_of.get(village.code),
                    puskesmas_code=puskesmas_of[village.code],
                    desa_code=village.code,
                    desa_name=village.name,
                    people=heads[index],
                )
            )
    posyandu_served = [Service(f.code, f.desa_code, f.confidence, f.note) for f in posyandu]
    return Geography(
        places=tuple(places),
        facilities=(*puskesmas, *pustu, *posyandu),
        services=(*served, *pustu_served, *posyandu_served),
        neighbourhoods=tuple(spots),
    )


def _cut(whole: Geography, wanted: Sequence[Neighbourhood]) -> Geography:
    """The part of a map that a few neighbourhoods need: their villages with all above, and who serves them."""
    villages = {spot.desa_code for spot in wanted}
    codes = {code for spot in wanted for code in (spot.posyandu_code, spot.pustu_code, spot.puskesmas_code)}
    return Geography(
        places=tuple(p for p in whole.places if any(_concerns(p.code, village) for village in villages)),
        facilities=tuple(facility for facility in whole.facilities if facility.code in codes),
        services=tuple(s for s in whole.services if s.facility_code in codes and s.desa_code in villages),
        neighbourhoods=tuple(wanted),
    )


def _concerns(code: str, place_code: str) -> bool:
    """True for the place itself, for what lies in it and for what it lies in."""
    return f"{code}.".startswith(f"{place_code}.") or f"{place_code}.".startswith(f"{code}.")


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read_places() -> list[Place]:
    return [
        Place(row["kode"], row["level"], row["nama"], row["kode_induk"] or None)
        for row in _read("places.csv")
    ]


def _read_puskesmas(kabupaten: str, villages: Sequence[Place]) -> tuple[list[Facility], list[Service]]:
    facilities = [
        Facility(
            code=row["kode_puskesmas"],
            kind="puskesmas",
            name=f"Puskesmas {row['nama']}",
            parent_code=None,
            desa_code=row["titik_jatuh_di_desa_kode"],
            klass="rawat inap" if row["rawat_inap_2025"] == "ya" else "non rawat inap",
            confidence="read",
            note=row["catatan"],
        )
        for row in _read("puskesmas.csv")
        if row["kabupaten_kode"] == kabupaten
    ]
    codes = {village.code for village in villages}
    services = [
        Service(
            facility_code=row["kode_puskesmas"],
            desa_code=row["desa_kode"],
            confidence="general" if row["dasar"].startswith(_WELL_FOUNDED) else "ours",
            note=f"anggapan, belum resmi: {row['dasar'].partition(' [')[0]}",
        )
        for row in _read("puskesmas_desa_assumed.csv")
        if row["desa_kode"] in codes
    ]
    return facilities, services


def _invent_pustu(
    villages: Sequence[Place], puskesmas: Sequence[Facility], puskesmas_of: Mapping[str, str], size: int
) -> tuple[list[Facility], list[Service]]:
    """One pustu for every few villages of a puskesmas, in code order; the village of the puskesmas itself has none."""
    seats = {facility.desa_code for facility in puskesmas}
    groups: dict[str, list[Place]] = {}
    for village in villages:
        if village.code not in seats:
            groups.setdefault(puskesmas_of[village.code], []).append(village)
    facilities, services = [], []
    for puskesmas_code, group in groups.items():
        for first in range(0, len(group), size):
            served = group[first : first + size]
            facility = Facility(
                code=f"PT{served[0].code.replace('.', '')}",
                kind="pustu",
                name=f"Pustu {served[0].name} {SAMPLE}",
                parent_code=puskesmas_code,
                desa_code=served[0].code,
                klass="",
                confidence="ours",
                note="rekaan untuk data contoh",
            )
            facilities.append(facility)
            services += [Service(facility.code, village.code, "ours", facility.note) for village in served]
    return facilities, services


def _invent_posyandu(village: Place, index: int, parent_code: str) -> Facility:
    start = zlib.crc32(village.code.encode()) % len(_FLOWERS)
    return Facility(
        code=f"PY{village.code.replace('.', '')}{index + 1:02}",
        kind="posyandu",
        name=f"Posyandu {_FLOWERS[(start + index) % len(_FLOWERS)]} {village.name} {SAMPLE}",
        parent_code=parent_code,
        desa_code=village.code,
        klass="",
        confidence="ours",
        note="rekaan untuk data contoh",
    )


def _weight(village: Place, district: Section) -> float:
    base = district.kelurahan_weight if village.level == "kelurahan" else district.desa_weight
    hashed = zlib.crc32(village.code.encode()) % 1000 / 999
    return float(base * (1 + district.spread * (2 * hashed - 1)))
