"""One life under the documents of a rule book on one day, and whether two engines still differ about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from siklus.bulk.proof.comparing import STATE, Difference, compare
from siklus.bulk.proof.engines import Batch, Engine, engines_named
from siklus.kernel.periods import Period
from siklus.library.loading import FOLDERS, Book
from siklus.library.random_rules import book_of
from siklus.library.yaml_text import read_yaml
from siklus.rules.life import EngineRecord, Life

Document = dict[str, Any]
_REFUSAL, _OF_NEED = "penolakan", "kebutuhan"
_MEMBER = 1 << 16
RULES = ("needs", "indicators", "classifications")
"""Where the rules of a document stand."""


@dataclass(frozen=True)
class Trial:
    """What is made smaller. The documents are plain values; the life may lack what the documents no longer name."""

    documents: tuple[Document, ...]
    person: Mapping[str, Any]
    records: tuple[EngineRecord, ...]
    day: int
    period: Period | None
    rule: str
    engines: tuple[Engine, ...]
    members: tuple[Life, ...] | None = None
    """Of a household, who lives there."""

    def book(self) -> Book | None:
        """The book of the documents; None when they no longer make one."""
        try:
            book = book_of(self.documents)
        except Exception:  # documents with holes in them fail anywhere
            return None
        # Every need asks for refusals, so every vocabulary with needs has them.
        refusal = book.vocabulary.kinds.get(_REFUSAL)
        return None if book.needs and (refusal is None or _OF_NEED not in refusal.fields) else book

    def life(self, book: Book) -> Life | None:
        """The life in the words of the documents; None when it lacks a value that is never unknown."""
        life = _in_words(book, Life(self.person, self.records), 1, self.members is not None)
        if self.members is None or life is None:
            return life
        members = [_in_words(book, each, 1 + at * _MEMBER) for at, each in enumerate(self.members, 1)]
        return None if None in members else replace(life, members=tuple(each for each in members if each))

    def difference(self) -> Difference | None:
        """What the engines still differ in, about the same rule; of an engine that broke, that it breaks."""
        book = self.book()
        life = None if book is None else self.life(book)
        if book is None or life is None:
            return None
        batch = Batch([life], [[self.day]], [self.period] if self.period else [], self.day)
        about = (self.engines[-1].name, self.rule)
        found = compare(book, batch, self.engines).differences
        return next((each for each in found if (each.engine, each.rule) == about), None)

    def with_documents(self, documents: Iterable[Document]) -> Trial:
        """The same life under other documents."""
        return replace(self, documents=tuple(documents))


def _in_words(book: Book, life: Life, number: int, is_household: bool = False) -> Life | None:
    vocabulary = book.vocabulary
    facts = vocabulary.household if is_household else vocabulary.person
    person = {"id": number, "died": life.person["died"]}
    person |= {name: life.person.get(name) for name in facts}
    records = []
    for record in life.records:
        kind = vocabulary.kinds.get(record["kind"])
        if kind is None:
            return None
        own = ("kind", "id", *kind.fields)
        records.append({name: record.get(name) for name in own})
        if any(record.get(f.name) is None and not f.nullable for f in kind.fields.values()):
            return None
    if any(person[name] is None and not spec.nullable for name, spec in facts.items()):
        return None
    return Life(person, tuple(records))


def trial_of(difference: Difference, documents: Iterable[Mapping[str, Any]]) -> Trial:
    """The whole case, before anything is left out."""
    names = [difference.against or "reference", difference.engine]
    return Trial(
        documents=tuple(deepcopy(dict(each)) for each in documents),
        person=dict(difference.life.person),
        records=tuple(difference.life.records),
        day=difference.day,
        period=difference.period,
        rule=difference.rule,
        engines=engines_named(names),
        members=difference.life.members,
    )


def documents_in(folder: Path) -> list[Document]:
    """The documents of a knowledge folder as plain values."""
    paths = [path for name in FOLDERS for path in sorted((folder / name).rglob("*.yaml"))]
    return [plain(read_yaml(path, path.name)) for path in paths]


def plain(value: Any) -> Any:
    """Mappings and lists without their marks."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def only_rule(documents: Iterable[Document], rule: str) -> tuple[Document, ...]:
    """The documents with this rule alone; a step of a series comes with its series. All rules, for a kept state."""
    if rule in ("", STATE):
        return tuple(documents)
    kept = []
    for document in documents:
        own = {**document}
        for listed in RULES:
            if listed in own:
                own[listed] = [item for item in own[listed] or () if rule in names_of(item)]
        if "package" in document or "indicators" in document:
            if any(own.get(listed) for listed in RULES):
                kept.append(own)
        else:
            kept.append(own)
    return tuple(kept)


def names_of(item: Mapping[str, Any]) -> list[str]:
    """The names of a rule: of a series those of its steps."""
    own = [str(item[slot]) for slot in ("need", "indicator", "classification") if slot in item]
    return own + [str(step.get("need")) for step in item.get("steps") or ()]
