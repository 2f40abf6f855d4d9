"""State and Need of some persons, made again from all their effective records by the generated Python.

Refold, never patch: a late, corrected or void record, a move or a merge all end here, and there is no incremental case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from django.db import transaction

from siklus.care import dangers, tally
from siklus.care.lives import lives_of
from siklus.care.models import Need, State
from siklus.kernel.dates import NEVER
from siklus.library.loading import Book, load_book
from siklus.register import queries as register
from siklus.register.appending import Row, append_rows
from siklus.register.queries import PersonBrief
from siklus.rules.answers import NeedAnswer
from siklus.rules.emitters.python import FoldedUnit
from siklus.rules.life import Life

LISTED = frozenset({"overdue", "due", "unknown", "refused", "missed"})
_AT_ONCE = 500
_STATE = ("unit", "unit_id", "person_id", "plan", "body")
_NEED = (
    "person_id", "unit", "unit_id", "need", "occurrence", "status", "opens", "due", "overdue", "until", "asks",
    "package", "klaster", "desa_code", "posyandu_code", "puskesmas_code", "as_of",
)  # fmt: skip
_SAID = itemgetter(*(_NEED.index(name) for name in ("person_id", *tally.KEY)))


Also = Callable[[Sequence[int], Mapping[int, Life]], None]
"""Given persons and the lives of those who have one, while these are at hand: reading them is half of the work."""


@transaction.atomic
def refresh(person_ids: Iterable[int], today: int, also: Also | None = None) -> None:
    """State and Need of these persons as of today. For an absorbed person theirs go and the survivor's are made again.

    The dead keep their state and have no needs; neither have those who moved out of the district.
    """
    book = load_book()
    asked = set(person_ids)
    into = register.merged()
    before, after = tally.Sums(), tally.Sums()
    for ids in register.chunks(sorted(asked | {into[key] for key in asked if key in into}), _AT_ONCE):
        before.add(Need.objects.filter(person_id__in=ids).values_list("person_id", *tally.KEY))
        lives = lives_of(ids, book)
        after.add(map(_SAID, _refresh_some(book, ids, lives, today)))
        if also is not None:
            also(ids, lives)
    tally.change(before, after)


def _refresh_some(book: Book, person_ids: Sequence[int], lives: Mapping[int, Life], today: int) -> list[Row]:
    """Writes the rows of some persons; gives those of their needs."""
    briefs = register.briefs(person_ids)
    states: list[Row] = []
    needs: list[Row] = []
    for person_id, life in lives.items():
        folded = book.engine.fold(life)
        states.extend(_state(book, unit, person_id) for unit in folded)
        brief = briefs[person_id]
        if brief.died is None and (brief.left is None or brief.left > today):
            needs.extend(_need(book, answer, brief, today) for answer in answers(book, life, folded, today))
    State.objects.filter(person_id__in=person_ids).delete()
    Need.objects.filter(person_id__in=person_ids).delete()
    append_rows(State, _STATE, states)
    append_rows(Need, _NEED, needs)
    dangers.keep(book, lives, briefs, today)
    return needs


def answers(book: Book, life: Life, folded: Iterable[FoldedUnit], today: int) -> list[NeedAnswer]:
    """The answers that ask for somebody's hands."""
    return [answer for answer in book.engine.finish(folded, today) if answer.status in LISTED]


def _state(book: Book, folded: FoldedUnit, person_id: int) -> Row:
    body = json.dumps(book.engine.state_of(folded), separators=(",", ":"))
    return folded.unit, folded.facts["id"], person_id, book.hash, body


def _need(book: Book, answer: NeedAnswer, brief: PersonBrief, today: int) -> Row:
    package = book.need(answer.need).package
    return (
        brief.id, answer.unit, answer.unit_id, answer.need, answer.occurrence, answer.status,
        _known(answer.opens), _known(answer.due), _known(answer.overdue), _known(answer.until),
        json.dumps(answer.asks) if answer.asks else "[]", package.name, package.klaster, brief.desa_code,
        brief.posyandu_code, brief.puskesmas_code, today,
    )  # fmt: skip


def _known(day: int | None) -> int | None:
    return None if day is None or day >= NEVER else day
