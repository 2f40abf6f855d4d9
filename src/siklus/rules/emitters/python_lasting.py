"""How long the answers of one person last, in generated Python: the bounds of `rules.lasting` over the folded state.

A module of its own, written and run when first asked for: phones and pages never ask how long an answer lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.dates import NEVER
from siklus.kernel.periods import Period
from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Rules
from siklus.rules.bounds import FOREVER, earliest
from siklus.rules.derived import derived_fields
from siklus.rules.emitters.finish import known_anchors, part_of, unsure_of
from siklus.rules.emitters.program import Program, program
from siklus.rules.emitters.python import Engine, FoldedUnit
from siklus.rules.emitters.python_dialect import Python
from siklus.rules.emitters.writer import OfDay, Writer
from siklus.rules.lasting import (
    PackageLasts,
    classification_lasts,
    indicator_lasts,
    packages_last,
    shares_last,
)
from siklus.rules.life import Life
from siklus.rules.plan import (
    Plan,
    expressions_of_classification,
    expressions_of_indicator,
    plan_of,
)
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

_OF_UNIT, _OF_PACKAGE, _OF_ASK = ("u", "A", "today"), ("u", "A", "T", "today"), ("u", "A", "today", "add")


@dataclass(frozen=True)
class Lasting:
    """The next day on which an answer about somebody can change if no record comes; `NEVER` when none can."""

    engine: Engine
    source: str
    space: dict[str, Any] = field(repr=False)

    def needs(self, folded: Iterable[FoldedUnit], today: int) -> int:
        """Of the needs, from the state."""
        found, units = NEVER, self.space["UNITS"]
        for unit in folded:
            if unit.facts["died"] is None:
                kept = self.engine.with_members(unit, today) if unit.members else unit.kept
                found = min(found, units[unit.unit](unit.facts, kept, today))
                found = min(found, self.shared(unit, today))
        return found

    def ask(
        self, unit: FoldedUnit, packages: Collection[str], today: int, add: Callable[[NeedAnswer], None]
    ) -> Iterator[tuple[str, int]]:
        """Adds what these packages say of a unit on a day; each of them, with the day until which that lasts."""
        if unit.facts["died"] is None:
            kept = self.engine.with_members(unit, today) if unit.members else unit.kept
            for name, ask in self.space["ASKS"][unit.unit].items():
                if name in packages:
                    yield name, ask(unit.facts, kept, today, add)

    def shared(self, household: FoldedUnit, today: int) -> int:
        """Of what its members share with it."""
        return min((NEVER, *(self._shared(member, today) for member in household.members)))

    def _shared(self, member: FoldedUnit, today: int) -> int:
        """Of what a member shares with the household."""
        shares: Callable[..., int] | None = self.space["SHARES"]
        is_asked = shares is not None and member.facts["died"] is None
        return shares(member.facts, member.kept, today) if shares is not None and is_asked else NEVER

    def judged(self, life: Life, today: int, periods: Sequence[Period], action: str | None = None) -> int:
        """Of the classifications (that may ask for this action) and of indicators of these periods, from records."""
        if life.members is not None:
            asked = {
                each.unit for each in self.engine.rules.indicators if each.period in {p.kind for p in periods}
            }
            return today + 1 if HOUSEHOLD in asked else NEVER
        units, found = self.engine.units(life), NEVER
        classes: Callable[..., int] | None = self.space["ACTIONS"].get(action)
        if classes is not None:
            fold, _ = self.engine.space["CLASSES"]
            _, facts, records = units[0]
            found = classes(facts, fold(facts, records), today)
        return min((found, *(self._counted(units, today, period) for period in periods)))

    def _counted(self, units: Sequence[tuple[str, Any, Any]], today: int, period: Period) -> int:
        """An indicator is judged on the cut-off day; after the last day of its period nothing changes any more."""
        found, day = NEVER, period.cut_off(today)
        if day < today:
            return found
        for unit, facts, records in units:
            lasts = self.space["PERIODS"].get((unit, period.kind))
            if lasts is not None:
                ((fold, _),) = self.engine.space["JUDGES"][unit, period.kind]
                kept = fold(facts, records, period.start, period.stop)
                found = min(found, lasts(facts, kept, day, period.start, period.stop))
        return found if found < period.stop else NEVER


def make_lasting(engine: Engine) -> Lasting:
    """Write the source and run it."""
    return lasting_of(engine, write_lasting(engine))


def write_lasting(engine: Engine) -> Program:
    """The module beside this engine."""
    dialect, rules = Python(derived_fields(engine.rules.vocabulary)), engine.rules
    lines: list[str] = []
    units, asks = {}, []
    for unit in engine.plans:
        packages = [each for each in packages_last(rules) if each.unit == unit]
        lines += _write_unit(dialect, unit, packages, engine.plans[unit])
        units[unit] = f"{unit!r}: lasts_{unit}"
        named = (f"{each.package.name!r}: {_ask_of(each)}" for each in packages)
        asks.append(f"{unit!r}: {{{', '.join(named)}}}")
    shared = shares_last(rules)
    if shared != FOREVER and PERSON in engine.plans:
        lines += _write_bound(
            dialect, "lasts_shares", _OF_UNIT, shared, Writer(dialect, engine.plans[PERSON])
        )
    judges = _write_indicators(dialect, rules, lines)
    actions = _write_classes(dialect, rules, lines)
    lines += [
        f"UNITS = {{{', '.join(units.values())}}}",
        f"ASKS = {{{', '.join(asks)}}}",
        f"PERIODS = {{{', '.join(judges)}}}",
        f"SHARES = {'None' if shared == FOREVER or PERSON not in engine.plans else 'lasts_shares'}",
        f"ACTIONS = {{{', '.join(actions)}}}",
    ]
    return program(lines, "how long answers last")


def lasting_of(engine: Engine, written: Program) -> Lasting:
    """Run what was written for this engine."""
    space = dict(engine.space)
    written.run(space)
    return Lasting(engine, written.source, space)


def _write_unit(dialect: Python, unit: str, packages: Sequence[PackageLasts], plan: Plan) -> list[str]:
    anchors = known_anchors([need for each in packages for need in each.needs])
    of_day: OfDay = {}
    lines: list[str] = []
    whole = Writer(dialect, plan, of_day)
    whole.set("T", f"day_lasts_{unit}(today)")
    names = []
    for each in packages:
        part, writer = f"lasts_{unit}_{each.package.name}", Writer(dialect, plan, of_day)
        for need in each.needs:
            for step, node in need.steps:
                name = writer.atom(node)
                for nullable in (True, False):
                    writer.bind(t.StepValue(step, node.type, nullable), name)
        lines += _write_bound(dialect, part, _OF_PACKAGE, each.open, writer)
        call, gate = f"{part}({', '.join(_OF_PACKAGE)})", each.package.gate
        if gate != t.TRUE:
            shut = whole.surely_not(gate)
            call = dialect.choose(shut, whole.atom(each.shut), call)
        names.append(whole.let(("bound", part), call))
    for each in packages:
        lines += _write_ask(dialect, each, anchors, Writer(dialect, plan, of_day))
    never = dialect.literal(NEVER)  # a person may only share something, and be owed nothing
    whole.line(dialect.give(dialect.extreme([*names, never], False) if names else never))
    day = Writer(dialect, plan)
    values = [day.atom(node) for node in of_day]
    return [
        *dialect.day_function(f"lasts_{unit}", values, day),
        "",
        *lines,
        *dialect.function(f"lasts_{unit}", _OF_UNIT, whole),
        "",
    ]


def _ask_of(each: PackageLasts) -> str:
    return f"ask_{each.unit}_{each.package.name}"


def _write_ask(dialect: Python, each: PackageLasts, anchors: Sequence[str], writer: Writer) -> list[str]:
    """`ASK(u, A, today, add)`: adds the answers of one package about a unit, and gives back until when they last."""
    unit, name = each.unit, each.package.name
    writer.set("T", f"day_lasts_{unit}(today)")
    if each.package.gate != t.TRUE:
        with writer.block(dialect.when(writer.surely_not(each.package.gate))):
            writer.line(dialect.give(writer.atom(each.shut)))
    judge = f"{part_of(unit, name)}(u, A, day_{unit}(today), today, add)"
    if anchors:
        unsure = f"{part_of(unsure_of(unit), name)}(u, A, day_{unit}(today), today, add)"
        lacks = dialect.any_of(dialect.is_unknown(dialect.fact(anchor)) for anchor in anchors)
        judge = dialect.choose(lacks, unsure, judge)
    writer.line(judge)
    writer.line(dialect.give(f"lasts_{unit}_{name}({', '.join(_OF_PACKAGE)})"))
    return [*dialect.function(_ask_of(each), _OF_ASK, writer), ""]


def _write_indicators(dialect: Python, rules: Rules, lines: list[str]) -> list[str]:
    judges = []
    for unit in rules.units():
        of_unit = [each for each in rules.indicators if each.unit == unit]
        for period in dict.fromkeys(each.period for each in of_unit):
            chosen = [each for each in of_unit if each.period == period]
            bound = earliest(*map(indicator_lasts, chosen))
            if bound != FOREVER:
                plan = plan_of(node for each in chosen for node in expressions_of_indicator(each))
                name = f"lasts_indicators_{unit}_{period.replace(' ', '_')}"
                lines += _write_bound(dialect, name, (*_OF_UNIT, "P0", "P1"), bound, Writer(dialect, plan))
                judges.append(f"({unit!r}, {period!r}): {name}")
    return judges


def _write_classes(dialect: Python, rules: Rules, lines: list[str]) -> list[str]:
    """One function for all tables (None), and one for those that may ask for each action."""
    plan = plan_of(node for table in rules.classifications for node in expressions_of_classification(table))
    actions = []
    for place, action in enumerate(
        [None, *dict.fromkeys(row.do for table in rules.classifications for row in table.rows)]
    ):
        asked = [
            each
            for each in rules.classifications
            if action is None or any(row.do == action for row in each.rows)
        ]
        bound = earliest(*map(classification_lasts, asked))
        if bound != FOREVER:
            lines += _write_bound(dialect, f"lasts_classes_{place}", _OF_UNIT, bound, Writer(dialect, plan))
            actions.append(f"{action!r}: lasts_classes_{place}")
    return actions


def _write_bound(
    dialect: Python, name: str, parameters: Sequence[str], bound: t.Node, writer: Writer
) -> list[str]:
    places = len(writer.plan.places)
    writer.line(dialect.give(writer.atom(bound)))
    if len(writer.plan.places) != places:
        raise AssertionError(f"{name}: what a bound reads is not what is folded")
    return [*dialect.function(name, parameters, writer), ""]
