"""Questions about the district's cases: all of them, one, how a rule book answers them; and lives to begin one with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from siklus.access.may import may_read_record
from siklus.access.queries import user_names
from siklus.access.scope import Visitor, access_person
from siklus.care.queries import life_of
from siklus.library.examples import examples_of_rule
from siklus.library.expected import Expected, Verdict, judge, raw_case
from siklus.library.loading import Book
from siklus.rules.book import Need
from siklus.trials.models import KeptCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One case as it was kept, with who wrote it last and when."""

    id: int
    title: str
    life: Mapping[str, Any]
    expected: Expected
    author_id: int | None
    author_name: str
    created_at: datetime
    changed_by_name: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Start:
    """A life to begin a case with, what should come out where that is known, and what it shows."""

    life: Mapping[str, Any]
    expected: Expected | None
    title: str


def kept_cases() -> tuple[Kept, ...]:
    """The whole set, by need and in the order in which they were kept."""
    rows = list(KeptCase.objects.order_by("need", "id"))
    names = user_names({key for row in rows for key in (row.author_id, row.changed_by_id) if key is not None})
    return tuple(_kept(row, names) for row in rows)


def kept_case(case_id: int) -> Kept | None:
    """One case; None when there is none of that number."""
    return next((case for case in kept_cases() if case.id == case_id), None)


def judged(book: Book) -> tuple[tuple[Kept, Verdict], ...]:
    """The whole set as a book answers it."""
    return tuple((case, judge(book, case.life, case.expected)) for case in kept_cases())


def failing(book: Book) -> tuple[tuple[Kept, Verdict], ...]:
    """The cases a book does not pass; while there is one, it must not be switched on."""
    return tuple((case, verdict) for case, verdict in judged(book) if not verdict.is_right)


def start_from_person(user: Visitor, book: Book, person_id: int, need: Need, today: int, shift: int) -> Start:
    """A person of the user's own area, without identity: only what decides about the need, every day moved by `shift`.

    Records that the user may not read are not there. NotInScope for anybody else.
    """
    survivor = access_person(user, person_id).id
    life = life_of(survivor, today)
    seen = tuple(each for each in life.records if may_read_record(user, each["kind"], each))
    return Start(raw_case(book, replace(life, records=seen), today, need, shift), None, "")


def start_from_example(book: Book, need: Need, number: int) -> Start | None:
    """An example of the rule, counted from 0; None when it has no such one."""
    examples = examples_of_rule(book, need)
    if not 0 <= number < len(examples):
        return None
    example = examples[number]
    expected = Expected(need.name, str(example.expect), example.days.get("due"), example.days.get("overdue"))
    return Start(raw_case(book, example.life, example.today), expected, example.say)


def _kept(row: KeptCase, names: Mapping[int, str]) -> Kept:
    return Kept(
        id=row.pk,
        title=row.title,
        life=json.loads(row.life),
        expected=Expected(row.need, row.status, row.due, row.overdue),
        author_id=row.author_id,
        author_name=names.get(row.author_id or 0, ""),
        created_at=row.created_at,
        changed_by_name=names.get(row.changed_by_id or 0, ""),
        changed_at=row.changed_at,
    )
