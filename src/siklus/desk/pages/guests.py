"""The page of titipan: to whom a person is entrusted, was or will be, and the form for a new time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.care.entrusting import FIRST, LAST, REMARK, TO, WHY, Time
from siklus.desk import figures, words
from siklus.desk.pages.inputs import Input, day_input
from siklus.kernel.ids import format_record_id

TYPED = (TO, FIRST, LAST, WHY, REMARK)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """One time; `id` is there while it can still be changed, `last` as it is typed."""

    id: str
    place: str
    when: str
    why: str
    standing: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustPage:
    """Everything the page shows."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    lines: tuple[TimeLine, ...]
    centre_choices: tuple[figures.Choice, ...]
    chosen: str
    inputs: tuple[Input, ...]
    mistakes: tuple[str, ...]
    back: str


def entrust_page(
    *,
    name: str,
    times: Sequence[Time],
    names: Mapping[str, str],
    reasons: Mapping[str, str],
    units: Sequence[tuple[str, str]],
    centres: Sequence[tuple[str, str]],
    chosen: str,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    today: int,
    crumbs: Sequence[tuple[str, str]],
    back: str,
) -> EntrustPage:
    """The page with what was typed and what is wrong with it. `units` are the places under the chosen puskesmas."""
    inputs = (
        _menu(TO, _("Dititipkan ke"), units, typed[TO], problems),
        day_input(FIRST, _("Mulai"), typed[FIRST] or words.day_slashed(today), problems),
        day_input(LAST, _("Sampai"), typed[LAST], problems, hint=_("hari terakhir")),
        _menu(WHY, _("Sebab"), list(reasons.items()), typed[WHY], problems),
        Input(
            name=REMARK, label=_("Catatan"), value=typed[REMARK], hint=_("jangan menulis penyakit"),
            error=problems.get(REMARK, ""),
        ),
    )  # fmt: skip
    return EntrustPage(
        title=_("Titipan: %(name)s") % {"name": name},
        crumbs=crumbs,
        lines=tuple(_line(time, names, reasons, today) for time in times),
        centre_choices=(figures.choice_of("puskesmas", _("Puskesmas tujuan"), list(centres), chosen),),
        chosen=chosen,
        inputs=inputs,
        mistakes=tuple(problems.values()),
        back=back,
    )


def done_words(action: str) -> str:
    """What was done."""
    return {
        "titipkan": _("Dititipkan. Kedua wilayah sekarang melihat satu riwayat."),
        "ubah": _("Tanggal terakhirnya diubah."),
        "akhiri": _("Titipan diakhiri."),
    }[action]


def _line(time: Time, names: Mapping[str, str], reasons: Mapping[str, str], today: int) -> TimeLine:
    is_open = time.last >= today
    standing = _("Sedang berjalan") if time.holds(today) else _("Belum mulai") if is_open else _("Selesai")
    why = reasons.get(time.why, time.why)
    return TimeLine(
        id=format_record_id(time.id) if is_open else "",
        place=names.get(time.to, time.to),
        when=f"{words.day(time.first)} – {words.day(time.last)}",
        why=f"{why} · {time.remark}" if time.remark else why,
        standing=standing,
        last=words.day_slashed(time.last),
    )


def _menu(
    name: str, label: str, options: Sequence[tuple[str, str]], value: str, problems: Mapping[str, str]
) -> Input:
    blank = figures.Option("", _("Pilih"), not value)
    listed = (figures.Option(one, word, one == value) for one, word in options)
    groups = (figures.OptionGroup("", (blank, *listed)),)
    return Input(name=name, label=label, value=value, options=groups, error=problems.get(name, ""))
