"""The finish: what each need of a unit comes to on a day (rule language, section 3.1).

A unit can be written twice where that saves work. Almost every unit has its anchors, the birth and the start of an
episode: for those, nothing that rests on them alone is judged as unknown. The few others take the second way.
What depends on the day alone is worked out once a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from siklus.kernel import dates
from siklus.rules import tree as t
from siklus.rules.asking import leaves
from siklus.rules.assuming import Assuming, anchors_of
from siklus.rules.book import Need
from siklus.rules.emitters.dialect import Dialect
from siklus.rules.emitters.fold import write_fold
from siklus.rules.emitters.shapes import may_be_never
from siklus.rules.emitters.writer import OfDay, Writer
from siklus.rules.needs import FOREVER
from siklus.rules.plan import Plan, expressions_of_need

_ANCHORS = ("birth", "start")
_FINISH, _JUDGE_PACKAGE = ("u", "A", "today", "add"), ("u", "A", "T", "today", "add")
_LIMITS = ("opens", "due", "overdue", "until")


def write_unit(dialect: Dialect, unit: str, needs: list[Need], plan: Plan, *, twice: bool) -> list[str]:
    """Lines of `fold_UNIT(u, R)` and `finish_UNIT(u, A, today, add)` and of what they lean on.

    `twice`: once for units whose anchors are known, and once for the others.
    """
    of_day: OfDay = {}
    known = known_anchors(needs)
    lines: list[str] = []
    if known and twice:
        unsure = unsure_of(unit)
        lines += _write_both(dialect, unsure, needs, plan, Assuming(()), of_day)
        test = dialect.any_of(dialect.is_unknown(dialect.fact(name)) for name in known)
        turns = tuple(
            dialect.turn(test, f"{verb}_{unsure}({', '.join(given)})")
            for verb, given in (("fold", ("u", "R")), ("finish", _FINISH))
        )
        lines += _write_both(dialect, unit, needs, plan, Assuming(known), of_day, turns)
    else:
        lines += _write_both(dialect, unit, needs, plan, Assuming(()), of_day)
    day = Writer(dialect, plan)
    values = [day.atom(node) for node in of_day]
    return [*dialect.day_function(unit, values, day), "", *lines]


def known_anchors(needs: Iterable[Need]) -> list[str]:
    """The anchors on which these needs rest; whoever lacks one takes the way of the unsure."""
    return anchors_of(
        (node for need in needs for node in (need.package.gate, *expressions_of_need(need))), _ANCHORS
    )


def unsure_of(unit: str) -> str:
    """The name under which a unit is written for those who lack an anchor."""
    return f"{unit}_unsure"


def part_of(name: str, package: str) -> str:
    """The function that judges one package, once its gate is open: `PART(u, A, T, today, add)`."""
    return f"finish_{name}_{package}"


def _write_both(
    dialect: Dialect,
    name: str,
    needs: list[Need],
    plan: Plan,
    assuming: Assuming,
    of_day: OfDay,
    turns: tuple[str, ...] = ("", ""),
) -> list[str]:
    rewritten = assuming.plan(plan)
    fold = write_fold(dialect, f"fold_{name}", rewritten, turns[0])
    finish, packages = Writer(dialect, rewritten, of_day), []
    if turns[1]:
        finish.line(turns[1])
    if needs:
        finish.set("T", f"day_{needs[0].unit}(today)")
    else:
        finish.line(dialect.give(dialect.none))
    finish.shift_together(assuming.node(need.package.gate) for need in needs)
    for package in dict.fromkeys(need.package.name for need in needs):
        members = [(assuming.need(need), need) for need in needs if need.package.name == package]
        part, writer = part_of(name, package), Writer(dialect, rewritten, of_day)
        packages += _write_package(part, members, writer, assuming)
        gate = members[0][0].package.gate
        is_open = dialect.true if gate == t.TRUE else dialect.negated(f"({finish.surely_not(gate)})")
        with finish.block(dialect.when(is_open)):
            finish.line(f"{part}({', '.join(_JUDGE_PACKAGE)})")
    if len(rewritten.places) != len(plan.places):
        raise AssertionError(f"{name}: what is finished is not what is folded")
    return [*fold, "", *packages, *dialect.function(f"finish_{name}", _FINISH, finish), ""]


def _write_package(
    name: str, members: list[tuple[Need, Need]], writer: Writer, assuming: Assuming
) -> list[str]:
    writer.set("i", writer.dialect.fact("id"))
    writer.shift_together(node for need, _ in members for node in expressions_of_need(need))
    for need, original in members:
        _NeedWriter(writer, need, original, assuming).write()
    return [*writer.dialect.function(name, _JUDGE_PACKAGE, writer), ""]


@dataclass
class _NeedWriter:
    """One need. `original` says what an unknown answer asks for; the rewritten `need` is what is worked out."""

    writer: Writer
    need: Need
    original: Need
    assuming: Assuming
    again: bool = False

    def write(self) -> None:
        writer, need, say = self.writer, self.need, self.writer.dialect
        for step, node in need.steps:
            name = writer.atom(node)
            for nullable in (True, False):
                writer.bind(t.StepValue(step, node.type, nullable), name)
        if need.who == t.TRUE:
            self._status()
            return
        occurrence = writer.atom(need.occurrence)
        with writer.block(say.when(writer.surely_not(need.who))):
            self._add(self._answer(occurrence, say.literal("not_applicable"), say.nothing))
        with writer.block(say.otherwise):
            self._status()

    def _status(self) -> None:
        """The precedence of section 3.1 as if-elif chains; what only the rest needs is worked out in the rest."""
        writer, need, say = self.writer, self.need, self.writer.dialect
        names = ("due", "until", "overdue", "opens", "occurrence")
        slots = {name: writer.atom(getattr(need, name)) for name in names}
        if need.done == t.FALSE:
            self._not_done(slots)
        else:
            self._when(writer.condition(need.done), "done")
            with self._rest():
                self._not_done(slots)
        days = [
            self._limit(slots[name], getattr(need, name)) for name in ("opens", "due", "overdue", "until")
        ]
        answer = self._answer(slots["occurrence"], "s", "q", days)
        if need.excluded != t.FALSE:
            without = self._answer(slots["occurrence"], "s", "q")
            is_excluded = say.compare("=", "s", say.literal("not_applicable"))
            answer = say.choose(is_excluded, without, answer)
        self._add(answer)

    def _not_done(self, slots: dict[str, str]) -> None:
        need, say, due, until = self.need, self.writer.dialect, slots["due"], slots["until"]
        for slot in ("who", "done", "excluded"):
            if getattr(need, slot).nullable:
                slots[slot] = self.writer.atom(getattr(need, slot))
        if need.excluded != t.FALSE:
            self._when(self.writer.condition(need.excluded), "not_applicable")
        if need.who.nullable:
            self._unknown(say.is_unknown(slots["who"]), "who")
        if need.due.nullable:
            if need.waits == t.FALSE:
                self._unknown(say.is_unknown(due), "due")
            else:
                with self._branch(say.is_unknown(due)):
                    self._waiting(until)
        self._when(say.compare("<", "today", due), "not_yet")
        for slot in ("done", "excluded", "until"):
            if getattr(need, slot).nullable:
                self._unknown(say.is_unknown(slots[slot]), slot)
        if need.until != FOREVER:
            self._when(say.compare(">=", "today", until), "missed")
        with self._rest():
            if need.refused != t.FALSE:
                self._when(self.writer.condition(need.refused), "refused")
            if need.overdue.nullable:
                self._unknown(say.is_unknown(slots["overdue"]), "overdue")
            if need.overdue != FOREVER:
                self._when(say.compare(">=", "today", slots["overdue"]), "overdue")
            self._otherwise("due")

    def _waiting(self, until: str) -> None:
        """The date is unknown, perhaps because the step before is not done."""
        say = self.writer.dialect
        inner = _NeedWriter(self.writer, self.need, self.original, self.assuming)
        inner._unknown(say.negated(self.writer.atom(self.need.waits)), "due")
        if self.need.until.nullable:
            inner._unknown(say.is_unknown(until), "until")
        inner._when(say.compare(">=", "today", until), "missed")
        inner._otherwise("not_yet")

    def _settle(self, status: str, asks: str = "") -> None:
        say = self.writer.dialect
        self.writer.given.update(s=None, q=None)
        self.writer.line(say.settle(say.literal(status), asks or say.nothing))

    def _when(self, condition: str, status: str) -> None:
        with self._branch(condition):
            self._settle(status)

    def _unknown(self, condition: str, slot: str) -> None:
        with self._branch(condition):
            found = [
                (label, self.assuming.node(leaf)) for label, leaf in leaves(getattr(self.original, slot))
            ]
            pairs = [(label, self.writer.atom(leaf)) for label, leaf in found if leaf.nullable]
            self._settle("unknown", self.writer.dialect.asked(pairs))

    @contextmanager
    def _branch(self, condition: str) -> Iterator[None]:
        with self.writer.block(self.writer.dialect.when(condition, self.again)):
            yield
        self.again = True

    @contextmanager
    def _rest(self) -> Iterator[None]:
        """Everything that is left, as a chain of its own."""
        if not self.again:
            yield
            return
        with self.writer.block(self.writer.dialect.otherwise):
            self.again = False
            yield

    def _otherwise(self, status: str) -> None:
        if not self.again:
            self._settle(status)
            return
        with self.writer.block(self.writer.dialect.otherwise):
            self._settle(status)

    def _add(self, answer: str) -> None:
        self.writer.line(self.writer.dialect.add("NeedAnswer", answer))

    def _answer(self, occurrence: str, status: str, asks: str, days: Sequence[str] = ()) -> str:
        need, say = self.need, self.writer.dialect
        about = (say.literal(need.name), say.literal(need.unit), "i", occurrence, status)
        return say.answer("NeedAnswer", (*about, *(days or (say.none,) * len(_LIMITS)), asks))

    def _limit(self, name: str, node: t.Node) -> str:
        """A day, unknown where there is no such limit."""
        say, never = self.writer.dialect, dates.NEVER
        if isinstance(node, t.Literal):
            return say.none if node.value is None or node.value >= never else name
        if not may_be_never(node):
            return name
        is_day = say.both([say.is_known(name), say.compare("<", name, say.literal(never))])
        return say.choose(is_day, name, say.none)
