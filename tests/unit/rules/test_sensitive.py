"""Which records hold a secret is told by the vocabulary: of a kind, or of one word of a code list."""

from __future__ import annotations

import pytest

from siklus.kernel.problems import ProblemError
from siklus.library.kader import load_kader_view
from siklus.library.loading import load_book
from siklus.library.yaml_text import parse_yaml
from siklus.rules import tree as t
from siklus.rules.plan import expressions_of
from siklus.rules.sensitive import SENSITIVE, class_of, may_hold
from siklus.rules.vocabulary import Vocabulary, build_vocabulary

WORDS = """
codes: {kondisi: {dm: {}, jiwa_berat: {sensitive: jiwa}}}
kinds:
  tes: {sensitive: hiv, fields: {nilai: "int?"}}
  diagnosis: {fields: {kondisi: "code(kondisi)?"}}
  timbang: {fields: {berat: "int?"}}
"""


def _made(text: str) -> Vocabulary:
    return build_vocabulary([("kata.yaml", parse_yaml(text, "kata.yaml"))])


def test_a_kind_or_a_word_makes_a_record_secret() -> None:
    words = _made(WORDS)
    assert class_of(words, "tes", {}) == "hiv"
    assert class_of(words, "diagnosis", {"kondisi": "jiwa_berat"}) == "jiwa"
    assert class_of(words, "diagnosis", {"kondisi": "dm"}) == class_of(words, "diagnosis", {}) == ""
    assert class_of(words, "timbang", {"berat": 3}) == ""
    found = {kind: may_hold(words, kind) for kind in words.kinds}
    assert found == {"tes": {"hiv"}, "diagnosis": {"jiwa"}, "timbang": frozenset()}


@pytest.mark.parametrize("text", ["kinds: {tes: {sensitive: gosip}}", "codes: {k: {a: {sensitive: gosip}}}"])
def test_a_class_of_secret_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(ProblemError, match="hiv jiwa kekerasan tb"):
        _made(text)


def test_every_class_of_secret_is_used_by_the_book() -> None:
    words = load_book().vocabulary
    assert set().union(*(may_hold(words, kind) for kind in words.kinds)) == set(SENSITIVE)


def test_a_kader_reads_no_record_of_a_secret_kind() -> None:
    words, view = load_book().vocabulary, load_kader_view()
    assert {kind for kind in view.open_records | view.named_records if words.kinds[kind].sensitive} == set()


def test_no_need_that_looks_at_results_of_hiv_tb_or_violence_is_named_to_a_kader() -> None:
    book, view = load_book(), load_kader_view()
    secret = {
        name for name, kind in book.vocabulary.kinds.items() if kind.sensitive in ("hiv", "tb", "kekerasan")
    }
    named = {need.name for need in book.needs if view.may_name(need.name, need.unit)}
    read = {
        owner.name
        for owner, node in expressions_of(book.rules)
        if any(isinstance(part, t.Aggregate) and part.kind in secret for part in t.walk(node))
    }
    assert read and not read & named
