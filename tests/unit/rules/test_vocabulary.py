"""The closed lists: what they hold, and every fault of theirs told at once with its file."""

from __future__ import annotations

import pytest

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.yaml_text import parse_yaml
from siklus.rules.vocabulary import Vocabulary, build_vocabulary
from tests.unit.rules.small_book import closed_lists

GOOD = """
codes:
  warna: {merah: {label: Merah, aliases: [red]}, biru: {}}
  peran: [kader, bidan]
groups: {hangat: {of: warna, are: [merah]}}
person: {birth: "date?"}
kinds:
  buka: {fields: {awal: "date?", warna: code(warna)}}
  tutup: {}
  periksa:
    for: masa
    berat: {type: "decimal(2)?", label: Berat, unit: kg, possible: [0.3, 60], plausible: {range: [1, 30]}}
episodes:
  masa:
    opened_by: buka where warna = merah
    closed_by: [tutup]
    lasts: 45 weeks
    facts: [awal]
    start: first_known(awal)
"""


def made(text: str = GOOD) -> Vocabulary:
    return build_vocabulary([("kata.yaml", parse_yaml(text, "kata.yaml"))])


def problems(text: str) -> tuple[Problem, ...]:
    try:
        made(text)
    except ProblemError as error:
        return error.problems
    return ()


def test_a_field_knows_its_type_unit_and_ranges_and_whether_it_may_be_empty() -> None:
    weight = made().kinds["periksa"].fields["berat"]
    assert (weight.type, weight.places, weight.nullable, weight.label, weight.unit) == (
        "dec:2",
        2,
        True,
        "Berat",
        "kg",
    )
    assert (weight.possible, weight.plausible) == ((0.3, 60.0), (1.0, 30.0))
    assert made().kinds["buka"].fields["warna"].codes == "warna"
    assert not made().kinds["buka"].fields["warna"].nullable


def test_a_kind_that_is_for_an_episode_may_name_it_and_no_rule_can_ask_for_the_name() -> None:
    visit = made().kinds["periksa"]
    named = visit.fields["episode"]
    assert (named.type, named.nullable, named.label) == ("record", True, "masa yang dimaksud")
    assert list(visit.fields) == ["date", "oleh", "berat", "episode"]
    assert "episode" not in made().fields_of("periksa")
    assert "episode" not in made().kinds["buka"].fields


def test_the_name_of_an_episode_cannot_be_declared() -> None:
    found = problems(GOOD.replace("    for: masa\n", '    for: masa\n    episode: "int?"\n'))
    assert [problem.found for problem in found] == [
        "'episode' of periksa is implied by 'for' and cannot be declared"
    ]


def test_a_day_may_have_another_day_of_its_record_as_limit() -> None:
    limited = made(
        GOOD.replace(
            'awal: "date?"', 'awal: {type: "date?", not_after: date}, kira: {type: "date?", not_before: awal}'
        )
    )
    fields = limited.kinds["buka"].fields
    assert (fields["awal"].not_after, fields["kira"].not_before) == ("date", "awal")


def test_every_kind_has_its_day_who_did_it_and_where() -> None:
    assert list(made().kinds["tutup"].fields) == ["date", "oleh"]
    assert made().kinds["tutup"].fields["oleh"].nullable
    assert list(build_vocabulary([("", closed_lists())]).kinds["tutup"].fields) == [
        "date",
        "oleh",
        "tempat",
        "di",
    ]


def test_an_episode_has_its_four_days_its_own_facts_and_those_of_its_person() -> None:
    assert set(made().facts_of("masa")) == {"birth", "opened", "start", "last_day", "ended", "awal"}
    assert made().episodes["masa"].attaches == ("periksa",)
    assert made().facts_of("masa")["start"].nullable
    assert not made().facts_of("masa")["opened"].nullable


def test_an_alias_is_understood_in_any_case_and_a_foreign_word_is_not() -> None:
    assert [made().code("warna", word) for word in ("merah", " RED ", "hijau")] == ["merah", "merah", None]


@pytest.mark.parametrize(
    ("instead", "of", "words"),
    [
        ('person: {birth: "dat?"}', 'person: {birth: "date?"}', "'dat?' is not a type (birth)"),
        ("code(warn)", "code(warna)}", "'code(warn)' is not a type"),
        ("warna: code(rona)}}", "warna: code(warna)}}", "'rona' is not a code list (warna)"),
        ("are: [hijau]", "are: [merah]", "group 'hangat': 'hijau' is not in warna"),
        ("for: mas\n", "for: masa\n", "'periksa' is for 'mas', not an episode"),
        ("facts: [akhir]", "facts: [awal]", "episode 'masa': 'akhir' is not a field of buka"),
        ("opened_by: bukaan\n", "opened_by: buka where warna = merah\n", "'bukaan' does not select records"),
        (
            "buka where rona = merah",
            "buka where warna = merah",
            "'buka where rona = merah' does not select records",
        ),
        ("closed_by: [gugur]", "closed_by: [tutup]", "'gugur' does not select records"),
        (
            '{type: "date?", not_after: warna}, warna: code(warna)}}',
            '"date?", warna: code(warna)}}',
            "'awal' of buka and its limit 'warna' are not two days of one record",
        ),
        (
            '{birth: {type: "date?", not_after: date}}',
            '{birth: "date?"}',
            "'birth' of person and its limit 'date' are not two days of one record",
        ),
        ("lasts: 45 moons", "lasts: 45 weeks", "'45 moons' is not a length of time"),
    ],
)
def test_a_fault_is_told_with_its_file(instead: str, of: str, words: str) -> None:
    if instead == "code(warn)":
        instead, of = 'warna: "code(warn"}}', "warna: code(warna)}}"
        words = "'code(warn' is not a type (warna)"
    assert of in GOOD
    told = [str(problem) for problem in problems(GOOD.replace(of, instead))]
    assert any(words in each for each in told), told
    assert all(" kata.yaml:" in each for each in told)


def test_the_same_word_in_two_files_is_refused() -> None:
    again = "kinds:\n  tutup: {}\n"
    both = [("satu.yaml", parse_yaml(GOOD, "satu.yaml")), ("dua.yaml", parse_yaml(again, "dua.yaml"))]
    with pytest.raises(ProblemError, match=r"V01 dua.yaml:2:3: 'tutup' is defined twice in kinds"):
        build_vocabulary(both)


def test_all_faults_of_the_lists_are_told_at_once() -> None:
    text = (
        GOOD.replace("are: [merah]", "are: [hijau]")
        .replace('birth: "date?"', "birth: tanggal")
        .replace("for: masa", "for: mas")
    )
    assert len(problems(text)) == 3
