"""YAML -> Form. All faults of a file are told at once, each with file, line and column."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from siklus.library.forms.conditions import can_be_true, exclude_each_other, unit_exists
from siklus.library.forms.items import FormReading, read_item
from siklus.library.forms.model import ASK, Form, Item, Mapped, Section, Written
from siklus.library.forms.terms import Terms
from siklus.rules import tree as t
from siklus.rules.expressions import check
from siklus.rules.names import Reading, check_slots, confidence_of
from siklus.rules.source import (
    Mark,
    MarkedMap,
    did_you_mean,
    entries_of,
    fault,
    mapping_of,
    text_of,
    words_of,
)
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field

_FORM = "form title version since unit at who for cites confidence note records sections maps".split()
_SECTION = "section title show note items".split()
_RECORD = "kind set compute when".split()
_MAPS = "from renamed values split dropped".split()
_IMPLIED = ("date", "oleh", "tempat")


def read_form(
    reading: Reading, document: MarkedMap, group: str, classes: Mapping[str, str], terms: Terms
) -> Form:
    """One version of a form; its faults go to `reading`, and what is faulty is left out."""
    faults = reading.faults
    name = str(document.get("form", ""))
    check_slots(reading, document, _FORM, f"form '{name}'")
    for slot in ("form", "title", "version", "since", "at", "who", "cites", "sections"):
        if slot not in document:
            faults.add("F01", document.mark, f"form '{name}' has no '{slot}'")
    unit = str(document.get("unit", PERSON))
    if not unit_exists(reading.vocabulary, unit):
        units = [PERSON, HOUSEHOLD, *reading.vocabulary.episodes]
        faults.add("R04", document.at("unit"), f"'{unit}' is not a unit.", did_you_mean(unit, units))
        unit = PERSON
    at = _codes(reading, document, "at", "tempat")
    who = _codes(reading, document, "who", "peran")
    records = dict(_records(reading, document, unit))
    declared = document.get("records")
    broken = frozenset(declared if isinstance(declared, MarkedMap) else ()) - set(records)
    form = FormReading(reading, unit, records, who, at, classes, terms, broken=broken)
    gate, gate_text = form.condition(document, "for")
    sections = tuple(_sections(form, document))
    records = {alias: _finished(form, document, written) for alias, written in records.items()}
    found = Form(
        name=name,
        title=str(document.get("title", name)),
        version=_whole(reading, document, "version"),
        since=_day(reading, document),
        group=group,
        unit=unit,
        at=at,
        who=who,
        gate=gate,
        gate_text=gate_text,
        cites=str(document.get("cites", "")),
        confidence=faults.tried(lambda: confidence_of(name, document), ""),
        note=str(document.get("note", "")),
        records=records,
        sections=sections,
        mapped=_mapped(reading, document),
        mark=document.mark,
    )
    _check_whole(reading, found)
    return found


def _records(reading: Reading, document: MarkedMap, unit: str) -> Iterator[tuple[str, Written]]:
    given = reading.faults.tried(lambda: mapping_of(document, "records"), MarkedMap(document.mark))
    for alias, entry in given.items():
        mark = given.key_marks[alias]
        spec = entry if isinstance(entry, MarkedMap) else MarkedMap(given.at(alias))
        kind = text_of(spec.get("kind", alias)) if isinstance(entry, MarkedMap) else text_of(entry or alias)
        with reading.faults.guard():
            check_slots(reading, spec, _RECORD, f"record '{alias}'")
            known = reading.vocabulary.kinds.get(kind)
            if known is None:
                raise fault(
                    "R04",
                    given.at(alias),
                    f"'{kind}' is not a kind of record.",
                    did_you_mean(kind, reading.vocabulary.kinds),
                )
            if (known.of == HOUSEHOLD) != (unit == HOUSEHOLD):
                reading.faults.add("F07", mark, f"'{kind}' is about a {known.of}, this form about a {unit}")
            yield alias, Written(alias, kind, dict(_fixed(reading, spec, kind)), mark=mark)


def _fixed(reading: Reading, spec: MarkedMap, kind: str) -> Iterator[tuple[str, Any]]:
    """Values the form gives: codes, numbers, yes/no, text."""
    given = reading.faults.tried(lambda: mapping_of(spec, "set"), MarkedMap(spec.mark))
    fields = reading.vocabulary.kinds[kind].fields
    for name, value in given.items():
        if name not in fields:
            found = f"'{kind}' has no field '{name}'."
            reading.faults.add("R05", given.key_marks[name], found, did_you_mean(name, fields))
        elif not _fits(reading, fields[name], value):
            known = reading.vocabulary.codes.get(fields[name].codes or "")
            hint = did_you_mean(text_of(value), known) if known else ""
            reading.faults.add(
                "F15", given.at(name), f"'{text_of(value)}' does not fit '{kind}.{name}'.", hint
            )
        if name in fields:
            yield name, value


def _fits(reading: Reading, field: Field, value: Any) -> bool:
    if field.codes is not None:
        return value in reading.vocabulary.codes[field.codes]
    if field.type == "bool":
        return isinstance(value, bool)
    if field.type == "int" or field.places:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _finished(form: FormReading, document: MarkedMap, written: Written) -> Written:
    """The record with its condition and computed values, which may name every answer of the form."""
    entry = document["records"][written.alias]
    if not isinstance(entry, MarkedMap):
        return written
    fields = form.reading.vocabulary.kinds[written.kind].fields
    computed: dict[str, t.Node] = {}
    given = form.reading.faults.tried(lambda: mapping_of(entry, "compute"), MarkedMap(entry.mark))
    for name, text in given.items():
        with form.reading.faults.guard():
            if name not in fields:
                raise fault(
                    "R05",
                    given.key_marks[name],
                    f"'{written.kind}' has no field '{name}'.",
                    did_you_mean(name, fields),
                )
            computed[name] = check(text, given.at(name), form.scope, fields[name].type)
    when = form.condition(entry, "when")[0] if "when" in entry else None
    return Written(written.alias, written.kind, written.fixed, computed, when, written.mark)


def _sections(form: FormReading, document: MarkedMap) -> Iterator[Section]:
    faults, seen = form.reading.faults, set[str]()
    nothing: list[MarkedMap] = []
    for entry in faults.tried(lambda: list(entries_of(document, "sections")), nothing):
        check_slots(form.reading, entry, _SECTION, "a section")
        name = str(entry.get("section", ""))
        if not name or name in seen:
            faults.add(
                "F03" if name else "F01", entry.mark, f"a section needs a name of its own, not '{name}'"
            )
        seen.add(name)
        show, show_text = form.condition(entry, "show")
        items = []
        listed = entry.get("items")
        if not isinstance(listed, list):
            faults.add("F01", entry.mark, f"section '{name}' has no 'items'")
            continue
        for item in listed:
            with faults.guard():
                items.append(
                    read_item(form, item, item.mark if isinstance(item, MarkedMap) else entry.at("items"))
                )
        title, note = str(entry.get("title", name)), str(entry.get("note", ""))
        yield Section(name, title, tuple(items), show, show_text, note)


def _codes(reading: Reading, document: MarkedMap, slot: str, codes: str) -> tuple[str, ...]:
    nothing: list[str] = []
    listed = reading.faults.tried(lambda: words_of(document, slot), nothing)
    known = reading.vocabulary.codes[codes]
    for word in listed:
        if word not in known:
            found = f"'{word}' is not a word of {codes}."
            reading.faults.add("F04", document.at(slot), found, did_you_mean(word, known))
    return tuple(listed)


def _whole(reading: Reading, document: MarkedMap, slot: str) -> int:
    value = document.get(slot)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        reading.faults.add("F01", document.at(slot), f"'{slot}' is a whole number from 1")
        return 1
    return value


def _day(reading: Reading, document: MarkedMap) -> datetime.date:
    value = document.get("since")
    if isinstance(value, datetime.date):
        return value
    reading.faults.add("F01", document.at("since"), "'since' is a day such as 2026-11-22")
    return datetime.date.min


def _mapped(reading: Reading, document: MarkedMap) -> Mapped | None:
    entry = document.get("maps")
    if entry is None:
        return None
    if not isinstance(entry, MarkedMap):
        reading.faults.add("F12", document.at("maps"), "'maps' is a mapping with 'from'")
        return None
    check_slots(reading, entry, _MAPS, "maps")
    renamed, values, split, dropped = (dict(_said(reading, entry, slot)) for slot in _MAPS[1:])
    return Mapped(_whole(reading, entry, "from"), renamed, values, split, dropped, entry.mark)


def _said(reading: Reading, entry: MarkedMap, slot: str) -> Iterator[tuple[str, Any]]:
    """What became of each question under a slot of `maps`."""
    given = reading.faults.tried(lambda: mapping_of(entry, slot), MarkedMap(entry.mark))
    for name, value in given.items():
        yield name, dict(value) if isinstance(value, MarkedMap) else str(value)


def _check_whole(reading: Reading, form: Form) -> None:
    """What only the whole form shows."""
    faults = reading.faults
    for section in form.sections:
        for item in section.items:
            if item.is_required and not (can_be_true(section.show) and can_be_true(item.show)):
                faults.add("F06", item.mark, f"'{item.id}' is required, but it is never shown")
            if item.how == ASK and item.field.places and not item.field.unit:
                faults.add(
                    "F09", item.mark, f"'{item.about}' is measured, but the vocabulary gives it no unit"
                )
    _check_twice(reading, form)
    asked = {(item.record, item.field.name) for item in form.questions}
    for written in form.records.values():
        given = {*written.fixed, *written.computed, *_IMPLIED}
        for field in reading.vocabulary.kinds[written.kind].fields.values():
            if not field.nullable and field.name not in given and (written.alias, field.name) not in asked:
                faults.add(
                    "F08",
                    written.mark,
                    f"record '{written.alias}' needs '{field.name}', which is neither asked nor given",
                )


def _check_twice(reading: Reading, form: Form) -> None:
    placed = [(section, item) for section in form.sections for item in section.items if item.how == ASK]
    for (one, first), (other, second) in combinations(placed, 2):
        if first.about != second.about or first.record != second.record:
            continue
        if not (exclude_each_other(one.show, other.show) or exclude_each_other(first.show, second.show)):
            faults, where = reading.faults, _place(first)
            faults.add("F05", second.mark, f"'{second.record}.{second.field.name}' is asked twice ({where})")


def _place(item: Item) -> Mark:
    return item.mark
