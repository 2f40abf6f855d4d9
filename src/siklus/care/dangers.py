"""Whose last measurement asks for action at once: computed from the life, kept for the head of the home page.

A danger stands until a newer measurement of its kind is judged otherwise, or the person dies or moves away. A bulk run
finds the persons with SQL and hands them to `keep_all`, so there is one meaning and one way of writing it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from siklus.access.may import absent_results
from siklus.access.scope import Visitor, scope_filter
from siklus.care.lives import lives_of
from siklus.care.models import Danger
from siklus.library.loading import Book, load_book
from siklus.register import asking
from siklus.register import queries as register
from siklus.register.queries import PersonBrief
from siklus.rules.answers import ClassAnswer
from siklus.rules.life import Life

AT_ONCE = "segera"
"""The action of a classification that makes it a danger."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """A measurement that asks for something; `on` is the day of the record that was judged, if it was one alone."""

    answer: ClassAnswer
    on: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerLine:
    """One danger of one person."""

    person_id: int
    classification: str
    value: str
    on: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangers:
    """The newest dangers of an area, how many persons there are in all and by package of the classification."""

    lines: tuple[DangerLine, ...]
    persons: int
    persons_by_package: Mapping[str, int]


def judged_of(book: Book, life: Life, today: int) -> tuple[Judged, ...]:
    """What the last measurements of a life ask for; nothing of the dead, and not what asks for nothing."""
    return tuple(
        Judged(answer, _day_judged(book, life, today, answer))
        for answer in _classes(book, life, today)
        if answer.do not in (None, "none")
    )


def _classes(book: Book, life: Life, today: int) -> Sequence[ClassAnswer]:
    return () if life.person.get("died") is not None else book.engine.classes(life, today)


def keep(book: Book, lives: Mapping[int, Life], briefs: Mapping[int, PersonBrief], today: int) -> None:
    """Writes the dangers of these persons anew; `briefs` names them all, also those without a life."""
    rows = [
        _row(book, briefs[person], Judged(answer, _day_judged(book, life, today, answer)), today)
        for person, life in lives.items()
        if not _has_left(briefs[person], today)
        for answer in _classes(book, life, today)
        if answer.do == AT_ONCE
    ]
    asking.tell("DELETE FROM care_danger WHERE person_id {among}", asking.keys(briefs))
    Danger.objects.bulk_create(rows)


@transaction.atomic
def keep_all(person_ids: Iterable[int], today: int) -> int:
    """Writes all dangers anew from the persons who may have one; how many rows there are now."""
    book = load_book()
    Danger.objects.all().delete()
    for ids in register.chunks(person_ids, _CHUNK):
        keep(book, lives_of(ids, book), register.briefs(ids), today)
    return Danger.objects.count()


def dangers_of(user: Visitor, *, package: str = "", limit: int | None = None) -> Dangers:
    """The dangers of a user's area, newest first; of one package when named."""
    mine = Danger.objects.filter(scope_filter(user))
    if absent := absent_results(user):
        mine = mine.exclude(classification__in=absent)
    rows = mine.filter(package=package) if package else mine
    ordered = rows.order_by("-on", "person_id", "classification")
    counted = mine.values_list("package").annotate(Count("person_id", distinct=True))
    return Dangers(
        lines=tuple(
            DangerLine(person_id=row.person_id, classification=row.classification, value=row.value, on=row.on)
            for row in (ordered if limit is None else ordered[:limit])
        ),
        persons=rows.aggregate(n=Count("person_id", distinct=True))["n"],
        persons_by_package=dict(counted),
    )


def _has_left(brief: PersonBrief, today: int) -> bool:
    return brief.left is not None and brief.left <= today


def _row(book: Book, brief: PersonBrief, judged: Judged, today: int) -> Danger:
    answer = judged.answer
    package = next(rule.package for rule in book.classifications if rule.name == answer.classification)
    return Danger(
        person_id=brief.id, classification=answer.classification, value=answer.value or "", on=judged.on,
        package=package.name, desa_code=brief.desa_code, posyandu_code=brief.posyandu_code,
        puskesmas_code=brief.puskesmas_code, as_of=today,
    )  # fmt: skip


def _day_judged(book: Book, life: Life, today: int, answer: ClassAnswer) -> int | None:
    """The day of the newest record that alone is judged the same; None when no single record is."""
    kind = next(rule.kind for rule in book.classifications if rule.name == answer.classification)
    candidates: Sequence[dict[str, object]] = [record for record in life.records if record["kind"] == kind]
    for record in sorted(candidates, key=lambda record: (record["date"], record["id"]), reverse=True):
        if answer in book.engine.classes(Life(life.person, (record,)), today):
            day = record["date"]
            return day if isinstance(day, int) else None
    return None
