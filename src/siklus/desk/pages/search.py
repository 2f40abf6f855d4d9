"""What a search found: enough of each person to tell two of one name apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.access.queries import Found, PersonLine
from siklus.desk import figures, words
from siklus.desk.pages.person import sex_letter
from siklus.library.stages import Stages


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One person found."""

    name: str
    href: str
    said: str
    stage: str
    born: str
    nik: str
    mother: str
    address: str
    posyandu: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Everything the page shows; `asked` is empty before anything was typed."""

    title: str
    asked: str
    lead: tuple[figures.Part, ...]
    lines: tuple[ResultLine, ...]
    more: str
    empty_title: str
    empty_said: str


def search_page(asked: str, found: Found, hrefs: dict[int, str], *, stages: Stages, today: int) -> SearchPage:
    """The page of one search."""
    lines = tuple(_line(person, hrefs[person.id], stages, today) for person in found.persons)
    if not asked:
        lead = _("Cari di seluruh wilayah Anda.")
    else:
        said = (
            _("Lebih dari **%(n)s orang** cocok dengan “%(asked)s”.")
            if found.is_counted_out
            else _("**%(n)s orang** cocok dengan “%(asked)s”.")
        )
        lead = said % {"n": words.number(found.total), "asked": asked.replace("**", "")}
    more = ""
    if found.total > len(lines):
        more = _("Menampilkan %(shown)s nama pertama; tambahkan kata atau pakai NIK.") % {
            "shown": words.number(len(lines))
        }
    return SearchPage(
        title=_("Cari orang"),
        asked=asked,
        lead=figures.sentence(lead),
        lines=lines,
        more=more,
        empty_title=_("Tidak ada “%(asked)s” di wilayah Anda.") % {"asked": asked},
        empty_said=_("Periksa ejaan, coba sebagian nama, atau NIK 16 angka dari KTP atau KK."),
    )


def address_words(rt: str, desa: str) -> str:
    """ "RT 02, Cawang Lama"; what is not known is left out."""
    return ", ".join(part for part in (_("RT %(rt)s") % {"rt": rt} if rt else "", desa) if part)


def _line(person: PersonLine, href: str, stages: Stages, today: int) -> ResultLine:
    stage = stages.at(person.birth, today)
    said = f"{sex_letter(person.sex)}, {words.age(person.birth, person.died if person.died is not None else today)}"
    if person.died is not None:
        said += " · " + _("meninggal")
    elif person.left is not None:
        said += " · " + _("pindah")
    return ResultLine(
        name=person.name,
        href=href,
        said=said,
        stage=stage.key if stage else "",
        born=words.day(person.birth),
        nik=words.nik_masked(person.nik),
        mother=person.mother_name or "–",
        address=address_words(person.rt, person.desa_name) or words.UNKNOWN,
        posyandu=person.posyandu_name or words.UNKNOWN,
    )
