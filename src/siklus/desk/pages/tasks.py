"""Whom somebody was asked to see and has not answered for: who, what, why, by when, asked by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.access.queries import PersonLine
from siklus.care.tasks import Task
from siklus.desk import figures, words
from siklus.desk.pages.person import sex_letter
from siklus.desk.pages.search import address_words
from siklus.rules.vocabulary import Vocabulary

_CODES = {"untuk": "pelaksana_tugas", "cara": "cara_tugas", "alasan": "alasan_tugas"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One request. `state` is the chip beside it; `answer` the way to write the answer, empty where nobody may."""

    name: str
    href: str
    said: str
    state: str
    what: str
    why: str
    until: str
    whose: str
    asked: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksPage:
    """Everything the page shows; overdue ones stand first."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    lines: tuple[TaskLine, ...]
    pager: figures.Pager


def task_lines(
    tasks: Sequence[Task],
    persons: Mapping[int, PersonLine],
    hrefs: Mapping[int, str],
    answers: Mapping[int, str],
    vocabulary: Vocabulary,
    *,
    today: int,
) -> tuple[TaskLine, ...]:
    """The requests in words, of those people who are in scope."""
    return tuple(
        _line(
            task,
            persons[task.person_id],
            hrefs[task.person_id],
            answers.get(task.person_id, ""),
            vocabulary,
            today,
        )
        for task in tasks
        if task.person_id in persons
    )


def is_late(task: Task, today: int) -> bool:
    """True once the last day has passed without an answer."""
    return task.until is not None and task.until < today


def _line(
    task: Task, person: PersonLine, href: str, answer: str, vocabulary: Vocabulary, today: int
) -> TaskLine:
    parts = (
        f"{sex_letter(person.sex)} {words.age(person.birth, today)}",
        address_words(person.rt, person.desa_name),
        person.posyandu_name,
    )
    asked = words.day(task.on)
    return TaskLine(
        name=person.name, href=href, said=" · ".join(part for part in parts if part),
        state="overdue" if is_late(task, today) else "due",
        what=_word(vocabulary, "cara", task.how), why=_word(vocabulary, "alasan", task.why),
        until=words.day(task.until) if task.until is not None else "",
        whose=_word(vocabulary, "untuk", task.whose),
        asked=_("%(name)s, %(day)s") % {"name": task.asked_by, "day": asked} if task.asked_by else asked,
        answer=answer,
    )  # fmt: skip


def _word(vocabulary: Vocabulary, field: str, code: str) -> str:
    known = vocabulary.codes[_CODES[field]].get(code)
    return known.label or known.name if known is not None else code
