"""Filling in a form: which items stand, which answers count, and which records come of them.

Answers are as on the wire (codes as text, decimals as numbers, days as ISO text), by the id of their item. An item
that does not stand has no answer, whatever was typed before it went away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.dates import iso, parse_day
from siklus.library.forms.conditions import Subject, value_of
from siklus.library.forms.model import ASK, IS, TICK, Form, Item, Written
from siklus.records.drafts import DraftRecord, StoredRecord
from siklus.records.persons import HOUSEHOLD_REGISTRATION, REGISTRATIONS
from siklus.records.values import to_engine, to_wire
from siklus.rules.episode_spec import NAMED
from siklus.rules.vocabulary import HOUSEHOLD, Vocabulary

EDITION = "isian"
"""Under this name every record that a form writes carries the form and the version it was made with."""
SHEET, HOUSEHOLD_SHEET = "isian_formulir", "isian_formulir_keluarga"
"""The record of the filling itself: which form, and which ticks were answered no (no other record says so)."""
_DATE, _ROLE, _PLACE = "date", "oleh", "tempat"


@dataclass(frozen=True)
class Filled:
    """A form with the answers given so far. `values` are those that count, as engines have them."""

    form: Form
    items: tuple[Item, ...]
    answers: Mapping[str, Any]
    values: Mapping[str, Any]

    @property
    def missing(self) -> tuple[Item, ...]:
        """Required items that stand and have no answer."""
        return tuple(item for item in self.items if item.is_required and self.answers.get(item.id) is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who filled a form in for whom, where and when. `person` and `household` are ids, or `@ref` as in a draft.

    `episodes` names, by episode, the opening record of the one that the visit belongs to, where that is known.
    """

    on: int
    person: int | str | None = None
    household: int | str | None = None
    by_role: str = ""
    place_kind: str = ""
    facility_code: str = ""
    subject: Subject = field(default_factory=Subject)
    episodes: Mapping[str, str] = field(default_factory=dict)


def fill(form: Form, answers: Mapping[str, Any], subject: Subject, today: int) -> Filled:
    """What stands on the form by these answers; a condition that is not known to be false shows its item."""
    items: list[Item] = []
    values: dict[str, Any] = {}
    for section in form.sections:
        stands = value_of(section.show, values, subject, today) is not False
        for item in section.items:
            if not stands or value_of(item.show, values, subject, today) is False:
                continue
            items.append(item)
            if item.how == IS and item.value is not None:
                values[item.id] = value_of(item.value, values, subject, today)
            elif item.is_answered and answers.get(item.id) is not None:
                values[item.id] = to_engine(item.field, answers[item.id])
    given = {item.id: answers[item.id] for item in items if item.is_answered and item.id in values}
    return Filled(form, tuple(items), given, values)


def is_offered(form: Form, subject: Subject, today: int) -> bool:
    """False when the form is surely not for this person."""
    return value_of(form.gate, {}, subject, today) is not False


def suggested(form: Form, item: Item, answers: Mapping[str, Any], subject: Subject, today: int) -> Any:
    """What to put into an empty item beforehand, as on the wire; None when nothing is known."""
    if item.prefill is None:
        return None
    return to_wire(
        item.field, value_of(item.prefill, fill(form, answers, subject, today).values, subject, today)
    )


def drafts_of(
    form: Form, answers: Mapping[str, Any], visit: Visit, vocabulary: Vocabulary
) -> list[DraftRecord]:
    """The records of a filling, ready for the door; the sheet itself first, unless the form registers somebody."""
    filled = fill(form, answers, visit.subject, visit.on)
    written = registration_of(form)
    registering = None if written is None else written.alias
    drafts: list[DraftRecord] = []
    for each in form.records.values():
        draft = _draft(filled, each, visit, vocabulary, registering)
        if draft is not None:
            drafts.append(draft)
    refused = [item.id for item in filled.items if item.how == TICK and filled.answers.get(item.id) is False]
    sheet = HOUSEHOLD_SHEET if form.unit == HOUSEHOLD else SHEET
    data = {"formulir": form.name, "versi": form.version, **({"tidak": " ".join(refused)} if refused else {})}
    place = 1 if registering else 0
    drafts.insert(
        place, _addressed(form, sheet, visit.on, data, visit, visit.by_role, visit.place_kind, registering)
    )
    return drafts


def _draft(
    filled: Filled, written: Written, visit: Visit, vocabulary: Vocabulary, registering: str | None
) -> DraftRecord | None:
    """The record of one alias; None when nothing of it was answered, or its condition does not hold."""
    items = [item for item in filled.items if item.record == written.alias and item.id in filled.answers]
    asked = {item.field.name: filled.answers[item.id] for item in items if item.how == ASK}
    ticks = [filled.answers[item.id] for item in items if item.how == TICK]
    has_tick = any(item.how == TICK and item.record == written.alias for item in filled.form.items)
    if written.when is not None:
        is_written = value_of(written.when, filled.values, visit.subject, visit.on) is True
    elif has_tick:
        is_written = ticks == [True]
    else:
        is_written = any(name not in (_ROLE, _PLACE) for name in asked)
    if not is_written:
        return None
    fields = vocabulary.kinds[written.kind].fields
    data = dict(written.fixed)
    for name, node in written.computed.items():
        value = value_of(node, filled.values, visit.subject, visit.on)
        if value is not None:
            data[name] = to_wire(fields[name], value)
    data |= {name: value for name, value in asked.items() if name not in (_DATE, _ROLE, _PLACE)}
    episode = vocabulary.kinds[written.kind].episode
    if episode is not None and visit.episodes.get(episode):
        data.setdefault(NAMED, visit.episodes[episode])
    data[EDITION] = filled.form.edition
    on = parse_day(asked[_DATE]) if _DATE in asked else visit.on
    role, place = asked.get(_ROLE, visit.by_role), asked.get(_PLACE, visit.place_kind)
    if written.alias == registering:
        return DraftRecord(
            kind=written.kind,
            on=on,
            data=data,
            ref=written.alias,
            by_role=role,
            place_kind=place,
            facility_code=visit.facility_code,
        )
    return _addressed(filled.form, written.kind, on, data, visit, role, place, registering)


def _addressed(
    form: Form,
    kind: str,
    on: int,
    data: Mapping[str, Any],
    visit: Visit,
    role: str,
    place: str,
    registering: str | None,
) -> DraftRecord:
    """A record about the one the form is for, who may be registered by the same filling."""
    registered = f"@{registering}" if registering else None
    is_family = form.unit == HOUSEHOLD
    return DraftRecord(
        kind=kind,
        on=on,
        data=data,
        person=None if is_family else (registered or visit.person),
        household=(registered or visit.household) if is_family else None,
        by_role=role,
        place_kind=place,
        facility_code=visit.facility_code,
    )


def registration_of(form: Form) -> Written | None:
    """The record by which a filling registers somebody, or a family; None for a form about who is registered."""
    kinds = {*REGISTRATIONS, HOUSEHOLD_REGISTRATION}
    return next((written for written in form.records.values() if written.kind in kinds), None)


def answers_of(form: Form, records: Iterable[StoredRecord]) -> dict[str, Any]:
    """The answers that these records of one filling were made of, for reading them with the form of their time."""
    kept = [record for record in records if record.kind in (SHEET, HOUSEHOLD_SHEET) or _is_of(form, record)]
    found: dict[str, Any] = {}
    taken: set[int] = set()
    for written in form.records.values():
        record = next((r for r in kept if r.id not in taken and _fits(written, r)), None)
        if record is None:
            continue
        taken.add(record.id)
        found |= dict(_answers(form, written, record))
    for record in kept:
        if record.kind in (SHEET, HOUSEHOLD_SHEET):
            found |= dict.fromkeys(str(record.data.get("tidak") or "").split(), False)
    return found


def _is_of(form: Form, record: StoredRecord) -> bool:
    return record.data.get(EDITION) == form.edition


def _fits(written: Written, record: StoredRecord) -> bool:
    fixed = all(record.data.get(name) == value for name, value in written.fixed.items())
    return record.kind == written.kind and fixed


def _answers(form: Form, written: Written, record: StoredRecord) -> Iterator[tuple[str, Any]]:
    own = {_DATE: iso(record.on), _ROLE: record.by_role or None, _PLACE: record.place_kind or None}
    for item in form.items:
        if item.record != written.alias:
            continue
        if item.how == TICK:
            yield item.id, True
        elif item.how == ASK:
            name = item.field.name
            value = own[name] if name in own else record.data.get(name)
            if value is not None:
                yield item.id, value
