"""Why a need stands as it does: each status with the person's own dates, and records that were not counted."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.kernel.dates import parse_day
from siklus.library.examples import examples_of, life_of
from siklus.library.loading import Book, load_book
from siklus.rules.book import Need
from siklus.rules.explain import Explanation, explain, explain_all, reason
from siklus.rules.life import Life
from tests.reason_cases import ReasonCase, life_in, reason_book, reason_cases


@pytest.fixture(scope="module")
def rules() -> Book:
    return reason_book("statuses")


def told(rules: Book, name: str, today: str, **written: Any) -> Explanation:
    found = explain(rules.rules, life_in(rules, written, today), name, parse_day(today))
    assert found is not None
    return found


@pytest.mark.parametrize("case", reason_cases(), ids=str)
def test_the_reason_says_why_in_the_persons_own_dates(case: ReasonCase) -> None:
    found = explain(reason_book(case.file).rules, case.life, case.need, case.today)
    assert found is not None
    assert found.reason == case.words


def test_an_explanation_carries_what_the_rule_rests_on_and_who_may_do_it(rules: Book) -> None:
    found = told(rules, "ukur", "2026-03-01", birth="2026-01-31", warna_a=None)
    assert found.status == "unknown"
    assert found.values == (("Birth", "31 Jan 2026"), ("Ya a", "ya"), ("Warna a", "belum diketahui"))
    assert found.performers == ("pustu: bidan",)
    assert (found.cites, found.confidence) == ("sumber", "ours")
    assert (found.opens, found.until) == (parse_day("2026-02-10"), parse_day("2026-04-30"))


def test_what_a_rule_rests_on_is_shown_under_the_title_its_writer_gave_it() -> None:
    records = [{"kunjungan": "2026-01-05", "baik": True, "nilai": 3}]
    found = told(reason_book("conditions"), "bila_baik", "2026-03-01", birth="2026-01-01", records=records)
    assert ("Nilai terakhir", "3") in found.values


def test_a_person_without_the_episode_has_no_explanation(rules: Book) -> None:
    life = life_of(rules.vocabulary, {}, "", 20000)
    assert explain(rules.rules, life, "tiap_masa", 20000) is None


def test_reasons_for_answers_at_hand_are_the_same(rules: Book) -> None:
    life = life_of(rules.vocabulary, {"birth": "2026-01-31", "ya_a": True}, "", parse_day("2026-03-01"))
    today = parse_day("2026-03-01")
    for answer in rules.engine.needs(life, today):
        expected = explain(rules.rules, life, answer.need, today)
        assert expected is not None
        assert (
            reason(rules.rules, rules.need(answer.need), answer, life.person, life, today) == expected.reason
        )


def test_every_example_of_the_knowledge_has_a_reason_of_a_reasonable_length() -> None:
    made = load_book()
    for example in examples_of(made):
        if isinstance(example.rule, Need):
            found = explain(made.rules, example.life, example.rule.name, example.today)
            assert found is None or (found.reason.endswith((".", "?", ")")) and len(found.reason) < 600)


def test_no_reason_of_the_knowledge_gives_up_or_shows_a_name_of_the_code() -> None:
    made = load_book()
    names = {let.name for need in made.needs for let in need.lets if "_" in let.name}
    for example in examples_of(made):
        if isinstance(example.rule, Need):
            found = explain(made.rules, example.life, example.rule.name, example.today)
            said = found.reason if found else ""
            assert "syaratnya tidak terpenuhi" not in said
            assert "hanya bila tidak." not in said
            assert "9999" not in said
            assert not names & set(said.split())


def test_all_explanations_of_a_life_are_those_of_its_answers() -> None:
    made = load_book()
    life: Life = max((example.life for example in examples_of(made)), key=lambda each: len(each.records))
    today = parse_day("2026-11-21")
    shown = {(each.need, each.unit_id): each.status for each in explain_all(made.rules, life, today)}
    answered = {(each.need, each.unit_id): each.status for each in made.engine.needs(life, today)}
    assert shown == answered
