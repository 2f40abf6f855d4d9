"""The list of who needs a service: by village and RT, family by family, as somebody walks; prints with boxes to tick.

Each person stands once with all open needs in the order of the statuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from siklus.desk import figures, statuses, words
from siklus.desk.pages import reasons
from siklus.desk.pages.person import sex_letter
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.vocabulary import Vocabulary

SHEET_COLUMNS = (
    "Desa", "Posyandu", "RT", "Keluarga", "Nama", "NIK", "JK", "Tanggal lahir", "Umur", "Layanan", "Status", "Alasan",
    "Boleh sejak", "Terlambat sejak", "Paling lambat", "Oleh", "Dilayani tanggal",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """One open need of one person, as the list is asked from the database: ordered by family."""

    person_id: int
    name: str
    nik: str
    birth: int | None
    sex: str
    household_id: int | None
    family: str
    rt: str
    desa: str
    posyandu: str
    answer: NeedAnswer


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service of a person."""

    status: str
    title: str
    reason: str
    performers: str


@dataclass(frozen=True, slots=True)
class PersonBlock:
    """A person with `span` lines; numbers and spans are text, ready for an attribute."""

    number: str
    name: str
    href: str
    said: str
    span: str
    lines: tuple[ServiceLine, ...]


@dataclass(frozen=True, slots=True)
class FamilyBlock:
    """A family with those of it who wait."""

    title: str
    href: str
    persons: tuple[PersonBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPage:
    """Everything the page shows."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    choices: tuple[figures.Choice, ...]
    families: tuple[FamilyBlock, ...]
    pager: figures.Pager
    xlsx: str
    foot: str
    empty_title: str
    empty_said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """How to write the address of a person and of a family."""

    person: str
    family: str


def family_blocks(
    lines: Sequence[OpenLine],
    *,
    needs: Mapping[str, Need],
    vocabulary: Vocabulary,
    today: int,
    first_number: int,
    hrefs: Mapping[int, str],
    for_kader: bool,
) -> tuple[FamilyBlock, ...]:
    """The families of these lines in their order; persons are numbered from `first_number`."""
    blocks, number = [], first_number
    for _family, of_family in groupby(
        lines, key=lambda line: (line.household_id, line.household_id or line.person_id)
    ):
        persons = []
        held = list(of_family)
        for person_id, of_person in groupby(held, key=lambda line: line.person_id):
            own = sorted(of_person, key=lambda line: statuses.ORDER[line.answer.status])
            services = tuple(_service(line, needs, vocabulary, today, for_kader) for line in own)
            who = own[0]
            said = f"{sex_letter(who.sex)} {words.age(who.birth, today)}"
            persons.append(
                PersonBlock(str(number), who.name, hrefs[person_id], said, str(len(services)), services)
            )
            number += 1
        first = held[0]
        href = hrefs.get(first.household_id, "") if first.household_id is not None else ""
        blocks.append(FamilyBlock(_family_title(first), href, tuple(persons)))
    return tuple(blocks)


def lead_of(persons: int, households: int, by_status: Mapping[str, int]) -> tuple[figures.Part, ...]:
    """ "31 orang dalam 19 keluarga: 12 terlambat, 19 waktunya": each person counted once, by the worst status."""
    counted = [
        f"{words.number(by_status[status])} {str(statuses.WORDS[status]).lower()}"
        for status in statuses.WORDS
        if by_status.get(status)
    ]
    said = _("**%(persons)s orang** dalam **%(households)s keluarga**: %(counted)s.")
    counts = {"persons": words.number(persons), "households": words.number(households)}
    return figures.sentence(said % {**counts, "counted": words.listed(counted)})


def sheet_row(line: OpenLine, need: Need, vocabulary: Vocabulary, today: int) -> tuple[str, ...]:
    """One row of the workbook, in the order of SHEET_COLUMNS; everything is text, dates as dd/mm/yyyy."""
    answer = line.answer
    return (
        line.desa, line.posyandu, line.rt, line.family, line.name, line.nik, sex_letter(line.sex),
        _slashed(line.birth), words.age(line.birth, today), need.title, str(statuses.WORDS[answer.status]),
        reasons.short_reason(answer, need, vocabulary, today), _slashed(answer.opens), _slashed(answer.overdue),
        _slashed(reasons.last_day(answer)), reasons.role_words(need.by, vocabulary), "",
    )  # fmt: skip


def foot_of() -> str:
    """What to do with the sheet, and the shapes as letters."""
    marks = " · ".join(
        f"{mark} {str(statuses.WORDS[status]).lower()}" for status, mark in statuses.MARKS.items()
    )
    return _(
        "Tulis tanggal pada garis bila sudah dilayani, lalu serahkan kepada bidan desa. Tanda: %(marks)s."
    ) % {"marks": marks}


def _service(
    line: OpenLine, needs: Mapping[str, Need], vocabulary: Vocabulary, today: int, for_kader: bool
) -> ServiceLine:
    need, answer = needs[line.answer.need], line.answer
    title = need.title
    if for_kader and not reasons.kader_may_know(answer.unit):
        title = _("Perlu diperiksa di Pustu atau Puskesmas")
    return ServiceLine(
        answer.status,
        title,
        reasons.short_reason(answer, need, vocabulary, today),
        reasons.role_words(need.by, vocabulary),
    )


def _family_title(line: OpenLine) -> str:
    family = _("Keluarga %(head)s") % {"head": line.family} if line.family else _("Belum masuk keluarga")
    parts = [line.desa, _("RT %(rt)s") % {"rt": line.rt} if line.rt else "", family]
    return " · ".join(part for part in parts if part)


def _slashed(day: int | None) -> str:
    return "" if day is None else words.day_slashed(day)
