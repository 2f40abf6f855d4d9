"""Pairs for those who may decide of them, both sides in scope; of one with a side elsewhere only that it is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from siklus.access.may import MERGE_PERSONS, may
from siklus.access.queries import user_names
from siklus.access.scope import Visitor, access_everybody
from siklus.care import queries as care
from siklus.doubles.models import DIFFERENT, MERGED, NEW, STATES, Pair
from siklus.doubles.near import near
from siklus.doubles.who import of_newcomer
from siklus.kernel.ids import format_record_id
from siklus.library.doubles import load_doubles
from siklus.records.persons import MERGE, ProjectedPerson, person_named
from siklus.register import queries as register

__all__ = ["DIFFERENT", "MERGED", "NEW", "STATES"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One pair as its readers know it; `says` are the reasons in words, `differs` the comparisons found different."""

    id: int
    one: int
    other: int
    score: int
    is_likely: bool
    says: tuple[str, ...]
    state: str
    decided_by: str
    decided_at: datetime | None
    why: str
    merge: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Somebody whose records stand under another now, by which record, since when and why."""

    merge: int
    person: int
    on: int
    why: str
    may_part: bool


def pairs(user: Visitor, state: str, first: int, count: int) -> tuple[tuple[Found, ...], int]:
    """The pairs of a state of whom the user sees both, the likeliest first, from a place on; how many in all."""
    rows = _both(user, state).order_by("-score", "one", "other")
    return _found(rows[first : first + count]), rows.count()


def waiting(user: Visitor) -> int:
    """How many pairs wait for this user."""
    return _both(user, NEW).count()


def pair(user: Visitor, pair_id: int) -> Found | None:
    """One pair; None where the user does not see both. Of two who were merged the survivor is seen."""
    rows = Pair.objects.filter(pk=pair_id)
    row = rows.first() if may(user, MERGE_PERSONS) else None
    if row is None or access_everybody(user).filter(id__in=(row.one, row.other)).count() != len(
        (row.one, row.other)
    ):
        return None
    return _found(rows)[0]


def one_sided(user: Visitor, count: int) -> tuple[tuple[int, ...], int]:
    """The persons in scope who may be one with somebody outside it; how many such pairs there are."""
    if not may(user, MERGE_PERSONS):
        return (), 0
    one, other = (_in_scope(user, column, standing=True) for column in ("one", "other"))
    rows = Pair.objects.filter(Q(one & ~other) | Q(other & ~one), state=NEW)
    keys = [key for row in rows.order_by("-score", "one")[:count] for key in (row.one, row.other)]
    own = set(access_everybody(user).filter(id__in=keys).values_list("id", flat=True))
    return tuple(dict.fromkeys(key for key in keys if key in own)), rows.count()


def merged_into(user: Visitor, person_id: int) -> tuple[Merged, ...]:
    """Everybody whose records count for this person; `may_part` where the user may take the merge back."""
    absorbed = set(register.absorbed_into([person_id]).get(person_id, ()))
    whys = dict(Pair.objects.filter(state=MERGED, one__in=[person_id, *absorbed]).values_list("merge", "why"))
    found = []
    for event in care.time_line(person_id):
        named = person_named(event.data, "orang") if event.kind == MERGE and not event.is_void else None
        if named in absorbed:
            able = may(user, MERGE_PERSONS) and access_everybody(user).filter(id=named).exists()
            found.append(
                Merged(
                    merge=event.key,
                    person=named or 0,
                    on=event.on,
                    why=whys.get(event.key, ""),
                    may_part=able,
                )
            )
    return tuple(found)


def likely_same(person: ProjectedPerson) -> tuple[Found, ...]:
    """Who of the whole register may be the one about to be registered; `one` is 0, `other` the person found.

    Whoever asks shows nothing of those outside the scope of the reader, not why nor how many.
    """
    model = load_doubles()
    return tuple(
        Found(
            id=0, one=0, other=pair.other, score=round(pair.probability * 100),
            is_likely=pair.probability >= model.likely_from, says=says(pair.states), state=NEW, decided_by="",
            decided_at=None, why="", merge=None,
        )
        for pair in near(of_newcomer(person, model), model, register.people().count())
    )  # fmt: skip


def says(states: Mapping[str, str]) -> tuple[str, ...]:
    """The reasons in Indonesian, as the knowledge words them."""
    model = load_doubles()
    return tuple(said for name, state in states.items() if (said := model.says(name, state)))


def _in_scope(user: Visitor, column: str, *, standing: bool) -> Exists:
    """The person of this column has their home in scope; `standing`: and was not absorbed by a merge."""
    people = access_everybody(user)
    if standing:
        people = people.filter(merged_into__isnull=True)
    return Exists(people.filter(id=OuterRef(column)))


def _both(user: Visitor, state: str) -> QuerySet[Pair]:
    """The pairs of a state of whom the user sees both."""
    if not may(user, MERGE_PERSONS):
        return Pair.objects.none()
    rows = Pair.objects.filter(state=state)
    return rows.filter(*(_in_scope(user, column, standing=state == NEW) for column in ("one", "other")))


def _found(rows: Any) -> tuple[Found, ...]:
    model, rows = load_doubles(), list(rows)
    names = user_names({row.decided_by_id for row in rows if row.decided_by_id is not None})
    likely = model.likely_from * 100
    return tuple(
        Found(
            id=row.pk, one=row.one, other=row.other, score=row.score, is_likely=row.score >= likely,
            says=says(json.loads(row.states)), state=row.state, decided_by=names.get(row.decided_by_id or 0, ""),
            decided_at=row.decided_at, why=row.why, merge=row.merge,
        )
        for row in rows
    )  # fmt: skip


def subject_of(found: Found) -> str:
    """Both, for the audit."""
    return f"{format_record_id(found.one)} {format_record_id(found.other)}"
