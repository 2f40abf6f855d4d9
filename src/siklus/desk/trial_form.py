"""A small life as it is typed: from the fields of the form to a case, and from a case back into the fields.

What cannot be read keeps its text and gets its problem, under the name of its field. Another record is named by its
place in the form, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from siklus.desk import words
from siklus.desk.typed import TOO_LONG, as_typed, read_value, sentence, slashed
from siklus.kernel.dates import parse_day
from siklus.kernel.problems import Problem
from siklus.library.expected import Expected, RawCase
from siklus.rules.answers import STATUSES
from siklus.rules.episode_spec import NAMED
from siklus.rules.vocabulary import Field, Kind, Vocabulary

ON, TITLE, STATUS, DUE, OVERDUE, NEED = "pada", "judul", "harap", "waktunya", "terlambat", "kebutuhan"
FACT, RECORD, DIED = "fakta", "catatan", "died"
KIND, DAY = "jenis-catatan", "tanggal-catatan"  # no field of a record can be called so
MOST_RECORDS = 60
_OF_RECORD = re.compile(r"records\[(\d+)\](?:\.|, )?(\w*)")


@dataclass(frozen=True, slots=True)
class TypedRecord:
    """One record: its kind, and the text of each field; that of the day is under DAY."""

    kind: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The whole form as text."""

    need: str
    on: str = ""
    title: str = ""
    status: str = ""
    due: str = ""
    overdue: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    records: tuple[TypedRecord, ...] = ()

    def with_record(self, kind: str) -> Typed:
        """One record more, at the end."""
        return replace(self, records=(*self.records, TypedRecord(kind))[:MOST_RECORDS])

    def without_record(self, place: int) -> Typed:
        """Without the record at this place, counted from 0."""
        return replace(self, records=self.records[:place] + self.records[place + 1 :])


@dataclass(frozen=True, slots=True)
class Read:
    """The case as far as it could be read, what should come out if it was chosen, and problems by name of field."""

    raw: RawCase
    expected: Expected | None
    problems: Mapping[str, str]


def fact_name(name: str) -> str:
    """The field of a fact."""
    return f"{FACT}-{name}"


def record_name(place: int, name: str) -> str:
    """The field of a record, counted from 0."""
    return f"{RECORD}-{place}-{name}"


def shown_fields(kind: Kind) -> list[Field]:
    """What can be typed of a record beside its day: nothing that is only for reading."""
    return [each for each in kind.fields.values() if each.type != "text" and each.name != "date"]


def typed_from(post: Mapping[str, str], vocabulary: Vocabulary) -> Typed:
    """The form as it was sent."""

    def said(name: str) -> str:
        return post.get(name, "").strip()[:TOO_LONG]

    records = []
    for place in range(MOST_RECORDS):
        kind = said(record_name(place, KIND))
        if kind in vocabulary.kinds:
            names = [DAY, *(each.name for each in shown_fields(vocabulary.kinds[kind]))]
            records.append(TypedRecord(kind, {name: said(record_name(place, name)) for name in names}))
    return Typed(
        need=said(NEED), on=said(ON), title=said(TITLE), status=said(STATUS), due=said(DUE), overdue=said(OVERDUE),
        facts={name: said(fact_name(name)) for name in (*vocabulary.person, DIED)}, records=tuple(records),
    )  # fmt: skip


def typed_of(
    raw: RawCase, vocabulary: Vocabulary, *, need: str, title: str, expected: Expected | None
) -> Typed:
    """The form filled with a case."""
    person = raw.get("person") or {}
    facts = {name: as_typed(spec, person.get(name)) for name, spec in vocabulary.person.items()}
    records: list[TypedRecord] = []
    known = [record for record in raw.get("records") or () if record["kind"] in vocabulary.kinds]
    places = {str(record["id"]): str(place) for place, record in enumerate(known, 1) if "id" in record}
    for record in known:
        kind = vocabulary.kinds[record["kind"]]
        if NAMED in record:
            record = {**record, NAMED: places.get(str(record[NAMED]), record[NAMED])}
        values = {each.name: as_typed(each, record.get(each.name)) for each in shown_fields(kind)}
        records.append(TypedRecord(kind.name, {DAY: slashed(record["on"]), **values}))
    return Typed(
        need=need, on=slashed(raw["on"]), title=title, status=expected.status if expected else "",
        due=_day_typed(expected.due if expected else None), overdue=_day_typed(expected.overdue if expected else None),
        facts={**facts, DIED: slashed(person.get(DIED))}, records=tuple(records),
    )  # fmt: skip


def read(typed: Typed, vocabulary: Vocabulary) -> Read:
    """The case that was typed. What the rule book makes of it is asked later: see `problems_of`."""
    problems: dict[str, str] = {}

    def value(name: str, spec: Field | None, text: str) -> Any:
        found, problem = read_value(spec, text)
        if problem:
            problems[name] = problem
        return found

    person = {
        name: value(fact_name(name), vocabulary.person.get(name), text)
        for name, text in typed.facts.items()
        if text
    }
    records = []
    named = {record.values.get(NAMED) for record in typed.records}
    for place, record in enumerate(typed.records):
        fields = vocabulary.kinds[record.kind].fields
        texts = {name: text for name, text in record.values.items() if name != DAY and text}
        data = {name: value(record_name(place, name), fields[name], text) for name, text in texts.items()}
        day = value(record_name(place, DAY), None, record.values.get(DAY, ""))
        known = {name: one for name, one in data.items() if one is not None}
        label = {"id": str(place + 1)} if str(place + 1) in named else {}
        records.append({"kind": record.kind, "on": day or "", **label, **known})
    raw = {"on": value(ON, None, typed.on) or "", "person": _known(person), "records": records}
    due, overdue = (_day_read(value(name, None, text)) if text else None
                    for name, text in ((DUE, typed.due), (OVERDUE, typed.overdue)))  # fmt: skip
    expected = Expected(typed.need, typed.status, due, overdue) if typed.status in STATUSES else None
    return Read(raw, expected, problems)


def problems_of(found: tuple[Problem, ...], already: Mapping[str, str]) -> dict[str, str]:
    """What the case's reader complains of, by field; a field that already has its problem keeps that one."""
    told = dict(already)
    for problem in found:
        name = _field_of(problem.where)
        told.setdefault(name, sentence(problem))
    return told


def _field_of(where: str) -> str:
    _case, _comma, place = where.partition(", ")
    if place.startswith("person."):
        return fact_name(place.removeprefix("person."))
    match = _OF_RECORD.match(place)
    if match is not None:
        name = match[2]
        return record_name(int(match[1]), DAY if name in ("", "on", "tanggal") else name)
    return ON if place == "on" else NEED


def _day_read(iso: str | None) -> int | None:
    return None if iso is None else parse_day(iso)


def _day_typed(day: int | None) -> str:
    return "" if day is None else words.day_slashed(day)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
