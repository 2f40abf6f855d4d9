"""A rebuild of everybody by DuckDB gives the rows that folding each person on ingest gave, after any history.

Histories go by a small book; the seed, which has a record of every kind, by the whole one.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seed.plant import plant
from siklus.access.queries import user_named
from siklus.bulk.rebuild import rebuild
from siklus.kernel.dates import year_of
from siklus.monitoring.actions import settle
from siklus.monitoring.queries import spm_page
from siklus.register.queries import people
from tests.integration import contents
from tests.integration.area import TODAY
from tests.integration.random_histories import History

THIS_YEAR = year_of(TODAY)

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> dict[str, Any]:
    """All rows that are computed, of care and of monitoring."""
    return {
        **contents.derived(),
        "Danger": contents.rows("care.Danger", with_id=False),
        "CoverageUnit": contents.rows("monitoring.CoverageUnit"),
        "Coverage": contents.rows("monitoring.Coverage", with_id=False),
    }


def assert_same(after: dict[str, Any], before: dict[str, Any]) -> None:
    """Equal, or the rows that differ, table by table."""
    for table, rows in before.items():
        lost = [row for row in rows if row not in after[table]] if rows != after[table] else []
        new = [row for row in after[table] if row not in rows] if rows != after[table] else []
        assert (table, lost[:3], new[:3]) == (table, [], [])
    assert after == before


@pytest.fixture
def two_years(small_rules: None, area: None) -> None:
    """The area; last year's coverage is kept up to date beside this year's."""
    rebuild(TODAY, THIS_YEAR - 1)


@pytest.mark.usefixtures("two_years")
@settings(
    max_examples=2, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(0, 2**32))
def test_a_rebuild_equals_what_each_history_left(seed: int) -> None:
    History(random.Random(seed)).go_on(30)
    folded = everything()
    for year in (THIS_YEAR, THIS_YEAR - 1):
        report = rebuild(TODAY, year)
        assert report.late == 0, "nothing may be left to the folding of single persons"
        assert report.needs == len(folded["Need"]) > 0
        assert_same(everything(), folded)


def test_the_page_of_a_seed_is_its_own_account_and_folding_everybody_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("siklus.bulk.rebuild.UNITS_AT_ONCE", 64)  # several runs of persons, as a district has
    planted = plant("posyandu", 7, TODAY, people=200, processes=0)
    answers, dinkes = planted.answers, user_named("dinkes")
    assert dinkes is not None
    rows = [row for row in spm_page(dinkes, THIS_YEAR).rows if row.indicator in answers.tallies]
    for row in rows:
        known = (
            answers.registered(row.indicator),
            answers.complete(row.indicator),
            answers.unclear(row.indicator),
        )
        assert (row.registered, row.complete, row.unclear) == tuple(map(len, known)), row.indicator
    assert sum(row.complete for row in rows) > 0
    rebuilt = everything()
    settle(people().values_list("id", flat=True), TODAY)
    assert_same(everything(), rebuilt)
