"""Shapes that several pages share: sentences, doors, menus, a sum that adds up in sight, tabs, a bar, a pager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from siklus.desk import words

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; figures are set in bold."""

    text: str
    is_figure: bool


def sentence(text: str) -> tuple[Part, ...]:
    """The pieces of a sentence whose figures stand between double asterisks: "**31 orang** dalam **19 keluarga**."."""
    pieces = text.split("**")
    return tuple(Part(piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that kept figures speak of; `stale` says it in words when that day is past, else it is empty."""

    day: str
    stale: str


def as_of(day: int | None, today: int) -> AsOf:
    """`day` is None where nothing was counted yet, which is as good as today."""
    if day is None or day >= today:
        return AsOf(words.day(today), "")
    said = _("Angka dan daftar di halaman ini dihitung per %(day)s, belum per hari ini.") % {
        "day": words.day(day)
    }
    return AsOf(words.day(day), said)


@dataclass(frozen=True, slots=True)
class Door:
    """A number that opens to the people in it; without an address it is plain text (zero, or not to be opened)."""

    number: str
    href: str = ""


def door(value: int | None, href: str) -> Door:
    """The number, with its way in when there is somebody behind it."""
    return Door(words.number(value), href if value else "")


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a filter menu."""

    value: str
    word: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Lines under a heading; an empty heading for lines that stand by themselves."""

    heading: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter menu: its name in the address, its label, its lines."""

    name: str
    label: str
    groups: tuple[OptionGroup, ...]


def choice_of(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Choice:
    """A menu without headings, from pairs of value and word."""
    return Choice(name, label, (OptionGroup("", tuple(Option(v, w, v == chosen) for v, w in options)),))


@dataclass(frozen=True, slots=True)
class Sum:
    """One number of a sum line with its word; `sign` stands before it ("+", "=" or nothing)."""

    sign: str
    number: str
    word: str


@dataclass(frozen=True, slots=True)
class SumLine:
    """`start` names whose numbers they are; `aside` holds what is not part of the sum."""

    start: str
    parts: tuple[Sum, ...]
    aside: str = ""


def add_up(start: str, parts: Sequence[tuple[int, str]], total: tuple[int, str], aside: str = "") -> SumLine:
    """a + b = total. ValueError if it does not add up: such a line must never be printed."""
    if sum(pair[0] for pair in parts) != total[0]:
        raise ValueError(f"{[pair[0] for pair in parts]} is not {total[0]}")
    shown = [Sum("+" if n else "", words.number(part), word) for n, (part, word) in enumerate(parts)]
    return SumLine(start, (*shown, Sum("=", words.number(total[0]), total[1])), aside)


@dataclass(frozen=True, slots=True)
class Tab:
    """A count over a word; `is_open` for the one being looked at."""

    number: str
    word: str
    href: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Widths in percent, as SVG attributes. `gap` is the hatched part between what is done and today's pace."""

    fill: str
    tick: str
    gap: str
    is_over: bool


def bar_of(part: int, whole: int, pace: float | None) -> Bar:
    """The bar of part of whole; `pace` is where today should be, 0 to 1, None when nothing is expected by now."""
    done = part / whole * _HUNDRED
    shown = min(done, _HUNDRED)
    tick = None if pace is None else pace * _HUNDRED
    gap = "" if tick is None or tick <= shown else f"{tick - shown:.1f}%"
    return Bar(f"{shown:.1f}%", "" if tick is None else f"{tick:.1f}%", gap, done > _HUNDRED)


@dataclass(frozen=True, slots=True)
class Pager:
    """Which of how many these are, in words; addresses are empty at the ends."""

    said: str
    before: str
    after: str


PAGE = "hal"


def encoded(query: Mapping[str, str]) -> str:
    """The choices of an address, empty ones left out."""
    return urlencode({name: value for name, value in query.items() if value})


def pager_of(said: str, *, page: int, pages: int, query: Mapping[str, str]) -> Pager:
    """The way to the pages around this one (counted from 1), keeping the other choices of the address."""

    def address(to: int) -> str:
        return "?" + encoded({**query, PAGE: str(to)}) if 1 <= to <= pages else ""

    return Pager(said, address(page - 1), address(page + 1))
