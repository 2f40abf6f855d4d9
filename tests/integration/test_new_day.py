"""A new day brought in by computing only whom it can change: the rows that making everything again would give."""

from __future__ import annotations

import random
from typing import Any

import pytest

from seed.plant import plant
from siklus.access.queries import user_named
from siklus.bulk.rebuild import rebuild
from siklus.care.models import State
from siklus.care.queries import needs_as_of, persons_due
from siklus.kernel.dates import iso, parse_day, year_of
from siklus.library import installed
from siklus.monitoring import turning
from siklus.monitoring.actions import settle
from siklus.monitoring.queries import last_rebuild
from siklus.monitoring.turning import turn_day
from siklus.site.cli import main
from tests.integration import contents
from tests.integration.area import TODAY, child, lay_area, users
from tests.integration.random_histories import History

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = (TODAY + 1, TODAY + 2, TODAY + 3, TODAY + 7, parse_day("2026-11-30"), parse_day("2026-12-01"))


def quiet(_line: str) -> None:
    """Nobody listens."""


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows computed, but for the day on which they were."""
    tables = {
        **contents.derived(),
        "Danger": contents.rows("care.Danger", with_id=False),
        "CoverageUnit": contents.rows("monitoring.CoverageUnit"),
        "Coverage": contents.rows("monitoring.Coverage", with_id=False),
    }
    tables["State"] = [row[:-1] for row in tables["State"]]
    return {
        **tables,
        **{name: sorted((row[:-1] for row in tables[name]), key=repr) for name in ("Need", "Danger")},
    }


@pytest.fixture
def seeded(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred people of a posyandu as of today; a day is brought in however many of them it changes."""
    monkeypatch.setattr(turning, "_FEWER_THAN_ONE_IN", 0)
    settings.SIKLUS_TODAY = iso(TODAY)
    plant("posyandu", 7, TODAY, people=200, processes=0)


@pytest.fixture
def grown(small_rules: None, transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few families with a history, made as of today; the days of a seed go by the whole book, and take longer."""
    monkeypatch.setattr(turning, "_FEWER_THAN_ONE_IN", 0)
    settings.SIKLUS_TODAY = iso(TODAY)
    lay_area()
    users()
    History(random.Random(3)).go_on(10)
    rebuild(TODAY, year_of(TODAY))


@pytest.mark.usefixtures("seeded")
def test_days_brought_in_one_after_another_give_the_rows_of_the_last() -> None:
    asked = 0
    for day in DAYS:
        turned = turn_day(day, quiet)
        assert turned is not None
        assert turned.persons < turned.of
        asked += turned.persons
        assert persons_due(day) == []
    assert asked > 0
    brought = everything()
    rebuild(DAYS[-1], year_of(DAYS[-1]))
    assert brought == everything()


@pytest.mark.any_database
@pytest.mark.usefixtures("grown")
def test_settling_somebody_and_making_everything_say_the_same_day_until_which_it_lasts() -> None:
    kept = State.objects.filter(unit__in=("person", "household"))
    made = dict(kept.values_list("person_id", "lasts"))
    settle(kept.filter(unit="person").values_list("person_id", flat=True), TODAY)
    assert made == dict(kept.values_list("person_id", "lasts"))
    assert all(day is not None and day > TODAY for day in made.values())
    assert State.objects.exclude(unit__in=("person", "household")).filter(lasts__isnull=False).count() == 0


@pytest.mark.any_database
@pytest.mark.usefixtures("grown")
def test_lists_say_the_day_that_was_brought_in() -> None:
    user = user_named("dinkes")
    assert needs_as_of(user) == TODAY
    turn_day(TODAY + 1, quiet)
    assert needs_as_of(user) == TODAY + 1
    last = last_rebuild()
    assert last is not None and last.on_day == TODAY + 1
    assert turn_day(TODAY + 1, quiet) is not None


@pytest.mark.any_database
@pytest.mark.usefixtures("grown")
def test_who_has_no_day_beside_the_state_is_looked_at() -> None:
    person = State.objects.filter(unit="person").values_list("person_id", flat=True)[0]
    State.objects.filter(unit="person", unit_id=person).update(lasts=None)
    assert person in persons_due(TODAY)


@pytest.fixture
def few(small_rules: None, transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One child, made as of today."""
    monkeypatch.setattr(turning, "_FEWER_THAN_ONE_IN", 0)
    settings.SIKLUS_TODAY = iso(TODAY)
    lay_area()
    users()
    child("Ani")


@pytest.mark.usefixtures("few")
def test_all_is_made_again_when_a_day_cannot_be_brought_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never made, a day before the one that is kept, another year, another rule book."""
    assert turn_day(TODAY, quiet) is None
    rebuild(TODAY, year_of(TODAY))
    assert turn_day(TODAY + 1, quiet) is not None
    assert turn_day(TODAY, quiet) is None
    assert turn_day(parse_day(f"{year_of(TODAY) + 1}-01-01"), quiet) is None
    monkeypatch.setattr(turning, "_FEWER_THAN_ONE_IN", 10**6)
    assert turn_day(parse_day(f"{year_of(TODAY)}-12-31"), quiet) is None
    monkeypatch.setattr(turning, "_FEWER_THAN_ONE_IN", 0)
    now = installed.installed()
    monkeypatch.setattr(
        turning, "installed", lambda: type(now)(serving=now.serving, coming=object(), former=now.former)
    )
    assert turn_day(TODAY + 1, quiet) is None


@pytest.mark.any_database
@pytest.mark.usefixtures("few")
def test_the_command_makes_everything_once_and_then_brings_in_the_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["state", "newday", "--on", iso(TODAY)]) == 0
    assert "semuanya dihitung lagi" in capsys.readouterr().out
    assert main(["state", "newday", "--on", iso(TODAY + 1)]) == 0
    assert "dari 1 orang dihitung lagi" in capsys.readouterr().out
