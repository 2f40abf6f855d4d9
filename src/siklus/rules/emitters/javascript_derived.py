"""Derived fields in the module for phones: what each is worked out from, and rows that work them out when asked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from siklus.rules.derived import GRAMS, MILLIMETRES, inputs_of, limits_of
from siklus.rules.derived_spec import BMI
from siklus.rules.emitters.javascript_dialect import member
from siklus.rules.emitters.javascript_growth import without_remarks
from siklus.rules.fields import Derived, Field
from siklus.rules.vocabulary import Kind, Vocabulary

_RUNTIME = Path(__file__).with_name("javascript_derived.js")
_SIZES = ("weight", "length", "head", "arm")


def write_derived(vocabulary: Vocabulary) -> list[str]:
    """The runtime of derived fields and the tables it works with."""
    growth = vocabulary.growth
    kinds = {name: _kind(kind) for name, kind in vocabulary.kinds.items() if kind.derived}
    return [
        f"const SEXES = {_json(dict(growth.sexes) if growth else {})};",
        f"const POSITIONS = {_json(dict(growth.positions) if growth else {})};",
        f"const DERIVED = {_json(kinds)};",
        *without_remarks(_RUNTIME),
    ]


def read_derived_row(kind: Kind, fields: Iterable[str]) -> str:
    """The function that copies a record of this kind: what is written as it is, what is derived once it is asked for.

    A class, because an object with getters of its own costs a hundred times as much to make.
    """
    asked = dict.fromkeys(fields)
    derived = [name for name in asked if name in kind.derived]
    inputs = (each for name in derived for each in inputs_of(kind, kind.derived[name]))
    written = dict.fromkeys(("id", *(name for name in asked if name not in kind.derived), *inputs))
    values = {name: f"{member('r', name)} ?? null" for name in written if name != "date"}
    values |= {"date": "r.date", "unit": "null"}
    if not derived:
        return f"(r) => ({{{', '.join(f'{json.dumps(name)}: {text}' for name, text in values.items())}}})"
    values |= {"person of": "u", **{f"{name} once": "undefined" for name in derived}}
    kept = " ".join(f"{member('this', name)} = {text};" for name, text in values.items())
    getters = " ".join(_getter(kind.name, name) for name in derived)
    return f"((Row) => (r, u) => new Row(r, u))(class {{ constructor(r, u) {{ {kept} }} {getters} }})"


def _getter(kind: str, name: str) -> str:
    once, call = (
        member("this", f"{name} once"),
        f"derivedOf({json.dumps(kind)}, {json.dumps(name)}, this, this['person of'])",
    )
    return f"get {json.dumps(name)}() {{ return {once} === undefined ? ({once} = {call}) : {once}; }}"


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "sizes": {
            role: [*_limits(field), 10**field.places]
            for role, name in kind.measures.items()
            if role in _SIZES and (field := kind.fields[name])
        },
        "position": kind.measures.get("position"),
        "oedema": kind.measures.get("oedema"),
        "fields": {name: _field(kind, derived) for name, derived in kind.derived.items()},
    }


def _field(kind: Kind, derived: Derived) -> list[Any]:
    """[index, nothing], or [nothing, weight and length with what makes grams and millimetres of them]."""
    if derived.function != BMI:
        return [derived.args[0], None]
    weight, length = (kind.fields[name] for name in derived.args)
    return [
        None,
        [
            [*_limits(weight), 10 ** (GRAMS - weight.places)],
            [*_limits(length), 10 ** (MILLIMETRES - length.places)],
        ],
    ]


def _limits(field: Field) -> tuple[str, int, int]:
    low, high = limits_of(field)
    return field.name, low, high


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
