"""The windows of a whole package on one axis: age, or time since a pregnancy or a condition began.

Drawn are needs that come once and whose limits stand at a fixed distance from that beginning; an interval since an
earlier dose is left out, for the earliest possible course of events is what a calendar shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt

from siklus.kernel.dates import add_days, add_months, parse_day
from siklus.library.handbook.drawing import PHASE_COLOURS, TEXT_STYLE
from siklus.rules import tree as t
from siklus.rules.book import Need
from siklus.rules.date_phrases import peeled
from siklus.rules.shown import length
from siklus.rules.telling import own_limit

_ZERO = parse_day("2001-01-01")
_ANCHORS = ("birth", "start", "opened")
_LEAST_NEEDS = 3
_WIDTH, _EDGE, _LEFT, _RIGHT = 880, 16, 300, 856
_HEAD, _LINE, _BAR, _FOOT = 44, 22, 14, 34
_LETTER = 5.5


@dataclass(frozen=True, slots=True)
class Window:
    """One need: (phase, first day, day after) in days since the beginning; the last day is None where it has no end."""

    name: str
    title: str
    bands: tuple[tuple[str, int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The windows of a package; `ticks` are (day, label) of the limits they have."""

    anchor: str
    windows: tuple[Window, ...]
    ticks: tuple[tuple[int, str], ...]


def calendar_of(needs: Sequence[Need]) -> Calendar | None:
    """The calendar of a package; None where too few of its needs can be drawn."""
    ticks: dict[int, str] = {}
    windows: list[Window] = []
    anchors: list[str] = []
    for need in needs:
        found = None if need.repeats else _window(need, ticks)
        if found is not None:
            windows.append(found[1])
            anchors.append(found[0])
    if len(windows) < _LEAST_NEEDS or len(set(anchors) - {"opened"}) > 1:
        return None
    return Calendar(anchors[0], tuple(windows), tuple(sorted(ticks.items())))


def draw_calendar(calendar: Calendar, title: str, name: str) -> str:
    """The SVG as text; the same calendar gives the same text."""
    height = _HEAD + _LINE * len(calendar.windows) + _FOOT
    told = " ".join(_told(window, dict(calendar.ticks)) for window in calendar.windows)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
            f' height="{height}" role="img" aria-labelledby="{name}-t {name}-d">',
            f'<title id="{name}-t">{escape(title)}: semua masa pada satu garis</title>',
            f'<desc id="{name}-d">{escape(told)}</desc>',
            f"<style>{TEXT_STYLE}</style>",
            f'<rect x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="8" fill="#fff" stroke="#ddd4c4"/>',
            *_axis(calendar, height),
            *(
                line
                for place, window in enumerate(calendar.windows)
                for line in _row(calendar, window, place)
            ),
            *_legend(calendar, height),
            "</svg>",
            "",
        ]
    )


def _window(need: Need, ticks: dict[int, str]) -> tuple[str, Window] | None:
    opens, until = _distance(own_limit(need, need.opens)), _distance(need.until)
    due, overdue = _distance(own_limit(need, need.due)), _distance(own_limit(need, need.overdue))
    if opens is None or (due is None and need.due != need.opens):
        return None
    for found in (opens, due, overdue, until):
        if found is not None:
            ticks.setdefault(found[1], found[2])
    begins = [("allowed", opens[1])] if due and due[1] > opens[1] else []
    begins.append(("due", due[1] if due else opens[1]))
    if overdue and (until is None or overdue[1] < until[1]):
        begins.append(("overdue", overdue[1]))
    ends = [*(day for _, day in begins[1:]), until[1] if until else None]
    bands = tuple((phase, day, end) for (phase, day), end in zip(begins, ends, strict=True))
    return opens[0], Window(need.name, need.title, bands)


def _distance(limit: t.Node) -> tuple[str, int, str] | None:
    """(beginning, days since it, as people say it) of a limit; None where it hangs on something else."""
    if isinstance(limit, t.Extreme | t.FirstKnown):
        found = [each for arg in limit.args if (each := _distance(arg)) is not None]
        return found[0] if found else None
    base, steps = peeled(limit)
    if not isinstance(base, t.Fact) or base.name not in _ANCHORS:
        return None
    day = _ZERO
    for count, in_months in steps:
        day = add_months(day, count) if in_months else add_days(day, count)
    said = " ".join(length(count, in_months, base.name != "birth") for count, in_months in steps)
    return base.name, day - _ZERO, said or "0"


def _axis(calendar: Calendar, height: int) -> Iterator[str]:
    free_from = 0.0
    for day, label in calendar.ticks:
        x, brief = _x(calendar, day), _short(label)
        half = len(brief) * _LETTER / 2
        if x - half >= free_from:
            free_from = x + half + _LETTER
            yield f'<path d="M{x} {_HEAD - 8}V{height - _FOOT}" stroke="#e6dfd2"/>'
            yield f'<text class="t" x="{x}" y="{_HEAD - 14}" text-anchor="middle">{brief}</text>'


def _row(calendar: Calendar, window: Window, place: int) -> Iterator[str]:
    top = _HEAD + place * _LINE
    title = window.title if len(window.title) <= _LEFT // 6 else f"{window.title[: _LEFT // 6 - 1].rstrip()}…"
    yield f'<text class="d" x="{_EDGE}" y="{top + _BAR - 2}" fill="#1b1f1d">{escape(title)}</text>'
    for phase, first, end in window.bands:
        x = _x(calendar, first)
        width = (_RIGHT if end is None else _x(calendar, end)) - x
        fill = PHASE_COLOURS[phase]
        yield f'<rect x="{x}" y="{top}" width="{max(width, 2)}" height="{_BAR}" fill="{fill}"/>'


def _legend(calendar: Calendar, height: int) -> Iterator[str]:
    y = height - _FOOT // 2
    x = _EDGE
    for phase, word in _LEGEND.items():
        yield f'<rect x="{x}" y="{y - 6}" width="14" height="10" fill="{PHASE_COLOURS[phase]}"/>'
        yield f'<text class="d" x="{x + 20}" y="{y + 3}">{word}</text>'
        x += 90
    said = "umur; masa bayi direntangkan" if calendar.anchor == "birth" else "waktu sejak awalnya"
    said = f"Garis: {said}. Yang menunggu langkah sebelumnya: paling awalnya."
    yield f'<text class="d" x="{_LEFT}" y="{y + 3}">{said}</text>'


_LEGEND = {"allowed": "boleh", "due": "waktunya", "overdue": "terlambat"}


def _x(calendar: Calendar, day: int) -> int:
    first, last = calendar.ticks[0][0], calendar.ticks[-1][0]
    share = _stretched(calendar, day - first) / (_stretched(calendar, last - first) or 1)
    return round(_LEFT + (_RIGHT - _LEFT) * share)


def _stretched(calendar: Calendar, distance: int) -> float:
    """Of ages the first weeks get more room than the last years; time since a beginning stands as it is."""
    return sqrt(distance) if calendar.anchor == "birth" else distance


def _short(label: str) -> str:
    """`9 bl`, `2 th`, `12 mg`, `7 hr`."""
    for long, brief in (("bulan", "bl"), ("tahun", "th"), ("minggu", "mg"), ("hari", "hr")):
        label = label.replace(long, brief)
    return label


def _told(window: Window, said: Mapping[int, str]) -> str:
    parts = [f"{_LEGEND[phase]} mulai {said[first]}" for phase, first, _ in window.bands]
    end = window.bands[-1][2]
    return f"{window.title}: {', '.join(parts)}{f', sampai sebelum {said[end]}' if end is not None else ''}."
