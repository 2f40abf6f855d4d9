"""The quick look at a record: most are right as they stand, and seeing that takes far less than telling what is wrong.

`QuickCheck` answers only where `check_record` would find nothing and change nothing; for every other record it says
None, and the full check has the word.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from siklus.kernel.dates import parse_day, year_of
from siklus.records.checks import IMPLIED, Checked, Surroundings
from siklus.records.naming import is_record_id, may_open
from siklus.records.words import code_word
from siklus.rules.episode_spec import NAMED
from siklus.rules.fields import RECORD
from siklus.rules.vocabulary import Episode, Field, Kind, Vocabulary

_Fits = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A kind of record, ready to be looked at. `ordered` are (earlier, later) days where the vocabulary says so,
    `recent` days with the most years that they may lie before the record's own.

    `episode` is the one it is for: a record of which may be named.
    """

    fits: Mapping[str, _Fits]
    required: tuple[str, ...]
    ordered: tuple[tuple[str, str], ...]
    recent: tuple[tuple[str, float], ...]
    is_register: bool
    episode: Episode | None
    roles: Collection[str]
    places: Collection[str]


class QuickCheck:
    """Prepared once for a vocabulary and the names of needs, asked for thousands of records."""

    def __init__(self, vocabulary: Vocabulary, needs: Collection[str]) -> None:
        self._kinds = {kind.name: _prepared(kind, vocabulary, needs) for kind in vocabulary.kinds.values()}

    def check(
        self, kind: str, on: int, data: Mapping[str, Any], by_role: str, place_kind: str, around: Surroundings
    ) -> Checked | None:
        """The record as it is kept, when nothing is wrong, odd or to be rewritten; None when it must be looked at."""
        prepared = self._kinds.get(kind)
        if prepared is None or on > around.today or (around.birth is not None and on < around.birth):
            return None
        if around.died is not None and on > around.died and not prepared.is_register:
            return None
        kept = {}
        for name, value in data.items():
            if name in IMPLIED or value is None or value == "":
                continue
            fits = prepared.fits.get(name)
            if fits is None or not fits(value):
                return None
            kept[name] = value
        for name in prepared.required:
            if name not in kept:
                return None
        for earlier, later in prepared.ordered:
            if _is_day_after(on, kept, earlier, later):
                return None
        for name, longest in prepared.recent:
            if name in kept and year_of(on) - year_of(parse_day(kept[name])) > longest:
                return None
        named, records = kept.get(NAMED) if prepared.episode else None, around.records
        if named is not None and records is not None and not may_open(prepared.episode, records.get(named)):
            return None
        role, place = by_role or data.get("oleh"), place_kind or data.get("tempat")
        if not (_is_word(role, prepared.roles) and _is_word(place, prepared.places)):
            return None
        return Checked(data=kept, by_role=role or "", place_kind=place or "")


def _prepared(kind: Kind, vocabulary: Vocabulary, needs: Collection[str]) -> _Prepared:
    fields = [spec for spec in kind.fields.values() if spec.name not in IMPLIED]
    return _Prepared(
        fits={spec.name: _fits(spec, vocabulary, needs) for spec in fields},
        required=tuple(spec.name for spec in fields if not spec.nullable),
        ordered=(
            *((spec.not_before, spec.name) for spec in kind.fields.values() if spec.not_before),
            *((spec.name, spec.not_after) for spec in kind.fields.values() if spec.not_after),
        ),
        recent=tuple(
            (spec.name, spec.possible[1]) for spec in fields if spec.type == "date" and spec.possible
        ),
        is_register=kind.register,
        episode=vocabulary.episodes.get(kind.episode or ""),
        roles=_words(kind.fields.get("oleh"), vocabulary),
        places=_words(kind.fields.get("tempat"), vocabulary),
    )


def _fits(spec: Field, vocabulary: Vocabulary, needs: Collection[str]) -> _Fits:
    """Tells whether a value that is filled in can stay as it is."""
    if spec.codes is not None:
        words = _words(spec, vocabulary)
        return lambda value: isinstance(value, str) and value in words
    if spec.type == "bool":
        return lambda value: isinstance(value, bool)
    if spec.type == "int":
        is_usual = _bounds(spec)
        return lambda value: type(value) is int and is_usual(value)
    if spec.places:
        places, is_usual = spec.places, _bounds(spec)
        return lambda value: (
            type(value) in (int, float)
            and math.isfinite(value)
            and is_usual(value)
            and round(value, places) == value
        )
    if spec.type == "date":
        return _is_day
    if spec.type == "need":
        return lambda value: isinstance(value, str) and value in needs
    if spec.type == RECORD:
        return is_record_id
    return lambda value: isinstance(value, str)


def _bounds(spec: Field) -> Callable[[float], bool]:
    """Tells whether a number is possible and usual."""
    unlimited = (-math.inf, math.inf)
    low, high = spec.possible or unlimited
    usual_low, usual_high = spec.plausible or unlimited
    low, high = max(low, usual_low), min(high, usual_high)
    return lambda value: low <= value <= high


def _words(spec: Field | None, vocabulary: Vocabulary) -> frozenset[str]:
    """The words of a code list that are stored as they are written."""
    if spec is None or spec.codes is None:
        return frozenset()
    codes = spec.codes
    return frozenset(word for word in vocabulary.codes[codes] if code_word(vocabulary, codes, word) == word)


def _is_day_after(on: int, kept: Mapping[str, Any], earlier: str, later: str) -> bool:
    """True when both days are told and the first is after the second; `date` is the record's own."""
    first = on if earlier == "date" else _day_told(kept, earlier)
    last = on if later == "date" else _day_told(kept, later)
    return first is not None and last is not None and first > last


def _day_told(kept: Mapping[str, Any], name: str) -> int | None:
    return parse_day(kept[name]) if name in kept else None


def _is_word(value: Any, words: Collection[str]) -> bool:
    return value is None or (isinstance(value, str) and (not value or value in words))


def _is_day(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse_day(value)
    except ValueError:
        return False
    return True
