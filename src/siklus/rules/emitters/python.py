"""Rules -> Python source -> an engine for one person: fold the records, then finish a day from the folded state.

`make_engine(rules)` writes one module of plain functions and runs it once. Packages whose gate
is false are left out of the work and of the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from siklus.kernel import dates
from siklus.kernel.periods import Period
from siklus.rules import runtime
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.book import Rules
from siklus.rules.derived import derived_fields, derivers
from siklus.rules.emitters.finish import write_unit
from siklus.rules.emitters.fold import empty_of, write_fold
from siklus.rules.emitters.judging import write_classes, write_indicators, write_share
from siklus.rules.emitters.program import Program, program
from siklus.rules.emitters.python_dialect import Python, deriver_of
from siklus.rules.episodes import RecordsByKind, form_episodes, sort_records
from siklus.rules.life import EngineRecord, Facts, Life
from siklus.rules.plan import (
    Plan,
    expressions_of_classification,
    expressions_of_indicator,
    plan_of,
    plan_of_needs,
)
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER, PERSON


class FoldedUnit(NamedTuple):
    """A person, an episode or a household with its accumulators, in the order of the plan.

    `members` are the persons of a household: what is kept of them is in their own state.
    """

    unit: str
    facts: Facts
    kept: list[Any]
    members: tuple[FoldedUnit, ...] = ()


@dataclass
class Engine:
    """Generated Python for one rule book. `source` is the text that runs; `plans` say what each accumulator is.

    `openers` are the kinds of record without which a person has no episode at all.
    """

    rules: Rules
    source: str
    plans: dict[str, Plan]
    space: dict[str, Any] = field(repr=False)
    openers: frozenset[str]

    def units(self, life: Life) -> list[tuple[str, Facts, RecordsByKind]]:
        """(unit, facts, records by kind) of the person and of each episode; or of the household alone."""
        records = sort_records(life.records)
        if life.members is not None:
            return [(HOUSEHOLD, life.person, records)]
        if self.openers.isdisjoint(records):
            return [(PERSON, life.person, records)]
        episodes = form_episodes(self.rules.vocabulary, life.person, records)
        return [(PERSON, life.person, records), *((name, facts, records) for name, facts in episodes)]

    def fold(self, life: Life) -> list[FoldedUnit]:
        """The state of every unit that some need is about."""
        folds = self.space["FOLDS"]
        if life.members is not None:
            return self.fold_household(life, map(self.fold_member, life.members))
        return [
            FoldedUnit(unit, facts, folds[unit](facts, records))
            for unit, facts, records in self.units(life)
            if unit in folds
        ]

    def fold_member(self, member: Life) -> FoldedUnit:
        """The state of a person without the episodes: all that a household asks for."""
        _, facts, records = self.units(member)[0]
        fold = self.space["FOLDS"].get(PERSON)
        return FoldedUnit(PERSON, facts, fold(facts, records) if fold else [])

    def fold_household(self, household: Life, members: Iterable[FoldedUnit]) -> list[FoldedUnit]:
        """The state of a household beside its members', each already folded; nothing when no need is about any."""
        fold = self.space["FOLDS"].get(HOUSEHOLD)
        if fold is None:
            return []
        facts, records = household.person, sort_records(household.records)
        kept = fold(facts, records)
        return [FoldedUnit(HOUSEHOLD, facts, kept, tuple(members))]

    def finish(self, folded: Iterable[FoldedUnit], today: int) -> list[NeedAnswer]:
        """Answers of a day from the state; nothing for the dead."""
        answers: list[NeedAnswer] = []
        finishes = self.space["FINISHES"]
        for unit in folded:
            if unit.facts["died"] is None:
                kept = self.with_members(unit, today) if unit.members else unit.kept
                finishes[unit.unit](unit.facts, kept, today, answers.append)
        return answers

    def with_members(self, household: FoldedUnit, today: int) -> list[Any]:
        """What is kept of a household, with what its members come to on this day in its places."""
        places = self.plans[HOUSEHOLD].of_members()
        rows = self._rows(household.members, today) if places else ()
        if not rows:
            return household.kept
        fresh, kept = self.space["FOLDS"][HOUSEHOLD](household.facts, {MEMBER: rows}), list(household.kept)
        for place in places:
            kept[place] = fresh[place]
        return kept

    def _rows(self, members: Iterable[FoldedUnit], today: int) -> list[EngineRecord]:
        """What each of the living shares on this day."""
        share = self.space["share_person"]
        rows = (share(member.facts, member.kept, today) for member in members)
        return [row for row in rows if row is not None]

    def needs(self, life: Life, today: int) -> list[NeedAnswer]:
        """Every need of every unit on a day, from the records."""
        return self.finish(self.fold(life), today)

    def indicators(self, life: Life, today: int, period: Period) -> list[IndicatorAnswer]:
        """Every indicator of the period's kind, judged on its cut-off day."""
        answers: list[IndicatorAnswer] = []
        judges = self.space["JUDGES"]
        if life.members is not None:
            return self.household_indicators(life, map(self.fold_member, life.members), today, period)
        for unit, facts, records in self.units(life):
            for fold, judge in judges.get((unit, period.kind), ()):
                kept = fold(facts, records, period.start, period.stop)
                judge(facts, kept, period.cut_off(today), period.start, period.stop, answers.append)
        return answers

    def household_indicators(
        self, household: Life, members: Iterable[FoldedUnit], today: int, period: Period
    ) -> list[IndicatorAnswer]:
        """The same for a household beside its members, each already folded."""
        answers: list[IndicatorAnswer] = []
        facts, day = household.person, period.cut_off(today)
        for fold, judge in self.space["JUDGES"].get((HOUSEHOLD, period.kind), ()):
            rows, records = self._rows(members, day), sort_records(household.records)
            kept = fold(facts, {**records, MEMBER: rows} if rows else records, period.start, period.stop)
            judge(facts, kept, day, period.start, period.stop, answers.append)
        return answers

    def classes(self, life: Life, today: int) -> list[ClassAnswer]:
        """Every classification that has something to judge; of a household there is none."""
        if life.members is not None:
            return []
        _, facts, records = self.units(life)[0]
        answers: list[ClassAnswer] = []
        fold, classify = self.space["CLASSES"]
        classify(facts, fold(facts, records), today, answers.append)
        return answers

    def state_of(self, unit: FoldedUnit) -> dict[str, Any]:
        """The accumulators that hold something, by place; what is stored, and what a bulk rebuild must equal."""
        empty = self.space["EMPTY"][unit.unit]
        return {
            str(place): value
            for place, value in enumerate(unit.kept)
            if value is not empty[place] and value != ()
        }

    def unfold(
        self, unit: str, facts: Facts, state: Mapping[str, Any], members: tuple[FoldedUnit, ...] = ()
    ) -> FoldedUnit:
        """A unit from its stored state and its facts, to be finished without its records; a household with members."""
        kept = list(self.space["EMPTY"][unit])
        for place, value in state.items():
            kept[int(place)] = value
        return FoldedUnit(unit, facts, kept, members)


@dataclass(frozen=True)
class Written:
    """An engine before it runs."""

    program: Program
    plans: dict[str, Plan]
    empty: dict[str, list[Any]]


def make_engine(rules: Rules) -> Engine:
    """Write the source and run it."""
    return engine_of(rules, write_engine(rules))


def write_engine(rules: Rules) -> Written:
    """The module of a rule book."""
    dialect, lines = Python(derived_fields(rules.vocabulary)), list[str]()
    plans: dict[str, Plan] = {}
    folds, finishes, judges = [], [], []
    empty: dict[str, list[object]] = {}
    for unit in rules.units():
        needs = [need for need in rules.needs if need.unit == unit]
        plan = plan_of_needs(rules, unit)
        if plan is not None:
            lines += write_unit(dialect, unit, needs, plan, twice=True)
            plans[unit] = plan
            empty[unit] = [empty_of(accumulator) for accumulator in plan.places]
            folds.append(f"{unit!r}: fold_{unit}")
            finishes.append(f"{unit!r}: finish_{unit}")
        for period in dict.fromkeys(
            indicator.period for indicator in rules.indicators if indicator.unit == unit
        ):
            name = f"{unit}_{period.replace(' ', '_')}"
            chosen = [
                indicator
                for indicator in rules.indicators
                if indicator.unit == unit and indicator.period == period
            ]
            plan = plan_of(node for indicator in chosen for node in expressions_of_indicator(indicator))
            body = write_indicators(dialect, f"judge_{name}", chosen, plan)
            lines += [*write_fold(dialect, f"fold_indicators_{name}", plan), "", *body, ""]
            judges.append(f"({unit!r}, {period!r}): [(fold_indicators_{name}, judge_{name})]")
    if HOUSEHOLD in rules.units():
        lines += [*write_share(dialect, rules.shares, plans.get(PERSON, Plan())), ""]
    plan = plan_of(node for table in rules.classifications for node in expressions_of_classification(table))
    body = write_classes(dialect, "classify", rules.classifications, plan)
    lines += [*write_fold(dialect, "fold_classes", plan), "", *body, ""]
    lines += [
        f"FOLDS = {{{', '.join(folds)}}}",
        f"FINISHES = {{{', '.join(finishes)}}}",
        f"JUDGES = {{{', '.join(judges)}}}",
        "CLASSES = (fold_classes, classify)",
    ]
    return Written(program(lines, "rule book"), plans, empty)


def engine_of(rules: Rules, written: Written) -> Engine:
    """Run what was written for these rules."""
    space: dict[str, Any] = {
        "dates": dates,
        "add_months": runtime.add_months,
        "months_between": runtime.months_between,
        "shifted": runtime.shifted,
        "months_from": runtime.months_from,
        "age_years": runtime.age_years,
        "month_number": runtime.month_number,
        "start_of_month": runtime.start_of_month,
        "asked": runtime.asked,
        "lru_cache": lru_cache,
        "new": tuple.__new__,
        "NeedAnswer": NeedAnswer,
        "IndicatorAnswer": IndicatorAnswer,
        "ClassAnswer": ClassAnswer,
        "EMPTY": written.empty,
    }
    for kind, deriver in derivers(rules.vocabulary).items():
        space.update({deriver_of(kind, name): works for name, works in deriver.of.items()})
    written.program.run(space)
    openers = frozenset(kind for episode in rules.vocabulary.episodes.values() for kind in episode.made_of)
    return Engine(rules, written.program.source, written.plans, space, openers)
