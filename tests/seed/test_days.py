"""The story's own calendar agrees with the kernel's, though it shares nothing with it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seed import days
from siklus.kernel import dates

_DAYS = st.integers(-30_000, 40_000)


@given(day=_DAYS, months=st.integers(-900, 900))
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(day: int, months: int) -> None:
    assert days.month_later(day, months) == dates.add_months(day, months)


@given(birth=_DAYS, on=_DAYS)
def test_ages_are_completed_months_and_years(birth: int, on: int) -> None:
    assert days.age_in_months(birth, on) == dates.age_months(birth, on)
    assert days.age_on(birth, on) == dates.age_years(birth, on)


@given(day=_DAYS)
def test_days_have_the_same_names(day: int) -> None:
    assert days.iso(day) == dates.iso(day)
    assert days.month_start(day) == dates.start_of_month(day)
