"""What must hold of `knowledge/dashboards.yaml` and `knowledge/pilahan.yaml`."""

from __future__ import annotations

from siklus.library.dashboards import load_dashboards
from siklus.library.loading import load_book
from siklus.library.splits import age_groups


def test_every_line_speaks_of_a_monthly_indicator_and_of_numbers_it_has() -> None:
    book = load_book()
    known = {
        each.name: {"registered", *each.components} for each in book.indicators if each.period == "month"
    }
    wrong = [
        (dashboard.key, line.key, part)
        for dashboard in load_dashboards()
        for line in dashboard.lines
        for part in (line.part, *line.whole)
        if part.what not in known.get(part.indicator, ())
    ]
    assert not wrong


def test_a_line_of_known_is_about_a_component_and_a_target_is_of_an_official_indicator() -> None:
    book = load_book()
    official = {each.name for each in book.indicators if each.period != "month"}
    for dashboard in load_dashboards():
        for line in dashboard.lines:
            assert not (line.is_of_known and line.part.what == "registered"), line
            assert not line.target or line.target in official, line


def test_every_monthly_indicator_stands_on_some_dashboard() -> None:
    shown = {name for dashboard in load_dashboards() for line in dashboard.lines for name in line.indicators}
    monthly = {each.name for each in load_book().indicators if each.period == "month"}
    assert shown == monthly


def test_age_groups_rise_and_the_last_has_no_limit() -> None:
    *young, oldest = age_groups()
    limits = [group.below_months for group in young]
    assert oldest.below_months is None
    assert None not in limits
    assert limits == sorted(limits, key=lambda limit: limit or 0)
