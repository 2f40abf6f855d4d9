"""The names behind a number of the SPM page: a sum that adds up in sight, one tab a lacking component, the people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, words
from siklus.desk.pages import spm
from siklus.desk.pages.dashboard import age_rows, fact_rows
from siklus.desk.pages.listed import ListedPerson
from siklus.library.splits import AgeGroup, FactSplit
from siklus.rules.book import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLine:
    """One person of the list; words are ready."""

    person: ListedPerson
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """The figures of one part of the place: a puskesmas of a district, a village of a puskesmas."""

    name: str
    registered: str
    complete: str
    share: str
    share_of: str
    lacking: figures.Door


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """One age group or answer: registered and complete of boys and men, and of girls and women."""

    title: str
    male: str
    male_complete: str
    female: str
    female_complete: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpmNamesPage:
    """Everything the page shows."""

    title: str
    as_of: figures.AsOf
    crumbs: Sequence[tuple[str, str]]
    sums: figures.SumLine
    parts_title: str
    parts: tuple[PartRow, ...]
    are_parts_open: bool
    splits: tuple[SplitRow, ...]
    tabs: tuple[figures.Tab, ...]
    tabs_label: str
    listed: str
    lines: tuple[NameLine, ...]
    pager: figures.Pager
    xlsx: str
    source: str
    empty_said: str


def title_of(indicator: Indicator, which: str) -> str:
    """ "SPM-4 Balita: siapa yang belum lengkap"."""
    said = {
        spm.LACKING: _("siapa yang belum lengkap"),
        spm.COMPLETE: _("siapa yang sudah lengkap"),
        spm.REACHED: _("siapa yang pernah dilayani"),
        spm.ALL: _("semua yang terdaftar"),
        spm.UNCLEAR: _("siapa yang belum jelas"),
    }[which]
    return _("SPM-%(number)s %(title)s: %(said)s") % {
        "number": spm.official_number(indicator),
        "title": spm.title_of(indicator),
        "said": said,
    }


def sum_line(it: spm.Figures, place: str) -> figures.SumLine:
    """71 lengkap + 53 belum lengkap = 124 terdaftar · sasaran proyeksi 131 · cakupan 54,2 % dari sasaran."""
    aside = [
        _("sasaran proyeksi %(n)s") % {"n": words.number(it.target)}
        if it.target is not None
        else _("belum ada sasaran proyeksi")
    ]
    if it.target:
        aside.append(_("cakupan %(share)s dari sasaran") % {"share": words.share(it.complete, it.target)})
        if it.complete > it.target:
            aside.append(_("periksa sasaran"))
    elif it.registered:
        aside.append(
            _("cakupan %(share)s dari terdaftar") % {"share": words.share(it.complete, it.registered)}
        )
    if it.unclear:
        aside.append(_("%(n)s belum jelas masuk hitungan") % {"n": words.number(it.unclear)})
    return figures.add_up(
        place,
        [(it.complete, _("lengkap")), (it.lacking, _("belum lengkap"))],
        (it.registered, _("terdaftar")),
        " · ".join(aside),
    )


def part_row(name: str, it: spm.Figures, href: str) -> PartRow:
    """The line of one part; its number opens the names there."""
    whole = it.target if it.target is not None else it.registered
    return PartRow(
        name=name,
        registered=words.number(it.registered),
        complete=words.number(it.complete),
        share=words.share(it.complete, whole) if whole else "–",
        share_of=spm.share_of(whole, it.target is not None, it.complete > whole) if whole else "",
        lacking=figures.door(it.lacking, href),
    )


def split_rows(
    registered: Mapping[str, int], complete: Mapping[str, int], groups: Sequence[AgeGroup]
) -> tuple[SplitRow, ...]:
    """The lines of those age groups in which anybody is registered."""
    return _split_rows(age_rows(registered, groups), age_rows(complete, groups))


def fact_split_rows(
    registered: Mapping[str, int], complete: Mapping[str, int], by: FactSplit
) -> tuple[SplitRow, ...]:
    """The lines of a fact of persons; who was never asked stands in a line of its own."""
    return _split_rows(fact_rows(registered, by), fact_rows(complete, by))


_BySex = Sequence[tuple[str, int, int, int]]


def _split_rows(registered: _BySex, complete: _BySex) -> tuple[SplitRow, ...]:
    done = {title: (male, female) for title, male, female, _other in complete}
    rows = []
    for title, male, female, _other in registered:
        male_done, female_done = done.get(title, (0, 0))
        rows.append(
            SplitRow(
                title=title, male=words.number(male), male_complete=words.number(male_done),
                female=words.number(female), female_complete=words.number(female_done),
            )
        )  # fmt: skip
    return tuple(rows)


def tabs_of(
    it: spm.Figures,
    lacking: Mapping[str, int],
    unknown: Mapping[str, int],
    *,
    which: str,
    component: str,
    query: Mapping[str, str],
) -> tuple[figures.Tab, ...]:
    """First everybody who lacks something, then each component that somebody lacks, then those who lack nothing."""

    def tab(number: int, word: str, look: str, part: str = "") -> figures.Tab:
        address = "?" + figures.encoded({**query, "lihat": look, **({"komponen": part} if part else {})})
        return figures.Tab(words.number(number), word, address, is_open=(look, part) == (which, component))

    shown = [tab(it.lacking, _("Semua belum"), spm.LACKING)]
    for name in it.indicator.components:
        n = lacking.get(name, 0) + unknown.get(name, 0)
        if n:
            shown.append(tab(n, component_words(it.indicator, name), spm.LACKING, name))
    shown.append(tab(it.complete, _("Lengkap"), spm.COMPLETE))
    if it.unclear:
        shown.append(tab(it.unclear, _("Belum jelas"), spm.UNCLEAR))
    return tuple(shown)


def component_words(indicator: Indicator, name: str) -> str:
    """The name on screen of a component."""
    return indicator.labels.get(name) or name.replace("_", " ")
