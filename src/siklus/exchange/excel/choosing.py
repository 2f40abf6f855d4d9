"""Those a doubtful row may mean, side by side with what the row says: persons of the register, or rows of the file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from siklus.exchange.excel.pages import person_href
from siklus.exchange.excel.queries import Row, RowView
from siklus.exchange.excel.words import reasons
from siklus.kernel.dates import parse_day
from siklus.register import areas
from siklus.register.identity import KK, NIK, opened
from siklus.register.queries import Person


@dataclass(frozen=True, slots=True)
class Beside:
    """One candidate as the page shows it. `person_id` is None for an earlier row of the file."""

    choice: str
    person_id: int | None
    title: str
    href: str
    score: int
    reasons: str
    name: str
    nik: str
    birth: int | None
    sex: str
    parents: str
    no_kk: str
    place: str


def candidates_of(view: RowView, persons: QuerySet[Person]) -> list[Beside]:
    """The candidates of a row that are still there and within `persons`, best first."""
    ids = [one.id for one in view.candidates if one.id > 0]
    known = {row.id: row for row in persons.filter(id__in=ids).select_related("household", "mother")}
    rows = {row.number: row for row in _rows(view, [-one.id for one in view.candidates if one.id < 0])}
    names = areas.names_of(code for row in known.values() for code in (row.desa_code, row.posyandu_code))
    found = []
    for one in view.candidates:
        told = reasons(one.reasons, _)
        if one.id in known:
            found.append(_person(known[one.id], one.score, told, names))
        elif -one.id in rows:
            found.append(_row(rows[-one.id], one.score, told))
    return found


def _rows(view: RowView, numbers: list[int]) -> QuerySet[Row]:
    return Row.objects.filter(batch_id=view.row.batch_id, number__in=numbers)


def _person(row: Person, score: int, told: str, names: dict[str, str]) -> Beside:
    parents = row.mother.name if row.mother else str(json.loads(row.facts).get("nama_ortu", ""))
    place = ", ".join(names[code] for code in (row.desa_code, row.posyandu_code) if code in names)
    return Beside(
        f"same:{row.id}", row.id, _("Terdaftar di Siklus"), person_href(row.id), score, told, row.name,
        opened(NIK, row.sealed_nik), row.birth, row.sex, parents,
        opened(KK, row.household.sealed_kk) if row.household else "", place,
    )  # fmt: skip


def _row(row: Row, score: int, told: str) -> Beside:
    draft = json.loads(row.draft)
    person = draft["person"]
    birth = person.get("birth")
    names = areas.names_of([draft["desa"], draft["posyandu"]])
    return Beside(
        f"same:{-row.number}", None, _("Baris %(row)s berkas ini") % {"row": row.number}, "", score, told, row.name,
        person.get("nik", ""), parse_day(birth) if birth else None, person.get("sex", ""),
        person.get("nama_ortu", ""), draft["household"].get("no_kk", ""), ", ".join(names.values()),
    )  # fmt: skip
