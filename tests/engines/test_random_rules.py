"""Rules nobody would write, drawn from the whole language, on random lives: the engines agree about these too."""

from __future__ import annotations

import pytest
import yaml

from siklus.bulk.parity import parity
from siklus.kernel import dates, periods
from siklus.library.loading import compile_book
from siklus.library.random_lives import awkward_days, random_lives
from siklus.library.yaml_text import parse_yaml
from tests.engines.cases import FOLDER, suite
from tests.engines.random_rules import random_documents

AROUND = dates.parse_day("2026-11-21")


@pytest.mark.filterwarnings("error::SyntaxWarning")
@pytest.mark.parametrize("seed", [1, 2])
def test_engines_agree_about_rules_drawn_at_random(seed: int) -> None:
    lists = parse_yaml((FOLDER / "vocabulary.yaml").read_text(encoding="utf-8"), "vocabulary.yaml")
    drawn = random_documents(suite().book.vocabulary, seed, 30)
    texts = [parse_yaml(yaml.safe_dump(each, width=1000), f"acak{place}") for place, each in enumerate(drawn)]
    book = compile_book([lists, *texts], "acak")
    lives = random_lives(book.rules, 30, seed, AROUND)
    days = awkward_days(AROUND, seed, 2)
    found = parity(book, lives, days, [periods.parse_period("2026")])
    assert [str(each) for each in found] == []


def test_the_drawn_rules_use_the_whole_language() -> None:
    text = str([random_documents(suite().book.vocabulary, seed, 30) for seed in (1, 2)])
    words = "exists count days_with months_with first last nth min max sum open if within known unknown never"
    words += " earliest_of latest_of first_known plus_days age_days age_months age_years months_between weeks_between"
    words += (
        " start_of_month start_of_year start_of_school_year start_of_week month year series every appointment"
    )
    assert [word for word in words.split() if word not in text] == []
