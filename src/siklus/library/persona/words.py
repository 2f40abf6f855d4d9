"""The words of `knowledge/persona.yaml`: which phrase stands for which facts and records. See the comments of the file.

To them come words of the vocabulary itself (a yes/no fact by its label, a condition by its label), so that what a new
package asks can be said on the day it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from siklus.kernel import dates
from siklus.library.loading import Book, knowledge_folder, load_book, own_folder
from siklus.rules.vocabulary import Vocabulary

FILE = "persona.yaml"
HOURS, DAYS, WEEKS, MONTHS, YEARS = "hours", "days", "weeks", "months", "years"
_SPAN = re.compile(r"(\d+) (day|week|month|year)s?")
_SPLIT = re.compile(r"[^\w/.,]+|(?<=\d)(?=[^\W\d])|(?<=[^\W\d_])(?=\d)|[.,](?!\d)|(?<!\d)[.,]")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in one unit, as it was said."""

    count: int
    unit: str

    def before(self, day: int) -> int:
        """The day that lies so long before this one."""
        return dates.add_months(day, -self.months) if self.is_calendar else day - self.days

    def after(self, day: int) -> int:
        """The day that lies so long after this one."""
        return dates.add_months(day, self.months) if self.is_calendar else day + self.days

    @property
    def is_calendar(self) -> bool:
        """True of months and years, which have no length in days."""
        return self.unit in (MONTHS, YEARS)

    @property
    def months(self) -> int:
        """In months; only of a calendar length."""
        return self.count * (dates.MONTHS_PER_YEAR if self.unit == YEARS else 1)

    @property
    def days(self) -> int:
        """In whole days; only of hours, days and weeks."""
        if self.unit == HOURS:
            return self.count // dates.HOURS_PER_DAY
        return self.count * (dates.DAYS_PER_WEEK if self.unit == WEEKS else 1)


@dataclass(frozen=True, slots=True)
class Since:
    """How long ago something began: in which units it is said, how to ask, an example, the most that is believed.

    With `is_today` it began today where nothing is said, and only "bulan ke-2" tells it: any other length is the age.
    """

    units: tuple[str, ...]
    most: Span
    like: str
    ask: str
    ask_en: str
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Takes:
    """A number after the word that is a fact, in its range; `ages` are years beside the number of such people."""

    fact: str
    least: float
    most: float
    ages: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Word:
    """What a phrase stands for. `ages` is half-open; `adds` is (fact, how much) to the number of an earlier word.

    A derived word is one of the vocabulary: understood, but not offered.
    """

    key: str
    title: str
    title_en: str
    phrases: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    records: tuple[Mapping[str, Any], ...] = ()
    ages: tuple[Span, Span] | None = None
    offer: tuple[Span, Span] | None = None
    since: Since | None = None
    takes: Takes | None = None
    adds: tuple[str, int] | None = None
    assumes: str = ""
    assumes_en: str = ""
    is_derived: bool = False

    @property
    def opens(self) -> str:
        """The phrase that adds this word to what was said."""
        return self.since.like if self.since is not None else self.phrases[0]


@dataclass(frozen=True, slots=True)
class Typical:
    """A person of the handbook's page, as a phrase."""

    say: str
    title_en: str


@dataclass(frozen=True)
class Persona:
    """All words. `known` are the phrases, as tokens, with the words they stand for."""

    words: Mapping[str, Word]
    known: Mapping[tuple[str, ...], Word]
    unit_by_word: Mapping[str, str]
    spelled: Mapping[str, tuple[str, ...]]
    fillers: frozenset[tuple[str, ...]]
    negations: frozenset[str]
    ordinals: frozenset[str]
    soon: Span
    fresh: Span
    fine_below: Span
    handbook_on: int
    like: str
    typical: tuple[Typical, ...]
    cites: str
    confidence: str
    longest: int

    def all_words(self) -> Iterator[str]:
        """Everything that is understood, for suggestions."""
        for tokens in (*self.known, *self.fillers):
            yield " ".join(tokens)
        yield from (*self.unit_by_word, *self.negations)


def tokens_of(text: str) -> list[str]:
    """Small words without signs: "Laki-laki, 45th" -> laki laki 45 th."""
    return [token for token in _SPLIT.split(text.casefold()) if token]


def load_persona() -> Persona:
    """The words of this installation; a rule book kept before there were any is asked with the program's own."""
    folder = knowledge_folder()
    path = folder / FILE if (folder / FILE).is_file() else own_folder() / FILE
    return read_persona(path, load_book())


@lru_cache(maxsize=4)
def read_persona(path: Path, book: Book) -> Persona:
    """The words of a file, and those of the vocabulary. What a word says of facts the book lacks is left out."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    vocabulary = book.vocabulary
    own = {key: _word(key, entry, vocabulary) for key, entry in raw["words"].items()}
    known = {_phrase(said): word for word in own.values() for said in word.phrases}
    for word in _of_vocabulary(raw.get("labels") or {}, vocabulary, list(own.values())):
        own[word.key] = word
        for said in word.phrases:
            known.setdefault(_phrase(said), word)
    fillers = {_phrase(said) for said in raw["fillers"]}
    return Persona(
        words=own,
        known=known,
        unit_by_word={word: unit for unit, words in raw["units"].items() for word in words},
        spelled={word: tuple(tokens_of(said)) for word, said in raw["spelled"].items()},
        fillers=frozenset(fillers),
        negations=frozenset(raw["negations"]),
        ordinals=frozenset(raw.get("ordinals") or ()),
        soon=span_of(raw["soon"]),
        fresh=span_of(raw["fresh"]),
        fine_below=span_of(raw["fine_below"]),
        like=str(raw["like"]),
        handbook_on=dates.day_of(raw["handbook_on"]),
        typical=tuple(Typical(each["say"], each["title_en"]) for each in raw["typical"]),
        cites=str(raw["cites"]),
        confidence=str(raw["confidence"]),
        longest=max(len(tokens) for tokens in (*known, *fillers)),
    )


def span_of(text: str) -> Span:
    """A length of time as the file writes it: `9 months`."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"{FILE}: '{text}' is not a length of time in days, weeks, months or years")
    return Span(int(match[1]), f"{match[2]}s")


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(tokens_of(str(text)))


def _word(key: str, entry: Mapping[str, Any], vocabulary: Vocabulary) -> Word:
    since, takes, adds = (entry.get(name) for name in ("since", "takes", "adds"))
    ages, offer = (_ages(entry.get(name)) for name in ("ages", "offer"))
    return Word(
        key=key,
        title=str(entry["title"]),
        title_en=str(entry["title_en"]),
        phrases=tuple(map(str, entry["say"])),
        facts={
            name: value for name, value in (entry.get("facts") or {}).items() if name in vocabulary.person
        },
        records=tuple(each for each in entry.get("records") or () if each["kind"] in vocabulary.kinds),
        ages=ages,
        offer=offer or ages,
        since=None
        if since is None
        else Since(
            tuple(since["units"]),
            span_of(since["most"]),
            since["like"],
            since["ask"],
            since["ask_en"],
            since.get("unsaid") == "today",
        ),
        takes=None if takes is None else _takes(takes),
        adds=None if adds is None else (adds["fact"], adds["count"]),
        assumes=str(entry.get("assumes") or ""),
        assumes_en=str(entry.get("assumes_en") or ""),
    )


def _takes(entry: Mapping[str, Any]) -> Takes:
    (least, most), ages = entry["range"], entry.get("ages")
    return Takes(entry["fact"], least, most, None if ages is None else (ages[0], ages[1]))


def _ages(entry: Sequence[str] | None) -> tuple[Span, Span] | None:
    return None if entry is None else (span_of(entry[0]), span_of(entry[1]))


def _of_vocabulary(
    labels: Mapping[str, Mapping[str, Any]], vocabulary: Vocabulary, own: list[Word]
) -> Iterator[Word]:
    """What no word of the file says yet: yes/no facts and codes by their labels."""
    said_facts = {name for word in own for name in word.facts}
    said_codes = {
        value
        for word in own
        for record in word.records
        for value in record.values()
        if isinstance(value, str)
    }
    for name, spec in vocabulary.person.items():
        if spec.type == "bool" and name not in said_facts and spec.label:
            yield Word(f"fakta_{name}", spec.label, "", (spec.label,), {name: True}, is_derived=True)
    for codes, how in labels.items():
        for code, entry in vocabulary.codes[codes].items():
            if code not in said_codes and code not in how.get("but", ()):
                record = {"kind": how["kind"], "on": "today", how["field"]: code}
                label = entry.label.partition(" (")[0]
                phrases = (label, *(word.replace("_", " ") for word in (code, *entry.aliases)))
                yield Word(f"{codes}_{code}", label, "", phrases, records=(record,), is_derived=True)
