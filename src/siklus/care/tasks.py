"""Whom somebody was asked to see, and what is not answered yet: requests and answers are records like all others.

An answer answers every request about its person that was made until its day (docs/decisions/0054).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from siklus.access.queries import user_names
from siklus.access.scope import Visitor, access_persons
from siklus.care import log
from siklus.care.models import Record
from siklus.kernel.dates import parse_day
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.register import queries as register

TASK, ANSWER = "tugas", "jawaban_tugas"
_UNTIL, _BY, _HOW, _WHY = "sampai", "untuk", "cara", "alasan"
_NEVER = (-(10**9), 0)
"""Before every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A request that nobody answered yet. `asked_by` is the name of who wrote it, empty where that is not known.

    `whose`, `how` and `why` are codes of the vocabulary; `on` and `until` days.
    """

    key: int
    person_id: int
    on: int
    until: int | None
    whose: str
    how: str
    why: str
    asked_by: str


def open_tasks(user: Visitor) -> tuple[Task, ...]:
    """Those about people of the user's area who live and are here, the earliest end first."""
    here = access_persons(user).filter(died=None, left=None).order_by()
    into = register.merged()
    standing: set[int] = set()
    for some in register.chunks(set(into.values())):
        standing |= set(here.filter(id__in=some).values_list("id", flat=True))
    absorbed = {key: survivor for key, survivor in into.items() if survivor in standing}
    theirs = Q(person_id__in=here.values("id")) | Q(person_id__in=list(absorbed))
    told = effective(log.stored(Record.objects.filter(theirs, kind__in=(TASK, ANSWER))))
    waiting = list(_unanswered(told, absorbed))
    authors = dict(
        Record.objects.filter(id__in=[row.id for row, _ in waiting]).values_list("id", "author_id")
    )
    names = user_names({author for author in authors.values() if author is not None})
    tasks = [_task(row, who, names.get(authors.get(row.id) or 0, "")) for row, who in waiting]
    return tuple(sorted(tasks, key=lambda task: (task.until is None, task.until or 0, task.on, task.key)))


def _unanswered(
    told: Sequence[StoredRecord], absorbed: Mapping[int, int]
) -> Iterator[tuple[StoredRecord, int]]:
    """Requests with whom they are about today. On one day the order of the log decides."""
    answered: dict[int, tuple[int, int]] = {}
    for row in told:
        if row.kind == ANSWER and row.person is not None:
            who = absorbed.get(row.person, row.person)
            answered[who] = max(answered.get(who, _NEVER), (row.on, row.seq))
    for row in told:
        if row.kind == TASK and row.person is not None:
            who = absorbed.get(row.person, row.person)
            if (row.on, row.seq) > answered.get(who, _NEVER):
                yield row, who


def _task(row: StoredRecord, person: int, asked_by: str) -> Task:
    said = {name: str(row.data.get(name) or "") for name in (_UNTIL, _BY, _HOW, _WHY)}
    return Task(
        key=row.id, person_id=person, on=row.on, until=_day(said[_UNTIL]), whose=said[_BY], how=said[_HOW],
        why=said[_WHY], asked_by=asked_by,
    )  # fmt: skip


def _day(text: str) -> int | None:
    try:
        return parse_day(text)
    except ValueError:
        return None
