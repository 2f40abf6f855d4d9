"""Everything a phone needs to say why a need stands as it does, as plain data: the twin of `rules.reasons` reads it.

The sentences are made here, by the words of the server: templates once, and a phrase for each part that can ever
decide. A phone chooses among them and fills in days and values; it makes no words of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from siklus.rules import tree as t
from siklus.rules.asked import label_of, lacking_facts, question_of, without
from siklus.rules.asking import SLOTS, leaves
from siklus.rules.book import Need, Rules
from siklus.rules.clauses import denied
from siklus.rules.counted import chooses, settling, speaks_of_date, step_of, window_of
from siklus.rules.date_phrases import last_day
from siklus.rules.derived_spec import BMI
from siklus.rules.emitters.deciding_data import Deciding, Plan
from siklus.rules.emitters.tree_data import Expressions
from siklus.rules.phrases import Phrases, chosen
from siklus.rules.plan import conjuncts
from siklus.rules.reason_words import TEMPLATES
from siklus.rules.reasons import TOLD_AT_MOST
from siklus.rules.telling import TOO_LONG, words_for
from siklus.rules.vocabulary import MEMBER

Data = dict[str, Any]


class _Listed:
    """Different things, each once, by their places."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, thing: Any) -> int:
        key = json.dumps(thing)
        if key not in self._places:
            self._places[key] = len(self.all)
            self.all.append(thing)
        return self._places[key]


def reason_data(rules: Rules, places: Mapping[str, int]) -> Data:
    """The data for all needs of a book; `places` are those of the kinds of record in the book's module."""
    expressions, parts, found = Expressions(places), _Listed(), _Listed()
    titles = {need.name: need.title for need in rules.needs}
    vocabulary = rules.vocabulary
    scored = [kind for kind in vocabulary.kinds.values() if kind.derived and vocabulary.growth]
    needs = {
        need.name: _Written(need, rules, titles, expressions, parts, found).data() for need in rules.needs
    }
    return {
        "templates": dict(TEMPLATES),
        "told_at_most": TOLD_AT_MOST,
        "without": {kind.name: {**without(kind), **lacking_facts(vocabulary)} for kind in scored},
        "expressions": expressions.rows,
        "parts": parts.all,
        "found": found.all,
        "needs": needs,
    }


class _Written:
    """One need."""

    def __init__(
        self,
        need: Need,
        rules: Rules,
        titles: Mapping[str, str],
        expressions: Expressions,
        parts: _Listed,
        found: _Listed,
    ) -> None:
        self.need, self.rules = need, rules
        self.words = words_for(need, rules.vocabulary, titles)
        self.phrases = Phrases(self.words, need)
        self.at, self.parts, self.found = expressions.place, parts, found
        self.deciding = Deciding(expressions)
        self.titles = titles

    def data(self) -> Data:
        need, at = self.need, self.at
        step = step_of(need)
        return {
            "title": need.title,
            "unit": need.unit,
            "after": need.after,
            "before": self.titles[need.after] if need.after else TEMPLATES["step_before"],
            "steps": [[name, at(node)] for name, node in need.steps],
            "limits": [at(need.opens), at(need.until)],
            "due": self.deciding.decided(need.due, self._place_of(self._since)),
            "until": self.deciding.decided(need.until, self._place_of(self._until)),
            "done": self.deciding.decided(need.done, self._place_of(self._given)),
            "again": bool(need.repeats and need.repeats.endswith("since last")),
            "repeats": need.repeats is not None,
            "refused": [
                [at(part.date), at(part)]
                for part in t.walk(need.refused)
                if isinstance(part, t.Shift) and isinstance(part.date, t.Aggregate)
            ],
            "only": [
                [at(node), self.deciding.decided(node, self._place_of(self._only))]
                for node in (need.package.gate, need.who)
            ],
            "excluded": [
                [at(each.when), each.say, self.deciding.decided(each.when, self._place_of(self._given))]
                for each in need.exclusions
            ],
            "settling": [[at(node), node.function == "exists"] for node in settling(need)],
            "step": step and [step[0], at(step[1].dates)],
            "window": None if step else self._window(),
            **self._asked(),
        }

    def _place_of(self, written: Callable[[t.Node], Data]) -> Callable[[t.Node], int]:
        return lambda node: self.found.place(written(node))

    def _given(self, node: t.Node) -> Data:
        places = (self._part(part) for part in self.phrases.parts(node))
        return {"given": [place for place in places if place is not None]}

    def _since(self, node: t.Node) -> Data:
        return {**self._given(node), "whole": self.phrases.is_value(node), "said": self._said(node)}

    def _until(self, node: t.Node) -> Data:
        inner: list[t.Node] = []

        def noted(limit: t.Node) -> str:
            inner.append(limit)
            return ""

        last_day(node, noted)
        said = self._both(
            inner[0] if inner else node,
            lambda told: last_day(node, lambda limit: self.phrases.say(limit, told)),
        )
        return {**self._given(node), "said": said}

    def _only(self, node: t.Node) -> Data:
        """What is told of a condition that does not hold; a phrase is null where it would be too long."""
        if isinstance(node, t.Literal):
            return {"chosen": chosen(node)}
        told = {
            "chosen": chosen(node),
            "ages": [[self.words.say(age), *self._value(age)] for age in self.phrases.ages(node)],
        }
        given = {} if told["ages"] else self._given(node)
        said = self._said(node, TOO_LONG)
        is_short = said is not None and (isinstance(said, str) or None not in said)
        return {**told, **given, "said": said, **({} if is_short else {"failing": self._failing(node)})}

    def _failing(self, node: t.Node) -> Plan:
        return self.deciding.failing(
            node, self._place_of(lambda part: {"said": self._said(part, 2 * TOO_LONG)})
        )

    def _said(self, node: t.Node, most: int | None = None) -> Any:
        """The phrase; `[part, phrase, phrase once the part is told]` where that makes a difference."""
        return self._both(node, lambda told: self.phrases.say(node, told), most)

    def _both(self, node: t.Node, say: Callable[[bool], str], most: int | None = None) -> Any:
        alone, after = (
            said if most is None or len(said) <= most else None for said in map(say, (False, True))
        )
        date = self.phrases.date_told(node)
        return alone if date is None or alone == after else [self._part(date), alone, after]

    def _part(self, node: t.Node) -> int | None:
        """How the value of a part is told."""
        told = self.phrases.told(node)
        if told is None:
            return None
        return self.parts.place([*self._value(node), told.template, told.gap, dict(told.others)])

    def _value(self, node: t.Node) -> list[Any]:
        return [self.at(node), node.type, self.words.unit_of(node)]

    def _window(self) -> Data | None:
        window = window_of(self.need)
        if window is None:
            return None
        inside = self.words.of_kind(window.kind)
        conditions = [
            [
                self.at(part),
                chooses(part, self.words, window.kind),
                None if speaks_of_date(part) else denied(inside, part),
            ]
            for part in conjuncts(window.where)
        ]
        return {"of": self.at(window), "conditions": conditions}

    def _asked(self) -> Data:
        found = dict.fromkeys(pair for slot in SLOTS for pair in leaves(getattr(self.need, slot)))
        labels = dict.fromkeys(label for label, _ in found)
        return {
            "labels": {
                label: [label_of(self.words, label), question_of(self.words, label)] for label in labels
            },
            "leaves": [[label, self.at(leaf), self._leaf(label, leaf)] for label, leaf in found],
        }

    def _leaf(self, label: str, leaf: t.Node) -> Data:
        if isinstance(leaf, t.StepValue):
            return {"is": "step"}
        if not isinstance(leaf, t.Aggregate):
            return {"is": "fact"}
        kind, _, name = label.rpartition(".")
        told: Data = {"is": leaf.function, "lacks": name, "event": self.words.event(leaf)}
        if leaf.kind == MEMBER:
            told["members"] = True
        if leaf.function == "nth":
            told["nth"] = abs(leaf.nth)
        known = self.rules.vocabulary.kinds.get(leaf.kind)
        derived = known.derived.get(name) if known else None
        if derived is not None and derived.function != BMI:
            told["score"] = [kind, derived.field.type, derived.field.unit]
        return told
