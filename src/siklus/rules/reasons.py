"""Why a need stands as it does today: one short Indonesian paragraph with the person's own dates and values.

A pure function of the rule and of what is known; every sentence is a template of `reason_words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.asked import Missing
from siklus.rules.book import Need
from siklus.rules.clauses import is_last_day_of_episode
from siklus.rules.counted import counted_days, not_counted
from siklus.rules.date_phrases import last_day
from siklus.rules.deciding import decided, failing, rests_on
from siklus.rules.known import Known
from siklus.rules.reason_words import fill
from siklus.rules.sentences import Words
from siklus.rules.shown import listed, shown, shown_day
from siklus.rules.telling import TOO_LONG

_TOLD_AT_MOST = 5


@dataclass(frozen=True)
class Reasons:
    """The words about one need of one unit on one day.

    `words` are those of the rule, `before` the names of the steps before this one, first to last.
    """

    known: Known
    words: Words
    need: Need
    before: tuple[str, ...] = ()

    def of(self, answer: NeedAnswer) -> str:
        """The paragraph for an answer."""
        match answer.status:
            case "overdue":
                said = fill("overdue", day=_day(answer.overdue), since=self.since(answer.due))
                said += _followed("still_until", answer.until, -1)
            case "due":
                said = fill("due", since=self.since(answer.due)) + self.deadline(answer)
            case "not_yet":
                said = self.not_yet(answer)
            case "missed":
                said = self.missed(answer)
            case "done":
                said = self.done(answer)
            case "refused":
                said = self.refused(answer)
            case "unknown":
                said = Missing(self.known, self.words).told(self.need, answer)
            case _:
                return self.not_applicable()
        return " ".join([said, *self.uncounted(answer)])

    def since(self, day: int | None) -> str:
        """`lahir 11 Nov 2024, MR 1 mulai umur 9 bulan (11 Agu 2025)`."""
        title, deciding = self.need.title, decided(self.need.due, self.known.value)
        given = self.given(deciding)
        if given and (isinstance(deciding, t.Fact | t.Aggregate | t.StepValue) or deciding in self.named):
            started = fill("starts_that_day", title=title)
        elif day is None:
            started = fill("starts", title=title, when=self.phrase(deciding))
        else:
            started = fill("starts_on", title=title, when=self.phrase(deciding), day=shown_day(day))
        return ", ".join([*given, started])

    @cached_property
    def titled(self) -> dict[t.Node, str]:
        """What the writer of the rule gave a title: the readers' own words."""
        lets = (let for let in self.need.lets if let.title)
        return {let.node: let.title for let in lets if not isinstance(let.node, t.Literal | t.Fact)}

    @cached_property
    def named(self) -> dict[t.Node, str]:
        """Titled values; what they are worked out from need not be told beside them. Of a yes/no it has to be."""
        return {node: title for node, title in self.titled.items() if node.type != "bool"}

    def phrase(self, node: t.Node) -> str:
        """The deciding part in words; a date told before is `tanggal itu`, a long let goes by its name."""
        records = (part for part in self.parts(node) if isinstance(part, t.Aggregate) or part in self.named)
        dates = {part for part in records if part.type == "date"}
        short = {part: fill("that_day") for part in dates if len(dates) == 1 and self.one_given(part)}
        said = replace(self.words, named={**self.titled, **short}).say(node)
        if len(said) <= TOO_LONG:
            return said
        return replace(self.words, named={**self.words.named, **short}).say(node)

    def parts(self, node: t.Node) -> list[t.Node]:
        """The facts, records and titled values an expression is made of."""
        return list(rests_on(node, self.named))

    def given(self, node: t.Node) -> list[str]:
        """What is known of the person: `lahir 11 Nov 2024`, `DPT-HB-Hib 1 tanggal 2 Apr 2026`."""
        told = [self.one_given(part) for part in self.parts(node)]
        return list(dict.fromkeys(part for part in told if part))[:_TOLD_AT_MOST]

    def one_given(self, part: t.Node) -> str:
        value = self.known.value(part)
        if value is None or (part.type == "date" and value >= NEVER):
            return ""
        said = shown(self.words.vocabulary, part.type, value, self.words.unit_of(part))
        if part in self.named:
            return fill("value", label=self.named[part], value=said)
        if part == t.BIRTH:
            return fill("born", day=said)
        if isinstance(part, t.StepValue):
            title = self.words.titles[part.need]
            return fill("step_on", title=title, day=said) if part.type == "date" else ""
        if isinstance(part, t.Aggregate) and (
            part.function in ("exists", "dates") or is_last_day_of_episode(part)
        ):
            return ""
        if isinstance(part, t.Aggregate) and part.function in ("first", "last") and part.type == "date":
            return fill(f"{part.function}_record", kind=self.words.kind_title(part.kind), day=said)
        return fill("yes_no" if part.type == "bool" else "value", label=self.words.say(part), value=said)

    def deadline(self, answer: NeedAnswer) -> str:
        """When it becomes late or can no longer be done."""
        if answer.overdue is not None:
            return _followed("late_from", answer.overdue) + _followed("still_until", answer.until, -1)
        return _followed("at_the_latest", answer.until, -1)

    def not_yet(self, answer: NeedAnswer) -> str:
        if answer.due is None:
            return fill("waits", before=self.step_before())
        said = fill("not_yet", since=self.since(answer.due))
        if answer.opens is not None and answer.opens <= self.known.today:
            said += _followed("allowed_since", answer.opens)
        return said

    def step_before(self) -> str:
        return self.words.titles[self.need.after] if self.need.after else fill("step_before")

    def missed(self, answer: NeedAnswer) -> str:
        deciding = decided(self.need.until, self.known.value)
        is_for_the_step = answer.due is None and self.need.after is not None
        return fill(
            "missed_before" if is_for_the_step else "missed",
            day=_day(answer.until),
            given="".join(f"{part}, " for part in self.given(deciding)),
            title=self.need.title,
            limit=last_day(deciding, self.phrase),
            before=self.step_before(),
        )

    def done(self, answer: NeedAnswer) -> str:
        days = [shown_day(day) for day in counted_days(self.known, self.need)]
        told = days or self.given(decided(self.need.done, self.known.value))
        said = fill("done_with", told=listed(told, "dan")) if told else fill("done")
        comes_again = self.need.repeats is not None and self.need.repeats.endswith("since last")
        return said + (_followed("next", answer.due) if comes_again else "")

    def refused(self, answer: NeedAnswer) -> str:
        for part in t.walk(self.need.refused):
            if isinstance(part, t.Shift) and isinstance(part.date, t.Aggregate):
                on, again = self.known.value(part.date), self.known.value(part)
                if on is not None:
                    again = min(again, answer.until) if self.need.repeats and answer.until else again
                    return fill("refused", day=shown_day(on), again=shown_day(again))
        return fill("refused_once")

    def not_applicable(self) -> str:
        if self.known.died is not None:
            return fill("died", day=shown_day(self.known.died))
        value = self.known.value
        for condition in (self.need.package.gate, self.need.who):
            if value(condition) is False:
                return self.only_if(condition)
        for exclusion in self.need.exclusions:
            if value(exclusion.when) is True:
                given = self.given(decided(exclusion.when, value))
                if given:
                    return fill("excluded_because", say=exclusion.say, given=", ".join(given))
                return fill("excluded", say=exclusion.say)
        return fill("not_applicable")

    def only_if(self, condition: t.Node) -> str:
        """The condition that does not hold, and what is known instead."""
        deciding = decided(condition, self.known.value)
        chosen = _chosen(deciding)
        if isinstance(deciding, t.Literal):
            return fill("chosen", said=chosen) if chosen else fill("not_applicable")
        ages = [
            part for part in t.walk(deciding) if isinstance(part, t.Call) and part.function.startswith("age_")
        ]
        of_ages = dict.fromkeys(f"{self.words.say(age)} {self.amount(age)}" for age in ages)
        told = ", ".join([*of_ages] or self.given(deciding)) or chosen
        said = self.phrase(deciding)
        if len(said) > TOO_LONG:
            said = self.phrase(failing(deciding, self.known.value))
        if len(said) > 2 * TOO_LONG:
            return fill("not_met", known=told)
        return fill("only_if_known", condition=said, known=told) if told else fill("only_if", condition=said)

    def amount(self, age: t.Node) -> str:
        return shown(self.words.vocabulary, age.type, self.known.value(age), self.words.unit_of(age))

    def uncounted(self, answer: NeedAnswer) -> Iterable[str]:
        """Records that look as if they settled the need and do not."""
        if answer.status == "done":
            return []
        found = not_counted(self.known, self.need, self.before, answer, self.words)
        return [fill("not_counted", day=shown_day(day), why=why) for day, why in found]


def _chosen(node: t.Node) -> str:
    """The words of the constant that stands in for what is not known."""
    last = node.args[-1] if isinstance(node, t.FirstKnown) else node
    return last.said if isinstance(last, t.Literal) else ""


def _followed(name: str, day: int | None, by: int = 0) -> str:
    """One more sentence, where there is such a day."""
    return "" if day is None else f" {fill(name, day=shown_day(day + by))}"


def _day(day: int | None) -> str:
    return fill("unknown_day") if day is None else shown_day(day)
