"""Questionnaires item by item come to the score that their printed sheet gives."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.kernel.dates import parse_day
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.filling import Visit, drafts_of
from siklus.library.loading import load_book

ELDER = Subject(facts={"birth": parse_day("1950-05-01"), "sex": "p", "died": None, "id": 7})
AMT = ("umur waktu alamat tahun tempat_ini mengenali kemerdekaan presiden kelahiran hitung").split()
WALK = {"berdampingan": True, "semi_tandem": True, "tandem": 10.0, "bisa_jalan": True, "waktu_jalan": 4.81,
        "bisa_berdiri": True, "waktu_berdiri": 11.19}  # fmt: skip
FRAIL = {
    "tangga": True,
    "lelah": 2,
    "banyak_penyakit": 5,
    "sulit_jalan": True,
    "bb_lalu": 60.0,
    "bb_kini": 57.0,
}
FOOD = {"asupan": 2, "turun_3": 3, "mobilitas": 2, "stres": False, "neuropsikologi": 2, "nilai_imt": 3}
MOOD = {"puas": True, "bosan": False, "tidak_berdaya": False, "tidak_berharga": False}


def score(kind: str, answers: dict[str, Any]) -> int | None:
    """The score written with these answers; None when it is not known."""
    visit = Visit(
        on=parse_day("2026-11-22"), person=7, subject=ELDER, by_role="perawat", place_kind="puskesmas"
    )
    drafts = drafts_of(load_forms().form("instrumen_lansia"), answers, visit, load_book().vocabulary)
    (found,) = (draft.data for draft in drafts if draft.kind == kind)
    value = found.get("skor")
    assert value is None or isinstance(value, int)
    return value


@pytest.mark.parametrize(
    ("kind", "answers", "expected"),
    [
        ("minicog", {"kata": 0, "jam": True}, 2),
        ("minicog", {"kata": 3, "jam": False}, 3),
        ("minicog", {"kata": 3, "jam": True}, 5),
        ("amt", dict.fromkeys(AMT, True), 10),
        ("amt", {**dict.fromkeys(AMT, True), "hitung": False, "waktu": False, "presiden": False}, 7),
        ("sppb", WALK, 12),
        ("sppb", {**WALK, "tandem": 9.99, "waktu_jalan": 4.82, "waktu_berdiri": 11.2}, 9),
        ("sppb", {**WALK, "tandem": 2.99, "waktu_jalan": 8.7, "waktu_berdiri": 16.69}, 6),
        ("sppb", {**WALK, "semi_tandem": False, "waktu_jalan": 8.71, "waktu_berdiri": 59.9}, 3),
        ("sppb", {"berdampingan": False, "bisa_jalan": False, "bisa_berdiri": False}, 0),
        ("rapuh", FRAIL, 5),
        ("rapuh", {**FRAIL, "lelah": 3, "banyak_penyakit": 4, "bb_kini": 57.1}, 2),
        ("mna_sf", FOOD, 14),
        ("mna_sf", {**FOOD, "stres": True, "turun_3": 0}, 9),
        ("gds4", MOOD, 0),
        ("gds4", {"puas": False, "bosan": True, "tidak_berdaya": True, "tidak_berharga": True}, 4),
    ],
)
def test_the_answers_come_to_the_printed_score(kind: str, answers: dict[str, Any], expected: int) -> None:
    assert score(kind, answers) == expected


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("minicog", {"kata": 3}),
        ("amt", dict.fromkeys(AMT[1:], True)),
        ("sppb", {**WALK, "waktu_jalan": None}),
        ("rapuh", {**FRAIL, "bb_lalu": None}),
        ("mna_sf", {**FOOD, "stres": None}),
        ("gds4", {**MOOD, "puas": None}),
    ],
)
def test_a_question_left_open_leaves_the_score_unknown(kind: str, answers: dict[str, Any]) -> None:
    assert score(kind, {name: value for name, value in answers.items() if value is not None}) is None
