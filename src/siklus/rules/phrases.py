"""What a reason can say of one need before anything is known of a person: its phrases, and what each value is told as.

The desk and the command line use them at once; for phones they are made beforehand and written down (`reason_data`).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from siklus.rules import tree as t
from siklus.rules.book import Need
from siklus.rules.clauses import is_last_day_of_episode
from siklus.rules.deciding import rests_on
from siklus.rules.reason_words import fill
from siklus.rules.sentences import Words
from siklus.rules.telling import TOO_LONG


@dataclass(frozen=True)
class Told:
    """How a known value is told: a template, the gap that takes the value, and what stands in the other gaps."""

    template: str
    gap: str
    others: Mapping[str, str] = field(default_factory=dict)

    def with_value(self, said: str) -> str:
        return fill(self.template, **{self.gap: said}, **self.others)


@dataclass(frozen=True)
class Phrases:
    """The phrases of one need. `words` are those of the rule."""

    words: Words
    need: Need

    @cached_property
    def titled(self) -> dict[t.Node, str]:
        """What the writer of the rule gave a title: the readers' own words."""
        lets = (let for let in self.need.lets if let.title)
        return {let.node: let.title for let in lets if not isinstance(let.node, t.Literal | t.Fact)}

    @cached_property
    def named(self) -> dict[t.Node, str]:
        """Titled values; what they are worked out from need not be told beside them. Of a yes/no it has to be."""
        return {node: title for node, title in self.titled.items() if node.type != "bool"}

    def parts(self, node: t.Node) -> list[t.Node]:
        """The facts, records and titled values an expression is made of."""
        return list(rests_on(node, self._whole))

    @cached_property
    def _whole(self) -> _Whole:
        return _Whole(self.named)

    def is_value(self, node: t.Node) -> bool:
        """True of what is told by itself: nothing is left to say of how it is worked out."""
        return isinstance(node, t.Fact | t.Aggregate | t.StepValue) or node in self.named

    def date_told(self, node: t.Node) -> t.Node | None:
        """The one date told before this phrase, which may then call it `tanggal itu`."""
        records = (part for part in self.parts(node) if isinstance(part, t.Aggregate) or part in self.named)
        dates = {part for part in records if part.type == "date"}
        found = dates.pop() if len(dates) == 1 else None
        return found if found is not None and self.told(found) is not None else None

    def say(self, node: t.Node, is_told: bool) -> str:
        """An expression in words; where its date was told before, by `tanggal itu`. A long let goes by its name."""
        date = self.date_told(node) if is_told else None
        short = {} if date is None else {date: fill("that_day")}
        said = replace(self.words, named={**self.titled, **short}).say(node)
        if len(said) <= TOO_LONG:
            return said
        return replace(self.words, named={**self.words.named, **short}).say(node)

    def told(self, part: t.Node) -> Told | None:
        """How the value of a part is told: `lahir 11 Nov 2024`; None of what is never told by itself."""
        if part in self.named:
            return Told("value", "value", {"label": self.named[part]})
        if part == t.BIRTH:
            return Told("born", "day")
        if isinstance(part, t.StepValue):
            title = self.words.titles[part.need]
            return Told("step_on", "day", {"title": title}) if part.type == "date" else None
        if isinstance(part, t.Aggregate):
            if part.function in ("exists", "dates") or is_last_day_of_episode(part):
                return None
            if part.function in ("first", "last") and part.type == "date":
                return Told(f"{part.function}_record", "day", {"kind": self.words.kind_title(part.kind)})
        is_yes_or_no = part.type == "bool"
        return Told("yes_no" if is_yes_or_no else "value", "value", {"label": self.words.say(part)})

    def ages(self, node: t.Node) -> list[t.Call]:
        """The ages a condition speaks of."""
        calls = (part for part in t.walk(node) if isinstance(part, t.Call))
        return [call for call in calls if call.function.startswith("age_")]


class _Whole(Container[t.Node]):
    """Expressions, asked for quickly: most are of another kind than any of these, and need not be looked through."""

    def __init__(self, nodes: Collection[t.Node]) -> None:
        self.nodes, self.kinds = nodes, {node.__class__ for node in nodes}

    def __len__(self) -> int:
        return len(self.nodes)

    def __contains__(self, node: object) -> bool:
        return node.__class__ in self.kinds and node in self.nodes


def chosen(node: t.Node) -> str:
    """The words of the constant that stands in for what is not known."""
    last = node.args[-1] if isinstance(node, t.FirstKnown) else node
    return last.said if isinstance(last, t.Literal) else ""
