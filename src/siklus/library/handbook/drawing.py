"""A `Picture` as one SVG: words on the left, the window in the middle, what comes out on the right.

Light, no script, no font of its own; a status is told by shape, word and colour. The whole is also told in its `desc`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from html import escape

from siklus.library.handbook.timeline import WHOLE, Picture, Row
from siklus.rules.reason_words import STATUS_WORDS

_WIDTH, _EDGE = 880, 16
_LEFT, _RIGHT = 340, 732
_CHIP, _CHIP_WIDTH = 746, 118
_HEAD, _FOOT = 46, 34
_SAY_LETTERS, _DETAIL_LETTERS, _PHASE_LETTERS = 44, 56, 13
_SAY_LINE, _DETAIL_LINE = 16, 14
_PAD, _TRACK, _LEAST = 10, 20, 40
_PHASES = {
    "early": ("belum boleh", "#f1efe9"),
    "allowed": ("boleh", "#e3edf9"),
    "due": ("waktunya", "#bdd5f2"),
    "overdue": ("terlambat", "#fbd6a3"),
    "missed": ("lewat batas", "#e8d2de"),
}
PHASE_COLOURS = {phase: colour for phase, (_, colour) in _PHASES.items()}
_COLOURS = {
    "due": ("#1d4f91", "#e6eef8"),
    "overdue": ("#8a4200", "#fdebd2"),
    "missed": ("#6a2f4e", "#f5e7ee"),
    "done": ("#17603b", "#e1f1e7"),
    "not_yet": ("#535955", "#ffffff"),
    "not_applicable": ("#535955", "#f1efe9"),
    "refused": ("#553b86", "#eee8f7"),
    "unknown": ("#333836", "#ffffff"),
}
_SHAPES = {
    "due": '<circle r="4.5" fill="none"/><path d="M0-4.5a4.5 4.5 0 0 1 0 9z" fill="currentColor"/>',
    "overdue": '<path d="M0-5 5 4H-5z" fill="currentColor"/>',
    "missed": '<path d="M-4-4 4 4M4-4-4 4" fill="none"/>',
    "done": '<path d="M-5 0-1.5 3.5 5-4" fill="none"/>',
    "not_yet": '<circle r="4.5" fill="none"/>',
    "not_applicable": '<path d="M-4 0H4" fill="none"/>',
    "refused": '<circle r="4.5" fill="none"/><path d="M-3.2 3.2 3.2-3.2" fill="none"/>',
    "unknown": '<path d="M-3-2.5a3 3 0 1 1 3 3V2" fill="none"/><circle cy="5" r=".6" fill="currentColor"/>',
}
_WITHOUT_WINDOW = {
    "unknown": "belum dapat dihitung",
    "not_yet": "menunggu langkah sebelumnya",
    "not_applicable": "tidak berlaku",
    "missed": "tidak ada masanya lagi",
}
TEXT_STYLE = (
    "text{font-family:'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif;fill:#1b1f1d}"
    ".s{font-size:12.5px;font-weight:600}.d{font-size:10.5px;fill:#474d49}.h{font-size:10.5px;font-weight:600}"
    ".t{font-size:9.5px;fill:#474d49}.c{font-size:11.5px;font-weight:600;fill:currentColor}"
    ".i{stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}"
)


def draw(picture: Picture, title: str, name: str) -> str:
    """The SVG as text; the same picture gives the same text. `name` makes its ids its own."""
    rows: list[str] = []
    top = _HEAD
    for row in picture.rows:
        height = _height(row)
        rows.extend(_row(row, top, height))
        top += height
    total = top + _FOOT
    told = " ".join(f"{row.say}: {STATUS_WORDS[row.status]}. {row.reason}" for row in picture.rows)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {total}" width="{_WIDTH}" height="{total}"'
        f' role="img" aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(title)}: contoh menurut waktu</title>',
        f'<desc id="{name}-d">{escape(told)}</desc>',
        f"<style>{TEXT_STYLE}</style>",
        f'<rect x=".5" y=".5" width="{_WIDTH - 1}" height="{total - 1}" rx="8" fill="#fff" stroke="#ddd4c4"/>',
        *_heads(picture),
        *rows,
        *_legend(top),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _height(row: Row) -> int:
    words = len(_wrapped(row.say, _SAY_LETTERS)) * _SAY_LINE
    words += len(_filled(row.details, _DETAIL_LETTERS)) * _DETAIL_LINE
    return max(words, _LEAST) + 2 * _PAD


def _heads(picture: Picture) -> Iterator[str]:
    y = _HEAD - 14
    yield f'<text class="h" x="{_EDGE}" y="{y}">Contoh</text>'
    for place, phase in enumerate(picture.phases):
        x = _x(place * WHOLE // len(picture.phases))
        yield f'<text class="h" x="{x + 3}" y="{y}">{_PHASES[phase][0]}</text>'
    yield f'<text class="h" x="{_CHIP}" y="{y}">Hasil</text>'


def _row(row: Row, top: int, height: int) -> Iterator[str]:
    yield f'<path d="M{_EDGE} {top}H{_WIDTH - _EDGE}" stroke="#ddd4c4"/>'
    y = top + _PAD
    for line in _wrapped(row.say, _SAY_LETTERS):
        y += _SAY_LINE
        yield f'<text class="s" x="{_EDGE}" y="{y - 4}">{escape(line)}</text>'
    for line in _filled(row.details, _DETAIL_LETTERS):
        y += _DETAIL_LINE
        yield f'<text class="d" x="{_EDGE}" y="{y - 4}">{escape(line)}</text>'
    middle = top + _PAD + _TRACK
    yield from _window(row, middle)
    yield _chip(row.status, middle)


def _window(row: Row, middle: int) -> Iterator[str]:
    upper = middle - _TRACK // 2
    if not row.bands:
        said = _WITHOUT_WINDOW.get(row.status, "")
        yield f'<path d="M{_LEFT} {middle}H{_RIGHT}" stroke="#a29a8b" stroke-dasharray="3 4"/>'
        yield f'<text class="t" x="{_LEFT}" y="{middle - 6}">{said}</text>'
        return
    for band in row.bands:
        x, width = _x(band.start), _x(band.stop) - _x(band.start)
        fill = _PHASES[band.phase][1]
        yield f'<rect x="{x}" y="{upper}" width="{width - 1}" height="{_TRACK}" fill="{fill}"/>'
        if band.since:
            yield f'<path d="M{x} {upper}v{_TRACK + 5}" stroke="#7d7466"/>'
            yield f'<text class="t" x="{x + 3}" y="{middle + _TRACK}">{band.since}</text>'
    for place in row.records:
        yield f'<circle cx="{_x(place)}" cy="{middle}" r="5" fill="#1f3a68" stroke="#fff" stroke-width="1.5"/>'
    if row.today is not None:
        yield _needle(_x(row.today), upper)


def _needle(x: int, upper: int) -> str:
    """The day one asks: a point from above and a line through the window."""
    return f'<path d="M{x} {upper}l-5-8h10zV{upper + _TRACK}" fill="#1b1f1d" stroke="#1b1f1d" stroke-width="1.5"/>'


def _chip(status: str, middle: int) -> str:
    ink, tint = _COLOURS[status]
    dash = ' stroke-dasharray="3 2"' if status == "unknown" else ""
    return (
        f'<g color="{ink}" transform="translate({_CHIP} {middle})">'
        f'<rect y="-11" width="{_CHIP_WIDTH}" height="22" rx="3" fill="{tint}" stroke="{ink}"{dash}/>'
        f'<g class="i" transform="translate(12 0)">{_SHAPES[status]}</g>'
        f'<text class="c" x="22" y="4">{STATUS_WORDS[status]}</text></g>'
    )


def _legend(top: int) -> Iterator[str]:
    y = top + _FOOT // 2
    yield f'<path d="M{_EDGE} {top}H{_WIDTH - _EDGE}" stroke="#ddd4c4"/>'
    yield f'<path d="M{_EDGE + 5} {y + 5}l-5-8h10z" fill="#1b1f1d"/>'
    yield f'<text class="d" x="{_EDGE + 16}" y="{y + 4}">hari ditanya</text>'
    yield f'<circle cx="{_EDGE + 96}" cy="{y + 1}" r="5" fill="#1f3a68"/>'
    yield f'<text class="d" x="{_EDGE + 106}" y="{y + 4}">catatan</text>'
    yield (
        f'<text class="d" x="{_LEFT}" y="{y + 4}">'
        "Setiap masa digambar sama lebar, berapa pun lamanya; tanggal = hari pertamanya.</text>"
    )


def _x(place: int) -> int:
    return round(_LEFT + (_RIGHT - _LEFT) * place / WHOLE)


def _wrapped(text: str, letters: int) -> list[str]:
    return textwrap.wrap(text, letters) or [""]


def _filled(parts: Iterable[str], letters: int) -> list[str]:
    """Parts with points between them, in lines; a part is broken only when it is longer than a line."""
    lines = [""]
    for part in parts:
        joined = f"{lines[-1]} · {part}" if lines[-1] else part
        if len(joined) <= letters:
            lines[-1] = joined
        else:
            lines += textwrap.wrap(part, letters)
    return [line for line in lines if line]
