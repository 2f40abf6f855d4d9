"""One record as it is typed at the desk: a new one, or one that is put right or taken back, with the reason.

What the door of the record log complains of comes back under the name of the field it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from siklus.desk.typed import TOO_LONG, as_typed, read_day, read_value, sentence, slashed
from siklus.kernel.dates import iso, parse_day
from siklus.kernel.problems import Problem
from siklus.records.drafts import StoredRecord
from siklus.register.identity import opened_data
from siklus.rules.vocabulary import Field, Kind

KIND, DAY, WHY = "jenis-catatan", "tanggal-catatan", "alasan-catatan"
"""What the page asks beside the fields of the kind: names that no field can have (`jenis` and `tanggal` are fields)."""
ROLE, PLACE = "oleh", "tempat"
_DAY_AT_THE_DOOR = "tanggal"
WHOLE = ""
"""The name under which a problem stands that is about no single field."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The text of each field, that of the day under DAY, and why it is written anew."""

    values: Mapping[str, str]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """The record as far as it could be read: every field that can be typed, None where it is empty."""

    on: int
    data: Mapping[str, Any]
    by_role: str
    place_kind: str
    problems: Mapping[str, str]


def fields_of(kind: Kind) -> list[Field]:
    """What can be typed beside the day: what decides first, who and where last."""
    fields = [each for each in kind.fields.values() if each.name not in ("date", ROLE, PLACE)]
    listed = sorted(fields, key=lambda each: each.nullable)
    return [*listed, *(kind.fields[name] for name in (ROLE, PLACE) if name in kind.fields)]


def typed_from(post: Mapping[str, str], kind: Kind) -> Typed:
    """The form as it was sent."""
    names = [DAY, *(each.name for each in fields_of(kind))]
    said = {name: post.get(name, "").strip()[:TOO_LONG] for name in (*names, WHY)}
    return Typed({name: said[name] for name in names}, said[WHY])


def typed_of(record: StoredRecord, kind: Kind) -> Typed:
    """The form filled with a record that was kept."""
    kept = {**opened_data(record.data), ROLE: record.by_role or None, PLACE: record.place_kind or None}
    values = {each.name: as_typed(each, kept.get(each.name)) for each in fields_of(kind)}
    return Typed({DAY: slashed(iso(record.on)), **values})


def read(typed: Typed, kind: Kind) -> Read:
    """The record that was typed, and what of it is no day or no number."""
    problems: dict[str, str] = {}
    day, problem = read_day(typed.values[DAY])
    if problem:
        problems[DAY] = problem
    data: dict[str, Any] = {}
    for spec in fields_of(kind):
        text = typed.values[spec.name]
        data[spec.name], problem = read_value(spec, text) if text else (None, "")
        if problem:
            problems[spec.name] = problem
    role, place = (data.pop(name, None) or "" for name in (ROLE, PLACE))
    return Read(parse_day(day) if day else 0, data, role, place, problems)


def problems_of(refused: Iterable[Problem], kind: Kind) -> dict[str, str]:
    """What the door said, by field; several about one field stand together."""
    told: dict[str, str] = {}
    for problem in refused:
        name = problem.where.rpartition(", ")[2]
        if name not in kind.fields:
            name = DAY if name == _DAY_AT_THE_DOOR else WHOLE
        told[name] = " ".join(filter(None, (told.get(name), sentence(problem))))
    return told


def why_is_missing() -> str:
    """The problem of a change without a reason."""
    return _("Tulis alasannya, supaya yang membaca nanti mengerti.")
