"""What an unknown answer is missing, in words: the fact, the question that gets it, the record that lacks a field."""

from __future__ import annotations

from dataclasses import dataclass

from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.asking import SLOTS, leaves
from siklus.rules.book import Need
from siklus.rules.reference import Reader
from siklus.rules.sentences import Words
from siklus.rules.shown import inner, listed, shown_day


@dataclass(frozen=True)
class Missing:
    """What is missing for one unit on one day."""

    reader: Reader
    words: Words

    def told(self, need: Need, answer: NeedAnswer) -> str:
        """Sentences about every asked label, with the question to put where the vocabulary has one."""
        unknown = self.unknown_leaves(need)
        facts_first = sorted(answer.asks, key=lambda label: isinstance(unknown.get(label), t.Aggregate))
        lacking = [said for label in facts_first if (said := self.lacking(label, unknown.get(label), need))]
        asked = (self.question(label) for label in answer.asks)
        told = listed(lacking, "dan") if lacking else "keterangannya kurang"
        return " ".join([f"{told}.", *(each for each in asked if each)])

    def unknown_leaves(self, need: Need) -> dict[str, t.Node]:
        """The first unknown leaf of each label."""
        found: dict[str, t.Node] = {}
        for slot in SLOTS:
            for label, leaf in leaves(getattr(need, slot)):
                if self.reader.value(leaf) is None:
                    found.setdefault(label, leaf)
        return found

    def label(self, label: str) -> str:
        """An asked label as people call it: `tanggal lahir`, `jam pada kunjungan neonatal`."""
        vocabulary = self.words.vocabulary
        if label.startswith("date("):
            need = label.removeprefix("date(").removesuffix(")")
            return f"tanggal {self.words.titles.get(need, need)}"
        kind, dot, name = label.partition(".")
        if not dot:
            return inner(vocabulary.facts_of(self.words.unit)[label].label)
        if kind in vocabulary.episodes:
            return inner(vocabulary.episodes[kind].fields[name].label)
        spec = vocabulary.kinds[kind]
        if name == "date":
            return f"tanggal {inner(spec.title)}"
        return f"{inner(spec.fields[name].label)} pada {inner(spec.title)}"

    def question(self, label: str) -> str:
        """The question that gets a fact, or nothing."""
        spec = self.words.vocabulary.facts_of(self.words.unit).get(label)
        return spec.ask if spec else ""

    def lacking(self, label: str, leaf: t.Node | None, need: Need) -> str:
        said = self.label(label)
        if isinstance(leaf, t.StepValue):
            return f"{said} belum pasti{self.why_not_sure(need)}"
        if isinstance(leaf, t.Aggregate):
            days = self.days_without(leaf, label.rpartition(".")[2])
            if days:
                return f"{said} {listed([shown_day(day) for day in days], 'dan')} tidak tercatat"
            which = f" yang ke-{abs(leaf.nth)}" if leaf.function == "nth" else ""
            return "" if leaf.function == "exists" else f"belum ada {self.words.event(leaf)}{which}"
        return f"{said} tidak ada"

    def days_without(self, leaf: t.Aggregate, name: str) -> list[int]:
        """Days of the records that lack the field and could have decided."""
        judged = self.reader.judged(leaf)
        if leaf.function == "exists":
            return [record["date"] for record, holds in judged if holds is None and record.get(name) is None]
        return [record["date"] for record, holds in judged if holds and record.get(name) is None]

    def why_not_sure(self, need: Need) -> str:
        """Why it is not known whether a step of a series is done."""
        if any(self.reader.value(limit) is None for limit in (need.opens, need.until)):
            return ""
        return (
            " (nomor yang tertulis lebih besar daripada banyaknya tanggal yang tercatat; "
            "mungkin yang sebelumnya sudah diberikan, cocokkan dengan Buku KIA)"
        )
