"""Sasaran proyeksi of the seed: made-up projections that differ from what is registered, as real ones do."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator

from seed.assumptions import Assumptions
from seed.geography import Geography

SOURCE = "contoh"


def project_targets(geography: Geography, assumptions: Assumptions) -> Iterator[tuple[str, str, int]]:
    """(indicator, code of place or facility, value) for every village, puskesmas and the kabupaten; parts add up."""
    rules = assumptions.targets
    people: Counter[str] = Counter()
    puskesmas_of = {}
    for spot in geography.neighbourhoods:
        people[spot.desa_code] += spot.people
        puskesmas_of[spot.desa_code] = spot.puskesmas_code
    for indicator, share in rules.by_share_of_people.items():
        sums: Counter[str] = Counter()
        for desa, count in people.items():
            hashed = zlib.crc32(f"{indicator}{desa}".encode()) % 1000 / 999
            value = round(count * share * (1 + rules.spread * (2 * hashed - 1)))
            yield indicator, desa, value
            sums[puskesmas_of[desa]] += value
            sums[assumptions.district.code] += value
        yield from ((indicator, code, value) for code, value in sums.items())
