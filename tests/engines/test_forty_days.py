"""A posyandu of the seed walked forward forty days: asked again only when their answers end, all are as asked anew.

Over a turn of the month, and over the first of February, when the vitamin A campaign begins.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from siklus.kernel import dates, periods
from siklus.library.loading import load_book
from siklus.rules.life import Life
from tests.engines.lasting import told
from tests.seed.lives import lives_of
from tests.seed.lives import told as told_by_seed

WRITTEN = dates.parse_day("2026-11-21")
WALK = 40
PEOPLE = 500
SHARE = 8
"""Over such a walk fewer than one in so many are asked again on a day."""


@cache
def posyandu() -> tuple[Life, ...]:
    entries, _ = told_by_seed(3, WRITTEN, PEOPLE)
    return tuple(lives_of(entries))


@pytest.mark.parametrize("first", ["2026-11-21", "2027-01-10"])
def test_walking_forward_gives_what_each_day_alone_gives(first: str) -> None:
    book, start = load_book(), dates.parse_day(first)
    kept: dict[int, tuple[int, list[Any]]] = {}
    folded = {life.person["id"]: book.engine.fold(life) for life in posyandu()}
    asked = 0
    for day in range(start, start + WALK):
        years = [periods.year(dates.year_of(start))]
        for life in posyandu():
            person = life.person["id"]
            lasts, _ = kept.get(person, (day, []))
            if lasts <= day:
                asked += day > start
                ends = book.lasting.needs(folded[person], day)
                kept[person] = (
                    min(ends, book.lasting.judged(life, day, years)),
                    told(book, life, day, years),
                )
        wrong = [
            life.person["id"]
            for life in posyandu()
            if kept[life.person["id"]][1] != told(book, life, day, years)
        ]
        assert wrong == [], dates.iso(day)
    assert 0 < asked < WALK * len(posyandu()) / SHARE
