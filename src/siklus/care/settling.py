"""State and Need of some persons, made again from all their effective records by the generated Python.

Refold, never patch: a late, corrected or void record, a move or a merge all end here, and there is no incremental case.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction

from siklus.care import tally
from siklus.care.lives import lives_of
from siklus.care.models import Need, State
from siklus.kernel.dates import NEVER
from siklus.library.loading import Book, load_book
from siklus.register import queries as register
from siklus.register.queries import PersonBrief
from siklus.rules.answers import NeedAnswer
from siklus.rules.emitters.python import FoldedUnit
from siklus.rules.life import Life

LISTED = frozenset({"overdue", "due", "unknown", "refused", "missed"})
_AT_ONCE = 500
_ROWS = 400


@transaction.atomic
def refresh(person_ids: Iterable[int], today: int) -> None:
    """State and Need of these persons as of today. For an absorbed person theirs go and the survivor's are made again.

    The dead keep their state and have no needs; neither have those who moved out of the district.
    """
    book = load_book()
    asked = set(person_ids)
    into = register.merged()
    before: tally.Sums = Counter()
    after: tally.Sums = Counter()
    for ids in register.chunks(sorted(asked | {into[key] for key in asked if key in into}), _AT_ONCE):
        rows = Need.objects.filter(person_id__in=ids)
        before.update(tally.sums_of(rows))
        _refresh_some(book, ids, today)
        after.update(tally.sums_of(rows.all()))
    tally.change(before, after)


def _refresh_some(book: Book, person_ids: Sequence[int], today: int) -> None:
    briefs = register.briefs(person_ids)
    lives = lives_of(person_ids, book)
    states: list[State] = []
    needs: list[Need] = []
    for person_id, life in lives.items():
        folded = book.engine.fold(life)
        states.extend(_state(book, unit, person_id) for unit in folded)
        brief = briefs[person_id]
        if brief.died is None and (brief.left is None or brief.left > today):
            needs.extend(_need(book, answer, brief, today) for answer in answers(book, life, folded, today))
    State.objects.filter(person_id__in=person_ids).delete()
    Need.objects.filter(person_id__in=person_ids).delete()
    State.objects.bulk_create(states, batch_size=_ROWS)
    Need.objects.bulk_create(needs, batch_size=_ROWS)


def answers(book: Book, life: Life, folded: Iterable[FoldedUnit], today: int) -> list[NeedAnswer]:
    """The answers that ask for somebody's hands."""
    return [answer for answer in book.engine.finish(folded, today) if answer.status in LISTED]


def _state(book: Book, folded: FoldedUnit, person_id: int) -> State:
    return State(
        unit=folded.unit,
        unit_id=folded.facts["id"],
        person_id=person_id,
        plan=book.hash,
        body=json.dumps(book.engine.state_of(folded), separators=(",", ":")),
    )


def _need(book: Book, answer: NeedAnswer, brief: PersonBrief, today: int) -> Need:
    package = book.need(answer.need).package
    return Need(
        person_id=brief.id, unit=answer.unit, unit_id=answer.unit_id, need=answer.need,
        occurrence=answer.occurrence, status=answer.status, opens=_known(answer.opens), due=_known(answer.due),
        overdue=_known(answer.overdue), until=_known(answer.until), asks=json.dumps(answer.asks),
        package=package.name, klaster=package.klaster, desa_code=brief.desa_code,
        posyandu_code=brief.posyandu_code, puskesmas_code=brief.puskesmas_code, as_of=today,
    )  # fmt: skip


def _known(day: int | None) -> int | None:
    return None if day is None or day >= NEVER else day
