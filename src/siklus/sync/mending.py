"""What the desk shows of a refused record, and what it makes of what somebody typed to put it right. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from siklus.kernel.problems import Problem
from siklus.rules.vocabulary import Field, Kind, Vocabulary
from siklus.sync.wire import part_of

DAY = "on"
PREFIX = "isi-"
YES, NO = "ya", "tidak"


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of the form: its name there, what it is called, what stands in it, what is wrong with it."""

    name: str
    label: str
    shape: str
    value: str
    problem: str
    options: tuple[tuple[str, str], ...] = ()


def blanks(body: Mapping[str, Any], problems: Iterable[Problem], vocabulary: Vocabulary) -> tuple[Blank, ...]:
    """The day, then every field the record gives or lacks, in the order of the vocabulary; unknown ones stay."""
    wrong: dict[str, str] = {}
    for problem in problems:
        name = problem.where.rpartition(", ")[2]
        wrong[name] = ". ".join(part for part in (problem.found, problem.todo) if part)
    kind = vocabulary.kinds.get(str(body.get("kind", "")))
    data = part_of(body, "data")
    days = [Blank(DAY, "Tanggal", "date", _text(body.get("on")), wrong.get("tanggal", ""))]
    if kind is None:
        return tuple(days)
    fields = kind.fields
    shown = [name for name in fields if name in data or name in wrong or not fields[name].nullable]
    told = [_blank(fields[name], data.get(name), wrong, vocabulary) for name in shown if name != "date"]
    return (*days, *told)


def changes(typed: Mapping[str, str], body: Mapping[str, Any], kind: Kind | None) -> dict[str, Any]:
    """The parts of the record that were typed over; an empty field is taken out."""
    fields = kind.fields if kind is not None else {}
    data = {
        name: _value(field, typed[PREFIX + name].strip())
        for name, field in fields.items()
        if PREFIX + name in typed and typed[PREFIX + name].strip() != _text(part_of(body, "data").get(name))
    }
    changed: dict[str, Any] = {"data": data} if data else {}
    if typed.get(DAY, _text(body.get("on"))) != _text(body.get("on")):
        changed["on"] = typed[DAY].strip()
    return changed


def _blank(field: Field, value: Any, wrong: Mapping[str, str], vocabulary: Vocabulary) -> Blank:
    options: tuple[tuple[str, str], ...] = ()
    shape = "date" if field.type == "date" else "text"
    if field.codes is not None:
        shape = "choice"
        options = tuple(
            (code.name, code.label or code.name) for code in vocabulary.codes[field.codes].values()
        )
    elif field.type == "bool":
        shape, options = "choice", ((YES, "Ya"), (NO, "Tidak"))
    label, problem = field.label or field.name, wrong.get(field.name, "")
    return Blank(PREFIX + field.name, label, shape, _text(value), problem, options)


def _value(field: Field, text: str) -> Any:
    if not text:
        return None
    if field.type == "bool":
        return {YES: True, NO: False}.get(text, text)
    if field.type == "int" or field.places:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
    return text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)
