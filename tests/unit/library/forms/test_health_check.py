"""The free health check is a sheet over the same records: what was done this year is not asked again."""

from __future__ import annotations

from typing import Any

from siklus.kernel.dates import parse_day
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.filling import fill
from siklus.library.loading import load_book
from siklus.rules.life import Life

TODAY = parse_day("2026-11-22")


def asked(*records: dict[str, Any], form: str = "ckg", birth: str = "1980-03-01") -> set[str]:
    book = load_book()
    facts: dict[str, Any] = {**dict.fromkeys(book.vocabulary.person), "id": 7, "died": None, "sex": "p"}
    facts["birth"] = parse_day(birth)
    rows = [
        {**dict.fromkeys(book.vocabulary.kinds[r["kind"]].fields), "id": n, "oleh": None, "tempat": None, **r}
        for n, r in enumerate(records, 1)
    ]
    unit = book.reference.units(Life(facts, tuple(rows)))[0]
    filled = fill(load_forms().form(form), {}, Subject("person", unit.facts, unit.records), TODAY)
    return {item.id for item in filled.items if item.is_answered}


def test_what_was_measured_this_year_is_not_asked_and_the_rest_is() -> None:
    pressure = {"kind": "ukur_td", "sistolik": 120, "diastolik": 80, "date": parse_day("2026-02-03")}
    assert {"sistolik", "diastolik", "berat", "gula_darah", "batuk"} <= asked()
    assert not {"sistolik", "diastolik"} & asked(pressure)
    assert {"berat", "gula_darah", "batuk"} <= asked(pressure)


def test_what_was_measured_last_year_is_asked_again() -> None:
    last_year = {"kind": "ukur_td", "sistolik": 120, "diastolik": 80, "date": parse_day("2025-12-31")}
    assert {"sistolik", "diastolik"} <= asked(last_year)


def test_a_small_child_has_a_sheet_of_its_own_over_what_the_posyandu_wrote() -> None:
    child = {"form": "ckg_balita", "birth": "2023-03-01"}
    assert {"berat", "panjang", "skor", "tdd", "tdl", "batuk"} <= asked(**child)
    weighed = {"kind": "timbang", "berat": 13.2, "panjang": 92.0, "date": parse_day("2026-02-05")}
    seen = asked(weighed, **child)
    assert not {"berat", "panjang"} & seen and {"skor", "tdd", "batuk"} <= seen
    assert "berat" in asked({**weighed, "panjang": None}, **child), "half a measurement is none"
    assert "tdl" not in asked(form="ckg_balita", birth="2024-03-01"), "sight is tested from three years"
