"""The seed in the database: what the door would have written, a register that the log makes again, logins that work."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate

from seed.assumptions import read_assumptions
from seed.days import day_of
from seed.geography import draw_map, limit_people
from seed.growing import Plot, grow
from seed.notebook import Entry
from seed.plant import ANSWERS_FILE, Planted, plant
from siklus.access.permissions import permissions
from siklus.access.queries import access_persons
from siklus.access.seeding import keep_devices
from siklus.care import actions
from siklus.kernel.problems import ProblemError
from siklus.library.loading import load_book
from siklus.records.drafts import DraftRecord
from siklus.register import queries as register
from tests.integration import contents

ON = day_of(2026, 11, 21)
# What the door adds of its own: who wrote it, when the server took it in, in which batch.
_OF_THE_DOOR = {"author_id", "batch_id", "created_at", "rulebook_id", "seq"}


@pytest.fixture
def planted(db: Any, tmp_path: Path) -> Planted:
    """A small posyandu."""
    return plant("posyandu", 1, ON, people=160, folder=tmp_path, with_rebuild=False)


def test_the_register_is_the_one_the_log_makes(planted: Planted) -> None:
    loaded = contents.register()
    assert len(loaded["Person"]) > 160
    actions.rebuild_register()
    assert contents.register() == loaded


def test_the_door_would_have_written_the_same(planted: Planted) -> None:
    bulk = list(_log()), contents.register()
    for table in ("care.Record", "register.Person", "register.Household", "access.Device"):
        apps.get_model(table).objects.all().delete()
    geography = limit_people(draw_map("posyandu", read_assumptions()), 160)
    grown = grow(Plot(geography.neighbourhoods, 1, ON, register.placing()), 0)
    keep_devices([(grown.device, "", 0)])
    entries = [Entry._make(row) for row in grown.records]
    outcomes = actions.append_records(
        [_draft(entry) for entry in entries], author=None, device=grown.device, today=ON, refresh=False
    )
    assert [str(problem) for outcome in outcomes for problem in outcome.problems] == []
    assert (list(_log()), contents.register()) == bulk


def test_the_counter_and_the_devices_go_on_where_the_seed_ended(planted: Planted) -> None:
    log = apps.get_model("care.Record").objects
    device = apps.get_model("access.Device").objects.get(kind="seed")
    assert device.last_number == log.count() == planted.answers.records
    person = register.people().values_list("id", flat=True)[0]
    draft = DraftRecord(kind="kunjungan_rumah", on=ON, data={"hasil": "dilakukan"}, person=person)
    (outcome,) = actions.append_records([draft], author=None, today=ON, refresh=False)
    assert outcome.is_accepted
    assert log.order_by("-seq")[0].id == outcome.key
    assert log.order_by("-seq")[0].seq == planted.answers.records + 1


def test_every_role_can_log_in_and_sees_its_own_area(planted: Planted, tmp_path: Path) -> None:
    seen = {}
    for login in planted.logins:
        user: Any = authenticate(username=login.username, password=login.password)
        assert user is not None
        assert user.role == login.role
        seen[login.role] = access_persons(user).count()
    assert set(seen) == set(permissions().roles)
    assert seen.pop("auditor") == 0, "an auditor reads the audit, and no names"
    assert min(seen.values()) >= 160
    kept = tmp_path / "demo-logins.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert all(login.password in kept.read_text() for login in planted.logins)
    assert (tmp_path / ANSWERS_FILE).exists()


def test_the_system_says_that_it_is_a_sample(planted: Planted) -> None:
    assert register.is_sample()
    targets = register.targets(2026)
    assert {source.source for source in targets.values()} == {"contoh"}
    spm = {indicator.name for indicator in load_book().indicators if indicator.name.startswith("spm")}
    assert spm <= {indicator for indicator, _ in targets}


def test_a_database_with_people_in_it_is_left_alone(planted: Planted) -> None:
    before = contents.register()
    with pytest.raises(ProblemError, match="S01"):
        plant("posyandu", 2, ON, people=50, with_rebuild=False)
    assert contents.register() == before


def test_several_neighbourhoods_told_by_other_processes_are_the_same(db: Any) -> None:
    geography = limit_people(draw_map("puskesmas", read_assumptions()), 30)
    plot = Plot(geography.neighbourhoods, 5, ON, register.placing())
    alone = [grow(plot, index) for index in range(len(plot.spots))]
    planted = plant("puskesmas", 5, ON, people=30, processes=2, with_rebuild=False)
    assert planted.answers.records == sum(len(grown.records) for grown in alone)
    assert [row[0] for row in _log()] == [row[0] for grown in alone for row in grown.records]


def _draft(entry: Entry) -> DraftRecord:
    registers = entry.id == entry.root and entry.id in (entry.person, entry.household)
    return DraftRecord(
        id=entry.id,
        kind=entry.kind,
        on=entry.on,
        data=json.loads(entry.data),
        person=None if registers else entry.person,
        household=None if registers else entry.household,
        by_role=entry.by_role,
        place_kind=entry.place_kind,
        facility_code=entry.facility_code,
        root=None if entry.root == entry.id else entry.root,
        is_void=entry.is_void,
        why=entry.why,
    )


def _log() -> Iterator[tuple[Any, ...]]:
    model = apps.get_model("care.Record")
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in _OF_THE_DOOR]
    yield from model.objects.order_by("seq").values_list(*names)
