"""Recapitulation sheets of a place, worked out from the records of its people whenever somebody asks.

Nothing is kept, so a sheet is always as true as the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from siklus.access.scope import Visitor, access_area, access_persons
from siklus.care.queries import lives_of
from siklus.kernel.periods import Period
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.reports import Report
from siklus.library.forms.tallies import Figure, tally
from siklus.library.loading import Book, load_book
from siklus.monitoring.queries import in_place
from siklus.register import queries as register
from siklus.register.areas import Area
from siklus.register.queries import Person
from siklus.rules.reference import Reader, Unit
from siklus.rules.vocabulary import PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet filled in: `figures` by the name of the column, for every column that records can tell."""

    report: Report
    area: Area
    period: Period
    as_of: int
    figures: Mapping[str, Figure]


def sheet_of(user: Visitor, name: str, place: str, period: Period, today: int) -> Sheet:
    """A sheet of the people who live in a place on the last day of the period, or today while it runs.

    KeyError: no such sheet; NotInScope: not a place of this user; ValueError: a sheet by week asked of a month.
    """
    report = load_forms().reports[name]
    if report.every != period.kind:
        raise ValueError(f"'{name}' is a sheet by {report.every}, not by {period.kind}")
    area, cut_off, book = access_area(user, place), period.cut_off(today), load_book()
    persons = access_persons(user).filter(in_place(area.code), *_living_here(cut_off))
    figures = tally(report, _subjects(book, report, persons, cut_off), period, today)
    return Sheet(report=report, area=area, period=period, as_of=cut_off, figures=figures)


def _living_here(day: int) -> tuple[Q, Q]:
    """Who has neither died nor left the district by this day."""
    return Q(died__isnull=True) | Q(died__gt=day), Q(left__isnull=True) | Q(left__gt=day)


def _subjects(
    book: Book, report: Report, persons: QuerySet[Person], until: int
) -> Iterator[tuple[Subject, int | None]]:
    """Those the sheet may be about, each with what was recorded up to the day; the others are not read at all."""
    unknown = {**dict.fromkeys(book.vocabulary.person), "died": None}
    families: dict[int, int | None] = {}
    for key, birth, sex, family in persons.order_by("id").values_list("id", "birth", "sex", "household_id"):
        facts = {**unknown, "id": key, "birth": birth, "sex": sex or None}
        if Reader(Unit(PERSON, facts, {}), until).value(report.gate) is not False:
            families[key] = family
    for ids in register.chunks(families):
        for key, life in lives_of(ids, book, until).items():
            unit = book.reference.units(life)[0]
            yield Subject(PERSON, unit.facts, unit.records), families[key]
