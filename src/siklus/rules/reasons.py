"""Why a need stands as it does today: one short Indonesian paragraph with the person's own dates and values.

A pure function of the rule and of what is known; every sentence is a template of `reason_words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.asked import Missing
from siklus.rules.book import Need
from siklus.rules.counted import counted_days, not_counted
from siklus.rules.date_phrases import last_day
from siklus.rules.deciding import decided, failing
from siklus.rules.known import Known
from siklus.rules.phrases import Phrases, chosen
from siklus.rules.reason_words import fill
from siklus.rules.sentences import Words
from siklus.rules.shown import listed, shown, shown_day
from siklus.rules.telling import TOO_LONG

TOLD_AT_MOST = 5


@dataclass(frozen=True)
class Reasons:
    """The words about one need of one unit on one day.

    `words` are those of the rule, `before` the names of the steps before this one, first to last.
    """

    known: Known
    words: Words
    need: Need
    before: tuple[str, ...] = ()

    @cached_property
    def phrases(self) -> Phrases:
        """What can be said of the need before anything is known."""
        return Phrases(self.words, self.need)

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
        if given and self.phrases.is_value(deciding):
            started = fill("starts_that_day", title=title)
        elif day is None:
            started = fill("starts", title=title, when=self.phrase(deciding))
        else:
            started = fill("starts_on", title=title, when=self.phrase(deciding), day=shown_day(day))
        return ", ".join([*given, started])

    def phrase(self, node: t.Node) -> str:
        """The deciding part in words; a date told before is `tanggal itu`."""
        date = self.phrases.date_told(node)
        return self.phrases.say(node, is_told=date is not None and bool(self.one_given(date)))

    def given(self, node: t.Node) -> list[str]:
        """What is known of the person: `lahir 11 Nov 2024`, `DPT-HB-Hib 1 tanggal 2 Apr 2026`."""
        told = [self.one_given(part) for part in self.phrases.parts(node)]
        return list(dict.fromkeys(part for part in told if part))[:TOLD_AT_MOST]

    def one_given(self, part: t.Node) -> str:
        value, told = self.known.value(part), self.phrases.told(part)
        if told is None or value is None or (part.type == "date" and value >= NEVER):
            return ""
        return told.with_value(self.amount(part))

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
        default = chosen(deciding)
        if isinstance(deciding, t.Literal):
            return fill("chosen", said=default) if default else fill("not_applicable")
        ages = self.phrases.ages(deciding)
        of_ages = dict.fromkeys(f"{self.words.say(age)} {self.amount(age)}" for age in ages)
        told = ", ".join([*of_ages] or self.given(deciding)) or default
        said = self.phrase(deciding)
        if len(said) > TOO_LONG:
            said = self.phrase(failing(deciding, self.known.value))
        if len(said) > 2 * TOO_LONG:
            return fill("not_met", known=told)
        return fill("only_if_known", condition=said, known=told) if told else fill("only_if", condition=said)

    def amount(self, part: t.Node) -> str:
        return shown(self.words.vocabulary, part.type, self.known.value(part), self.words.unit_of(part))

    def uncounted(self, answer: NeedAnswer) -> Iterable[str]:
        """Records that look as if they settled the need and do not."""
        if answer.status == "done":
            return []
        found = not_counted(self.known, self.need, self.before, answer, self.words)
        return [fill("not_counted", day=shown_day(day), why=why) for day, why in found]


def _followed(name: str, day: int | None, by: int = 0) -> str:
    """One more sentence, where there is such a day."""
    return "" if day is None else f" {fill(name, day=shown_day(day + by))}"


def _day(day: int | None) -> str:
    return fill("unknown_day") if day is None else shown_day(day)
