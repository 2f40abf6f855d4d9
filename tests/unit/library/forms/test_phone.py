"""Forms on the phone: the JSON says everything, and its conditions come to the same as Python's, unknowns included."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from siklus.bulk.javascript import find_node
from siklus.kernel.dates import parse_day
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import OPEN, Subject, value_of, with_open_as_facts
from siklus.library.forms.model import Form
from siklus.library.forms.phone import expressions_of, form_json, forms_module
from siklus.library.loading import load_book

TODAY = parse_day("2026-11-22")
FILLINGS = 12

_ASK = """
import { readFileSync } from "node:fs";
const { conditions, names } = await import(process.argv[2]);
const said = JSON.parse(readFileSync(0, "utf8"));
const out = said.map(({ edition, u, today }) => {
  const full = { ...Object.fromEntries(names[edition].map((name) => [name, null])), ...u };
  return Object.fromEntries(Object.entries(conditions[edition]).map(([name, f]) => [name, f(full, today)]));
});
console.log(JSON.stringify(out));
"""


def drawn(form: Form, chance: random.Random) -> dict[str, Any]:
    """Answers and facts nobody gave, a third of them unknown."""
    vocabulary = load_book().vocabulary
    fields = {**vocabulary.person, **{item.id: item.field for item in form.items if item.how != "class"}}
    found: dict[str, Any] = {OPEN + name: chance.random() < 0.5 for name in vocabulary.episodes}
    for name, spec in fields.items():
        if chance.random() < 0.33:
            found[name] = None
        elif spec.codes is not None:
            found[name] = chance.choice(list(vocabulary.codes[spec.codes]))
        elif spec.type == "bool":
            found[name] = chance.random() < 0.5
        elif spec.type == "date":
            found[name] = TODAY - chance.choice((10, 180, 190, 800, 2190, 6000, 7000, 15000, 25000))
        elif spec.type == "text":
            found[name] = "x"
        else:
            low, high = spec.possible or (0, 30)
            found[name] = chance.randint(int(low * 10**spec.places), int(high * 10**spec.places))
    return found


def test_every_condition_comes_to_the_same_in_both_languages(tmp_path: Path) -> None:
    catalogue, chance = load_forms(), random.Random(7)
    every = [form for versions in catalogue.by_name.values() for form in versions]
    module, asker = tmp_path / "forms.mjs", tmp_path / "ask.mjs"
    module.write_text(forms_module(every), encoding="utf-8")
    asker.write_text(_ASK, encoding="utf-8")
    asked = [(form, drawn(form, chance)) for form in every for _ in range(FILLINGS)]
    lines = [{"edition": form.edition, "u": u, "today": TODAY} for form, u in asked]
    said = subprocess.run(
        [find_node(), str(asker), str(module)],
        input=json.dumps(lines),
        capture_output=True,
        check=True,
        text=True,
    )
    unknown = 0
    for (form, u), answers in zip(asked, json.loads(said.stdout), strict=True):
        subject = Subject(facts={"died": None, "id": 0})
        for name, node in expressions_of(form):
            value = value_of(with_open_as_facts(node), u, subject, TODAY)
            assert answers[name] == value, (form.edition, name)
            unknown += value is None
    assert unknown > 100


def test_the_json_names_a_function_for_every_condition_that_is_not_always_true() -> None:
    form = load_forms().form("kartu_balita")
    told = form_json(form)
    items = {item["id"]: item for section in told["sections"] for item in section["items"]}
    assert items["asi_eksklusif"]["show"] == "show asi_eksklusif" and items["berat"]["show"] is None
    assert items["berat"] | {"terms": []} == {
        "id": "berat", "how": "ask", "record": "timbang", "field": "berat", "about": "timbang.berat",
        "label": "Berat badan", "hint": "", "type": "decimal", "places": 2, "unit": "kg", "codes": None, "only": [],
        "words": {}, "possible": [0.3, 60.0], "plausible": [1.5, 30.0], "required": False,
        "who": ["kader", "bidan", "perawat", "nutrisionis"], "at": ["posyandu"], "show": None, "prefill": None,
        "value": None, "terms": [],
    }  # fmt: skip
    assert told["records"]["rujuk"] == {
        "kind": "rujuk",
        "fixed": {"tingkat": "pustu"},
        "computed": {},
        "when": None,
    }
    names = {name for name, _ in expressions_of(form)}
    assert {"for", "show asi_eksklusif", "value tb_rujuk", "computed tb.gejala"} <= names


def test_the_module_makes_no_code_and_loads_nothing() -> None:
    text = forms_module(load_forms().current)
    assert not any(word in text for word in ("eval(", "new Function", "import(", "require(", "fetch("))


@pytest.mark.parametrize("edition", ["kartu_ibu/1"])
def test_what_looks_into_records_is_left_to_the_engine_of_the_phone(edition: str) -> None:
    names = {name for name, _ in expressions_of(load_forms().of_edition(edition))}
    assert "value usia_kehamilan" not in names and "show usia_kehamilan" in names
