"""Drafts of the examples that are missing: lives of the examples at hand, changed a little or asked on another day.

What a draft expects is what the reference interpreter says now. It is a proposal to be read against the source, and no
proof that the rule is right.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from siklus.kernel.dates import NEVER, date_of, day_of, parse_day
from siklus.kernel.problems import ProblemError
from siklus.library.adequacy.asking import NO_ANSWER, Asked, ask
from siklus.library.adequacy.gaps import Gap, gaps
from siklus.library.adequacy.points import (
    AGE,
    BEFORE,
    LIMIT,
    ON,
    RECORD,
    SIDES,
    STATUS,
    Point,
    ages_of,
    required,
    settling_kinds,
    shown,
    turn_of,
)
from siklus.library.adequacy.strangers import strangers
from siklus.library.examples import life_of
from siklus.library.loading import Book
from siklus.rules import tree as t
from siklus.rules.book import Need
from siklus.rules.source import entries_of
from siklus.rules.vocabulary import HOUSEHOLD

Entry = Mapping[str, Any]
"""Facts and records as an example writes them, without the days and what to expect."""
_ASKED = frozenset("say today days expect asks opens due overdue until".split())
_AROUND = (-1, 0, 1)
_SAY = {
    (LIMIT, "due"): "mulai waktunya",
    (LIMIT, "overdue"): "mulai terlambat",
    (LIMIT, "until"): "batas akhir",
    (RECORD, BEFORE): "sehari terlalu dini belum dihitung",
    (RECORD, ON): "hari pertama yang dihitung",
    (STATUS, "not_yet"): "belum waktunya",
    (STATUS, "due"): "sudah waktunya",
    (STATUS, "overdue"): "terlambat",
    (STATUS, "missed"): "batas akhirnya lewat",
    (STATUS, "done"): "sudah dilakukan",
    (STATUS, "not_applicable"): "bukan untuk orang ini",
    (STATUS, "refused"): "menolak",
    (STATUS, "unknown"): "ada yang belum diketahui",
}
_WALK = "hari demi hari selama belum dilakukan"


@dataclass(frozen=True)
class Draft:
    """An example to be read: what it is said to show, the life, and what came out on which days."""

    need: Need
    say: str
    entry: Entry
    days: Mapping[int, Asked]

    def as_example(self) -> dict[str, Any]:
        """As it would stand in the YAML of the rule."""
        told: dict[str, Any] = {"say": self.say, **self.entry}
        if len(self.days) == 1:
            ((day, asked),) = self.days.items()
            told |= {"today": date_of(day), "expect": asked.status}
        else:
            told["days"] = {date_of(day): asked.status for day, asked in self.days.items()}
        asks = {asked.answer.asks for asked in self.days.values() if asked.answer and asked.answer.asks}
        if len(asks) == 1:
            told["asks"] = list(asks.pop())
            if told["asks"] == ["birth"]:
                told["say"] = "tanggal lahir tidak diketahui"
        return told


def drafts(book: Book, missing: Iterable[Gap] | None = None) -> Iterator[Draft]:
    """A draft for each gap of a need that some life was found to fill; every gap once."""
    by_need: dict[str, list[Gap]] = {}
    for gap in gaps(book) if missing is None else missing:
        if isinstance(gap.rule, Need):
            by_need.setdefault(gap.rule.name, []).append(gap)
    for name, mine in by_need.items():
        yield from _Drafter(book, book.need(name)).drafts(mine)


class _Drafter:
    """Drafts for one need. Gaps of the gate have ages of their own, so they are looked for apart."""

    def __init__(self, book: Book, need: Need) -> None:
        self.book, self.need = book, need
        entries = list(entries_of(need.source, "examples"))
        self.bases = [(_plain(each), _days_of(each)) for each in entries if "died" not in each]

    @cached_property
    def drawn(self) -> list[tuple[Entry, int]]:
        """Lives nobody lived, drawn when the first is needed."""
        return list(strangers(self.book, self.need))

    def drafts(self, missing: list[Gap]) -> Iterator[Draft]:
        """The limits first, all of them on one life where one shows them: by the way it shows most statuses."""
        seen: set[Point] = set()
        limits = [gap for gap in missing if all(point.kind == LIMIT for point in gap.points)]
        ages = ages_of(self.need.who)
        every = frozenset(point for point in required(self.need, ages) if point.kind == LIMIT)
        walk = self.best(self.lives(every), every, ages, _WALK)
        wanted = {point for gap in limits for point in gap.points}
        if walk is not None and self.shown(walk, ages) & wanted:
            yield walk
            seen |= self.shown(walk, ages)
        order = (LIMIT, AGE, RECORD, STATUS)
        for gap in sorted(missing, key=lambda each: min(order.index(point.kind) for point in each.points)):
            ages = ages_of(self.need.package.gate if gap.of_gate else self.need.who)
            if not gap.points - (set() if gap.of_gate else seen):
                continue
            wanted_now = gap.points if gap.of_gate else gap.points - seen
            if min(gap.points).kind == AGE:
                wanted_now = frozenset(Point(AGE, min(gap.points).what, side) for side in SIDES)
            told = (wanted_now, ages, _say(gap))
            draft = (
                self.best(self.added(walk, wanted_now), *told)
                or self.best(self.lives(wanted_now), *told)
                or self.from_strangers(*told)
            )
            if draft is not None:
                yield draft
                if not gap.of_gate:
                    seen |= self.shown(draft, ages)

    def shown(self, draft: Draft, ages: list[t.Node]) -> set[Point]:
        """What a draft shows."""
        return {point for each in draft.days.values() for point in shown(each, ages)}

    def best(
        self,
        lives: Iterable[tuple[Entry, list[int]]],
        wanted: frozenset[Point],
        ages: list[t.Node],
        say: str,
    ) -> Draft | None:
        """The life that shows most of what is wanted; of several the one with the fewest records, the first."""
        found: list[tuple[int, int, Draft]] = []
        for entry, days in lives:
            tries: set[int] = set()
            for day in days:
                tries |= self.days_beside(entry, day, wanted, ages)
            shows = {
                day: set(shown(asked, ages)) & wanted for day in tries if (asked := self.ask(entry, day))
            }
            chosen = self.chosen(shows, wanted, days[0])
            if chosen:
                count = len({point for day in chosen for point in shows[day]})
                asked_on = {day: asked for day in chosen if (asked := self.ask(entry, day))}
                draft = Draft(self.need, say, entry, asked_on)
                found.append((-count, len(entry.get("records") or ()), draft))
                if count == len(wanted) and not entry.get("records"):
                    break
        return min(found, key=lambda each: each[:2])[2] if found else None

    def chosen(self, shows: Mapping[int, set[Point]], wanted: frozenset[Point], near: int) -> list[int]:
        """The fewest days that show it, those near the day of the example first."""
        left, days = set(wanted), []
        for day in sorted(shows, key=lambda each: (-len(shows[each]), abs(each - near))):
            if shows[day] & left:
                left -= shows[day]
                days.append(day)
        return sorted(days)

    def days_beside(self, entry: Entry, day: int, wanted: frozenset[Point], ages: list[t.Node]) -> set[int]:
        """The days worth asking about: that of the example, and those beside its limits and ages."""
        asked = self.ask(entry, day)
        if asked is None:
            return set()
        kinds = {point.kind for point in wanted}
        middles: set[int] = {day}
        if Point(STATUS, "refused", "") in wanted:
            return middles
        if kinds - {AGE} and asked.answer is not None:
            limits = (asked.answer.due, asked.answer.overdue, asked.answer.until)
            middles |= {limit for limit in limits if limit is not None and limit < NEVER}
        turning = ages if AGE in kinds else []
        if Point(STATUS, NO_ANSWER, "") in wanted:
            turning = ages_of(self.need.package.gate, self.need.who)
        for node in turning:
            turn = None if asked.unit is None else turn_of(asked, node)
            middles |= set() if turn is None else {turn}
        return {middle + away for middle in middles for away in _AROUND}

    def lives(self, wanted: frozenset[Point]) -> Iterator[tuple[Entry, list[int]]]:
        """The lives of the examples; for what is refused, unknown or early, changed so that it may come about."""
        if not any(point.kind == RECORD for point in wanted):
            yield from self.bases
        if any(point.kind == RECORD for point in wanted):
            for entry, days in self.bases:
                yield from self.moved(entry, days, wanted)
        statuses = {point.what for point in wanted if point.kind == STATUS}
        for entry, days in self.bases:
            records = list(entry.get("records") or ())
            if "refused" in statuses:
                kind = "penolakan_keluarga" if self.need.unit == HOUSEHOLD else "penolakan"
                for day in days:
                    asked = self.ask(entry, day)
                    if asked is not None and asked.status in ("due", "overdue"):
                        refusal = {kind: date_of(day), "kebutuhan": self.need.name}
                        yield {**entry, "records": [*records, refusal]}, [day]
            if statuses & {"unknown", "not_applicable"}:
                for fact in [key for key in entry if key != "records"]:
                    yield {key: value for key, value in entry.items() if key != fact}, days
                yield from ((changed, days) for changed in self.with_less(entry, records))
                if entry.get("sex"):
                    yield {**entry, "sex": "l" if str(entry["sex"]).lower() == "p" else "p"}, days

    def added(self, walk: Draft | None, wanted: frozenset[Point]) -> Iterator[tuple[Entry, list[int]]]:
        """The life that walks through the limits, with a record added at the first day that counts."""
        opens = (
            next((asked.answer.opens for asked in walk.days.values() if asked.answer), None) if walk else None
        )
        if walk is None or opens is None or not any(point.kind == RECORD for point in wanted):
            return
        records = list(walk.entry.get("records") or ())
        others = [record for entry, _ in self.bases for record in entry.get("records") or ()]
        for kind in settling_kinds(self.need):
            for record in (each for each in others if kind in each):
                for point in wanted:
                    on = opens - 1 if point.side == BEFORE else opens
                    yield {**walk.entry, "records": [*records, {**record, kind: date_of(on)}]}, [opens]

    def moved(
        self, entry: Entry, days: list[int], wanted: frozenset[Point]
    ) -> Iterator[tuple[Entry, list[int]]]:
        """One counted record on the first day that counts, or on the day before."""
        kinds, records = settling_kinds(self.need), list(entry.get("records") or ())
        asked = self.ask(entry, days[-1])
        if asked is None or asked.answer is None or asked.answer.opens is None:
            return
        for place, record in enumerate(records):
            for kind in (kind for kind in kinds if kind in record):
                for point in wanted:
                    opens = asked.answer.opens
                    on = opens - (1 if point.side == BEFORE else 0)
                    changed = [*records[:place], {**record, kind: date_of(on)}, *records[place + 1 :]]
                    yield {**entry, "records": changed}, [opens]

    def from_strangers(self, wanted: frozenset[Point], ages: list[t.Node], say: str) -> Draft | None:
        """Lives drawn at random around the need, made as small as they can be."""
        for entry, day in self.drawn:
            tries = self.days_beside(entry, day, wanted, ages)
            shows = {
                each: set(shown(asked, ages)) & wanted for each in tries if (asked := self.ask(entry, each))
            }
            days = self.chosen(shows, wanted, day)
            if days:
                points = {point for each in days for point in shows[each]}
                entry = self.smaller(entry, days, points, ages)
                asked_on = {each: asked for each in days if (asked := self.ask(entry, each))}
                return Draft(self.need, say, entry, asked_on)
        return None

    def smaller(self, entry: Entry, days: list[int], points: set[Point], ages: list[t.Node]) -> Entry:
        """Leaves out facts, records and fields as long as the days show the same."""
        is_smaller = True
        while is_smaller:
            is_smaller = False
            records = list(entry.get("records") or ())
            facts = [key for key in entry if key != "records"]
            without = [{key: value for key, value in entry.items() if key != fact} for fact in facts]
            for each in (*without, *self.with_less(entry, records)):
                seen = {
                    point for day in days if (asked := self.ask(each, day)) for point in shown(asked, ages)
                }
                if points <= seen:
                    entry, is_smaller = each, True
                    break
        return entry

    def with_less(self, entry: Entry, records: list[Mapping[str, Any]]) -> Iterator[Entry]:
        """Without one record, or without one field that may be empty."""
        kinds = self.book.vocabulary.kinds
        for place, record in enumerate(records):
            before, after = records[:place], records[place + 1 :]
            yield {**entry, "records": [*before, *after]}
            fields = {
                name: spec for kind in record if kind in kinds for name, spec in kinds[kind].fields.items()
            }
            for name in record:
                if name in fields and fields[name].nullable:
                    less = {key: value for key, value in record.items() if key != name}
                    yield {**entry, "records": [*before, less, *after]}

    def ask(self, entry: Entry, day: int) -> Asked | None:
        """What the reference says; None when the life cannot be read."""
        try:
            life = life_of(self.book.vocabulary, entry, "", day)
        except (ProblemError, KeyError, ValueError):
            return None
        return ask(self.book, self.need, life, day)


def _plain(entry: Mapping[str, Any]) -> Entry:
    return {key: _unmarked(value) for key, value in entry.items() if key not in _ASKED}


def _unmarked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unmarked(inner) for key, inner in value.items()}
    return [_unmarked(each) for each in value] if isinstance(value, list) else value


def _days_of(entry: Mapping[str, Any]) -> list[int]:
    written = list(entry["days"]) if "days" in entry else [entry.get("today")]
    return [day_of(each) if isinstance(each, datetime.date) else parse_day(str(each)) for each in written]


def _say(gap: Gap) -> str:
    point = min(gap.points)
    return _SAY.get((point.kind, point.what), gap.what.partition(":")[0])
