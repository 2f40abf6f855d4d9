"""The names behind a number of a month: who has it, who has not, of whom it is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.access.queries import PersonLine
from siklus.desk import figures, words
from siklus.desk.pages.listed import ListedPerson, listed_person
from siklus.desk.pages.spm import title_of as indicator_title
from siklus.desk.pages.spm_names import component_words
from siklus.monitoring.openings import HAVING, UNKNOWN, Opened
from siklus.monitoring.queries import ALL, LACKING, UNCLEAR
from siklus.rules.book import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLine:
    """One person of the list; words are ready."""

    person: ListedPerson
    having: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureNamesPage:
    """Everything the page shows."""

    title: str
    as_of: figures.AsOf
    crumbs: Sequence[tuple[str, str]]
    choices: tuple[figures.Choice, ...]
    hidden: tuple[tuple[str, str], ...]
    tabs: tuple[figures.Tab, ...]
    listed: str
    lines: tuple[NameLine, ...]
    pager: figures.Pager
    source: str
    empty_said: str


def title_of(rule: Indicator, component: str, look: str) -> str:
    """ "SKDN penimbangan balita: Ditimbang bulan ini (D), ya"."""
    title = indicator_title(rule)
    said = look_words(look)
    return (
        f"{title}: {component_words(rule, component)}, {said.lower()}"
        if component
        else f"{title}: {said.lower()}"
    )


def look_words(look: str) -> str:
    """What is being listed."""
    return {
        HAVING: _("Ya"),
        LACKING: _("Tidak"),
        UNKNOWN: _("Belum diketahui"),
        ALL: _("Semua"),
        UNCLEAR: _("Belum jelas"),
    }[look]


def tabs_of(rule: Indicator, component: str, look: str, query: Mapping[str, str]) -> tuple[figures.Tab, ...]:
    """Yes, no, not known of the component; everybody; who may belong."""
    looks = (HAVING, LACKING, UNKNOWN, ALL, UNCLEAR) if component else (ALL, UNCLEAR)
    return tuple(
        figures.Tab(
            "", look_words(each), "?" + figures.encoded({**query, "lihat": each}), is_open=each == look
        )
        for each in looks
    )


def line_of(person: PersonLine, line: Opened, number: int, today: int) -> NameLine:
    """The words of one line."""
    return NameLine(
        person=listed_person(person, words.number(number), today),
        having=_having(line.having),
    )


def _having(value: bool | None) -> str:
    return words.UNKNOWN if value is None else _("ya") if value else _("tidak")
