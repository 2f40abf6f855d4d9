"""Derived fields as rules and readers meet them: declared, worked out when asked, unknown with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.kernel.dates import parse_day
from siklus.kernel.problems import ProblemError
from siklus.library.examples import life_of
from siklus.library.loading import Book, compile_book, knowledge_folder
from siklus.library.yaml_text import parse_yaml, read_yaml
from siklus.rules.derived import DerivingRecord, derived_read
from siklus.rules.explain import reason
from siklus.rules.plan import expressions_of_need, plan_of
from siklus.rules.reading import fields_read
from siklus.rules.vocabulary import Vocabulary, build_vocabulary

TODAY = parse_day("2026-11-21")
PACKAGE = """
package: coba
title: Coba
klaster: "2"
for: age_months(today) < 72
by: [{at: posyandu, who: [kader]}]
cites: kami
confidence: ours
needs:
  - need: pulih
    title: Berat kembali cukup
    who: "true"
    due: birth
    done: last(timbang.z_bbu where berat is known) >= -2
"""


@pytest.fixture(scope="module")
def book() -> Book:
    folders = [knowledge_folder() / name for name in ("standards", "vocabulary")]
    lists = [read_yaml(path, path.name) for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return compile_book([*lists, parse_yaml(PACKAGE, "coba.yaml")], "coba")


PERSON = "person: {birth: date?, sex: int?}\n"


def vocabulary_of(kind: str, person: str = PERSON) -> Vocabulary:
    growth = read_yaml(knowledge_folder() / "standards" / "growth.yaml", "growth.yaml")
    text = f"codes: {{cara: [telentang, berdiri]}}\n{person}kinds:\n  ukur:\n{kind}"
    return build_vocabulary([("growth.yaml", growth), ("kata.yaml", parse_yaml(text, "kata.yaml"))])


SIZES = """
    fields:
      berat: {type: "decimal(2)?", unit: kg, possible: [0.3, 60]}
      panjang: {type: "decimal(1)?", unit: cm, possible: [20, 150]}
      teks: text?
"""


def test_a_derived_field_is_asked_like_any_other_and_is_never_a_field_of_the_record() -> None:
    given = "derived: {z: zscore(wfa), imt: 'bmi(berat, panjang)'}"
    vocabulary = vocabulary_of(f"{SIZES}    measures: {{weight: berat, length: panjang}}\n    {given}\n")
    assert list(vocabulary.kinds["ukur"].fields) == ["date", "berat", "panjang", "teks"]
    assert vocabulary.fields_of("ukur")["z"].type == "dec:2"
    assert vocabulary.fields_of("ukur")["imt"].unit == "kg/m²"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("derived: {z: zscore(bbu)}", "z: 'bbu' is not an index of growth: wfa, lhfa, wfl, bmifa, hcfa, acfa"),
        ("derived: {z: zscore(wfa)}", "z: measures do not say which field is the weight"),
        (
            "measures: {weight: berat}\n    derived: {z: zscore(bmifa)}",
            "z: measures do not say which field is the length",
        ),
        ("derived: {z: tebak(wfa)}", "'tebak(wfa)' is neither bmi(WEIGHT, LENGTH) nor zscore(INDEX)"),
        ("derived: {imt: 'bmi(panjang, berat)'}", "imt: bmi takes a weight in kg and a length in cm"),
        ("derived: {berat: 'bmi(berat, panjang)'}", "'berat' is a field already"),
        ("measures: {weight: panjang}", "measures: weight: 'panjang' is not such a field"),
        ("measures: {oedema: teks}", "measures: oedema: 'teks' is not such a field"),
    ],
)  # fmt: skip
def test_a_derived_field_that_cannot_be_worked_out_is_refused_with_its_place(given: str, fault: str) -> None:
    with pytest.raises(ProblemError) as raised:
        vocabulary_of(f"{SIZES}    {given}\n")
    assert [(problem.code, problem.where, problem.found) for problem in raised.value.problems] == [
        ("V01", "kata.yaml:4:3", f"ukur: {fault}")
    ]


def test_a_score_without_the_facts_it_rests_on_is_refused() -> None:
    given = f"{SIZES}    measures: {{weight: berat}}\n    derived: {{z: zscore(wfa)}}\n"
    with pytest.raises(ProblemError, match="a z-score needs the facts birth and sex of a person"):
        vocabulary_of(given, "person: {birth: date?}\n")


def test_the_words_of_the_standards_are_words_of_the_vocabulary(book: Book) -> None:
    vocabulary, growth = book.vocabulary, book.vocabulary.growth
    assert growth is not None
    assert set(growth.sexes) == set(vocabulary.codes[vocabulary.person["sex"].codes or ""])
    for kind in vocabulary.kinds.values():
        if "position" in kind.measures:
            assert set(growth.positions) == set(
                vocabulary.codes[kind.fields[kind.measures["position"]].codes or ""]
            )


def test_a_bulk_run_reads_what_a_derived_field_is_worked_out_from(book: Book) -> None:
    read = fields_read(book.rules)["timbang"]
    assert {"berat", "panjang", "cara", "oedema", "lila", "lingkar_kepala"} <= read and "z_bbu" not in read
    plan = plan_of(node for need in book.needs for node in expressions_of_need(need))
    assert derived_read(book.vocabulary, plan.places) == {"timbang": ("z_bbu",)}


def test_a_record_works_out_only_what_is_asked_and_only_once(book: Book) -> None:
    life = life_of(book.vocabulary, _child({"timbang": "2026-11-20", "berat": 8.2}), "", TODAY)
    _, _, records = book.engine.units(life)[0]
    folded = book.engine.fold(life)[0]
    assert folded.kept and "z_bbu" not in records["timbang"][0]
    (record,) = book.reference.units(life)[0].records["timbang"]
    assert isinstance(record, DerivingRecord) and "z_bbu" not in record
    assert record["z_bbu"] == record.get("z_bbu") == -147 and "z_bbu" in record
    with pytest.raises(KeyError):
        record["tidak_ada"]


@pytest.mark.parametrize(
    ("facts", "record", "status", "said"),
    [
        ({}, {"berat": 8.2}, "done", "Sudah"),
        ({}, {"berat": 6.0}, "due", "Waktunya"),
        ({}, {"berat": 25.0}, "unknown", "(nilainya 11,6 SD, tidak wajar: ukur ulang)"),
        ({}, {"berat": 8.2, "oedema": True}, "unknown", "(tidak dinilai karena bengkak)"),
        ({"sex": None}, {"berat": 8.2}, "unknown", "(tanpa jenis kelamin)"),
        ({"birth": "2021-10-25"}, {"berat": 18.0}, "unknown", "(umur atau ukurannya di luar tabel)"),
    ],
)
def test_a_score_that_cannot_be_told_is_unknown_and_the_reason_says_why(
    book: Book, facts: dict[str, Any], record: dict[str, Any], status: str, said: str
) -> None:
    entry = _child({"timbang": "2026-11-20", **record}, **facts)
    life = life_of(book.vocabulary, entry, "", TODAY)
    for engine in (book.reference, book.engine):
        (answer,) = engine.needs(life, TODAY)
        assert answer.status == status
    told = reason(book.rules, book.need("pulih"), answer, life.person, life, TODAY)
    assert said in told


def _child(record: dict[str, Any], **facts: Any) -> dict[str, Any]:
    import datetime

    day = datetime.date.fromisoformat(record["timbang"])
    return {"birth": "2025-11-21", "sex": "l", **facts, "records": [{**record, "timbang": day}]}
