"""The SPM page and the names behind its numbers.

Four figures each: projected target, registered, reached, complete. A share always says what it is out of, and is shown
as it is above 100 %. A number that opens, opens to as many people: "belum lengkap" is registered minus complete.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.kernel.dates import DAYS_PER_WEEK
from siklus.kernel.periods import Period
from siklus.rules.book import Indicator

LACKING, COMPLETE, REACHED, ALL, UNCLEAR = "belum", "lengkap", "dilayani", "semua", "belum-jelas"
TARGET, REGISTERED = "sasaran", "terdaftar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one indicator in one place; `target` is None when no sasaran was entered.

    `period` is that of the indicator when it is another than the page's: a school year.
    """

    indicator: Indicator
    target: int | None
    registered: int
    reached: int
    complete: int
    unclear: int
    period: Period | None = None

    @property
    def lacking(self) -> int:
        """Registered and not complete: exactly those whose names open."""
        return self.registered - self.complete


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    number: str
    title: str
    href: str
    target: str
    registered: figures.Door
    unclear: figures.Door | None
    reached: figures.Door
    complete: figures.Door
    bar: figures.Bar | None
    bar_said: str
    share: str
    share_of: str
    lacking: figures.Door
    per_week: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpmPage:
    """Everything the page shows."""

    title: str
    as_of: figures.AsOf
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    choices: tuple[figures.Choice, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    empty_title: str
    empty_said: str


def row_of(
    it: Figures,
    *,
    title: str,
    period: Period,
    today: int,
    out_of: str,
    address: str,
    query: Mapping[str, str],
) -> Row:
    """The line of one indicator. `out_of` prefers the target; without one it is of the registered, and says so."""
    link = _Links(address, query)
    by_target = out_of == TARGET and it.target is not None
    whole = it.target if by_target and it.target is not None else it.registered
    period = it.period or period
    pace = pace_of(period, today)
    share = words.share(it.complete, whole)
    is_over = by_target and it.complete > whole
    return Row(
        number=official_number(it.indicator),
        title=title,
        href=link.to(LACKING),
        target=words.number(it.target) if it.target is not None else _("belum ada"),
        registered=figures.door(it.registered, link.to(ALL)),
        unclear=_unclear(it, link),
        reached=figures.door(it.reached, link.to(REACHED)),
        complete=figures.door(it.complete, link.to(COMPLETE)),
        bar=figures.bar_of(it.complete, whole, pace) if whole else None,
        bar_said=_bar_said(share, pace) if whole else _("belum ada seorang pun terdaftar"),
        share=share if whole else "–",
        share_of=share_of(whole, by_target, is_over) if whole else "",
        lacking=figures.door(it.lacking, link.to(LACKING)),
        per_week=_per_week(it.lacking, period, today),
    )


def lead_of(rows: Sequence[Figures], *, period: Period, today: int, out_of: str) -> tuple[figures.Part, ...]:
    """How many services are behind today's pace, and where most people still lack something."""
    judged = [it for it in rows if it.registered or it.target]
    if not judged:
        return figures.sentence(_("Belum ada seorang pun terdaftar untuk layanan SPM di sini."))
    pace = pace_of(period, today)
    behind = [it for it in judged if it.complete < pace_of(it.period or period, today) * _whole(it, out_of)]
    most = max(judged, key=lambda it: it.lacking)
    said = [
        _("Hari ke-%(day)s: seharusnya **%(pace)s** sudah lengkap.")
        % {"day": words.number(_days_gone(period, today)), "pace": _percent(pace)}
    ]
    if behind:
        said.append(
            _("**%(behind)s dari %(all)s** layanan tertinggal.")
            % {"behind": words.number(len(behind)), "all": words.number(len(judged))}
        )
    else:
        said.append(
            _("Tidak ada layanan yang tertinggal dari %(all)s yang diperiksa.") % {"all": len(judged)}
        )
    if most.lacking:
        said.append(
            _("Terbanyak belum lengkap: **%(title)s, %(n)s orang**.")
            % {"title": title_of(most.indicator), "n": words.number(most.lacking)}
        )
    return figures.sentence(" ".join(said))


def notes_of(rows: Sequence[Figures], out_of: str) -> tuple[str, ...]:
    """What must be said under the table: a missing target, a share above 100 %, people who may belong."""
    notes = []
    if out_of == TARGET and any(it.target is None for it in rows):
        notes.append(
            _("Belum ada sasaran proyeksi untuk sebagian layanan; persennya dihitung dari yang terdaftar.")
        )
    if any(it.target is not None and it.complete > it.target for it in rows):
        notes.append(_("Cakupan di atas 100 % tidak dipotong: tandanya sasaran perlu diperiksa."))
    if any(it.unclear for it in rows):
        notes.append(
            _("“Belum jelas” adalah orang yang mungkin masuk hitungan, tetapi keterangannya belum lengkap.")
        )
    apart = {it.period.name: official_number(it.indicator) for it in rows if it.period is not None}
    notes += [
        _("No. %(number)s dihitung menurut tahun ajaran %(period)s.") % {"number": number, "period": name}
        for name, number in apart.items()
    ]
    return tuple(notes)


def official_number(indicator: Indicator) -> str:
    """The number of the indicator in the regulation: 4 of spm04; its name when it has none."""
    digits = "".join(c for c in indicator.name if c.isdigit())
    return str(int(digits)) if digits else indicator.name


def pace_of(period: Period, today: int) -> float:
    """How much of the period has gone, 0 to 1: where an even year would be."""
    return _days_gone(period, today) / (period.stop - period.start)


def shortfalls(rows: Sequence[Figures], period: Period, today: int, out_of: str) -> list[Figures]:
    """The services furthest behind today's pace, worst first."""
    behind = [
        (it.complete / whole - pace_of(it.period or period, today), n, it)
        for n, it in enumerate(rows)
        if (whole := _whole(it, out_of))
    ]
    return [it for gap, _n, it in sorted(behind) if gap < 0]


def _whole(it: Figures, out_of: str) -> int:
    return it.target if out_of == TARGET and it.target is not None else it.registered


def _days_gone(period: Period, today: int) -> int:
    return max(0, period.cut_off(today) - period.start + 1)


def _per_week(lacking: int, period: Period, today: int) -> str:
    """How many a week until the period ends; a dash when nothing lacks or the time is over."""
    days = period.stop - today - 1
    if not lacking or days <= 0:
        return "–"
    return words.number(math.ceil(lacking / max(1, math.ceil(days / DAYS_PER_WEEK))))


def _unclear(it: Figures, link: _Links) -> figures.Door | None:
    if not it.unclear:
        return None
    return figures.Door(_("+ %(n)s belum jelas") % {"n": words.number(it.unclear)}, link.to(UNCLEAR))


def share_of(whole: int, by_target: bool, is_over: bool) -> str:
    """What a share is out of, and what to do when it is above."""
    if words.count_leads(whole):
        said = _("sasaran") if by_target else _("terdaftar")
    else:
        word = _("dari %(n)s sasaran") if by_target else _("dari %(n)s terdaftar")
        said = word % {"n": words.number(whole)}
    return _("%(said)s: periksa sasaran") % {"said": said} if is_over else said


def title_of(indicator: Indicator) -> str:
    """The title of an indicator in the language of the reader."""
    return words.titled(indicator.title, indicator.source.get("title_en"))


def short_titles(indicators: Sequence[Indicator]) -> dict[str, str]:
    """Where indicators stand side by side: "Ibu hamil" for "Pelayanan kesehatan ibu hamil", else the whole title."""
    return {
        it.name: words.titled(str(it.source.get("short") or it.title), it.source.get("short_en"))
        for it in indicators
    }


def _bar_said(share: str, pace: float) -> str:
    return _("%(share)s lengkap; laju seharusnya %(pace)s") % {"share": share, "pace": _percent(pace)}


def _percent(part: float) -> str:
    return words.share(round(part * _FINE), _FINE)


_FINE = 10_000


@dataclass(frozen=True, slots=True)
class _Links:
    address: str
    query: Mapping[str, str]

    def to(self, which: str) -> str:
        """The names of one figure; nowhere, when they may not be opened."""
        if not self.address:
            return ""
        return self.address + "?" + figures.encoded({**self.query, "lihat": which})
