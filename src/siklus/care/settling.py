"""State and Need of some persons and their families, made again from all effective records by generated Python.

Refold, never patch: a late, corrected or void record, a move or a merge all end here, and there is no incremental case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.db import transaction

from siklus.care import dangers, tally
from siklus.care.households import AlsoFamilies, Family, concerned, families_of
from siklus.care.lives import lives_of
from siklus.care.models import Need, State
from siklus.kernel import periods
from siklus.kernel.dates import NEVER, year_of
from siklus.library.loading import Book, load_book
from siklus.register import asking
from siklus.register import queries as register
from siklus.register.appending import Row, append_rows, renew_rows
from siklus.register.homes import Home, homes
from siklus.register.queries import PersonBrief
from siklus.rules.answers import NeedAnswer
from siklus.rules.emitters.python import FoldedUnit
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

LISTED = frozenset({"overdue", "due", "unknown", "refused", "missed"})
_AT_ONCE = 500
_STATE = ("unit", "unit_id", "person_id", "plan", "body", "lasts")
_NEED = (
    "person_id", "unit", "unit_id", "need", "occurrence", "status", "opens", "due", "overdue", "until", "asks",
    "package", "klaster", "desa_code", "posyandu_code", "puskesmas_code", "as_of",
)  # fmt: skip
_MADE = "as_of"
_SAID_OF = (
    "SELECT person_id, desa_code, posyandu_code, puskesmas_code, klaster, package, need, status"
    " FROM care_need WHERE person_id {among}"
)
"""The columns of `tally.KEY` behind the person."""
_FAMILIES = "unit = 'household' AND unit_id {among}"
_SAID = itemgetter(*(_NEED.index(name) for name in ("person_id", *tally.KEY)))


Also = Callable[[Sequence[int], Mapping[int, Life]], None]
"""Given persons and the lives of those who have one, while these are at hand: reading them is half of the work."""


@transaction.atomic
def refresh(
    person_ids: Iterable[int],
    today: int,
    also: Also | None = None,
    household_ids: Iterable[int] = (),
    also_families: AlsoFamilies | None = None,
) -> None:
    """State and Need of these persons as of today. For an absorbed person theirs go and the survivor's are made again.

    The dead keep their state and have no needs; neither have those who moved out of the district. Then those of their
    families, of those they left, and of `household_ids`.
    """
    book = load_book()
    asked = set(person_ids)
    into = register.merged()
    persons = asked | {into[key] for key in asked if key in into}
    households = concerned(persons, household_ids, book)
    others = _spokesmen(households) - persons
    before: list[tuple[Any, ...]] = []
    for ids in register.chunks(sorted(persons | others), _AT_ONCE):
        before += asking.rows(_SAID_OF, asking.keys(ids))
    written: list[Row] = []
    for ids in register.chunks(sorted(persons), _AT_ONCE):
        lives = lives_of(ids, book)
        written += _refresh_some(book, ids, lives, today)
        if also is not None:
            also(ids, lives)
    for ids in register.chunks(households, _AT_ONCE):
        families = families_of(ids, book)
        written += _refresh_families(book, ids, families, today)
        if also_families is not None:
            also_families(ids, families)
    said: list[tuple[Any, ...]] = [_SAID(row) for row in written]
    for ids in register.chunks(sorted(others), _AT_ONCE):
        said += asking.rows(f"{_SAID_OF} AND unit <> %s", asking.keys(ids), HOUSEHOLD)
    tally.change(before, said)


def _spokesmen(household_ids: Sequence[int]) -> set[int]:
    """Who stands for these families in the lists, and who will."""
    found = {home.spokesman for home in homes(household_ids).values()}
    statement = "SELECT person_id FROM care_need WHERE unit = 'household' AND unit_id {among}"
    found.update(person for (person,) in asking.rows(statement, asking.keys(household_ids)))
    return {person for person in found if person is not None}


def _refresh_some(book: Book, person_ids: Sequence[int], lives: Mapping[int, Life], today: int) -> list[Row]:
    """Writes the rows of some persons; gives those of their needs."""
    briefs = register.briefs(person_ids)
    states: list[Row] = []
    needs: list[Row] = []
    for person_id, life in lives.items():
        folded = book.engine.fold(life)
        brief = briefs[person_id]
        lasts = _lasts(book, life, folded, brief, today)
        states.extend(
            _state(book, unit, person_id, lasts if unit.unit == PERSON else None) for unit in folded
        )
        if brief.died is None and (brief.left is None or brief.left > today):
            needs.extend(_need(book, answer, brief, today) for answer in answers(book, folded, today))
    keys = asking.keys(person_ids)
    asking.tell("DELETE FROM care_state WHERE person_id {among}", keys)
    append_rows(State, _STATE, states)
    renew_rows(Need, _NEED, "person_id {among} AND unit <> %s", (keys, HOUSEHOLD), needs, day=_MADE)
    dangers.keep(book, lives, briefs, today)
    return needs


def _refresh_families(
    book: Book, household_ids: Sequence[int], families: Mapping[int, Family], today: int
) -> list[Row]:
    """Writes the rows of some families; gives those of their needs."""
    states: list[Row] = []
    needs: list[Row] = []
    for key, family in families.items():
        lasts = _family_lasts(book, family, today)
        states.extend(_state(book, unit, key, lasts) for unit in family.folded)
        if family.home.spokesman is not None:
            owed = answers(book, family.folded, today)
            needs.extend(_need(book, answer, family.home, today) for answer in owed)
    keys = asking.keys(household_ids)
    asking.tell("DELETE FROM care_state WHERE unit = %s AND unit_id {among}", HOUSEHOLD, keys)
    append_rows(State, _STATE, states)
    renew_rows(Need, _NEED, _FAMILIES, (keys,), needs, day=_MADE)
    return needs


def answers(book: Book, folded: Iterable[FoldedUnit], today: int) -> list[NeedAnswer]:
    """The answers that ask for somebody's hands, of needs for which people are sought out."""
    return [
        answer
        for answer in book.engine.finish(folded, today)
        if answer.status in LISTED and answer.need in book.sought
    ]


def _lasts(book: Book, life: Life, folded: Sequence[FoldedUnit], brief: PersonBrief, today: int) -> int:
    """The next day on which a need, a danger or the standing of this year (or school year) can change."""
    years = periods.yearly(year_of(today), today)
    leaves = NEVER if brief.left is None or brief.left <= today else brief.left
    judged = book.lasting.judged(life, today, years, dangers.AT_ONCE)
    return min(book.lasting.needs(folded, today), judged, leaves)


def _family_lasts(book: Book, family: Family, today: int) -> int:
    """The next day on which what the family is owed can change, or what its members share."""
    kept = {period.kind for period in periods.yearly(year_of(today), today)}
    asked = any(each.unit == HOUSEHOLD and each.period in kept for each in book.indicators)
    return min(book.lasting.needs(family.folded, today), today + 1 if asked else NEVER)


def _state(book: Book, folded: FoldedUnit, person_id: int, lasts: int | None) -> Row:
    body = json.dumps(book.engine.state_of(folded), separators=(",", ":"))
    return folded.unit, folded.facts["id"], person_id, book.hash, body, lasts


def _need(book: Book, answer: NeedAnswer, brief: PersonBrief | Home, today: int) -> Row:
    package = book.need(answer.need).package
    person = brief.spokesman if isinstance(brief, Home) else brief.id
    return (
        person, answer.unit, answer.unit_id, answer.need, answer.occurrence, answer.status,
        _known(answer.opens), _known(answer.due), _known(answer.overdue), _known(answer.until),
        json.dumps(answer.asks) if answer.asks else "[]", package.name, package.klaster, brief.desa_code,
        brief.posyandu_code, brief.puskesmas_code, today,
    )  # fmt: skip


def _known(day: int | None) -> int | None:
    return None if day is None or day >= NEVER else day
