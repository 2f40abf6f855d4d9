"""Where persons and families stood before a record moved them: `Stay`, so that whoever reads by place can be told.

Kept in the transaction that moves them. Somebody absorbed by a merge counts where the survivor does. A record that says
otherwise who is whose guest is a move as well; that a guest's time begins or ends is not: it follows from the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from siklus.care.models import Stay
from siklus.records.drafts import StoredRecord
from siklus.records.persons import HOUSEHOLD_REGISTRATION, REGISTRATIONS
from siklus.register import guests
from siklus.register import queries as register
from siklus.register.guests import Visit
from siklus.register.placing import Residence

PLACES = "places"
PERSON, HOUSEHOLD = "person", "household"
_NOWHERE = Residence()
_NO_VISITS: frozenset[Visit] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where some persons and families count."""

    persons: Mapping[int, Residence] = field(default_factory=dict)
    households: Mapping[int, Residence] = field(default_factory=dict)
    visits: Mapping[int, frozenset[Visit]] = field(default_factory=dict)


def standing(
    persons: Iterable[int], households: Iterable[int], rows: Sequence[StoredRecord] = ()
) -> Standing:
    """Where these stand now; those whom the rows register are left out, for nothing was known of them before."""
    fresh = {row.id for row in rows if row.root == row.id and row.kind in REGISTRATIONS}
    homes = {row.id for row in rows if row.root == row.id and row.kind == HOUSEHOLD_REGISTRATION}
    wanted, families = set(persons) - fresh, set(households) - homes
    return Standing(
        _filled(wanted, register.places_of_persons(wanted)),
        _filled(families, register.places_of_households(families)),
        guests.visits_of(wanted),
    )


def keep(stood: Standing, rows: Sequence[StoredRecord], first: int) -> None:
    """A `Stay` for each of them who stands elsewhere now."""
    now = standing(stood.persons, stood.households)
    last_of: dict[tuple[str, int | None], int] = {}
    for place, row in enumerate(rows):
        last_of[PERSON, row.person] = last_of[HOUSEHOLD, row.household] = first + place
    end = first + len(rows) - 1
    gone = [
        stay(last_of.get((unit, key), end), unit, key, home)
        for unit, before, after in (
            (PERSON, stood.persons, now.persons),
            (HOUSEHOLD, stood.households, now.households),
        )
        for key, home in sorted(before.items())
        if after[key] != home
    ]
    gone += [
        stay(last_of.get((PERSON, key), end), PERSON, key, area)
        for key in sorted(stood.persons)
        for area in _changed(stood.visits.get(key, _NO_VISITS), now.visits.get(key, _NO_VISITS))
    ]
    Stay.objects.bulk_create(gone)


def _changed(before: frozenset[Visit], after: frozenset[Visit]) -> list[Residence]:
    """The areas whose guest somebody is from or to another day than was told so far, whichever day it is today."""
    areas = {visit.area for visit in before ^ after}
    return sorted(areas, key=lambda area: (area.puskesmas, area.desa, area.posyandu))


def stay(seq: int, unit: str, key: int, home: Residence) -> Stay:
    """A row that says where somebody counted until this place in the log."""
    return Stay(
        seq=seq, unit=unit, unit_id=key, desa_code=home.desa, posyandu_code=home.posyandu,
        puskesmas_code=home.puskesmas,
    )  # fmt: skip


def _filled(ids: Iterable[int], found: Mapping[int, Residence]) -> dict[int, Residence]:
    return {key: found.get(key, _NOWHERE) for key in ids}
