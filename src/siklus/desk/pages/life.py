"""The line of a life: one line a record, newest first, with what was replaced and why.

A record never corrected is one line. A corrected one shows the struck old words, the new ones and the reason, and folds
its whole history under "Riwayat". A void one stays, struck. Works from the vocabulary: no kind of record is named here
but those that mark a turn of life.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from siklus.care.queries import Event, Version
from siklus.desk import words
from siklus.desk.pages.growth import derived_words
from siklus.kernel import dates
from siklus.library.kader import load_kader_view
from siklus.rules.derived import derivers
from siklus.rules.episode_spec import NAMED
from siklus.rules.life import Facts
from siklus.rules.vocabulary import Field, Kind, Vocabulary

_TURNS = (
    "lahir",
    "daftar_orang",
    "daftar_kehamilan",
    "persalinan",
    "keguguran",
    "pindah",
    "meninggal",
    "gabung_orang",
)
"""Kinds drawn with a filled dot: a turn of life rather than a service."""
_WARNINGS = ("tanda_bahaya", "rujuk", "penolakan")
"""Kinds drawn with a square."""
_SILENT = ("oleh", "tempat", "date")


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the history of a record."""

    words: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """The way to put one record right; `said` tells apart those that share a line."""

    href: str
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the life. `struck` is the text no longer in force, `words` the text that is (empty when void)."""

    day: str
    kind: str
    words: str
    struck: str
    why: str
    by: str
    mark: str
    past: tuple[Past, ...]
    changes: tuple[Change, ...] = ()


def lines_of(
    events: Sequence[Event],
    vocabulary: Vocabulary,
    *,
    needs: Mapping[str, str],
    person: Facts,
    today: int,
    for_kader: bool,
    change: Callable[[int], str] | None = None,
) -> tuple[Line, ...]:
    """The lines of these events in their order; plain ones of one day, kind and writer share a line.

    `needs` gives titles for refusals. A kader reads no result that names a condition, and no score that leads to one.
    """
    deriver_by_kind = {} if for_kader else derivers(vocabulary)
    lines: list[Line] = []
    written_on = {event.key: event.on for event in events if not event.is_void}
    for event in events:
        kind = vocabulary.kinds.get(event.kind)
        event = _with_named(event, written_on)
        if kind is None or (for_kader and not _may_list(kind.name)):
            continue
        bare = for_kader and kind.name not in load_kader_view().open_records
        event = _without_closed_words(event, kind) if for_kader else event
        line = _line(event, kind, vocabulary, needs, today, bare)
        if kind.name in deriver_by_kind and not event.is_void:
            derived = derived_words(deriver_by_kind[kind.name], event.data, event.on, person)
            line = replace(line, words=" · ".join(part for part in (line.words, derived) if part))
        if change is not None and not event.is_void:
            line = replace(line, changes=(Change(change(event.key), line.words or kind.title),))
        last = lines[-1] if lines else None
        if last is not None and _are_alike(last, line):
            said = " · ".join(part for part in (line.words, last.words) if part)
            lines[-1] = replace(last, words=said, changes=line.changes + last.changes)
        else:
            lines.append(line)
    return tuple(lines)


def _with_named(event: Event, written_on: Mapping[int, int]) -> Event:
    """Where another record of the life is named, its day stands in the place of its number."""
    if NAMED not in event.data and not any(NAMED in version.data for version in event.history):
        return event
    history = tuple(
        replace(version, data=_naming_days(version.data, written_on)) for version in event.history
    )
    return replace(event, data=_naming_days(event.data, written_on), history=history)


def _naming_days(data: Mapping[str, Any], written_on: Mapping[int, int]) -> Mapping[str, Any]:
    day = written_on.get(data.get(NAMED) or 0)
    return {**data, NAMED: None if day is None else words.day(day)}


def _without_closed_words(event: Event, kind: Kind) -> Event:
    """A kader reads that there is an appointment and when, not of which illness."""
    view = load_kader_view()
    coded = {name: field.codes for name, field in kind.fields.items() if field.codes in view.open_words}

    def shown(data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            name: value
            for name, value in data.items()
            if coded.get(name) is None or view.may_read_word(str(coded[name]), str(value))
        }

    if not coded:
        return event
    history = tuple(replace(version, data=shown(version.data)) for version in event.history)
    return replace(event, data=shown(event.data), history=history)


def _may_list(kind: str) -> bool:
    view = load_kader_view()
    return kind in view.open_records or kind in view.named_records


def _are_alike(one: Line, other: Line) -> bool:
    return (one.day, one.kind, one.by) == (other.day, other.kind, other.by) and not (
        one.past or other.past or one.struck or other.struck
    )


def value_words(value: Any, field: Field, vocabulary: Vocabulary, needs: Mapping[str, str]) -> str:
    """An engine's value as people read it: a code by its label, a measurement with its unit, a day in words."""
    if field.codes is not None:
        code = vocabulary.codes[field.codes].get(str(value))
        return code.label if code else str(value)
    if field.type == "bool":
        return _("ya") if value else _("tidak")
    if field.type == "date":
        return words.day(value)
    if field.type == "need":
        return needs.get(str(value), str(value))
    if isinstance(value, int):
        return f"{words.decimal(value, field.places)} {field.unit}".rstrip()
    return str(value)


def _line(
    event: Event, kind: Kind, vocabulary: Vocabulary, needs: Mapping[str, str], today: int, bare: bool
) -> Line:
    text = "" if bare else _said(event.data, kind, vocabulary, needs)
    struck, why = "", ""
    if len(event.history) > 1 and not bare:
        before, newest = event.history[-2:]
        struck, why = _said(before.data, kind, vocabulary, needs), newest.why
        if before.on != event.on:
            struck = f"{words.day(before.on)} {struck}".rstrip()
    if event.is_void:
        struck, text = text or kind.title, ""
    return Line(
        day=words.day_near(event.on, today),
        kind=kind.title,
        words=text,
        struck=struck,
        why=why,
        by=_by(event, vocabulary),
        mark="mark" if kind.name in _TURNS else "warn" if kind.name in _WARNINGS else "",
        past=() if bare else tuple(_past(version, kind, vocabulary, needs) for version in event.history),
    )


def _past(version: Version, kind: Kind, vocabulary: Vocabulary, needs: Mapping[str, str]) -> Past:
    text = _said(version.data, kind, vocabulary, needs)
    written = timezone.localtime(version.created_at)
    said = _("ditulis %(day)s pukul %(hour)s oleh %(who)s") % {
        "day": words.day(dates.day_of(written.date())),
        "hour": words.hour(written),
        "who": version.author_name or _("tidak diketahui"),
    }
    shown = _("dibatalkan") if version.is_void else f"{words.day(version.on)} {text}".rstrip()
    return Past(shown, said, version.why)


def _said(data: Mapping[str, Any], kind: Kind, vocabulary: Vocabulary, needs: Mapping[str, str]) -> str:
    parts = []
    for name, field in kind.fields.items():
        value = data.get(name)
        if value is None or value == "" or name in _SILENT or field.type == "text":
            continue
        shown = value_words(value, field, vocabulary, needs)
        parts.append(shown if field.codes or field.type == "need" else f"{field.label} {shown}")
    return " · ".join(parts)


def _by(event: Event, vocabulary: Vocabulary) -> str:
    """ "Bidan, posyandu": the role and the place; the writer's name only when neither is known."""
    role = vocabulary.codes["peran"].get(event.by_role)
    place = vocabulary.codes["tempat"].get(event.place_kind)
    known = [code.label.partition(" (")[0] for code in (role, place) if code is not None]
    return ", ".join(part if n == 0 else part.lower() for n, part in enumerate(known)) or event.author_name
