"""Lives nobody lived, drawn to stand on the limits of the rules: for comparing engines, never for showing to anybody.

The same seed gives the same lives. Days fall on and beside the limits of the rules, on month ends, leap days and turns
of the year; values on and beside thresholds; some facts and fields are unknown; some records are corrected or void;
some name the episode they belong to, or something else; some lives are told twice, as of twins; some are two lives
found to be one person's. Where a rule is about households, some are households, with the lives of those who live there:
of any number, some dead, some gone by now.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Sequence
from typing import Any

from siklus.kernel import dates
from siklus.kernel.ids import MAX_DEVICE, device_of, format_record_id, number_of, record_key
from siklus.library.hints import Hints, Span, hints_of_book, hints_of_need
from siklus.library.random_sizes import sizes
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.values import Reader, to_wire
from siklus.rules.book import Need, Rules
from siklus.rules.fields import RECORD
from siklus.rules.life import Life, renumbered
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field, Kind

_IMPLIED = ("date", "oleh", "tempat")
_RECORDS_AT_MOST = 36
_NEAR = 9
_A_YEAR = dates.add_months(0, dates.MONTHS_PER_YEAR)
_OF_THEME, _OF_RULES = 0.75, 0.5
_ANY_SIZE = 0.2
"""Of the sizes that some rule compares with a limit, so many are drawn anywhere: a z-score rests on all of them."""
_UNKNOWN_FACT, _EMPTY_FIELD, _CORRECTED, _VOID, _DEAD, _TWIN, _MERGED = (
    0.12,
    0.15,
    0.06,
    0.03,
    0.03,
    0.04,
    0.03,
)
_NAMED, _WELL_NAMED = 0.6, 0.75
"""Of the records that may name their episode so many do, and of these so many an opening of the same person."""
_HOUSEHOLD, _MOVED = 0.15, 0.15
_MEMBERS_AT_MOST = 5
_MEMBER = 1 << 16
"""The members of a household are numbered beyond all lives."""
_SOME = ((1, False), (1, True), (dates.MONTHS_PER_YEAR, True))
"""Lengths of time to try where the rules name none."""
_ABSORBED = 1 << (MAX_DEVICE.bit_length() - 1)
"""Devices from here on wrote the records of those who were merged into another."""


def random_lives(rules: Rules, count: int, seed: int | str, around: int) -> list[Life]:
    """So many lives whose records lie before and a little after a day."""
    return LifeDrawer(rules, around).lives(count, seed)


def awkward_days(around: int, seed: int | str, count: int) -> list[int]:
    """Days to ask on: month ends, leap days, the turn of the year, and any day at all."""
    chance = random.Random(seed)
    first = dates.start_of_month(around)
    ends = [dates.add_months(first, n) - 1 for n in range(-dates.MONTHS_PER_YEAR, dates.MONTHS_PER_YEAR)]
    turns = [dates.start_of_year(around), dates.start_of_school_year(around), dates.start_of_week(around)]
    leap = next(day for day in _leap_days(around) if day > around)
    others = [around + chance.randint(-2 * len(ends), 2 * len(ends)) for _ in range(count)]
    pool = [around, leap, *chance.sample(ends, min(len(ends), count)), *turns, *others]
    return sorted(list(dict.fromkeys(pool))[:count])


def _leap_days(around: int) -> list[int]:
    here = dates.year_of(around)
    years = (year for year in range(here - _NEAR, here + _NEAR + 1) if calendar.isleap(year))
    return [dates.parse_day(f"{year}-02-29") for year in years]


def _twin(life: Life, number: int) -> Life:
    def of_twin(key: int) -> int:
        return record_key(number | device_of(key) & _ABSORBED, number_of(key))

    records = tuple(renumbered(record, of_twin) for record in life.records)
    return Life({**life.person, "id": number}, records)


class LifeDrawer:
    """Draws lives about the rules of one book. What the rules turn on is looked up once, for any number of draws."""

    def __init__(self, rules: Rules, around: int) -> None:
        self.rules, self.vocabulary, self.around = rules, rules.vocabulary, around
        self.random = random.Random()
        self.all = hints_of_book(rules)
        self.all.ages = self.all.ages or list(_SOME)
        self.all.spans = self.all.spans or list(_SOME)
        self.all.kinds = self.all.kinds or list(rules.vocabulary.kinds)
        self.of_need = {need.name: hints_of_need(need, rules.vocabulary) for need in rules.needs}
        self.reader = Reader(rules.vocabulary)
        self.need, self.born = "", around
        self.drawn: list[StoredRecord] = []
        self.before: list[StoredRecord] = []
        kinds = [kind for kind in rules.vocabulary.kinds.values() if not kind.register]
        self.of_unit = {unit: [kind for kind in kinds if kind.of == unit] for unit in (PERSON, HOUSEHOLD)}
        self.about(PERSON)
        self.needs = {
            unit: [need.name for need in rules.needs if (need.unit == HOUSEHOLD) is (unit == HOUSEHOLD)]
            for unit in (PERSON, HOUSEHOLD)
        }
        self.has_households = HOUSEHOLD in rules.units()
        self.words = {name: list(codes) for name, codes in rules.vocabulary.codes.items()}

    def lives(self, count: int, seed: int | str) -> list[Life]:
        """So many lives, numbered from 1; the same seed gives the same lives."""
        self.random = random.Random(seed)
        drawn: list[Life] = []
        while len(drawn) < count:
            number = len(drawn) + 1
            if drawn and drawn[-1].members is None and self.chance(_TWIN):
                drawn.append(_twin(drawn[-1], number))
            elif self.chance(_MERGED):
                drawn.append(self.merged(number))
            elif self.has_households and self.chance(_HOUSEHOLD):
                drawn.append(self.household(number))
            else:
                drawn.append(self.life(number))
        return drawn

    def life_about(self, need: Need, number: int) -> Life:
        """One more life, around the limits of this need; a household's need gets a household."""
        whole, self.needs = self.needs, {unit: [need.name] for unit in self.needs}
        try:
            return self.household(number) if need.unit == HOUSEHOLD else self.life(number)
        finally:
            self.needs = whole

    def merged(self, number: int) -> Life:
        """Two lives found to be one person's: the facts of the one who stands, the records of both."""
        standing, absorbed = self.life(number), self.life(number, number + _ABSORBED)
        return Life(standing.person, (*standing.records, *absorbed.records))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def household(self, number: int) -> Life:
        """A household with its own records; who moved out again is not handed to an engine, who died is."""
        theme = self.theme(HOUSEHOLD)
        self.about(HOUSEHOLD)
        rows = self.rows(number, theme, self.around - self.random.randint(0, 2 * _A_YEAR))
        self.about(PERSON)
        records = [read for row in effective(rows) if (read := self.reader.record(row)) is not None]
        facts = self.reader.household_facts(
            {name: self.wire(spec, None, self.around) for name, spec in self.vocabulary.household.items()}
        )
        lived = [number + place * _MEMBER for place in range(1, self.random.randint(0, _MEMBERS_AT_MOST) + 1)]
        members = tuple(self.life(each) for each in lived if not self.chance(_MOVED))
        return Life({**facts, "id": number, "died": None}, tuple(records), members)

    def about(self, unit: str) -> None:
        """The records that are drawn from here on are of this unit."""
        self.kinds = self.of_unit[unit]
        self.kind_by_name = {kind.name: kind for kind in self.kinds}

    def theme(self, unit: str) -> Hints:
        """What a need of this unit turns on, which then is the one that the life stands around."""
        self.need = self.random.choice(self.needs[unit] or [""])
        return self.of_need.get(self.need, self.all)

    def life(self, number: int, device: int | None = None) -> Life:
        """A life around the limits of one need, with a share of everything else; `device` wrote its records."""
        theme = self.theme(PERSON)
        birth = self.birth(theme)
        self.born = birth
        rows = self.rows(device or number, theme, birth)
        facts = self.reader.facts(
            {name: self.wire(spec, None, birth) for name, spec in self.vocabulary.person.items()}
        )
        facts["birth"] = None if self.chance(_UNKNOWN_FACT) else birth
        records = [read for row in effective(rows) if (read := self.reader.record(row)) is not None]
        died = self.around - self.random.randint(0, _A_YEAR) if self.chance(_DEAD) else None
        return Life({**facts, "id": number, "died": died}, tuple(records))

    def birth(self, theme: Hints) -> int:
        """Just before, on, or just after an age that some rule names."""
        count, in_months = self.random.choice(theme.ages or self.all.ages)
        back = dates.add_months(self.around, -count) if in_months else self.around - count
        return self.awkward(back + self.random.randint(-2, 2) - self.random.choice([0, 0, 7, 30, 90, 180]))

    def rows(self, number: int, theme: Hints, birth: int) -> list[StoredRecord]:
        """The log of one person: originals, corrections and voids, in the order they were written."""
        rows: list[StoredRecord] = []
        self.drawn, self.before = rows, self.drawn
        last: dict[str, int] = {}
        for place in range(1, self.random.randint(0, _RECORDS_AT_MOST) + 1):
            kind = self.kind(theme)
            day = self.day(theme, birth, last.get(kind.name))
            last[kind.name] = day
            rows.append(self.row(number, place, kind, day))
        self.random.shuffle(rows)
        for original in list(rows):
            if self.chance(_CORRECTED):
                kind = self.vocabulary.kinds[original.kind]
                day = original.on + self.random.choice([0, 0, -1, 1, 30])
                rows.append(self.row(number, len(rows) + 1, kind, day, root=original.id))
            if self.chance(_VOID):
                kind = self.vocabulary.kinds[original.kind]
                rows.append(self.row(number, len(rows) + 1, kind, original.on, original.id, is_void=True))
        return rows

    def kind(self, theme: Hints) -> Kind:
        if theme.kinds and self.chance(_OF_THEME):
            found = self.kind_by_name.get(self.random.choice(theme.kinds))
            if found is not None:
                return found
        if self.chance(_OF_RULES):
            found = self.kind_by_name.get(self.random.choice(self.all.kinds))
            if found is not None:
                return found
        return self.random.choice(self.kinds)

    def day(self, theme: Hints, birth: int, before: int | None) -> int:
        """Beside a limit counted from birth, from the record before, or from the day itself; or any day."""
        way = self.random.random()
        if before is not None and way < 0.35:
            day = self.moved(before, self.random.choice(theme.spans or self.all.spans))
        elif way < 0.6:
            day = self.moved(birth, self.random.choice(theme.ages or self.all.ages))
        elif way < 0.8:
            day = self.moved(self.around, self.random.choice(theme.spans or self.all.spans), -1)
        else:
            day = self.around - self.random.randint(0, 2 * _A_YEAR)
        day += self.random.choice([-1, 0, 0, 0, 1])
        if day < birth and self.chance(0.8) or day > self.around + _A_YEAR:
            day = self.around - self.random.randint(0, _A_YEAR)
        return before if before is not None and self.chance(0.1) else self.awkward(day)

    def moved(self, day: int, span: Span, sign: int = 1) -> int:
        count, in_months = span
        return dates.add_months(day, sign * count) if in_months else day + sign * count

    def awkward(self, day: int) -> int:
        """Now and then the end of the month, a leap day or the turn of the year instead."""
        way = self.random.random()
        if way < 0.12:
            return dates.add_months(dates.start_of_month(day), 1) - 1
        if way < 0.15:
            return min(_leap_days(day), key=lambda leap: abs(leap - day))
        if way < 0.18:
            return dates.start_of_year(day) - self.random.randint(0, 1)
        return day

    def row(
        self, number: int, place: int, kind: Kind, day: int, root: int | None = None, is_void: bool = False
    ) -> StoredRecord:
        key = record_key(number, place)
        fields = (spec for spec in kind.fields.values() if spec.name not in _IMPLIED)
        data = {
            spec.name: self.wire(spec, kind.name, day) if spec.type != RECORD else self.named(kind, number)
            for spec in fields
        }
        if kind.measures and self.vocabulary.growth is not None and self.chance(_OF_THEME):
            grown = sizes(kind, self.vocabulary.growth, day - self.born, self.random)
            data |= {name: size for name, size in grown.items() if data[name] is not None}
        return StoredRecord(
            id=key,
            seq=place,
            kind=kind.name,
            person=number,
            household=None,
            on=day,
            root=root or key,
            is_void=is_void,
            data=data,
            by_role=self.wire(kind.fields["oleh"], kind.name, day) or "" if "oleh" in kind.fields else "",
            place_kind=self.wire(kind.fields["tempat"], kind.name, day) or ""
            if "tempat" in kind.fields
            else "",
        )

    def named(self, kind: Kind, device: int) -> str | None:
        """An opening of the episode, or one of the life drawn before this; without any, whatever there is."""
        if not self.chance(_NAMED):
            return None
        openers = {each.kind for each in self.vocabulary.episodes[kind.episode or ""].openers}
        well = self.chance(_WELL_NAMED)
        openings = [row.id for row in (self.drawn if well else self.before) if row.kind in openers]
        anything = [row.id for row in self.drawn] or [record_key(device, _RECORDS_AT_MOST)]
        return format_record_id(self.random.choice(openings or anything))

    def wire(self, spec: Field, kind: str | None, near: int) -> Any:
        """A value as on the wire, on or beside what the rules compare it with; sometimes none where none is allowed."""
        if spec.nullable and self.chance(_EMPTY_FIELD):
            return None
        known: Sequence[Any] = self.all.values.get((kind, spec.name), ())
        if spec.type == "bool":
            return self.chance(0.5)
        if spec.type == "need":
            return self.need if self.chance(_OF_THEME) else self.random.choice(self.rules.needs).name
        if spec.codes is not None:
            is_beside = known and self.chance(0.7)
            return self.random.choice(known if is_beside else self.words[spec.codes])
        if spec.type == "date":
            return dates.iso(
                self.moved(near, self.random.choice(self.all.spans), self.random.choice([-1, 1]))
            )
        if spec.type == "text":
            return None
        if spec.plausible is not None and self.chance(_OF_THEME if not known else _ANY_SIZE):
            low, high = (round(limit * 10**spec.places) for limit in spec.plausible)
            return to_wire(spec, self.random.randint(low, high))
        around = self.random.choice(known) if known else self.random.randint(0, 9) * 10**spec.places
        return to_wire(spec, int(around) + self.random.choice([-1, 0, 0, 1]))
