"""The account that the stories keep of themselves, against the engines that read the records: nothing may differ."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seed.account import KnownAnswers, Standing
from seed.days import date_of, day_of
from siklus.kernel import periods
from siklus.library.loading import load_book
from siklus.rules.answers import IndicatorAnswer
from tests.seed.lives import lives_of, told

DAYS = [
    (2026, 11, 21),
    (2026, 2, 28),
    (2026, 1, 1),
    (2026, 12, 31),
    (2028, 2, 29),
    (2026, 8, 31),
    (2027, 5, 4),
]
OWED = {"due", "overdue"}


@pytest.mark.parametrize("date", DAYS)
def test_every_indicator_counts_whom_the_stories_say(date: tuple[int, int, int]) -> None:
    entries, answers = told(1, day_of(*date), 500)
    judged = list(_indicator_answers(answers, entries))
    known = {indicator.name for indicator in load_book().indicators}
    for indicator in known & set(answers.tallies):
        gone = answers.gone(indicator)
        units = [a for a in judged if a.indicator == indicator and a.unit_id not in gone]
        assert {a.unit_id for a in units if a.counted} == answers.registered(indicator), indicator
        assert {a.unit_id for a in units if a.counted is None} == answers.unclear(indicator), indicator
        complete = {a.unit_id for a in units if a.counted and all(v is True for v in a.components.values())}
        assert complete == answers.complete(indicator), indicator


@pytest.mark.parametrize("date", DAYS)
def test_needs_stand_as_the_stories_say(date: tuple[int, int, int]) -> None:
    entries, answers = told(1, day_of(*date), 500)
    engine = load_book().engine
    status = {
        (answer.need, answer.unit_id): answer.status
        for life in lives_of(entries)
        for answer in engine.needs(life, answers.on)
        if answer.need in answers.needs
    }
    expected = [
        (need, key, told_status) for need, pairs in answers.needs.items() for key, told_status in pairs
    ]
    assert len(expected) > 300
    wrong = [
        (need, key, told_status, status.get((need, key)))
        for need, key, told_status in expected
        if not _agrees(told_status, status.get((need, key)))
    ]
    assert not wrong


def test_the_account_knows_every_spm_and_every_way_a_need_can_stand() -> None:
    answers = KnownAnswers("posyandu", 0, day_of(2026, 11, 21), 2026)
    for seed in range(12):
        _, part = told(seed, answers.on, 300)
        for need, pairs in part.needs.items():
            answers.needs.setdefault(need, Standing()).extend(pairs)
        answers.tallies.update(part.tallies)
    spm = {indicator.name for indicator in load_book().indicators if indicator.name.startswith("spm")}
    assert spm <= set(answers.tallies)
    assert {s for pairs in answers.needs.values() for _, s in pairs} == {"done", "owed", "not_yet", "refused"}


def _indicator_answers(answers: KnownAnswers, entries: tuple) -> Iterator[IndicatorAnswer]:
    engine, day = load_book().engine, date_of(answers.on)
    since = day.year if day.month >= 7 else day.year - 1
    for life in lives_of(entries):
        for period in (periods.year(answers.year), periods.school_year(since, since + 1)):
            yield from engine.indicators(life, answers.on, period)


def _agrees(told_status: str, status: str | None) -> bool:
    return status in OWED if told_status == "owed" else status == told_status
