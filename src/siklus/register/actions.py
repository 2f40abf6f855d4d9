"""What changes the register. Persons and families change only by projecting their records (`project_*`).

The caller (`siklus.care`) has the records; here they become rows. Doing it for some or for all gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from siklus.records.drafts import StoredRecord
from siklus.records.persons import ProjectedPerson, fill_gaps, project_household, project_person
from siklus.register import queries
from siklus.register.appending import change_rows, put_rows
from siklus.register.guests import project_guests
from siklus.register.models import (
    Facility,
    Guest,
    Household,
    Installation,
    Person,
    Place,
    ServiceArea,
    Target,
)
from siklus.register.placing import Placing, Residence
from siklus.register.rows import HOUSEHOLD, PERSON, household_row, person_row

HEAD = "kepala_keluarga"


def save_place(*, code: str, level: str, name: str, parent_code: str = "") -> None:
    """A place of the tree, new or changed."""
    Place.objects.update_or_create(
        code=code, defaults={"level": level, "name": name, "parent_code": parent_code}
    )


def save_facility(
    *, code: str, kind: str, name: str, parent: str | None = None, desa_code: str = "", klass: str = "",
    confidence: str = "", note: str = "",
) -> None:  # fmt: skip
    """A facility, new or changed. Persons are placed anew by `siklus.care.actions.rebuild_register`."""
    values = {"kind": kind, "name": name, "parent_id": parent, "desa_code": desa_code, "klass": klass}
    Facility.objects.update_or_create(code=code, defaults={**values, "confidence": confidence, "note": note})


@transaction.atomic
def serve_village(*, facility: str, desa_code: str, since: int, confidence: str = "", note: str = "") -> None:
    """From this day the facility serves the village; what another facility of its kind did there ends with that day."""
    kind = Facility.objects.values_list("kind", flat=True).get(code=facility)
    before = ServiceArea.objects.filter(desa_code=desa_code, facility__kind=kind, valid_to__isnull=True)
    before.exclude(facility_id=facility).update(valid_to=since)
    ServiceArea.objects.update_or_create(
        facility_id=facility,
        desa_code=desa_code,
        valid_to=None,
        defaults={"valid_from": since, "confidence": confidence, "note": note},
    )


def set_target(
    *, indicator: str, place_code: str, year: int, value: int, source: str = "", confidence: str = ""
) -> None:
    """Sasaran proyeksi of an indicator for a place or facility."""
    Target.objects.update_or_create(
        indicator=indicator,
        place_code=place_code,
        year=year,
        defaults={"value": value, "source": source, "confidence": confidence},
    )


def mark_sample() -> None:
    """From now on every page says "Data contoh"."""
    Installation.objects.update_or_create(name="sample", defaults={"value": "seed"})


def set_installation_fact(name: str, value: str) -> str:
    """Writes a fact about this installation, and gives it back."""
    Installation.objects.update_or_create(name=name, defaults={"value": value})
    return value


def project_households(
    records_by_household: Mapping[int, Sequence[StoredRecord]], placing: Placing | None = None
) -> None:
    """Writes the families these effective records make; a family without a registration disappears."""
    placing = placing or queries.placing()
    rows, gone = [], []
    for household_id, records in records_by_household.items():
        family = project_household(household_id, records)
        if family is None:
            gone.append(household_id)
            continue
        rows.append(household_row(family, placing.of_household(family)))
    put_rows(Household, HOUSEHOLD, rows)
    for ids in queries.chunks(gone):
        Household.objects.filter(id__in=ids).delete()


def project_persons(
    records_by_person: Mapping[int, Sequence[StoredRecord]],
    into: Mapping[int, int],
    placing: Placing | None = None,
) -> None:
    """Writes the persons these effective register records make. `into` is {absorbed: survivor} of everybody.

    The persons a survivor absorbed must be among those handed in, as their facts fill the survivor's gaps.
    """
    placing = placing or queries.placing()
    alone = {person: project_person(person, records) for person, records in records_by_person.items()}
    absorbed: dict[int, list[ProjectedPerson]] = {}
    for person in sorted(alone):
        projected, survivor = alone[person], into.get(person)
        if projected is not None and survivor is not None:
            absorbed.setdefault(survivor, []).append(projected)
    persons = [
        fill_gaps(projected, absorbed.get(person, ()))
        for person, projected in alone.items()
        if projected is not None
    ]
    homes = _homes({p.household_id for p in persons if p.household_id is not None}, placing)
    families = _families_of(alone) | set(homes)
    rows = [person_row(p, placing.of_person(p, homes.get(p.household_id or 0)), into) for p in persons]
    put_rows(Person, PERSON, rows)
    for ids in queries.chunks(person for person, projected in alone.items() if projected is None):
        Person.objects.filter(id__in=ids).delete()
    project_guests(records_by_person, (key for key, told in alone.items() if told is None), into, placing)
    name_heads(families)


def name_heads(household_ids: Iterable[int]) -> None:
    """Sets the head of each family: the living member told to be it, the oldest record where two claim it."""
    for ids in queries.chunks(household_ids):
        claims = (
            queries.people()
            .filter(household_id__in=ids, relation=HEAD, died__isnull=True, left__isnull=True)
            .order_by("-id")
            .values_list("household_id", "id")
        )
        heads = dict(claims)
        families = Household.objects.filter(id__in=ids).values_list("id", "head_id")
        changed = [(heads.get(family), family) for family, head in families if head != heads.get(family)]
        change_rows(Household, ("head_id",), changed)


def clear_projection() -> None:
    """Removes every projected person, family and guest; only a rebuild does so."""
    Guest.objects.all().delete()
    Person.objects.all().delete()
    Household.objects.all().delete()


def _families_of(person_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for ids in queries.chunks(person_ids):
        rows = Person.objects.filter(id__in=ids, household_id__isnull=False)
        found.update(h for h in rows.values_list("household_id", flat=True) if h is not None)
    return found


def _homes(household_ids: Iterable[int], placing: Placing) -> dict[int, Residence]:
    homes: dict[int, Residence] = {}
    for ids in queries.chunks(sorted(household_ids)):
        rows = Household.objects.filter(id__in=ids).values_list("id", "desa_code", "posyandu_code")
        homes.update((key, placing.residence(desa, posyandu)) for key, desa, posyandu in rows)
    return homes
