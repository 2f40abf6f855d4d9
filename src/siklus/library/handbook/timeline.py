"""Examples of a need as rows of a picture: the phases of its window, the records and the day one asks.

Every phase has one width, whatever its length: so the last day of one and the first of the next are told apart, be the
window a week or five years. Places are thousandths of the whole width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from siklus.library.examples import Example
from siklus.library.handbook.lives import event_of, facts_of, looked_at
from siklus.library.loading import Book
from siklus.rules.book import Need
from siklus.rules.explain import Explanation, explain
from siklus.rules.shown import shown_day

WHOLE = 1000
_ROWS_AT_MOST = 9
_OF_ONE_STATUS = 2
_IN_ORDER = ("not_yet", "due", "overdue", "missed", "done", "refused", "unknown", "not_applicable")
_INSET = 0.07
PHASES = ("early", "allowed", "due", "overdue", "missed")


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of one phase; `since` is the day it begins, as shown."""

    phase: str
    start: int
    stop: int
    since: str


@dataclass(frozen=True, slots=True)
class Row:
    """One example. Without bands nothing can be drawn, because no window is known or none applies."""

    say: str
    details: tuple[str, ...]
    status: str
    reason: str
    bands: tuple[Band, ...]
    records: tuple[int, ...]
    today: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """The rows of one need, and the phases any of them has."""

    phases: tuple[str, ...]
    rows: tuple[Row, ...]


def picture_of(book: Book, need: Need, examples: Sequence[Example]) -> Picture:
    """At most nine examples, the clearest of each status, in the order of life."""
    told = [(example, _told(book, need, example)) for example in examples]
    chosen = _chosen([(example, found) for example, found in told if found is not None])
    phases = _phases([found for _, found in chosen])
    return Picture(phases, tuple(_row(book, example, found, phases) for example, found in chosen))


def _told(book: Book, need: Need, example: Example) -> Explanation | None:
    return explain(book.rules, example.life, need.name, example.today)


def _chosen(told: list[tuple[Example, Explanation]]) -> list[tuple[Example, Explanation]]:
    """The first examples of every status; the second one only as far as there is room."""
    by_status: dict[str, list[tuple[Example, Explanation]]] = {status: [] for status in _IN_ORDER}
    for pair in told:
        by_status[pair[1].status].append(pair)
    places = [
        (nth, place)
        for place, status in enumerate(_IN_ORDER)
        for nth in range(min(_OF_ONE_STATUS, len(by_status[status])))
    ]
    kept = sorted((place, nth) for nth, place in sorted(places)[:_ROWS_AT_MOST])
    return [by_status[_IN_ORDER[place]][nth] for place, nth in kept]


def _phases(told: Sequence[Explanation]) -> tuple[str, ...]:
    found = {phase for each in told for phase, _ in _starts(each)}
    return tuple(phase for phase in PHASES if phase in found)


def _starts(told: Explanation) -> list[tuple[str, int | None]]:
    """The phases of a window that have any days, each with its first day; the first has none."""
    if told.opens is None or told.due is None:
        return []
    begins: list[tuple[str, int | None]] = [("early", None), ("allowed", told.opens), ("due", told.due)]
    if told.overdue is not None and (told.until is None or told.overdue < told.until):
        begins.append(("overdue", told.overdue))
    if told.until is not None:
        begins.append(("missed", told.until))
    following = [*(day for _, day in begins[1:]), None]
    return [
        pair for pair, after in zip(begins, following, strict=True) if pair[1] is None or pair[1] != after
    ]


def _row(book: Book, example: Example, told: Explanation, phases: Sequence[str]) -> Row:
    starts = _starts(told)
    days = [record["date"] for record in example.life.records]
    events = [*days, example.today]
    known = [*facts_of(book.vocabulary, example)]
    decides = looked_at(example.rule)
    known += [
        event_of(book.vocabulary, record, decides.get(record["kind"], ())) for record in example.life.records
    ]
    known.append(f"ditanya {shown_day(example.today)}")
    spans = _spans(starts, phases, events)
    return Row(
        say=example.say,
        details=tuple(known),
        status=told.status,
        reason=told.reason,
        bands=tuple(
            Band(phase, start, stop, shown_day(first) if first is not None else "")
            for (phase, first), (start, stop, _, _) in zip(starts, spans, strict=True)
        ),
        records=tuple(place for day in days if (place := _place(day, spans)) is not None),
        today=_place(example.today, spans),
    )


Span = tuple[int, int, int, int]
"""(left, right, first day, day after the last): of the outer phases the days are those of what happened there."""


def _spans(
    starts: Sequence[tuple[str, int | None]], phases: Sequence[str], events: Sequence[int]
) -> list[Span]:
    """Where each phase of a row stands; a phase the row does not have is taken in by the one before it."""
    if not starts:
        return []
    edges = [phases.index(phase) * WHOLE // len(phases) for phase, _ in starts]
    firsts = [day for _, day in starts if day is not None]
    begin, end = min([firsts[0] - 1, *events]), max([firsts[-1], *events]) + 1
    days = [begin, *firsts, end]
    return [
        (left, right, first, after)
        for left, right, first, after in zip(
            [0, *edges[1:]], [*edges[1:], WHOLE], days[:-1], days[1:], strict=True
        )
    ]


def _place(day: int, spans: Sequence[Span]) -> int | None:
    """A day inside its phase, clear of the edges."""
    for left, right, first, after in spans:
        if first <= day < after:
            share = (day - first) / max(after - first - 1, 1)
            return round(left + (right - left) * (_INSET + share * (1 - 2 * _INSET)))
    return None
