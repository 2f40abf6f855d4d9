"""Rules in words: each kind of expression, and whole rules slot by slot."""

from __future__ import annotations

from pathlib import Path

import pytest

from siklus.library.loading import load_book
from siklus.library.yaml_text import plain_yaml
from siklus.rules import tree as t
from siklus.rules.expressions import check
from siklus.rules.scopes import Scope
from siklus.rules.sentences import sentence
from siklus.rules.source import Mark
from siklus.rules.telling import meanings, rows, slots, words_for
from siklus.rules.vocabulary import build_vocabulary
from tests.unit.rules.small_book import HEAD, book, closed_lists, need

TABLE = plain_yaml(Path(__file__).with_name("sentences.yaml"))["sentences"]
TITLES = {"d1": "Dosis 1", "d2": "Dosis 2", "kebutuhan": "Kebutuhan"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["expr"])
def test_an_expression_reads_as_plain_indonesian(row: dict[str, str]) -> None:
    vocabulary, unit = build_vocabulary([("", closed_lists())]), row.get("unit", "person")
    node = check(row["expr"], Mark("", 1, 1), Scope(vocabulary, unit))
    assert sentence(node, vocabulary, {}, unit) == row["words"]


def test_a_need_is_told_slot_by_slot_and_its_end_by_the_last_day_that_counts() -> None:
    made = book(need(opens="birth + 2 days", overdue="birth + 5 days", until="birth + 8 days"))
    assert slots(made.need("kebutuhan"), made.vocabulary, TITLES) == [
        ("opens", "umur 2 hari"),
        ("overdue", "umur 5 hari"),
        ("until", "sampai dan termasuk umur 7 hari"),
        ("done", "ada kunjungan dalam masa itu"),
    ]


def test_a_rolling_need_with_an_appointment_is_told_without_repeating_itself() -> None:
    made = book(
        need(
            opens="",
            every="1 month since last",
            starts="birth",
            overdue="this.due + 7 days",
            appointment="kontrol",
        )
    )
    assert slots(made.need("kebutuhan"), made.vocabulary, TITLES) == [
        ("opens", "1 bulan sesudah tanggal kunjungan yang terakhir (bila belum pernah: birth)"),
        ("appointment", "tanggal janji menggantikannya"),
        ("overdue", "7 hari sesudah jatuh tempo"),
        ("done", "ada kunjungan dalam jangka waktu itu"),
    ]


def test_a_step_of_a_series_names_the_step_before() -> None:
    made = book(
        f"{HEAD}needs:\n  - series: deret\n    title: Deret\n    who: 'true'\n    counts: suntik where warna = merah\n"
        "    steps:\n      - {need: d1, title: Dosis 1, opens: birth}\n"
        "      - {need: d2, title: Dosis 2, opens: 'latest_of(birth + 3 months, prev + 1 month)'}\n"
    )
    told = dict(slots(made.need("d2"), made.vocabulary, TITLES))
    assert told["opens"] == "umur 3 bulan, paling cepat 1 bulan sesudah tanggal Dosis 1"
    assert told["done"] == "ada suntik (warna merah)"


def test_a_long_let_goes_by_its_name_and_is_told_beside_the_rule() -> None:
    long = "(angka_a + angka_b + angka_c > 3 or ya_a) and (ukur_a > 2 or ukur_b > 2 or ukur_dua > 2 or ya_c)"
    made = book(need(let=f'{{gawat_sekali: "{long}"}}', who="gawat_sekali and ya_b"))
    rule = made.need("kebutuhan")
    assert dict(slots(rule, made.vocabulary, TITLES))["who"] == "«gawat sekali» dan ya b"
    ((name, said),) = meanings(rule, made.vocabulary, TITLES)
    assert name == "gawat sekali"
    assert said.startswith(
        "(angka a ditambah angka b ditambah angka c lebih dari 3 atau ya a) dan (ukur a lebih dari 2"
    )


def test_a_classification_speaks_of_the_measured_values_alone() -> None:
    made = book(
        f"{HEAD}classifications:\n  - classification: g\n    title: G\n    of: timbang\n    rows:\n"
        "      - {when: berat < 2.5, is: ringan}\n      - {when: otherwise, is: cukup}\n"
    )
    (table,) = made.classifications
    assert [said for said, _ in rows(table, made.vocabulary, {})] == ["berat di bawah 2,5", "selain itu"]


def test_a_constant_that_a_district_chose_is_not_told() -> None:
    made = book(need(values="{semua: {is: 'true', cites: x}}", who="semua or ya_a"))
    assert "who" not in dict(slots(made.need("kebutuhan"), made.vocabulary, TITLES))


def test_every_expression_of_the_knowledge_has_words() -> None:
    made = load_book()
    titles = {each.name: each.title for each in made.needs}
    for rule in made.needs:
        told = slots(rule, made.vocabulary, titles)
        assert {slot for slot, _ in told} >= {"opens", "done"}
        assert all(said and "None" not in said and "«»" not in said for _, said in told)
        words = words_for(rule, made.vocabulary, titles)
        assert all(words.say(each.when) for each in rule.exclusions)
    for indicator in made.indicators:
        words = words_for(indicator, made.vocabulary, titles)
        assert all(
            words.say(node) for node in (indicator.counted, indicator.reached, *indicator.components.values())
        )
    for table in made.classifications:
        assert rows(table, made.vocabulary, titles)[-1][1].when == t.TRUE
