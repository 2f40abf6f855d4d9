"""Why a need stands as it does: each status with the person's own dates, and records that were not counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from siklus.kernel.dates import parse_day
from siklus.library.examples import examples_of, life_of
from siklus.library.loading import Book, load_book
from siklus.rules.book import Need
from siklus.rules.explain import Explanation, explain, explain_all, reason
from siklus.rules.life import Life
from tests.unit.rules.small_book import HEAD, book

TABLE = yaml.safe_load(Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8"))["reasons"]
RULES = f"""{HEAD}needs:
  - need: ukur
    title: Pengukuran
    who: age_months(today) < 60 and ya_a
    counts: kunjungan where baik = true and oleh in nakes
    opens: birth + 10 days
    due: birth + 1 month
    overdue: birth + 2 months
    until: birth + 3 months
    not_needed: [{{when: warna_a = merah, say: sudah ditangani di tempat lain}}]
  - need: bulanan
    title: Pengukuran bulanan
    every: calendar month
    who: "true"
    counts: timbang
  - need: tahunan
    title: Pengukuran tahunan
    every: 12 months since last
    who: "true"
    counts: kunjungan
    starts: birth + 15 years
  - series: deret
    title: Deret
    who: "true"
    counts: suntik where warna = merah
    number: dosis
    steps:
      - {{need: d1, title: Dosis 1, opens: birth + 2 months, overdue: birth + 3 months, until: birth + 12 months}}
      - {{need: d2, title: Dosis 2, opens: "latest_of(birth + 3 months, prev + 1 month)", until: birth + 12 months}}
  - need: tiap_masa
    title: Periksa masa
    per: masa
    who: "true"
    counts: periksa where nilai is known
    opens: start + 8 weeks
    until: last_day + 1 day
"""


@pytest.fixture(scope="module")
def rules() -> Book:
    return book(RULES)


def told(rules: Book, name: str, today: str, **life: Any) -> Explanation:
    records = [
        {
            key: date.fromisoformat(value) if place == 0 else value
            for place, (key, value) in enumerate(each.items())
        }
        for each in life.pop("records", [])
    ]
    entry = {"ya_a": True, "warna_a": "biru", **life, "records": records}
    made = life_of(
        rules.vocabulary, {**entry, "hari_pasti": "2026-01-01", "angka_pasti": 1}, "", parse_day(today)
    )
    found = explain(rules.rules, made, name, parse_day(today))
    assert found is not None
    return found


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['need']} {row['today']} {row['words'][:40]}")
def test_the_reason_says_why_in_the_persons_own_dates(rules: Book, row: dict[str, Any]) -> None:
    assert told(rules, row["need"], row["today"], **row["life"]).reason == row["words"]


def test_an_explanation_carries_what_the_rule_rests_on_and_who_may_do_it(rules: Book) -> None:
    found = told(rules, "ukur", "2026-03-01", birth="2026-01-31", warna_a=None)
    assert found.status == "unknown"
    assert found.values == (("Birth", "31 Jan 2026"), ("Ya a", "ya"), ("Warna a", "belum diketahui"))
    assert found.performers == ("pustu: bidan",)
    assert (found.cites, found.confidence) == ("sumber", "ours")
    assert (found.opens, found.until) == (parse_day("2026-02-10"), parse_day("2026-04-30"))


TITLED = f"""{HEAD}values:
  pilihan: [{{name: tidak, is: false, say: "pilihan daerah: di sini tidak"}}, {{name: ya, is: true}}]
let:
  nilai_akhir: {{title: nilai terakhir, is: last(kunjungan.nilai)}}
  baik_akhir: {{title: kunjungan terakhir baik, is: last(kunjungan.baik) and nilai_akhir >= 5}}
needs:
  - {{need: bila_baik, title: Bila baik, who: baik_akhir, counts: timbang, opens: birth}}
  - {{need: di_daerah, title: Di daerah, who: "first_known(ya_b, pilihan)", counts: timbang, opens: birth}}
"""


def test_readers_are_shown_the_title_of_a_let_and_the_words_of_a_districts_choice() -> None:
    made = book(TITLED)
    records = [{"kunjungan": "2026-01-05", "baik": True, "nilai": 3}]
    found = told(made, "bila_baik", "2026-03-01", birth="2026-01-01", records=records)
    assert found.reason == "Tidak perlu: hanya bila nilai terakhir 5 atau lebih; nilai terakhir 3."
    assert ("Nilai terakhir", "3") in found.values
    chosen = told(made, "di_daerah", "2026-03-01", birth="2026-01-01")
    assert chosen.reason == "Tidak perlu: hanya bila ya b; pilihan daerah: di sini tidak."


def test_a_long_condition_is_told_by_what_fails_of_each_alternative() -> None:
    lets = "".join(
        f"  kali{n}: count(kunjungan where nilai = {n} and baik = true and oleh in nakes)\n" for n in range(4)
    )
    who = " or ".join(
        f"({fact} and kali{n} >= 10)" for n, fact in enumerate(("ya_a", "ya_b", "ya_c", "ya_b"))
    )
    made = book(
        f"{HEAD}let:\n{lets}needs:\n  - {{need: x, title: X, who: {who}, counts: timbang, opens: birth}}\n"
    )
    found = told(made, "x", "2026-03-01", birth="2026-01-01", ya_a=False, ya_b=False, ya_c=False)
    assert found.reason.startswith("Tidak perlu: hanya bila ya a atau ya b atau ya c atau ya b; ya a: tidak,")


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
