"""From nothing to the SPM page: a seed is planted, the engines rebuild, every figure is the one the stories know."""

from __future__ import annotations

import pytest
from django.apps import apps

from seed.days import day_of
from seed.plant import plant


@pytest.mark.django_db(transaction=True)
def test_coverage_after_a_seed_is_what_the_stories_say() -> None:
    answers = plant("posyandu", 1, day_of(2026, 11, 21), people=250).answers
    units = apps.get_model("monitoring.CoverageUnit").objects.filter(period="2026")
    sums = apps.get_model("monitoring.Coverage").objects.filter(period="2026")
    for indicator in answers.tallies:
        rows = units.filter(indicator=indicator).exclude(unit_id__in=answers.gone(indicator))
        assert set(rows.filter(counted=True).values_list("unit_id", flat=True)) == answers.registered(
            indicator
        )
        assert set(
            rows.filter(counted=True, complete=True).values_list("unit_id", flat=True)
        ) == answers.complete(indicator)
        assert set(rows.filter(counted=None).values_list("unit_id", flat=True)) == answers.unclear(indicator)
        registered = sum(sums.filter(indicator=indicator).values_list("registered", flat=True))
        assert registered == units.filter(indicator=indicator, counted=True).count()
