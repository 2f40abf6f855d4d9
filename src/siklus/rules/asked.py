"""What an unknown answer is missing, in words: the fact, the question that gets it, the record that lacks a field."""

from __future__ import annotations

from dataclasses import dataclass

from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.asking import SLOTS, leaves
from siklus.rules.book import Need
from siklus.rules.derived import DerivingRecord
from siklus.rules.growth import OEDEMA, OUTSIDE
from siklus.rules.known import Known
from siklus.rules.life import EngineRecord
from siklus.rules.reason_words import fill
from siklus.rules.sentences import Words
from siklus.rules.shown import inner, listed, shown_day, shown_field
from siklus.rules.vocabulary import MEMBER, Kind, Vocabulary


@dataclass(frozen=True)
class Missing:
    """What is missing for one unit on one day."""

    known: Known
    words: Words

    def told(self, need: Need, answer: NeedAnswer) -> str:
        """Sentences about every asked label, with the question to put where the vocabulary has one."""
        unknown = self.unknown_leaves(need)
        facts_first = sorted(answer.asks, key=lambda label: isinstance(unknown.get(label), t.Aggregate))
        can_be_had = [label for label in facts_first if not _is_of_the_past(unknown.get(label))]
        sayings = (self.lacking(label, unknown.get(label), need) for label in can_be_had or facts_first)
        lacking = [said for said in sayings if said]
        asked = (question_of(self.words, label) for label in answer.asks)
        told = listed(lacking, "dan") if lacking else fill("lacks_something")
        questions = " ".join(filter(None, asked))
        if questions:
            return fill("unknown_ask", lacking=told, questions=questions)
        return fill("unknown", lacking=told)

    def unknown_leaves(self, need: Need) -> dict[str, t.Node]:
        """The first unknown leaf of each label."""
        found: dict[str, t.Node] = {}
        for slot in SLOTS:
            for label, leaf in leaves(getattr(need, slot)):
                if self.known.value(leaf) is None:
                    found.setdefault(label, leaf)
        return found

    def lacking(self, label: str, leaf: t.Node | None, need: Need) -> str:
        said = label_of(self.words, label)
        if isinstance(leaf, t.StepValue):
            is_too_early_to_say = any(self.known.value(limit) is None for limit in (need.opens, need.until))
            return fill("not_sure" if is_too_early_to_say else "not_sure_numbers", label=said)
        if isinstance(leaf, t.Aggregate):
            records = self.records_without(leaf, label.rpartition(".")[2])
            if records and leaf.kind == MEMBER:
                return fill("lacks_members", label=said, count=str(len(records)))
            if records:
                days = listed([shown_day(record["date"]) for record in records], "dan")
                why = self.why_not(label, records[-1])
                return f"{fill('lacks_score' if why else 'lacks_on', label=said, days=days)}{why}"
            if leaf.function == "exists":
                return ""
            event = self.words.event(leaf)
            is_nth = leaf.function == "nth"
            return (
                fill("lacks_nth", event=event, number=str(abs(leaf.nth)))
                if is_nth
                else fill("lacks_record", event=event)
            )
        return fill("lacks", label=said)

    def records_without(self, leaf: t.Aggregate, name: str) -> list[EngineRecord]:
        """The records that lack the field and could have decided."""
        judged = self.known.judged(leaf)
        if leaf.function == "exists":
            return [record for record, holds in judged if holds is None and record.get(name) is None]
        return [record for record, holds in judged if holds and record.get(name) is None]

    def why_not(self, label: str, record: EngineRecord) -> str:
        """Of a z-score, why it cannot be told: a flag, oedema, a size out of the table, or what is not known."""
        kind, _, name = label.partition(".")
        found = record.score(name) if isinstance(record, DerivingRecord) else None
        if found is None:
            return ""
        vocabulary = self.words.vocabulary
        if found.value is not None:
            value = shown_field(vocabulary, vocabulary.fields_of(kind)[name], found.value)
            return fill("score_implausible", value=value)
        if found.why in (OEDEMA, OUTSIDE):
            return fill(f"score_{found.why}")
        labels = {**without(vocabulary.kinds[kind]), **lacking_facts(vocabulary)}
        return fill("score_without", label=labels[found.why])


def label_of(words: Words, label: str) -> str:
    """An asked label as people call it: `tanggal lahir`, `jam pada kunjungan neonatal`."""
    vocabulary = words.vocabulary
    if label.startswith("date("):
        need = label.removeprefix("date(").removesuffix(")")
        return fill("date_of", title=words.titles.get(need, need))
    kind, dot, name = label.partition(".")
    if not dot:
        return inner(vocabulary.facts_of(words.unit)[label].label)
    episode = vocabulary.episodes.get(kind)
    if name == "date":
        return fill("date_of", title=inner((episode or vocabulary.kinds[kind]).title))
    if episode:
        return inner(episode.fields[name].label)
    title, fields = words.kind_title(kind), vocabulary.fields_of(kind)
    return fill("field_of", field=inner(fields[name].label), kind=title)


def question_of(words: Words, label: str) -> str:
    """The question that gets a fact, or nothing."""
    spec = words.vocabulary.facts_of(words.unit).get(label)
    return spec.ask if spec else ""


def without(kind: Kind) -> dict[str, str]:
    """What a z-score of a kind of record can lack, by its name there, as people call it."""
    return {role: inner(kind.fields[name].label) for role, name in kind.measures.items()}


def lacking_facts(vocabulary: Vocabulary) -> dict[str, str]:
    """The facts of the person that a z-score can lack, by the names the scores give them."""
    return {
        why: inner(vocabulary.person[fact].label) for why, fact in _FACTS.items() if fact in vocabulary.person
    }


_FACTS = {"age": "birth", "sex": "sex"}


def _is_of_the_past(leaf: t.Node | None) -> bool:
    """An earlier record that does not exist cannot be made now: not told while something else is lacking."""
    return isinstance(leaf, t.Aggregate) and leaf.function == "nth"
