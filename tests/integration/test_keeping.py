"""The process beside the server: when it makes everything again, and that it does."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.access.queries import User
from siklus.kernel.dates import iso, year_of
from siklus.library.loading import load_book
from siklus.monitoring.actions import note_rebuild
from siklus.monitoring.queries import last_rebuild
from siklus.site import keeping
from siklus.sync import actions as sync
from tests.integration.area import TODAY, child, lay_area, users

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


@pytest.fixture
def area(transactional_db: None, settings: Any) -> None:
    settings.SIKLUS_TODAY = iso(TODAY)
    lay_area()
    users()


def test_nothing_is_behind_while_nobody_is_registered(area: None) -> None:
    assert not keeping.is_behind()


def test_everything_is_behind_until_made_and_again_when_the_day_turns(area: None, settings: Any) -> None:
    child("Ani")
    assert keeping.is_behind()
    note_rebuild(
        on_day=TODAY,
        year=year_of(TODAY),
        rulebook=load_book().hash,
        last_seq=1,
        persons=1,
        records=1,
        seconds=1.0,
    )
    assert not keeping.is_behind()
    settings.SIKLUS_TODAY = iso(TODAY + 1)
    assert keeping.is_behind()


def test_a_look_makes_everything_again_in_a_process_of_its_own(
    area: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    child("Ani")
    monkeypatch.setenv("SIKLUS_TODAY", iso(TODAY))
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        monkeypatch.setenv("SIKLUS_DATABASE_URL", f"sqlite:///{settings.DATABASES['default']['NAME']}")
    else:
        name, host = settings.DATABASES["default"]["NAME"], settings.DATABASES["default"]["HOST"]
        user = settings.DATABASES["default"]["USER"]
        monkeypatch.setenv("SIKLUS_DATABASE_URL", f"postgresql://{user}@/{name}?host={host}")
    assert keeping.look()
    made = last_rebuild()
    assert made is not None and made.on_day == TODAY


def test_a_failed_rebuild_is_told_to_the_caller(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    child("Ani")
    monkeypatch.setenv("SIKLUS_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    assert not keeping.look()


def test_whom_phones_brought_records_of_is_computed_by_the_keeper(area: None) -> None:
    who = User.objects.get(username="utara")
    code = sync.offer(by=who, name="HP", scope_code="POS-1", users=[User.objects.get(username="kader1").pk])
    key = sync.enrol(code)
    assert key is not None
    data = {"nama": "Ani", "birth": "2026-01-02", "posyandu": "POS-1"}
    item = {"id": f"{key.device}-1", "kind": "daftar_orang", "on": "2026-01-02", "data": data}
    sync.push(key.device, [item], last_number=1, today=TODAY)
    keeping.judge()
    assert [keeping.settle(), keeping.settle()] == [2, 0], "the child, and the look for doubles of it"
