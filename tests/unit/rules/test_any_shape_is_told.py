"""Whatever stands where a list, a mapping or a word should be, the reader tells a fault and never falls over it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from siklus.kernel.problems import ProblemError
from siklus.library.examples import examples_of
from siklus.library.yaml_text import parse_yaml
from siklus.rules.vocabulary import build_vocabulary
from tests.unit.rules.small_book import HEAD, book
from tests.unit.rules.test_vocabulary import GOOD

PACKAGE = f"""{HEAD}for: age_months(today) < 60
values: {{jarak: [{{name: dekat, is: 2 months, cites: x}}, {{name: jauh, is: 3 months, cites: y}}]}}
let: {{akhir: {{title: nilai terakhir, is: last(kunjungan.nilai)}}, batas: birth + jarak}}
needs:
  - need: satu
    title: Satu
    who: akhir > 3 and ya_a
    counts: kunjungan where baik = true
    opens: batas
    due: birth + 3 months
    until: birth + 12 months
    not_needed: [{{when: warna_a = merah, say: sudah}}]
    examples:
      - {{birth: 2026-01-01, today: 2026-02-01, expect: due, asks: [ya_a]}}
      - {{died: 2026-01-09, today: 2026-02-01, records: [{{kunjungan: 2026-01-05, nilai: 4}}], expect: done}}
  - need: dua
    title: Dua
    who: "true"
    counts: timbang
    every: 12 months since last
    starts: birth
    appointment: kontrol
  - series: deret
    title: Deret
    who: "true"
    counts: suntik where warna = merah
    number: dosis
    steps:
      - {{need: d1, title: Dosis 1, opens: birth + 2 months}}
      - {{need: d2, title: Dosis 2, opens: prev + 1 month}}
classifications:
  - classification: berat
    title: Berat
    of: timbang
    rows: [{{when: berat < 2.5, is: ringan, do: pustu}}, {{when: otherwise, is: cukup}}]
"""
INDICATORS = """indicators:
  - indicator: angka
    title: Angka
    cites: sumber
    confidence: ours
    period: year
    counted: birth is known
    components: {ada: exists(timbang)}
    labels: {ada: Ada}
    examples: [{birth: 2026-01-01, period: "2026", expect: {counted: true, components: {ada: false}}}]
"""
ODD: tuple[Any, ...] = (3, "xyz", None, [[1]], {"a": 1})


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place below a document."""
    if at:
        yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield from places(below, (*at, key))


def changed(document: Any, at: tuple[Any, ...], odd: Any) -> str:
    """The document with something odd at a place, as YAML."""
    made = copy.deepcopy(document)
    inner = made
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = odd
    return yaml.safe_dump(made, sort_keys=False, allow_unicode=True)


@pytest.mark.parametrize("text", [PACKAGE, INDICATORS], ids=["package", "indicators"])
def test_a_rule_file_of_any_shape_is_read_or_told(text: str) -> None:
    document = yaml.safe_load(text)
    for number, at in enumerate(places(document)):
        for odd in (ODD[number % len(ODD)], ODD[(number + 2) % len(ODD)]):
            try:
                list(examples_of(book(changed(document, at, odd))))
            except ProblemError as error:
                assert error.problems, (at, odd)
                assert all(problem.where.startswith("aturan.yaml:") for problem in error.problems), (at, odd)


def test_closed_lists_of_any_shape_are_read_or_told() -> None:
    document = yaml.safe_load(GOOD)
    for at in places(document):
        for odd in ODD:
            try:
                build_vocabulary([("kata.yaml", parse_yaml(changed(document, at, odd), "kata.yaml"))])
            except ProblemError as error:
                assert error.problems, (at, odd)


def test_every_wrong_shape_of_the_closed_lists_is_told_with_the_other_faults() -> None:
    text = GOOD.replace("possible: [0.3, 60]", "possible: 60").replace("are: [merah]", "are: hijau")
    with pytest.raises(ProblemError) as error:
        build_vocabulary(
            [("kata.yaml", parse_yaml(text.replace("lasts: 45 weeks", "lasts: lama"), "kata.yaml"))]
        )
    told = [str(problem) for problem in error.value.problems]
    assert any("'possible' of berat is two numbers [least, most]" in each for each in told)
    assert any("are of group hangat lists words" in each for each in told)
