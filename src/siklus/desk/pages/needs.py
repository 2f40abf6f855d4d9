"""The list of who needs a service: by village and RT, family by family, as somebody walks; prints with boxes to tick.

Each person is one line, what matters most first; what the family is owed as such stands beside its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siklus.care.queries import NeedLine, Time
from siklus.desk import figures, statuses, words
from siklus.desk.pages import reasons
from siklus.desk.pages.person import sex_letter
from siklus.desk.pages.services import OneLine, Telling, one_line
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.vocabulary import HOUSEHOLD, Vocabulary


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with everything open in one line; the number is text, ready for an attribute."""

    number: str
    name: str
    href: str
    said: str
    owed: OneLine


@dataclass(frozen=True, slots=True)
class FamilyBlock:
    """A family with those of it who wait; `together` is what is owed to the family as such.

    `place` is the village and RT, where they change. `is_named`: the first who waits gives the family its name, so
    that paper need not say it twice.
    """

    place: str
    title: str
    is_named: bool
    href: str
    together: OneLine | None
    persons: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class NarrowerRow:
    """A part of a wide area with how many wait there, to choose before names are shown."""

    name: str
    door: figures.Door


@dataclass(frozen=True, slots=True)
class GuestsBlock:
    """Guests of the area: each as a family of one under where they come from; of the others only the name."""

    title: str
    families: tuple[FamilyBlock, ...]
    quiet: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPage:
    """Everything the page shows."""

    title: str
    as_of: figures.AsOf
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    choices: tuple[figures.Choice, ...]
    families: tuple[FamilyBlock, ...]
    guests: GuestsBlock | None
    narrower: tuple[NarrowerRow, ...]
    pager: figures.Pager
    whole: str
    open_day: str
    xlsx: str
    foot: str
    empty_title: str
    empty_said: str


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest by name, with the page and where their home is."""

    name: str
    href: str
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What lines name by code or id: heads of families, villages and posyandu; addresses of pages; who is elsewhere."""

    heads: Mapping[int, str]
    areas: Mapping[str, str]
    person_hrefs: Mapping[int, str]
    family_hrefs: Mapping[int, str]
    hosts: Mapping[int, str]


def family_blocks(
    lines: Sequence[NeedLine], names: Names, needs: Mapping[str, Need], telling: Telling
) -> tuple[FamilyBlock, ...]:
    """The families of these lines in their order; persons are numbered down the sheet."""
    blocks, number, before = [], 0, ""
    for _key, of_family in groupby(lines, key=_family_key):
        held = list(of_family)
        together, persons = None, []
        for (is_family, person_id), of_one in groupby(held, key=_subject):
            own = list(of_one)
            one, owed = own[0], [(answer_of(line), needs[line.need]) for line in own]
            if is_family:
                together = one_line(owed, telling, None)
                continue
            number += 1
            said = f"{sex_letter(one.sex)} {words.age(one.birth, telling.today)}"
            if person_id in names.hosts:
                said += " · " + names.hosts[person_id]
            persons.append(
                PersonLine(
                    str(number), one.person_name, names.person_hrefs[person_id], said,
                    one_line(owed, telling, one.birth),
                )
            )  # fmt: skip
        home = held[0].household_id
        href = "" if home is None else names.family_hrefs[home]
        place = _place(held[0], names)
        is_named = together is None and persons[0].name == names.heads.get(home or 0)
        blocks.append(
            FamilyBlock(
                place if place != before else "", _family_title(held[0], names), is_named, href, together,
                tuple(persons),
            )
        )  # fmt: skip
        before = place
    return tuple(blocks)


def guests_block(
    times: Sequence[Time],
    lines: Sequence[NeedLine],
    persons: Mapping[int, Guest],
    needs: Mapping[str, Need],
    telling: Telling,
) -> GuestsBlock | None:
    """The guests of the area in the order in which their time ends; None where there are none."""
    own: dict[int, list[NeedLine]] = {}
    for line in lines:
        own.setdefault(line.person_id, []).append(line)
    families: list[FamilyBlock] = []
    quiet: list[tuple[str, str, str]] = []
    for time in times:
        guest, held = persons.get(time.person), own.get(time.person, [])
        if guest is None:
            continue
        title = _("Titipan dari %(place)s sampai %(day)s") % {
            "place": guest.home, "day": words.day(time.last)
        }  # fmt: skip
        if not held:
            quiet.append((guest.name, guest.href, title))
            continue
        owed = [(answer_of(line), needs[line.need]) for line in held]
        said = f"{sex_letter(held[0].sex)} {words.age(held[0].birth, telling.today)}"
        number = str(len(families) + 1)
        person = PersonLine(number, guest.name, guest.href, said, one_line(owed, telling, held[0].birth))
        families.append(FamilyBlock("", title, False, "", None, (person,)))
    if not families and not quiet:
        return None
    count = len(families) + len(quiet)
    title = ngettext("Titipan: %(n)s orang", "Titipan: %(n)s orang", count) % {"n": words.number(count)}
    return GuestsBlock(title, tuple(families), tuple(quiet))


def answer_of(line: NeedLine) -> NeedAnswer:
    """The engine's answer that the row of the list keeps."""
    return NeedAnswer(
        line.need, line.unit, line.unit_id, line.occurrence, line.status, line.opens, line.due, line.overdue,
        line.until, line.asks,
    )  # fmt: skip


def lead_of(persons: int, households: int, by_status: Mapping[str, int]) -> tuple[figures.Part, ...]:
    """ "31 orang dalam 19 keluarga: 12 terlambat, 25 waktunya", and that somebody may be in both."""
    counted = [
        f"{words.number(by_status[status])} {str(statuses.WORDS[status]).lower()}"
        for status in statuses.WORDS
        if by_status.get(status)
    ]
    said = _("**%(persons)s orang** dalam **%(households)s keluarga**: %(counted)s.")
    counts = {"persons": words.number(persons), "households": words.number(households)}
    text = said % {**counts, "counted": words.listed(counted)}
    if len(counted) > 1:
        text += " " + _("Seseorang bisa ada di lebih dari satu status.")
    return figures.sentence(text)


def wide_lead_of(persons: int, by_status: Mapping[str, int]) -> tuple[figures.Part, ...]:
    """The same for a whole district, where names come after a puskesmas is chosen."""
    counted = [f"{words.number(n)} {str(statuses.WORDS[status]).lower()}" for status, n in by_status.items()]
    said = _("**%(persons)s orang** menunggu: %(counted)s. Pilih puskesmas untuk melihat nama.")
    return figures.sentence(said % {"persons": words.number(persons), "counted": words.listed(counted)})


def sheet_row(
    line: NeedLine, nik: str, names: Names, need: Need, vocabulary: Vocabulary, today: int, *, for_kader: bool
) -> tuple[str, ...]:
    """One row of the workbook, in the order of `sheet_columns`; everything is text, dates as dd/mm/yyyy."""
    answer = answer_of(line)
    # What is owed to a family stands under who stands for it, so that the sheet has as many names as the page says.
    birth = None if line.unit == HOUSEHOLD else line.birth
    return (
        names.areas.get(line.desa_code, ""), names.areas.get(line.posyandu_code, ""), line.rt,
        names.heads.get(line.household_id or 0, ""), line.person_name, nik, sex_letter(line.sex),
        _slashed(line.birth), words.age(line.birth, today), reasons.title_for(need, for_kader=for_kader),
        str(statuses.WORDS[line.status]), reasons.short_reason(answer, need, vocabulary, today, birth),
        _slashed(answer.opens), _slashed(answer.overdue), _slashed(reasons.last_day(answer)),
        reasons.role_words(need.by, vocabulary), "",
    )  # fmt: skip


def sheet_columns() -> tuple[str, ...]:
    """The heads of the workbook."""
    return (
        _("Desa"), _("Posyandu"), _("RT"), _("Keluarga"), _("Nama"), _("NIK"), _("JK"), _("Tanggal lahir"), _("Umur"),
        _("Layanan"), _("Status"), _("Alasan"), _("Boleh sejak"), _("Terlambat sejak"), _("Paling lambat"), _("Oleh"),
        _("Dilayani tanggal"),
    )  # fmt: skip


def foot_of() -> str:
    """What to do with the sheet, and the shapes as letters."""
    marks = " · ".join(
        f"{mark} {str(statuses.WORDS[status]).lower()}" for status, mark in statuses.MARKS.items()
    )
    return _(
        "Centang kotaknya bila sudah dilayani, tulis tanggalnya di sampingnya, lalu serahkan kepada bidan desa. "
        "Tanda: %(marks)s."
    ) % {"marks": marks}


def _subject(line: NeedLine) -> tuple[bool, int]:
    """What is owed to a family stands by itself, not under the person who stands for it."""
    return line.unit == HOUSEHOLD, line.person_id


def _family_key(line: NeedLine) -> tuple[object, ...]:
    """Families apart; people without one together, by village and RT."""
    return (line.household_id,) if line.household_id is not None else (None, line.desa_code, line.rt)


def _family_title(line: NeedLine, names: Names) -> str:
    head = names.heads.get(line.household_id or 0)
    if head:
        return _("Keluarga %(head)s") % {"head": head}
    return _("Belum masuk keluarga") if line.household_id is None else _("Keluarga tanpa kepala keluarga")


def _place(line: NeedLine, names: Names) -> str:
    parts = [names.areas.get(line.desa_code, ""), _("RT %(rt)s") % {"rt": line.rt} if line.rt else ""]
    return " · ".join(part for part in parts if part)


def _slashed(day: int | None) -> str:
    return "" if day is None else words.day_slashed(day)
