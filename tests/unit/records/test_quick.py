"""The quick look says yes only to records the full check would keep as they are; for all others it says nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from siklus.kernel.dates import parse_day
from siklus.records.checks import Checked, Surroundings, check_record
from siklus.records.naming import OwnRecord
from siklus.records.quick import QuickCheck
from siklus.rules.fields import RECORD, Field
from siklus.rules.vocabulary import Vocabulary

TODAY = parse_day("2026-11-21")
NEEDS = frozenset({"hb0", "mr1"})
_DAYS = ("2026-11-20", "2026-11-22", "2024-02-29", "2026-02-30", "20261101", "", "kemarin")
_NUMBERS = (0, 1, 3, 8.2, 8.25, 36.7, 120.0, 140, 3200, -1, 1e300, float("nan"), float("inf"), True, "8,2")
_OWN = {
    "7-7": OwnRecord("daftar_kehamilan"), "7-8": OwnRecord("persalinan"), "7-9": OwnRecord("timbang"),
    "7-10": OwnRecord("daftar_kehamilan", is_void=True),
}  # fmt: skip
_NAMES = (*_OWN, "7-11", "7")
_TEXTS = ("Ani", "", "Bidan Desa", "bidan", "posyandu", "hb0", "l", "P", "Perempuan", "7-7")

_BY_TYPE = {"date": _DAYS, RECORD: _NAMES}


def _values(spec: Field, vocabulary: Vocabulary) -> st.SearchStrategy[Any]:
    """Right and wrong values of a field, the right ones often enough for whole records to be right."""
    words = _BY_TYPE.get(spec.type, _TEXTS)
    words = tuple(vocabulary.codes[spec.codes]) if spec.codes else words
    right = st.sampled_from(_NUMBERS if spec.places or spec.type == "int" else words)
    wrong = st.sampled_from((*_TEXTS, *_DAYS, *_NUMBERS, None, [], {"a": 1}))
    return st.one_of(right, right, right, st.booleans() if spec.type == "bool" else right, wrong)


@st.composite
def _records(draw: st.DrawFn, vocabulary: Vocabulary) -> dict[str, Any]:
    kind = vocabulary.kinds[draw(st.sampled_from(sorted(vocabulary.kinds)))]
    fields = {
        name: _values(spec, vocabulary)
        for name, spec in kind.fields.items()
        if not spec.nullable or draw(st.booleans())
    }
    data = draw(st.fixed_dictionaries({name: value for name, value in fields.items() if name != "date"}))
    if draw(st.integers(0, 9)) == 0:
        data["tidak_dikenal"] = 1
    return {
        "kind": kind.name if draw(st.integers(0, 30)) else "bukan_jenis",
        "on": draw(st.sampled_from((TODAY, TODAY - 400, TODAY + 1))),
        "data": data,
        "by_role": draw(st.sampled_from(("", "", "bidan", "Bidan Desa", "tukang"))),
        "place_kind": draw(st.sampled_from(("", "", "posyandu", "pkm"))),
    }


def test_a_record_the_quick_look_accepts_is_kept_the_same_by_the_full_check(vocabulary: Vocabulary) -> None:
    quick = QuickCheck(vocabulary, NEEDS)
    accepted = 0

    @settings(max_examples=600, deadline=None, derandomize=True, database=None)
    @given(
        _records(vocabulary),
        st.sampled_from((None, TODAY - 500, TODAY - 300)),
        st.sampled_from((None, None, TODAY - 1)),
    )
    def both_agree(record: dict[str, Any], birth: int | None, died: int | None) -> None:
        nonlocal accepted
        around = Surroundings(today=TODAY, birth=birth, died=died, needs=NEEDS, records=_OWN)
        seen = quick.check(**record, around=around)
        if seen is not None:
            accepted += 1
            assert seen == check_record(**record, vocabulary=vocabulary, around=around)

    both_agree()
    assert accepted > 20, "the examples must reach what the quick look is for"


def test_a_usual_record_needs_no_second_look(vocabulary: Vocabulary) -> None:
    quick, around = QuickCheck(vocabulary, NEEDS), Surroundings(today=TODAY, needs=NEEDS)
    data = {"berat": 8.2, "panjang": 70, "lila": None}
    seen = quick.check("timbang", TODAY, data, "kader", "posyandu", around)
    assert seen == Checked(data={"berat": 8.2, "panjang": 70}, by_role="kader", place_kind="posyandu")


def test_a_record_may_only_name_an_opening_of_the_person(vocabulary: Vocabulary) -> None:
    quick = QuickCheck(vocabulary, NEEDS)
    around = Surroundings(today=TODAY, needs=NEEDS, records=_OWN)
    passes = {
        name: quick.check("kunjungan_anc", TODAY, {"episode": name}, "bidan", "", around) is not None
        for name in _NAMES
    }
    assert [name for name, is_let_in in passes.items() if is_let_in] == ["7-7", "7-8"]
    anybody = Surroundings(today=TODAY, needs=NEEDS)
    assert quick.check("kunjungan_anc", TODAY, {"episode": "7-11"}, "bidan", "", anybody) is not None


def test_what_is_odd_or_written_in_another_way_is_looked_at(vocabulary: Vocabulary) -> None:
    quick, around = QuickCheck(vocabulary, NEEDS), Surroundings(today=TODAY, needs=NEEDS)
    odd = {"berat": 39.0}
    assert check_record(kind="timbang", on=TODAY, data=odd, vocabulary=vocabulary, around=around).odd
    assert quick.check("timbang", TODAY, odd, "", "", around) is None
    assert quick.check("imunisasi", TODAY, {"vaksin": "Pentavalen", "dosis": 1}, "", "", around) is None
