"""Whose last measurement asks for action at once: the head of the home page and the list behind its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.access.queries import PersonLine
from siklus.care.queries import DangerLine as Danger
from siklus.desk import figures, words
from siklus.desk.pages.person import sex_letter
from siklus.desk.pages.search import address_words
from siklus.rules.book import Classification


@dataclass(frozen=True, slots=True)
class DangerLine:
    """Somebody who is to be seen at once."""

    name: str
    href: str
    said: str
    what: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DangersPage:
    """Everything the page shows."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    lines: tuple[DangerLine, ...]
    pager: figures.Pager
    empty_title: str
    empty_said: str


def danger_lines(
    dangers: Sequence[Danger],
    persons: Mapping[int, PersonLine],
    hrefs: Mapping[int, str],
    classes: Mapping[str, Classification],
    *,
    today: int,
    for_kader: bool,
) -> tuple[DangerLine, ...]:
    """Those of the dangers whose person is in scope. A kader reads what to do, never the name of it."""
    return tuple(
        _line(danger, persons[danger.person_id], hrefs[danger.person_id], classes, today, for_kader)
        for danger in dangers
        if danger.person_id in persons
    )


def _line(
    danger: Danger,
    person: PersonLine,
    href: str,
    classes: Mapping[str, Classification],
    today: int,
    for_kader: bool,
) -> DangerLine:
    rule = classes.get(danger.classification)
    what = _("Ke Puskesmas sekarang")
    if rule is not None and not for_kader:
        said = next((row.say for row in rule.rows if row.value == danger.value), "")
        what = ": ".join(part for part in (rule.title, said) if part)
    parts = (
        f"{sex_letter(person.sex)} {words.age(person.birth, today)}",
        address_words(person.rt, person.desa_name),
        person.posyandu_name,
    )
    return DangerLine(
        person.name, href, " · ".join(part for part in parts if part), what, words.day(danger.on)
    )
