"""The meaning of the rule language: slow, obvious, straight over one person's records, with no accumulators.

Where another engine differs from this one, the other is wrong; where this one differs from the rule language,
this one is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from siklus.kernel import dates
from siklus.kernel.dates import NEVER
from siklus.kernel.periods import Period
from siklus.rules import tree as t
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.asking import leaves
from siklus.rules.book import Classification, Indicator, Need, Rules, Share
from siklus.rules.derived import derivers, deriving
from siklus.rules.episodes import RecordsByKind, form_episodes, sort_records
from siklus.rules.lasting import classification_lasts, indicator_lasts, packages_last, shares_last
from siklus.rules.life import EngineRecord, Facts, Life
from siklus.rules.meanings import MEANINGS
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER

_SUMMARIES: dict[str, Callable[[list[Any]], Any]] = {"min": min, "max": max, "sum": sum}
_OF_NOTHING: dict[str, Any] = {"exists": False, "count": 0, "days_with": 0, "months_with": 0, "dates": ()}
"""What these say where there is no record; all others are unknown then."""


Values = dict[int, tuple[t.Node, Any]]
"""Of each node by its identity; the node is kept beside its value, so that no other can come to that identity."""
Asked = dict[int, tuple[t.Node, list[tuple[str, t.Node]]]]


@dataclass
class Unit:
    """A person, an episode or a household with everything its rules may look at; `members` are the living.

    `known` are the values that are the same on every day.
    """

    name: str
    facts: Facts
    records: RecordsByKind
    steps: dict[str, Any] = field(default_factory=dict)
    members: tuple[Unit, ...] = ()
    shares: tuple[Share, ...] = ()
    known: Values = field(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(frozen=True)
class Reference:
    """Answers for one life, by reading the tree.

    `asked` says what each node asks for where it is unknown, once for all lives. Who asks several things about one life
    may give its `units`, or the `readers` of a day, so that nothing is worked out again.
    """

    rules: Rules
    asked: Asked = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def owed(self) -> dict[str, list[tuple[t.Node, list[Need]]]]:
        """(gate, needs) of the packages about each unit, in the order of the rules."""
        owed: dict[str, list[tuple[t.Node, list[Need]]]] = {}
        for (unit, _), needs in groupby(self.rules.needs, lambda need: (need.unit, need.package.name)):
            same = list(needs)
            owed.setdefault(unit, []).append((same[0].package.gate, same))
        return owed

    @cached_property
    def counted(self) -> dict[tuple[str, str], list[Indicator]]:
        """The indicators about each unit, by the kind of period they are counted in."""
        counted: dict[tuple[str, str], list[Indicator]] = {}
        for indicator in self.rules.indicators:
            counted.setdefault((indicator.unit, indicator.period), []).append(indicator)
        return counted

    def units(self, life: Life) -> list[Unit]:
        """The person, then the episodes; or the household alone."""
        records = sort_records(dict(record) for record in life.records)
        if life.members is not None:
            living = (member for member in life.members if member.person["died"] is None)
            members = tuple(self.units(member)[0] for member in living)
            return [Unit(HOUSEHOLD, life.person, records, members=members, shares=self.rules.shares)]
        episodes = form_episodes(self.rules.vocabulary, life.person, records)
        records = deriving(records, derivers(self.rules.vocabulary), life.person)
        return [
            Unit("person", life.person, records),
            *(Unit(name, facts, records) for name, facts in episodes),
        ]

    def readers(self, life: Life, today: int, units: list[Unit] | None = None) -> list[Reader]:
        """One reader for each unit, the person first."""
        return [self.reader(unit, today) for unit in units or self.units(life)]

    def reader(self, unit: Unit, today: int, period: Period | None = None) -> Reader:
        """One unit on one day."""
        return Reader(unit, today, period, asked=self.asked)

    def needs(self, life: Life, today: int, readers: list[Reader] | None = None) -> list[NeedAnswer]:
        """Every need of every unit on a day; nothing from a package whose gate is false, nothing for the dead."""
        if life.person["died"] is not None:
            return []
        answers: list[NeedAnswer] = []
        for reader in readers or self.readers(life, today):
            for gate, needs in self.owed.get(reader.unit.name, ()):
                if reader.value(gate) is not False:
                    answers += map(reader.need, needs)
        return answers

    def indicators(
        self,
        life: Life,
        today: int,
        period: Period,
        units: list[Unit] | None = None,
        *,
        counted_only: bool = False,
    ) -> list[IndicatorAnswer]:
        """Every indicator for every unit of its kind, judged on the cut-off day of the period.

        `counted_only`: as bulk tells them, without the units that are surely not counted.
        """
        answers = []
        for unit in units or self.units(life):
            reader = self.reader(unit, period.cut_off(today), period)
            for indicator in self.counted.get((unit.name, period.kind), ()):
                counted = reader.value(indicator.counted)
                if counted_only and counted is False:
                    continue
                components = {name: reader.value(node) for name, node in indicator.components.items()}
                reached = reader.value(indicator.reached)
                answers.append(
                    IndicatorAnswer(indicator.name, unit.name, unit.facts["id"], counted, components, reached)
                )
        return answers

    def classes(self, life: Life, today: int, readers: list[Reader] | None = None) -> list[ClassAnswer]:
        """Every classification that has something to judge."""
        answers: list[ClassAnswer] = []
        if life.members is not None:
            return answers
        reader = (readers or self.readers(life, today))[0]
        for table in self.rules.classifications:
            answer = reader.classify(table)
            if answer is not None:
                answers.append(answer)
        return answers

    def lasts(
        self, life: Life, today: int, periods: Sequence[Period] = (), units: list[Unit] | None = None
    ) -> int:
        """The next day on which a need (with periods also a class, or an indicator of these) can change, or `NEVER`."""
        units, found = units or self.units(life), [NEVER]
        readers = self.readers(life, today, units) if life.person["died"] is None else []
        for reader in readers:
            for each in packages_last(self.rules):
                if each.unit == reader.unit.name:
                    is_shut = reader.value(each.package.gate) is False
                    if not is_shut:
                        for need in each.needs:
                            reader.need(need)
                    found.append(reader.value(each.shut if is_shut else each.open))
        lasting = [shares_last(self.rules)] if any(unit.members for unit in units) else []
        found += [
            Reader(each, today).value(node) for unit in units for each in unit.members for node in lasting
        ]
        if periods and life.members is None:
            tables = map(classification_lasts, self.rules.classifications)
            found += [Reader(units[0], today).value(node) for node in tables]
        for period in periods:
            cut_off = period.cut_off(today)
            for unit in units if cut_off == today else ():
                judged = [e for e in self.rules.indicators if (e.unit, e.period) == (unit.name, period.kind)]
                if unit.name == HOUSEHOLD:
                    found += [today + 1 for _ in judged]
                    continue
                lasts = [Reader(unit, cut_off, period).value(indicator_lasts(each)) for each in judged]
                found += [day for day in lasts if day < period.stop]
        return min(found)

    def value(
        self, life: Life, node: t.Node, today: int, unit: str = "person", period: Period | None = None
    ) -> Any:
        """The value of one expression for the first unit of a kind; for cases and explanations."""
        found = next(each for each in self.units(life) if each.name == unit)
        return Reader(found, today, period).value(node)


@dataclass(frozen=True)
class Reader:
    """One unit on one day: the value of any expression about it.

    What does not look at a record is worked out once, and what does not rest on the day either once for the unit.
    """

    unit: Unit
    today: int
    period: Period | None = None
    known: Values = field(default_factory=dict, repr=False, compare=False)
    asked: Asked = field(default_factory=dict, repr=False, compare=False)
    rows: list[EngineRecord] = field(default_factory=list, repr=False, compare=False)
    """What each member shares on this day, once it was asked for."""

    def value(self, node: t.Node, record: EngineRecord | None = None) -> Any:
        """None is unknown."""
        rests_on = node.rests_on
        if rests_on & t.BY_RECORD:
            return MEANINGS[node.__class__](self, node, record)
        known = self.known if rests_on else self.unit.known
        found = known.get(id(node))
        if found is None:
            found = known[id(node)] = (node, MEANINGS[node.__class__](self, node, None))
        return found[1]

    @property
    def died(self) -> int | None:
        """The day of death, if the person has died."""
        day: int | None = self.unit.facts["died"]
        return day

    def step_value(self, name: str) -> Any:
        """What a step of a series that was answered before came to."""
        return self.unit.steps.get(name)

    def judged(self, node: t.Aggregate) -> list[tuple[EngineRecord, bool | None]]:
        """Every record an aggregate looks at, in order, and whether its condition holds."""
        records = self.members() if node.kind == MEMBER else self.unit.records.get(node.kind)
        if not records:
            return []
        if node.attached:
            records = [record for record in records if record["unit"] == self.unit.facts["id"]]
        return [(record, self.value(node.where, record)) for record in records]

    def members(self) -> list[EngineRecord]:
        """One row for each person who lives in the household, of all that persons share."""
        if not self.rows:
            for member in self.unit.members:
                reader = Reader(member, self.today, asked=self.asked)
                self.rows.append({share.name: reader.value(share.node) for share in self.unit.shares})
        return self.rows

    def aggregate(self, node: t.Aggregate) -> Any:
        if node.kind not in self.unit.records and node.kind != MEMBER:
            return _OF_NOTHING.get(node.function)
        judged = self.judged(node)
        if not judged:
            return _OF_NOTHING.get(node.function)
        taken = [record for record, holds in judged if holds is True]
        name = node.field or "date"
        match node.function:
            case "exists":
                return True if taken else None if any(holds is None for _, holds in judged) else False
            case "count":
                return len(taken)
            case "days_with":
                return len({record["date"] for record in taken})
            case "months_with":
                return len({dates.month_index(record["date"]) for record in taken})
            case "dates":
                return tuple(record["date"] for record in taken)
            case "first":
                return taken[0][name] if taken else None
            case "last":
                return taken[-1][name] if taken else None
            case "last_unclear":
                return next((record[name] for record, holds in reversed(judged) if holds is None), None)
            case "nth":
                position = node.nth - 1 if node.nth > 0 else node.nth
                return taken[position][name] if len(taken) >= abs(node.nth) else None
        known = [record[name] for record in taken if record[name] is not None]
        return _SUMMARIES[node.function](known) if known else None

    def need(self, need: Need) -> NeedAnswer:
        value = self.value
        for name, node in need.steps:
            self.unit.steps[name] = value(node)
        occurrence = value(need.occurrence)
        status, slot = self.status(need)
        opens = due = overdue = until = None
        if status != "not_applicable":
            opens, due = _limit(value(need.opens)), _limit(value(need.due))
            overdue, until = _limit(value(need.overdue)), _limit(value(need.until))
        asks = self.asks(getattr(need, slot)) if slot else ()
        unit = self.unit
        return NeedAnswer(
            need.name, unit.name, unit.facts["id"], occurrence, status, opens, due, overdue, until, asks
        )

    def status(self, need: Need) -> tuple[str, str]:
        """(status, slot that is unknown); the first line of section 3.1 that fits."""
        who = self.value(need.who)
        if who is False:
            return "not_applicable", ""
        done = self.value(need.done)
        if done is True:
            return "done", ""
        excluded = self.value(need.excluded)
        if excluded is True:
            return "not_applicable", ""
        if who is None:
            return "unknown", "who"
        due, until = self.value(need.due), self.value(need.until)
        if due is None:
            if not self.value(need.waits):
                return "unknown", "due"
            if until is None:
                return "unknown", "until"
            return ("missed" if self.today >= until else "not_yet"), ""
        if self.today < due:
            return "not_yet", ""
        for slot, value in (("done", done), ("excluded", excluded), ("until", until)):
            if value is None:
                return "unknown", slot
        if self.today >= until:
            return "missed", ""
        if self.value(need.refused):
            return "refused", ""
        overdue = self.value(need.overdue)
        if overdue is None:
            return "unknown", "overdue"
        return ("overdue" if self.today >= overdue else "due"), ""

    def asks(self, slot: t.Node) -> tuple[str, ...]:
        found = self.asked.get(id(slot))
        if found is None:
            found = self.asked[id(slot)] = (slot, leaves(slot))
        return tuple(dict.fromkeys(label for label, leaf in found[1] if self.value(leaf) is None))

    def classify(self, table: Classification) -> ClassAnswer | None:
        if not self.value(table.measured) or self.value(table.package.gate) is False:
            return None
        who = self.value(table.who)
        if who is False:
            return None
        unclear = who is None
        for row in table.rows:
            holds = self.value(row.when)
            if holds is True:
                return ClassAnswer(
                    table.name, self.unit.facts["id"], "unknown" if unclear else row.value, row.do
                )
            unclear = unclear or holds is None
        raise AssertionError("a classification ends with otherwise")


def value_on(today: int, node: t.Node) -> Any:
    """The value of an expression that rests on the day alone."""
    return Reader(Unit("", {}, {}), today).value(node)


def _limit(day: int | None) -> int | None:
    return None if day is None or day >= NEVER else day
