"""What a phrase came to: what was understood and what was not, what does not fit, and the small life of it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from siklus.kernel import dates
from siklus.library.persona.words import Span, Word
from siklus.rules.shown import shown_day

UNIT_WORDS = {"hours": "jam", "days": "hari", "weeks": "minggu", "months": "bulan", "years": "tahun"}
"""The units as they are said."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was understood: a word, or an age where `word` is None; `day` is when it was born or began."""

    text: str
    word: Word | None
    spans: tuple[Span, ...] = ()
    day: int | None = None
    number: float | None = None
    is_denied: bool = False

    @property
    def means(self) -> str:
        """What was made of it, in Indonesian."""
        if self.word is None:
            day = "" if self.day is None else f", dianggap lahir {shown_day(self.day)}"
            return f"umur {length_of(self.spans)}{day}" if self.spans else f"lahir {shown_day(self.day or 0)}"
        number = "" if self.number is None else f" {self.number}".replace(".", ",")
        title = f"{self.word.title}{number}"
        if self.is_denied:
            return f"bukan: {title}"
        began = f" sejak {shown_day(self.day)}" if self.day is not None else ""
        return f"{title}{' ' + length_of(self.spans) if self.spans else ''}{began}"


@dataclass(frozen=True, slots=True)
class Strange:
    """What was not understood, with the nearest thing that would be; empty when nothing is near."""

    text: str
    guess: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that does not fit. `code`: outside, against, twice, toolong, range, denied, notaken."""

    code: str
    one: str
    other: str = ""

    def __str__(self) -> str:
        return REMARKS[self.code] % {"one": self.one, "other": self.other}


REMARKS = {
    "outside": "«%(one)s» biasanya lain umurnya; yang dipakai: umur %(other)s.",
    "against": "«%(one)s» tidak cocok dengan «%(other)s»; yang dipakai: «%(other)s».",
    "twice": "Umur disebut dua kali; «%(one)s» tidak dipakai.",
    "toolong": "«%(one)s»: selama itu tidak mungkin, jadi tidak dipakai.",
    "range": "«%(one)s» tidak ada; yang ada: %(other)s.",
    "denied": "«%(one)s»: dibaca sebagai tidak ada, sama seperti bila tidak disebut.",
    "notaken": "Sesudah «%(one)s» diharapkan angka.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a phrase came to. `ages` are the first and the last day on which such a person can be born, if no age is
    said; `waiting` are words that lack how long ago it began.
    """

    text: str
    on: int
    said: tuple[Said, ...]
    strange: tuple[Strange, ...]
    remarks: tuple[Remark, ...]
    facts: dict[str, Any]
    records: tuple[dict[str, Any], ...]
    ages: tuple[Span, Span] | None
    waiting: tuple[Word, ...]

    @property
    def needs_age(self) -> bool:
        """True when nothing tells how old the person is: nothing can be answered."""
        return "birth" not in self.facts and self.ages is None

    @property
    def case(self) -> dict[str, Any]:
        """The life as a case (see `case_reading`)."""
        return {
            "on": dates.iso(self.on),
            "person": dict(self.facts),
            "records": [dict(r) for r in self.records],
        }

    @property
    def words(self) -> frozenset[str]:
        """The keys of the words that were said."""
        return frozenset(one.word.key for one in self.said if one.word is not None)


def length_of(spans: Sequence[Span]) -> str:
    """`1 tahun 4 bulan`."""
    return " ".join(f"{span.count} {UNIT_WORDS[span.unit]}" for span in spans)
