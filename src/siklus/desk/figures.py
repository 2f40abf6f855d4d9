"""Shapes that several pages share: a sum that adds up in sight, tabs with counts, a bar with its pace, a pager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from siklus.desk import words

_HUNDRED = 100


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
    if sum(part for part, _ in parts) != total[0]:
        raise ValueError(f"{[part for part, _ in parts]} is not {total[0]}")
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
    """Names `first` to `last` of `total`; addresses are empty at the ends."""

    said: str
    before: str
    after: str
