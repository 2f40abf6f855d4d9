"""A form as its reader sees it: one row an item, in plain Indonesian."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from siklus.library.forms.model import ASK, CLASS, DERIVED, IS, SHOWS, TICK, Form, Item, Section
from siklus.library.sources import CONFIDENCE
from siklus.rules import tree as t
from siklus.rules.sentences import sentence
from siklus.rules.shown import number
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field, Vocabulary

_TYPES = {
    "bool": "ya/tidak",
    "int": "bilangan bulat",
    "date": "tanggal",
    "text": "tulisan",
    "need": "kebutuhan",
}
_SHOWN = {DERIVED: "dihitung", CLASS: "hasil", IS: "dihitung", SHOWS: "terakhir tercatat"}
COLUMNS = (
    "bagian",
    "id",
    "isian",
    "jenis",
    "satuan",
    "batas",
    "pilihan",
    "wajib",
    "bila",
    "oleh",
    "di",
    "catatan",
    "kode",
)
"""The columns of `rows`."""


@dataclass(frozen=True)
class Shown:
    """Says the items of one form in words."""

    form: Form
    vocabulary: Vocabulary

    def rows(self) -> Iterator[dict[str, str]]:
        """One row for each item, from top to bottom."""
        for section in self.form.sections:
            for item in section.items:
                yield self.row(section, item)

    def row(self, section: Section, item: Item) -> dict[str, str]:
        """One item; what is empty does not apply."""
        return {
            "bagian": section.title,
            "id": item.id,
            "isian": item.label,
            "jenis": self.kind(item),
            "satuan": item.field.unit,
            "batas": limits(item.field),
            "pilihan": " | ".join(self.options(item)),
            "wajib": "ya" if item.is_required else "",
            "bila": self.when(section, item),
            "oleh": self.some(item.who, self.form.who, "peran"),
            "di": self.some(item.at, self.form.at, "tempat"),
            "catatan": item.about,
            "kode": ", ".join(f"{term.system} {term.code}" for term in item.terms),
        }

    def kind(self, item: Item) -> str:
        """What the answer is, or why none is asked."""
        if item.how in _SHOWN:
            return _SHOWN[item.how]
        if item.field.codes is not None:
            return "pilih satu"
        if item.field.places:
            return f"angka, {item.field.places} di belakang koma"
        return _TYPES.get(item.field.type, "nomor catatan")

    def options(self, item: Item) -> list[str]:
        """The answers to choose from, in the words of the reader."""
        if item.how in (ASK, TICK, IS) and item.field.type == "bool":
            return [item.words.get("ya", "Ya"), item.words.get("tidak", "Tidak")]
        if item.how != ASK or item.field.codes is None:
            return []
        codes = self.vocabulary.codes[item.field.codes]
        return [item.words.get(word, codes[word].label) for word in item.only or codes]

    def when(self, section: Section, item: Item) -> str:
        """When the item stands; empty when it always does."""
        return self.condition(t.both(section.show, item.show))

    def condition(self, node: t.Node) -> str:
        """A condition in words; empty when it always holds."""
        return "" if node == t.TRUE else self.say(node)

    def say(self, node: t.Node) -> str:
        """A condition in words, the answers by their labels."""
        own = {item.id: replace(item.field, label=item.label) for item in self.form.items}
        person, household = self.vocabulary.person, self.vocabulary.household
        known = replace(self.vocabulary, person={**person, **own}, household={**household, **own})
        unit = self.form.unit if self.form.unit == HOUSEHOLD or self.form.unit in known.episodes else PERSON
        return sentence(node, known, unit=unit)

    def some(self, words: tuple[str, ...], of_form: tuple[str, ...], codes: str) -> str:
        """Roles or places, only where they are fewer than the form's."""
        return "" if words == of_form else self.named(words, codes)

    def named(self, words: tuple[str, ...], codes: str) -> str:
        """Roles or places by their labels."""
        return ", ".join(self.vocabulary.codes[codes][word].label for word in words)

    def head(self) -> dict[str, str]:
        """What stands above the items."""
        form = self.form
        source, _ = CONFIDENCE[form.confidence]
        return {
            "formulir": f"{form.title} ({form.name}, versi {form.version} sejak {form.since.isoformat()})",
            "untuk": "semua" if form.gate == t.TRUE else self.say(form.gate),
            "di": self.named(form.at, "tempat"),
            "oleh": self.named(form.who, "peran"),
            "sumber": f"{form.cites} ({source})",
            "catatan": form.note,
        }


def limits(field: Field) -> str:
    """The values that are possible; empty when none are told."""
    if field.possible is None:
        return ""
    low, high = field.possible
    if field.type == "date":
        return f"paling lama {number(high)} tahun sebelum tanggal catatan"
    return f"{number(low)} sampai {number(high)}"
