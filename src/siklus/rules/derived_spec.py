"""The derived fields of a kind of record: `imt: bmi(berat, tinggi)`, `z_bbu: zscore(wfa)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from siklus.rules.fields import Derived, Field
from siklus.rules.growth import Growth

BMI, ZSCORE = "bmi", "zscore"
ROLES = ("weight", "length", "position", "head", "arm", "oedema")
"""What `measures` may name."""
_HUNDREDTHS = "dec:2"
_CALL = re.compile(r"(bmi|zscore)\((\w+)(?:, *(\w+))?\)")
_UNITS = {"weight": "kg", "length": "cm", "head": "cm", "arm": "cm"}
_PLACES_AT_MOST = {"kg": 3, "cm": 1}  # grams and millimetres


def read_derived(
    spec: Mapping[str, Any], fields: Mapping[str, Field], measures: Mapping[str, str], growth: Growth | None
) -> tuple[dict[str, Derived], list[str]]:
    """The derived fields by name, and every fault found."""
    faults = [
        f"measures: {role}: '{name}' is not such a field"
        for role, name in measures.items()
        if role not in ROLES or not _fits(role, fields.get(name))
    ]
    derived: dict[str, Derived] = {}
    for name, entry in spec.items():
        given = entry if isinstance(entry, Mapping) else {"is": entry}
        text = str(given.get("is", ""))
        match = _CALL.fullmatch(text)
        if match is None:
            faults.append(f"'{text}' is neither bmi(WEIGHT, LENGTH) nor zscore(INDEX)")
            continue
        function, args = match[1], tuple(filter(None, match.groups()[1:]))
        fault = _fault(name, function, args, fields, measures, growth)
        if fault:
            faults.append(fault)
            continue
        label = str(given.get("label", name.replace("_", " ")))
        unit = "SD" if function == ZSCORE else str(given.get("unit", "kg/m²"))
        derived[name] = Derived(
            Field(name, _HUNDREDTHS, nullable=True, label=label, unit=unit), function, args
        )
    return derived, faults


def _fault(
    name: str,
    function: str,
    args: tuple[str, ...],
    fields: Mapping[str, Field],
    measures: Mapping[str, str],
    growth: Growth | None,
) -> str:
    if name in fields:
        return f"'{name}' is a field already"
    if function == BMI:
        if len(args) == 2 and _fits("weight", fields.get(args[0])) and _fits("length", fields.get(args[1])):
            return ""
        return f"{name}: bmi takes a weight in kg and a length in cm"
    if growth is None:
        return f"{name}: no growth standards are at hand"
    if len(args) != 1 or args[0] not in growth.indexes:
        return f"{name}: '{', '.join(args)}' is not an index of growth: {', '.join(growth.indexes)}"
    needed = {"bmi": ("weight", "length")}.get(growth.indexes[args[0]].of, (growth.indexes[args[0]].of,))
    missing = [role for role in needed if role not in measures]
    return f"{name}: measures do not say which field is the {missing[0]}" if missing else ""


def _fits(role: str, field: Field | None) -> bool:
    if field is None:
        return False
    if role == "oedema":
        return field.type == "bool"
    if role == "position":
        return field.codes is not None
    unit = _UNITS[role]
    return 0 < field.places <= _PLACES_AT_MOST[unit] and field.unit == unit and field.possible is not None
