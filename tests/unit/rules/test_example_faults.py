"""R22: an example that cannot be read, or that does not come out as its author wrote."""

from __future__ import annotations

import pytest

from siklus.kernel.problems import ProblemError
from siklus.library.examples import check_class, check_indicator, check_needs, examples_of
from tests.unit.rules.small_book import HEAD, book, need

INDICATOR = """
indicators:
  - indicator: angka
    title: Angka
    cites: sumber
    confidence: ours
    counted: age_years(today) >= 15
    components: {ada: exists(kunjungan)}
    examples: [%s]
"""


def example(text: str) -> str:
    """What is wrong with one example of a need that opens at birth and is settled by a visit."""
    made = book(need(until="birth + 8 days", examples=f"[{{say: x, {text}}}]"))
    (found,) = examples_of(made)
    return check_needs(found, made.reference.needs(found.life, found.today))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("birth: 2026-03-10, today: 2026-03-17, expect: due", ""),
        ("birth: 2026-03-10, today: 2026-03-18, expect: due", "expected due, got missed"),
        ("today: 2026-03-18, expect: due", "expected due, got unknown (asks birth)"),
        ("today: 2026-03-18, expect: unknown, asks: [sex]", "expected to ask ['sex'], asks ['birth']"),
        ("birth: 2026-03-10, today: 2026-03-17, expect: due, until: 2026-03-18", ""),
        (
            "birth: 2026-03-10, today: 2026-03-17, expect: due, until: 2026-03-19",
            "expected until on day 20531, got 20530",
        ),
        ("birth: 2026-03-10, died: 2026-03-12, today: 2026-03-17, expect: not_applicable", ""),
    ],
)
def test_an_example_is_held_to_its_status_days_and_questions(text: str, wrong: str) -> None:
    assert example(text) == wrong


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("birht: 2026-03-10, today: 2026-03-17, expect: due", "'birht' is not a fact. Did you mean 'birth'?"),
        ("expect: due", "an example needs 'today'"),
        ("today: 2026-03-17, records: [{kunjngan: 2026-03-11}], expect: due", "names no kind of record"),
        (
            "today: 2026-03-17, records: [{kunjungan: 2026-03-11, baek: true}], expect: due",
            "'kunjungan' has no field 'baek'. Did you mean 'baik'?",
        ),
        (
            "today: 2026-03-17, records: [{suntik: 2026-03-11, warna: hitm}], expect: due",
            "'hitm' is not a word of warna.",
        ),
        (
            "today: 2026-03-17, records: [{suntik: 2026-03-11}], expect: due",
            "record 1, 'suntik', must say 'warna'",
        ),
    ],
)
def test_an_example_that_cannot_be_read_says_where_and_why(text: str, words: str) -> None:
    with pytest.raises(ProblemError) as error:
        example(text)
    (problem,) = error.value.problems
    assert (problem.code, problem.where) == ("R22", "aturan.yaml:13:16")
    assert words in problem.found


def test_every_example_that_cannot_be_read_is_told_and_the_others_are_kept() -> None:
    entries = "{birht: 2026-01-01}, {birth: 2026-01-01, today: 2026-01-02, expect: due}, {expect: due}"
    made, kept = book(need(examples=f"[{entries}]")), []
    with pytest.raises(ProblemError) as error:
        for each in examples_of(made):
            kept.append(each.expect)
    assert kept == ["due"]
    assert [each.where for each in error.value.problems] == ["aturan.yaml:12:16", "aturan.yaml:12:90"]


def test_an_indicators_example_is_held_to_who_is_counted_and_to_each_component() -> None:
    text = '{say: x, birth: 1990-01-01, period: "2026", expect: {counted: false, components: {ada: true}}}'
    made = book(INDICATOR % text)
    (found,) = examples_of(made)
    assert found.period is not None
    answers = made.reference.indicators(found.life, found.today, found.period)
    assert check_indicator(found, answers) == "counted True; ada False, expected True"
    assert check_indicator(found, []) == ""


def test_a_classifications_example_is_held_to_its_class_and_its_action() -> None:
    text = (
        f"{HEAD}classifications:\n  - classification: g\n    title: G\n    of: timbang\n"
        "    rows: [{when: berat < 2.5, is: ringan, do: pustu}, {when: otherwise, is: cukup}]\n"
        "    examples:\n"
        "      - {today: 2026-03-17, records: [{timbang: 2026-03-11, lengkap: true, berat: 2.4}], expect: ringan, "
        "do: segera}\n"
        "      - {today: 2026-03-17, records: [{timbang: 2026-03-11, lengkap: true, berat: 2.5}], expect: ringan}\n"
    )
    made = book(text)
    wrong = [check_class(each, made.reference.classes(each.life, each.today)) for each in examples_of(made)]
    assert wrong == ["expected to do segera, got pustu", "expected ringan, got cukup"]


def test_one_life_may_be_asked_on_several_days_each_an_example_of_its_own() -> None:
    text = "{say: x, birth: 2026-03-10, days: {2026-03-17: due, 2026-03-18: missed}}"
    made = book(need(until="birth + 8 days", examples=f"[{text}, {{say: y, days: {{2026-03-17: unknown}}}}]"))
    found = list(examples_of(made))
    assert [each.expect for each in found] == ["due", "missed", "unknown"]
    assert len({each.where for each in found}) == len(found)
    assert [check_needs(each, made.reference.needs(each.life, each.today)) for each in found] == ["", "", ""]
    with pytest.raises(ProblemError) as error:
        example("days: {2026-03-17: due}, today: 2026-03-17")
    assert "'days' gives each day what to expect" in str(error.value)


@pytest.mark.parametrize(
    ("never", "words"),
    [("{terlewat: x}", "'terlewat' is no status"), ("{missed: ''}", "why is the need never missed?")],
)
def test_what_never_comes_about_is_a_status_with_a_reason(never: str, words: str) -> None:
    with pytest.raises(ProblemError) as error:
        book(need(never=never))
    assert words in str(error.value)
