"""A phrase read into a small life: "ibu hamil 26 minggu" -> facts and records as a case has them.

Nothing is passed over in silence: what is not understood is kept with a guess, what cannot be is remarked upon, and
what the phrase does not say is not in the life, so that the rules call it unknown.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from siklus.kernel import dates
from siklus.library.persona.said import UNIT_WORDS, Reading, Remark, Said, Strange, length_of
from siklus.library.persona.words import DAYS, HOURS, MONTHS, WEEKS, YEARS, Persona, Span, Word, tokens_of
from siklus.rules.shown import shown_day

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
_LONGEST_NUMBER = 3
LONGEST_PHRASE = 120
_GOES_ON = {(YEARS, MONTHS), (MONTHS, DAYS), (WEEKS, DAYS), (DAYS, HOURS)}
"""Units that make one length together: 1 tahun 4 bulan, 26 minggu 3 hari; but 19 tahun, 26 minggu are two."""


def read_phrase(text: str, persona: Persona, today: int) -> Reading:
    """The phrase as a life on a day."""
    reader = _Reader(persona, today)
    reader.walk(_spelled_out(text[:LONGEST_PHRASE], persona))
    return reader.reading(text.strip()[:LONGEST_PHRASE])


def _spelled_out(text: str, persona: Persona) -> list[str]:
    return [part for token in tokens_of(text) for part in persona.spelled.get(token, (token,))]


@dataclass
class _Found:
    """A word that was said, with what follows it."""

    word: Word
    text: str
    is_denied: bool = False
    spans: tuple[Span, ...] = ()
    day: int | None = None
    number: float | None = None


@dataclass
class _Reader:
    """Goes through the words once, then makes the life."""

    persona: Persona
    today: int
    found: list[_Found] = field(default_factory=list)
    strange: list[Strange] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    age: tuple[Span, ...] = ()
    age_text: str = ""
    birth: int | None = None

    def walk(self, tokens: Sequence[str]) -> None:
        at, denied = 0, ""
        while at < len(tokens):
            if (length := self.length(tokens, at)) and (step := length[0]):
                self.measured(length[1], " ".join(tokens[at : at + step]))
            elif (counted := self.counted(tokens, at)) is not None:
                step = 3
                self.measured((counted,), " ".join(tokens[at : at + step]), is_counted=True)
            elif match := _DATE.fullmatch(tokens[at]):
                step = 1
                self.dated(match)
            elif step := self.phrase(tokens, at):
                word = self.persona.known.get(tuple(tokens[at : at + step]))
                if word is not None:
                    text = " ".join(tokens[at : at + step])
                    self.found.append(_Found(word, f"{denied} {text}".strip(), bool(denied)))
                    denied = ""
            elif tokens[at] in self.persona.negations:
                step, denied = 1, tokens[at]
            elif _NUMBER.fullmatch(tokens[at]) and self.taken(tokens[at]):
                step = 1
            else:
                step = 1
                self.strange.append(Strange(tokens[at], self.guess(tokens, at)))
            at += step
        if denied:
            self.strange.append(Strange(denied, ""))

    def length(self, tokens: Sequence[str], at: int) -> tuple[int, tuple[Span, ...]]:
        """How many words tell a length of time here, and which: `1 tahun 4 bulan`."""
        spans: list[Span] = []
        step = 0
        while at + step + 1 < len(tokens):
            count, unit = tokens[at + step], self.persona.unit_by_word.get(tokens[at + step + 1])
            if not count.isdecimal() or len(count) > _LONGEST_NUMBER or unit is None:
                break
            if spans and (spans[-1].unit, unit) not in _GOES_ON:
                break
            spans.append(Span(int(count), unit))
            step += 2
        return step, tuple(spans)

    def counted(self, tokens: Sequence[str], at: int) -> Span | None:
        """`bulan ke-2`: the second is running, so one is over; None where a length is not counted here."""
        unit, ordinal, count = (*tokens[at : at + 3], "", "", "")[:3]
        if unit not in self.persona.unit_by_word or ordinal not in self.persona.ordinals:
            return None
        if not count.isdecimal() or len(count) > _LONGEST_NUMBER or int(count) < 1:
            return None
        return Span(int(count) - 1, self.persona.unit_by_word[unit])

    def phrase(self, tokens: Sequence[str], at: int) -> int:
        """How many words make the longest known phrase here."""
        for step in range(min(self.persona.longest, len(tokens) - at), 0, -1):
            piece = tuple(tokens[at : at + step])
            if piece in self.persona.known or piece in self.persona.fillers:
                return step
        return 0

    def measured(self, spans: tuple[Span, ...], text: str, *, is_counted: bool = False) -> None:
        """A length of time: how long ago the word before it began, else the age."""
        of = next((one for one in reversed(self.found) if one.word.since is not None), None)
        if of is not None and of.day is None and not of.is_denied and self.may_last(of, spans, is_counted):
            of.spans, of.day, of.text = spans, _before(spans, self.today), f"{of.text} {text}"
        elif self.age or self.birth is not None:
            self.remarks.append(Remark("twice", text))
        else:
            self.age, self.age_text = spans, text

    def may_last(self, of: _Found, spans: tuple[Span, ...], is_counted: bool = False) -> bool:
        """True when the word is measured in these units; longer than can be is remarked upon and goes no further."""
        since = of.word.since
        if since is None or (since.is_today and not is_counted):
            return False
        return all(span.unit in since.units for span in spans)

    def dated(self, match: re.Match[str]) -> None:
        try:
            day = dates.day_of(datetime.date(int(match[3]), int(match[2]), int(match[1])))
        except ValueError:
            self.strange.append(Strange(match[0], ""))
            return
        of = next(
            (one for one in reversed(self.found) if one.word.since is not None and one.day is None), None
        )
        if day > self.today:
            self.remarks.append(Remark("toolong", match[0]))
        elif of is not None and of.word.since is not None and day >= of.word.since.most.before(self.today):
            of.day, of.text = day, f"{of.text} {match[0]}"
        elif self.age or self.birth is not None:
            self.remarks.append(Remark("twice", match[0]))
        else:
            self.birth, self.age_text = day, match[0]

    def taken(self, text: str) -> bool:
        """True when the word before waits for a number."""
        last = self.found[-1] if self.found else None
        if last is None or last.word.takes is None or last.number is not None:
            return False
        number = float(text.replace(",", "."))
        last.number, last.text = int(number) if number.is_integer() else number, f"{last.text} {text}"
        return True

    def guess(self, tokens: Sequence[str], at: int) -> str:
        token = tokens[at]
        if token.isdecimal():
            follows = tokens[at + 1] if at + 1 < len(tokens) else ""
            unit = get_close_matches(follows, list(self.persona.unit_by_word), n=1)
            return f"{token} {unit[0] if unit else UNIT_WORDS[YEARS]}"
        near = get_close_matches(token, list(self.persona.all_words()), n=1)
        return near[0] if near else ""

    def reading(self, text: str) -> Reading:
        """Everything put together."""
        self.turn_round()
        self.keep_possible()
        facts: dict[str, Any] = {}
        if (birth := self.birth if self.birth is not None else self.born()) is not None:
            facts["birth"] = dates.iso(birth)
        waiting = []
        records: list[dict[str, Any]] = []
        for one in self.found:
            self.add_facts(one, facts)
            if one.is_denied:
                continue
            if one.word.since is not None and one.day is None:
                if one.word.since.is_today:
                    one.day = self.today
                else:
                    waiting.append(one.word)
            records += (made for record in one.word.records if (made := self.record(record, one)) is not None)
        ages = self.ages(birth)
        age = [] if not self.age_text else [Said(self.age_text, None, self.age, birth)]
        said = [*age, *(Said(o.text, o.word, o.spans, o.day, o.number, o.is_denied) for o in self.found)]
        return Reading(
            text=text, on=self.today, said=tuple(said), strange=tuple(self.strange), remarks=tuple(self.remarks),
            facts=facts, records=tuple(records), ages=ages, waiting=tuple(waiting),
        )  # fmt: skip

    def born(self) -> int | None:
        return _before(self.age, self.today) if self.age else None

    def turn_round(self) -> None:
        """ "26 minggu hamil": a length that came first and cannot be the age of such a person is how long it lasts."""
        for one in self.found:
            begun = self.born()
            lone = one.word.since is not None and one.day is None and not one.is_denied
            if (
                lone
                and begun is not None
                and self.may_last(one, self.age)
                and not _fits(one.word, begun, self.today)
            ):
                one.spans, one.day, one.text = self.age, begun, f"{self.age_text} {one.text}"
                self.age, self.age_text = (), ""

    def keep_possible(self) -> None:
        """What lasts longer than can be is not used, nor a number there is not; a kind of school adds its years."""
        for one in self.found:
            since, takes = one.word.since, one.word.takes
            if since is not None and one.day is not None and one.day < since.most.before(self.today):
                self.remarks.append(Remark("toolong", one.text))
                one.day, one.spans = None, ()
            if one.word.adds is not None and not one.is_denied:
                fact, count = one.word.adds
                for other in self.found:
                    if (
                        other.word.takes is not None
                        and other.word.takes.fact == fact
                        and other.number is not None
                    ):
                        other.number += count
            if takes is not None and one.number is None:
                self.remarks.append(Remark("notaken", one.text))
        for one in self.found:
            takes = one.word.takes
            if takes is not None and one.number is not None and not takes.least <= one.number <= takes.most:
                self.remarks.append(Remark("range", one.text, f"{takes.least}-{takes.most}"))
                one.number = None

    def add_facts(self, one: _Found, facts: dict[str, Any]) -> None:
        """The facts of a word; what goes against an earlier word is remarked upon, and the earlier one stands."""
        own = dict(one.word.facts)
        if one.word.takes is not None and one.number is not None:
            own[one.word.takes.fact] = one.number
        if one.is_denied:
            if one.word.records or any(not isinstance(value, bool) for value in own.values()):
                self.remarks.append(Remark("denied", one.text))
                return
            own = {name: not value for name, value in own.items()}
        for name, value in own.items():
            if facts.setdefault(name, value) != value:
                other = next(each for each in self.found if name in each.word.facts)
                self.remarks.append(Remark("against", one.text, other.text))

    def record(self, record: Any, one: _Found) -> dict[str, Any] | None:
        """The record a word stands for; None when its own day is not said."""
        days = {"today": self.today, "since": one.day}
        made = {name: value for name, value in record.items() if value not in days}
        for name, value in record.items():
            if value not in days:
                continue
            day = days[value]
            if day is None and name == "on":
                return None
            if day is not None:
                made[name] = dates.iso(day)
        return made

    def ages(self, birth: int | None) -> tuple[Span, Span] | None:
        """Between which ages such a person stands, by all that was said; None when no word tells it."""
        told: list[tuple[_Found, tuple[Span, Span]]] = []
        for one in self.found:
            takes = one.word.takes
            if takes is not None and takes.ages is not None and one.number is not None:
                least, most = (Span(int(one.number) + years, YEARS) for years in takes.ages)
                told.append((one, (least, most)))
            elif one.word.ages is not None and not one.is_denied:
                told.append((one, one.word.ages))
        if birth is not None:
            age = length_of(self.age) or shown_day(birth)
            for one, (least, most) in told:
                if not least.after(birth) <= self.today < most.after(birth):
                    self.remarks.append(Remark("outside", one.text, age))
            return None
        held: tuple[_Found, tuple[Span, Span]] | None = None
        for one, (least, most) in told:
            if held is None:
                held = (one, (least, most))
                continue
            (least_now, most_now), before = held[1], held[0]
            latest = max(least_now, least, key=_approximate)
            earliest = min(most_now, most, key=_approximate)
            if _approximate(latest) >= _approximate(earliest):
                self.remarks.append(Remark("against", one.text, before.text))
            else:
                held = (one, (latest, earliest))
        return None if held is None else held[1]


def days_of_birth(ages: tuple[Span, Span], today: int, fine_below: Span) -> Iterator[int]:
    """Days of birth that stand for every age between two: month by month where they lie near, else year by year.

    The youngest first. The first days of a life are one month here: what differs by the day is asked by the day.
    """
    least, most = ages
    step = (
        1 if _approximate(most) - _approximate(least) <= _approximate(fine_below) else dates.MONTHS_PER_YEAR
    )
    first = least.months if least.is_calendar else 0
    last = most.months if most.is_calendar else 1
    for months in range(first, last, step):
        yield dates.add_months(today, -months)


def _approximate(span: Span) -> int:
    """Days, for comparing lengths of different units; never for a date."""
    return span.days if not span.is_calendar else span.after(0)


def _before(spans: Sequence[Span], day: int) -> int:
    """The day so long before: years and months first, as ages are counted."""
    for span in spans:
        day = span.before(day)
    return day


def _fits(word: Word, birth: int, today: int) -> bool:
    return word.ages is None or word.ages[0].after(birth) <= today < word.ages[1].after(birth)
