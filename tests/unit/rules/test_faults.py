"""Every fault a rule can have: its code, the line and column, what was found and what may have been meant."""

from __future__ import annotations

import pytest

from siklus.kernel.problems import Problem
from tests.unit.rules.small_book import HEAD, book, need, problems

SERIES = f"""{HEAD}needs:
  - series: deret
    title: Deret
    who: "true"
    counts: suntik where warna = merah
    steps:
"""
INDICATOR = """indicators:
  - indicator: angka
    title: Angka
    cites: sumber
    confidence: ours
    counted: "true"
    components: {ada: exists(kunjungan)}
"""
CLASSES = f"""{HEAD}classifications:
  - classification: golongan
    title: Golongan
    of: timbang
    rows:
"""

# (what it is, the file, code, line:column, words that must stand in the message)
FAULTS = [
    ("a fact that is not one", need(opens="birht"), "R01", "11:12", "'birht' is not a fact. Did you mean 'birth'?"),
    ("a dotted name that is not known", need(opens="this.form"), "R01", "11:12", "'this.form' is not known here"),
    ("a need that is refused nowhere", need(done="exists(penolakan where kebutuhan = lain)"), "R01", "7:5", "'lain' is not a need"),
    ("a slot that is not one", need(untill="birth + 1 day"), "R02", "12:5", "unknown slot 'untill' in kebutuhan. Did you mean 'until'?"),
    ("a slot of a package that is not one", HEAD + "need: []\n", "R02", "6:1", "unknown slot 'need' in paket. Did you mean 'needs'?"),
    ("a section that is no list of mappings", HEAD + "needs: [a]\n", "R02", "6:8", "'needs' lists mappings"),
    ("a need without confidence", need().replace("confidence: ours\n", ""), "R03", "6:5", "need 'kebutuhan' has no 'confidence'"),
    ("a need without a title", need(title=""), "R03", "7:5", "need 'kebutuhan' has no 'title'"),
    ("an entry without a name", need(need=""), "R03", "7:5", "this entry has no 'need'"),
    ("a value without is", need() + "values: {jarak: {cites: x}}\n", "R03", "12:17", "value 'jarak' has a variant without 'is'"),
    ("needs without a package", "needs: []\n", "R03", "1:1", "a file with needs or classifications has a 'package'"),
    ("a kind of record that is not one", need(counts="kunjugan"), "R04", "10:13", "'kunjugan' is not a kind of record. Did you mean 'kunjungan'?"),
    ("a kind inside an expression", need(opens="last(timbag)"), "R04", "11:17", "'timbag' is not a kind of record. Did you mean 'timbang'?"),
    ("an episode that is not one", need(who="open(mas)"), "R04", "9:10", "'mas' is not an episode. Did you mean 'masa'?"),
    ("a unit that is not one", need(per="masaa"), "R04", "12:10", "'masaa' is not a unit. Did you mean 'masa'?"),
    ("a field that is not one", need(opens="last(timbang.beratt)"), "R05", "11:25", "'timbang' has no field 'beratt'. Did you mean 'berat'?"),
    ("an extreme without a field", need(who="min(timbang) > 3"), "R05", "9:10", "min needs a field, e.g. min(timbang.date)"),
    ("a number field that is not one", SERIES.replace("    steps:\n", "    number: doss\n    steps: []\n"), "R05", "11:13", "'suntik' has no field 'doss'"),
    ("a word that is not in the list", need(counts="suntik where warna = xyz"), "R06", "10:34", "'xyz' is not a word of warna. Known here: biru, hijau, merah."),
    ("a role that is not one", need(by="[{at: pustu, who: [bidn]}]"), "R06", "12:9", "'bidn' is not a word of peran. Did you mean 'bidan'?"),
    ("a confidence that is not one", need(confidence="sure"), "R06", "12:17", "'sure' is not a confidence."),
    ("an action that is not one", CLASSES + "      - {when: otherwise, is: a, do: lari}\n", "R06", "11:38", "'lari' is not an action; segera, pustu"),
    ("a yes or no that is a number", need(who="age_months(today)"), "R07", "9:10", "must be a yes/no, this is a whole number"),
    ("a part of and that is a date", need(who="ya_a and birth"), "R07", "9:19", "'and' needs a yes/no, this is a date"),
    ("a date compared with a number", need(who="birth > 3"), "R08", "9:10", "cannot compare a date with a whole number"),
    ("an order of codes", need(who="warna_a > merah"), "R08", "9:10", "a word of warna has no order; use = or !="),
    ("a group of another list", need(who="warna_a in nakes"), "R08", "9:21", "group 'nakes' is of peran, this is a word of warna"),
    ("arguments of other types", need(who="months_between(birth, 3) > 1"), "R08", "9:10", "months_between takes (a date, a date)"),
    ("first_known of two types", need(opens="first_known(birth, 3)"), "R08", "11:31", "first_known takes one type; a date and a whole number differ"),
    ("a day plus a bare number", need(opens="birth + 2"), "R09", "11:12", "cannot do a date + a whole number; say the unit: days, weeks, months"),
    ("two dates added", need(opens="birth + today"), "R09", "11:12", "cannot do a date + a date"),
    ("a date multiplied", need(opens="birth * 2"), "R09", "11:12", "cannot multiply a date"),
    ("hours", need(opens="birth + 24 hours"), "R10", "11:20", "the language has no hours; ask for a field such as 'jam'"),
    ("what cannot be read", need(who="angka_a within [7; 8]"), "R11", "9:27", "cannot read this near"),
    ("an end that is missing", need(opens="birth +"), "R11", "11:19", "cannot read this near 'birth +'"),
    ("nth without a place", need(opens="nth(0, timbang)"), "R11", "11:12", "nth needs a number from 1"),
    ("a number where none belongs", need(who="count(2, timbang) > 1"), "R11", "9:10", "count takes no number"),
    ("a schedule that is not one", need(opens="", every="monthly"), "R12", "11:12", "'every: monthly' is not one of:; calendar month"),
    ("a period that is not one", INDICATOR + "    period: week\n", "R12", "8:13", "'week' is not a period; year"),
    ("too many places", need(who="ukur_a < 11.25"), "R13", "9:19", "11.25 has more decimal places than this measurement keeps (1)"),
    ("a group that is not one", need(counts="kunjungan where oleh in nakess"), "R14", "10:37", "'nakess' is not a group. Did you mean 'nakes'?"),
    ("neither opens nor due", need(opens=""), "R15", "7:5", "need 'kebutuhan' has neither 'opens' nor 'due'"),
    ("neither counts nor done", need(counts=""), "R15", "7:5", "need 'kebutuhan' has neither 'counts' nor 'done'"),
    ("a step without opens", SERIES + "      - {need: d1}\n", "R15", "12:9", "step 'd1' has no 'opens'"),
    ("a fold inside a fold's condition", need(done="exists(kunjungan where date > last(timbang))"), "R16", "12:41", "an aggregate may not stand inside another's 'where'; name it with 'let' first"),
    ("a late condition on another field", need(done="exists(kunjungan where kembali > today)"), "R17", "7:5", "may only speak of 'date', not 'kembali'"),
    ("a late condition that cannot be kept", need(who="sum(kunjungan.nilai where date > today - 9 days) > 1"), "R17", "7:5", "sum over a condition that needs today cannot be kept"),
    ("a classification without a last row", CLASSES + "      - {when: berat < 3, is: a}\n", "R18", "11:7", "classification 'golongan' must end with 'otherwise'"),
    ("branches of two types", need(opens="if ya_a then birth else 3"), "R19", "11:12", "'then' is a date, 'else' is a whole number"),
    ("prev outside a series", need(opens="prev + 1 month"), "R20", "11:12", "'prev' stands only in a series, after its first step"),
    ("prev in the first step", SERIES + "      - {need: d1, opens: prev}\n", "R20", "12:27", "'prev' stands only in a series, after its first step"),
    ("the same need twice", need() + "  - {need: kebutuhan}\n", "R21", "12:12", "'kebutuhan' is defined twice (aturan.yaml:7:11, aturan.yaml:12:12)"),
    ("the same key twice", HEAD + "title: x\n", "R21", "6:1", "'title' stands twice in one mapping"),
    ("a let named like a fact", need(let="{birth: birth + 1 day}"), "R25", "12:18", "'birth' is already a fact of person; give the let another name"),
    ("a gate that reads records", need() + "for: exists(kunjungan)\n", "R27", "12:6", "a package gate may speak only of facts of the person and of today"),
    ("what is not YAML", HEAD + "needs: [\n", "R11", "7:1", "cannot read this as YAML"),
    ("a file that is a list", "- a\n", "R11", "1:1", "a knowledge file is a mapping of sections"),
]  # fmt: skip


def _line(problem: Problem) -> str:
    return problem.where.partition(":")[2]


@pytest.mark.parametrize(
    ("text", "code", "place", "words"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS]
)
def test_a_fault_is_told_with_its_code_place_and_words(text: str, code: str, place: str, words: str) -> None:
    found = problems(text)
    assert [problem.code for problem in found] == [code]
    assert _line(found[0]) == place
    assert words in str(found[0])


def test_all_codes_of_the_rule_language_are_covered() -> None:
    codes = {each[2] for each in FAULTS} | {"R22", "R23", "R24", "R26"}
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
        ("R01", "aturan.yaml"),
        ("R04", "aturan2.yaml"),
        ("R07", "aturan3.yaml"),
    ]


def test_a_file_with_two_faulty_needs_tells_both_and_a_faulty_component_beside_another() -> None:
    two = need(opens="birht") + need(need="dua", who="kelas = 5").partition("needs:\n")[2]
    assert [problem.code for problem in problems(two)] == ["R01", "R01"]
    components = INDICATOR.replace("{ada: exists(kunjungan)}", "{ada: exists(kunjngan), nilai: angka_a}")
    assert [problem.code for problem in problems(components)] == ["R04", "R07"]
