"""Every fault a rule can have: its code, the line and column, what was found and what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from siklus.kernel.problems import Problem
from siklus.library.yaml_text import plain_yaml
from tests.unit.rules.small_book import HEAD, book, need, problems

INDICATOR = """indicators:
  - indicator: angka
    title: Angka
    cites: sumber
    confidence: ours
    counted: "true"
    components: {ada: exists(kunjungan)}
"""
FAULTS = plain_yaml(Path(__file__).with_name("faults.yaml"))["faults"]


def _line(problem: Problem) -> str:
    return problem.where.partition(":")[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["say"])
def test_a_fault_is_told_with_its_code_place_and_words(fault: dict[str, str]) -> None:
    found = problems(fault["text"] if fault.get("whole_file") else HEAD + fault["text"])
    assert [problem.code for problem in found] == [fault["code"]]
    assert _line(found[0]) == fault["place"]
    assert fault["words"] in str(found[0])


def test_all_codes_of_the_rule_language_are_covered() -> None:
    codes = {fault["code"] for fault in FAULTS} | {"R22", "R23", "R24", "R26"}
    assert codes >= {f"R{number:02}" for number in range(1, 28)}


def test_a_choice_that_no_value_has_is_refused() -> None:
    text = (
        need() + "values: {jarak: [{name: dekat, is: 1 day, cites: x}, {name: jauh, is: 9 days, cites: x}]}\n"
    )
    (found,) = problems(text, choices={"jarak": "jauhh"})
    assert (found.code, found.where) == ("R26", "aturan.yaml:12:17")
    assert str(found).endswith("value 'jarak' has no variant 'jauhh'. Did you mean 'jauh'?")


def test_an_upper_age_without_an_end_is_warned_of() -> None:
    (warning,) = book(need(who="age_months(today) < 60")).warnings
    assert warning.startswith("aturan.yaml:7:5: R23 who has an upper age and until is absent")
    assert book(need(who="age_months(today) < 60", until="birth + 60 months")).warnings == ()


def test_several_faults_of_several_files_are_told_at_once() -> None:
    first = need(who="birth > 3", opens="birht")
    second = need(need="lain", counts="kunjugan").replace("package: paket", "package: dua")
    third = INDICATOR.replace('"true"', "birth").replace("exists(kunjungan)", "exists(kunjngan)")
    found = problems(first, second, third)
    assert [(problem.code, problem.where.partition(":")[0]) for problem in found] == [
        ("R08", "aturan.yaml"),
        ("R01", "aturan.yaml"),
        ("R04", "aturan2.yaml"),
        ("R07", "aturan3.yaml"),
        ("R04", "aturan3.yaml"),
    ]


def test_a_file_with_ten_mistakes_tells_ten_with_place_finding_expectation_and_suggestion() -> None:
    folder = Path(__file__).parent
    found = problems((folder / "ten_mistakes.yaml").read_text(encoding="utf-8"))
    told = "".join(f"{problem}\n" for problem in found)
    assert told == (folder / "ten_mistakes.txt").read_text(encoding="utf-8")
    assert len(found) == told.count("aturan.yaml:") == 10


def test_what_rests_on_a_faulty_let_or_value_is_not_told_again() -> None:
    text = need(who="batas_a < today and umur_b > 3", opens="batas_a", until="batas_a + jarak")
    text += "let: {batas_a: birht + 1 day, umur_b: age_days(besok)}\nvalues: {jarak: {is: 5 moons}}\n"
    assert [(each.code, _line(each)) for each in problems(text)] == [
        ("R01", "13:16"),
        ("R01", "13:48"),
        ("R11", "14:19"),
    ]


def test_a_day_that_is_not_in_the_calendar_is_told() -> None:
    (found,) = problems(need(opens="hari_a + 1 day", overdue="earliest_of(never, 2023-02-29)"))
    assert (found.code, str(found).endswith("'2023-02-29' is no day of the calendar")) == ("R11", True)


def test_a_wrong_field_inside_a_where_is_answered_with_the_fields_of_that_kind() -> None:
    (near,) = problems(need(counts="timbang where beratt > 3"))
    (far,) = problems(need(done="exists(timbang where xyz is known)"))
    (fact,) = problems(need(done="exists(timbang where berat > 3 and hari_aa < date)"))
    assert str(near).endswith("'timbang' has no field 'beratt'. Did you mean 'berat'?")
    assert str(far).endswith(
        "'timbang' has no field 'xyz'. Known here: berat, date, lengkap, oleh, panjang, tempat."
    )
    assert str(fact).endswith("'hari_aa' is not a fact. Did you mean 'hari_a'?")


def test_a_file_with_two_faulty_needs_tells_both_and_a_faulty_component_beside_another() -> None:
    two = need(opens="birht") + need(need="dua", who="kelas = 5").partition("needs:\n")[2]
    assert [problem.code for problem in problems(two)] == ["R01", "R01"]
    components = INDICATOR.replace("{ada: exists(kunjungan)}", "{ada: exists(kunjngan), nilai: angka_a}")
    assert [problem.code for problem in problems(components)] == ["R04", "R07"]
