"""Kemungkinan ganda: the list of pairs, two persons side by side, and who was merged into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from siklus.access.queries import PersonLine
from siklus.care.queries import Event
from siklus.desk import figures, words
from siklus.desk.pages.person import sex_words
from siklus.desk.pages.search import address_words
from siklus.doubles.queries import DIFFERENT, MERGED, NEW, Found, Merged
from siklus.kernel.ids import format_record_id
from siklus.rules.vocabulary import Vocabulary

_SHOWN = 6
"""The days of one kind of record that stand in a cell; more are counted."""


@dataclass(frozen=True, slots=True)
class PairLine:
    """One pair of the list."""

    href: str
    names: tuple[str, str]
    said: tuple[str, str]
    reasons: str
    how: str
    decided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Everything the list shows. `elsewhere` are those in scope who may be one with somebody outside it."""

    tabs: tuple[figures.Tab, ...]
    lines: tuple[PairLine, ...]
    pager: figures.Pager
    elsewhere: tuple[tuple[str, str], ...]
    elsewhere_said: str
    empty_title: str
    empty_said: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing about both. `differs`: known on both sides, and not the same."""

    word: str
    one: str
    other: str
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two, as far as choosing between them needs it."""

    id: str
    name: str
    href: str
    records: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPage:
    """Everything the page of one pair shows."""

    title: str
    lead: tuple[figures.Part, ...]
    reasons: tuple[str, ...]
    sides: tuple[Side, Side]
    rows: tuple[Row, ...]
    records: tuple[Row, ...]
    is_open: bool
    decided: str
    merged_into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedLine:
    """Somebody who stands under another now."""

    merge: str
    name: str
    id: str
    when: str
    why: str
    may_part: bool


def how_likely(found: Found) -> str:
    """In words: a person decides, not a number."""
    return _("sangat mungkin") if found.is_likely else _("mungkin")


def tabs_of(counts: Mapping[str, int], state: str) -> tuple[figures.Tab, ...]:
    """What waits, and what was decided."""
    titles = {NEW: _("Perlu diperiksa"), MERGED: _("Digabung"), DIFFERENT: _("Bukan orang yang sama")}
    return tuple(
        figures.Tab(words.number(counts[each]), title, f"?keadaan={each}", each == state)
        for each, title in titles.items()
    )


def pair_line(found: Found, persons: Mapping[int, PersonLine], href: str) -> PairLine:
    """A pair of whom both are known to the reader."""
    one, other = persons[found.one], persons[found.other]
    return PairLine(
        href, (one.name, other.name), (_who(one), _who(other)), ", ".join(found.says), how_likely(found), decided(found)
    )  # fmt: skip


def decided(found: Found) -> str:
    """Who decided, when and why; empty while nobody has."""
    if found.decided_at is None:
        return ""
    return " · ".join(filter(None, (words.moment(found.decided_at), found.decided_by, found.why)))


def pair_page(
    found: Found,
    persons: Sequence[PersonLine],
    lives: Sequence[Sequence[Event]],
    families: Sequence[str],
    hrefs: Sequence[str],
    phones: Sequence[str],
    vocabulary: Vocabulary,
    *,
    merged_into: str = "",
) -> PairPage:
    """Two persons beside one another; of each its line, its life as far as the reader may know it, and its family."""
    one, other = persons
    is_open = found.state == NEW
    lead = _("Data ini **%(how)s** tentang satu orang. Periksa dahulu, bila perlu tanyakan kepada orangnya.")
    title = _("%(one)s dan %(other)s") % {"one": one.name, "other": other.name}
    return PairPage(
        title=title if one.name != other.name else one.name,
        lead=figures.sentence(lead % {"how": how_likely(found)}) if is_open else (),
        reasons=found.says,
        sides=(_side(one, hrefs[0], lives[0]), _side(other, hrefs[1], lives[1])),
        rows=tuple(_identity_rows(one, other, families, phones)),
        records=tuple(_record_rows(lives[0], lives[1], vocabulary)),
        is_open=is_open,
        decided=decided(found),
        merged_into=merged_into,
    )


def merged_line(merged: Merged, name: str) -> MergedLine:
    """One merge."""
    return MergedLine(
        merge=format_record_id(merged.merge), name=name, id=format_record_id(merged.person),
        when=words.day(merged.on), why=merged.why, may_part=merged.may_part,
    )  # fmt: skip


def _who(person: PersonLine) -> str:
    parts = (words.day(person.birth), address_words(person.rt, person.desa_name), person.posyandu_name)
    return " · ".join(part for part in parts if part)


def _side(person: PersonLine, href: str, life: Sequence[Event]) -> Side:
    count = sum(not event.is_void for event in life)
    return Side(
        id=format_record_id(person.id),
        name=person.name,
        href=href,
        records=_("%(n)s catatan") % {"n": words.number(count)},
    )


def _identity_rows(
    one: PersonLine, other: PersonLine, families: Sequence[str], phones: Sequence[str]
) -> Iterable[Row]:
    def row(word: str, left: str, right: str, *, known: bool = True) -> Row:
        return Row(
            word,
            left or words.UNKNOWN,
            right or words.UNKNOWN,
            known and bool(left and right) and left != right,
        )

    yield row(_("Nomor"), format_record_id(one.id), format_record_id(other.id), known=False)
    yield row(_("Nama"), one.name, other.name)
    yield row(
        _("NIK"),
        words.nik_masked(one.nik) if one.nik else "",
        words.nik_masked(other.nik) if other.nik else "",
    )
    yield row(_("Lahir"), _day(one.birth), _day(other.birth))
    yield row(
        _("Jenis kelamin"), sex_words(one.sex) if one.sex else "", sex_words(other.sex) if other.sex else ""
    )
    yield row(_("Ibu"), one.mother_name, other.mother_name)
    yield row(_("HP"), *phones)
    yield row(_("Alamat"), address_words(one.rt, one.desa_name), address_words(other.rt, other.desa_name))
    yield row(_("Posyandu"), one.posyandu_name, other.posyandu_name)
    yield row(_("Keluarga"), *families)
    if one.died is not None or other.died is not None:
        yield row(_("Meninggal"), _day(one.died), _day(other.died))
    if one.left is not None or other.left is not None:
        yield row(_("Pindah keluar"), _day(one.left), _day(other.left))


def _record_rows(one: Sequence[Event], other: Sequence[Event], vocabulary: Vocabulary) -> Iterable[Row]:
    """Each kind of record with its days, the newest first: what one has and the other lacks is seen at once."""
    days = [_days_by_kind(each) for each in (one, other)]
    titles = {
        name: kind.title for name in {*days[0], *days[1]} if (kind := vocabulary.kinds.get(name)) is not None
    }
    for name in sorted(titles, key=lambda each: titles[each].casefold()):
        yield Row(titles[name], _days(days[0].get(name, [])), _days(days[1].get(name, [])))


def _days_by_kind(events: Sequence[Event]) -> dict[str, list[int]]:
    counted = sorted((event.kind, -event.on) for event in events if not event.is_void)
    return {kind: [-day for _kind, day in rows] for kind, rows in groupby(counted, key=lambda row: row[0])}


def _days(found: Sequence[int]) -> str:
    shown = ", ".join(words.day(day) for day in found[:_SHOWN])
    more = len(found) - _SHOWN
    return f"{shown} " + _("dan %(n)s lagi") % {"n": words.number(more)} if more > 0 else shown


def _day(day: int | None) -> str:
    return words.day(day) if day is not None else ""
