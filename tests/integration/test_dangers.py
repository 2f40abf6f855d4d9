"""Whose last measurement asks for action at once: kept on ingest and by a rebuild alike, gone when it is better."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.access.queries import User
from siklus.bulk.rebuild import rebuild
from siklus.care import actions as care
from siklus.care.models import Danger
from siklus.care.queries import dangers_of
from siklus.kernel.dates import iso, parse_day
from siklus.records.drafts import DraftRecord
from tests import village as places

COLUMNS = (
    "person_id",
    "classification",
    "value",
    "on",
    "package",
    "desa_code",
    "posyandu_code",
    "puskesmas_code",
    "as_of",
)


def kept() -> list[tuple[Any, ...]]:
    return sorted(Danger.objects.values_list(*COLUMNS))


def pressure(person: int, on: str, systolic: int, diastolic: int) -> DraftRecord:
    data = {"sistolik": systolic, "diastolik": diastolic}
    return DraftRecord(
        kind="ukur_td", on=parse_day(on), person=person, data=data, by_role="bidan", place_kind="pustu"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_database
@pytest.mark.usefixtures("small_rules")
def test_a_rebuild_keeps_the_dangers_that_ingest_kept(settings: Any) -> None:
    settings.SIKLUS_TODAY = iso(places.TODAY)
    village = places.plant()
    before = kept()
    assert [(row[0], row[2], iso(row[3])) for row in before] == [(village.grandmother, "ht_3", "2026-09-03")]
    rebuild(places.TODAY, 2026)
    assert kept() == before


def test_a_danger_is_seen_in_its_area_only_and_goes_with_a_better_measurement(
    db: None, settings: Any
) -> None:
    settings.SIKLUS_TODAY = iso(places.TODAY)
    village = places.plant()
    officer, stranger = (User.objects.get(username=name) for name in ("puskesmas", "puskesmas2"))
    assert dangers_of(officer).persons_by_package == {"dewasa": 1}
    assert dangers_of(stranger).persons == 0
    better = pressure(village.grandmother, "2026-11-10", 138, 86)
    care.append_records([better], author=officer, today=places.TODAY)
    assert dangers_of(officer).persons == 0


def test_the_dead_and_those_who_moved_away_are_in_no_danger_list(db: None, settings: Any) -> None:
    settings.SIKLUS_TODAY = iso(places.TODAY)
    village = places.plant()
    officer = User.objects.get(username="puskesmas")
    care.append_records(
        [pressure(village.mother, "2026-11-10", 200, 120)], author=officer, today=places.TODAY
    )
    assert dangers_of(officer).persons == 2
    drafts = [
        DraftRecord(kind="meninggal", on=places.TODAY, person=village.grandmother),
        DraftRecord(kind="pindah", on=places.TODAY, person=village.mother, data={"keluar": True}),
    ]
    care.append_records(drafts, author=officer, today=places.TODAY)
    assert dangers_of(officer).persons == 0
