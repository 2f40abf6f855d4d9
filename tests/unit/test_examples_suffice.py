"""The examples of the knowledge show enough: each status a need can have, each limit, both sides of each threshold."""

from __future__ import annotations

import json
from functools import cache

import pytest

from siklus.kernel.dates import parse_day
from siklus.library.adequacy.gaps import Gap, gaps
from siklus.library.adequacy.statuses import never
from siklus.library.loading import load_book
from siklus.library.random_lives import awkward_days, random_lives
from siklus.rules.life import Life
from siklus.site.cli import main

KEYS = (
    "packages needs dangers classifications forms fields indicators values examples read_share guideline_rows "
    "guideline_rows_explained needs_without_all_statuses"
).split()


@cache
def _gaps() -> list[Gap]:
    return gaps(load_book())


def test_every_status_limit_and_threshold_has_its_example() -> None:
    assert [f"{gap.rule.name}: {gap.what}" for gap in _gaps()] == []


def test_what_a_rule_says_never_comes_about_never_comes_about_on_random_lives() -> None:
    book, around = load_book(), parse_day("2026-06-10")
    said = {need.name: never(need) for need in book.needs}
    broken = {
        f"{answer.need}: {answer.status}"
        for life in random_lives(book.rules, 150, "never", around)
        for day in awkward_days(around, "never", 5)
        for answer in book.engine.needs(_as_of(life, day), day)
        if answer.status in said[answer.need]
    }
    assert broken == set()


def _as_of(life: Life, day: int) -> Life:
    """The life as it could be known on that day, as in an example: later records are left out."""
    members = None if life.members is None else tuple(_as_of(member, day) for member in life.members)
    return Life(life.person, tuple(record for record in life.records if record["date"] <= day), members)


def test_the_report_counts_everything_under_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "report", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == KEYS
    assert told["needs"] == len(load_book().needs) and 0 < told["read_share"] < 1
    assert told["guideline_rows_explained"] == told["guideline_rows"]
    assert told["needs_without_all_statuses"] == 0
