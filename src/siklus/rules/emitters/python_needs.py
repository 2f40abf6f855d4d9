"""The finish: what each need of a unit comes to on a day, as lines of Python (rule language, section 3.1).

A unit is written twice where that saves work. Almost every unit has its anchors, the birth and the start of an episode:
for those, nothing that rests on them alone is judged as unknown. The few others take the second way.
What depends on the day alone is worked out once a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from siklus.kernel import dates
from siklus.rules import tree as t
from siklus.rules.asking import leaves
from siklus.rules.assuming import Assuming, anchors_of
from siklus.rules.book import Need
from siklus.rules.emitters.python_fold import write_fold
from siklus.rules.emitters.python_writer import OfDay, Writer, may_be_never
from siklus.rules.needs import FOREVER
from siklus.rules.plan import Plan, expressions_of_need

_ANCHORS = ("birth", "start")
_AT_HAND = 8


def write_unit(unit: str, needs: list[Need], plan: Plan) -> list[str]:
    """Lines of `fold_UNIT(u, R)` and `finish_UNIT(u, A, today, add)` and of what they lean on."""
    of_day: OfDay = {}
    known = anchors_of(
        (node for need in needs for node in (need.package.gate, *expressions_of_need(need))), _ANCHORS
    )
    lines: list[str] = []
    turn = ""
    if known:
        lines += _write_both(f"{unit}_unsure", needs, plan, Assuming(()), of_day)
        turn = f"if {' or '.join(f'u[{name!r}] is None' for name in known)}: return {{}}_{unit}_unsure({{}})"
    lines += _write_both(unit, needs, plan, Assuming(known), of_day, turn)
    day = Writer(plan)
    values = "".join(f"{day.atom(node)}, " for node in of_day)
    return [
        f"@lru_cache({_AT_HAND})", f"def day_{unit}(today):", *day.lines,
        f"    return ({values})", "", *lines,
    ]  # fmt: skip


def _write_both(
    name: str, needs: list[Need], plan: Plan, assuming: Assuming, of_day: OfDay, turn: str = ""
) -> list[str]:
    unit, rewritten = needs[0].unit, assuming.plan(plan)
    fold = write_fold(f"fold_{name}", rewritten, turn.format("fold", "u, R"))
    finish, packages = Writer(rewritten, of_day), []
    if turn:
        finish.line(turn.format("finish", "u, A, today, add"))
    finish.line(f"T = day_{unit}(today)")
    finish.shift_together(assuming.node(need.package.gate) for need in needs)
    for package in dict.fromkeys(need.package.name for need in needs):
        members = [(assuming.need(need), need) for need in needs if need.package.name == package]
        packages += _write_package(f"finish_{name}_{package}", members, Writer(rewritten, of_day), assuming)
        gate = members[0][0].package.gate
        with finish.block("if True:" if gate == t.TRUE else f"if not ({finish.surely_not(gate)}):"):
            finish.line(f"finish_{name}_{package}(u, A, T, today, add)")
    if len(rewritten.places) != len(plan.places):
        raise AssertionError(f"{name}: what is finished is not what is folded")
    return [*fold, "", *packages, f"def finish_{name}(u, A, today, add):", *finish.lines, ""]


def _write_package(
    name: str, members: list[tuple[Need, Need]], writer: Writer, assuming: Assuming
) -> list[str]:
    writer.line("i = u['id']")
    writer.shift_together(node for need, _ in members for node in expressions_of_need(need))
    for need, original in members:
        _NeedWriter(writer, need, original, assuming).write()
    return [f"def {name}(u, A, T, today, add):", *writer.lines, ""]


@dataclass
class _NeedWriter:
    """One need. `original` says what an unknown answer asks for; the rewritten `need` is what is worked out."""

    writer: Writer
    need: Need
    original: Need
    assuming: Assuming
    word: str = "if"

    def write(self) -> None:
        writer, need = self.writer, self.need
        for step, node in need.steps:
            name = writer.atom(node)
            for nullable in (True, False):
                writer.bind(t.StepValue(step, node.type, nullable), name)
        if need.who == t.TRUE:
            self._status()
            return
        occurrence = writer.atom(need.occurrence)
        with writer.block(f"if {writer.surely_not(need.who)}:"):
            answer = f"({need.name!r}, {need.unit!r}, i, {occurrence}, 'not_applicable', None, None, None, None, ())"
            writer.line(f"add(new(NeedAnswer, {answer}))")
        with writer.block("else:"):
            self._status()

    def _status(self) -> None:
        """The precedence of section 3.1 as if-elif chains; what only the rest needs is worked out in the rest."""
        writer, need = self.writer, self.need
        names = ("due", "until", "overdue", "opens", "occurrence")
        slots = {name: writer.atom(getattr(need, name)) for name in names}
        if need.done == t.FALSE:
            self._not_done(slots)
        else:
            self._when(writer.condition(need.done), "done")
            with self._rest():
                self._not_done(slots)
        days = ", ".join(
            _limit(slots[name], getattr(need, name)) for name in ("opens", "due", "overdue", "until")
        )
        start = f"{need.name!r}, {need.unit!r}, i, {slots['occurrence']}, s"
        answer = f"({start}, {days}, q)"
        if need.excluded != t.FALSE:
            answer = f"({start}, None, None, None, None, q) if s == 'not_applicable' else {answer}"
        writer.line(f"add(new(NeedAnswer, {answer}))")

    def _not_done(self, slots: dict[str, str]) -> None:
        need, due, until = self.need, slots["due"], slots["until"]
        for slot in ("who", "done", "excluded"):
            if getattr(need, slot).nullable:
                slots[slot] = self.writer.atom(getattr(need, slot))
        if need.excluded != t.FALSE:
            self._when(self.writer.condition(need.excluded), "not_applicable")
        if need.who.nullable:
            self._unknown(f"{slots['who']} is None", "who")
        if need.due.nullable:
            if need.waits == t.FALSE:
                self._unknown(f"{due} is None", "due")
            else:
                with self._branch(f"{due} is None"):
                    self._waiting(until)
        self._when(f"today < {due}", "not_yet")
        for slot in ("done", "excluded", "until"):
            if getattr(need, slot).nullable:
                self._unknown(f"{slots[slot]} is None", slot)
        if need.until != FOREVER:
            self._when(f"today >= {until}", "missed")
        with self._rest():
            if need.refused != t.FALSE:
                self._when(self.writer.condition(need.refused), "refused")
            if need.overdue.nullable:
                self._unknown(f"{slots['overdue']} is None", "overdue")
            if need.overdue != FOREVER:
                self._when(f"today >= {slots['overdue']}", "overdue")
            self._otherwise("due")

    def _waiting(self, until: str) -> None:
        """The date is unknown, perhaps because the step before is not done."""
        inner = _NeedWriter(self.writer, self.need, self.original, self.assuming)
        inner._unknown(f"not {self.writer.atom(self.need.waits)}", "due")
        if self.need.until.nullable:
            inner._unknown(f"{until} is None", "until")
        inner._when(f"today >= {until}", "missed")
        inner._otherwise("not_yet")

    def _when(self, condition: str, status: str) -> None:
        with self.writer.block(f"{self.word} {condition}:"):
            self.writer.line(f"s = {status!r}; q = ()")
        self.word = "elif"

    def _unknown(self, condition: str, slot: str) -> None:
        with self.writer.block(f"{self.word} {condition}:"):
            found = [
                (label, self.assuming.node(leaf)) for label, leaf in leaves(getattr(self.original, slot))
            ]
            pairs = ", ".join(
                f"({label!r}, {self.writer.atom(leaf)})" for label, leaf in found if leaf.nullable
            )
            self.writer.line(f"s = 'unknown'; q = asked({pairs})")
        self.word = "elif"

    @contextmanager
    def _branch(self, condition: str) -> Iterator[None]:
        with self.writer.block(f"{self.word} {condition}:"):
            yield
        self.word = "elif"

    @contextmanager
    def _rest(self) -> Iterator[None]:
        """Everything that is left, as a chain of its own."""
        if self.word == "if":
            yield
            return
        with self.writer.block("else:"):
            self.word = "if"
            yield

    def _otherwise(self, status: str) -> None:
        if self.word == "if":
            self.writer.line(f"s = {status!r}; q = ()")
            return
        with self.writer.block("else:"):
            self.writer.line(f"s = {status!r}; q = ()")


def _limit(name: str, node: t.Node) -> str:
    if isinstance(node, t.Literal):
        return "None" if node.value is None or node.value >= dates.NEVER else name
    if not may_be_never(node):
        return name
    return f"{name} if {name} is not None and {name} < {dates.NEVER} else None"
