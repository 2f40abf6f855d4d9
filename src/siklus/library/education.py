"""What is said to the family for each need and each danger: `knowledge/education/`, a message and a card for the kader.

Beside the rules, not in them: a changed word changes no answer, so these files are not in the hash of the rule book.
The format: `docs/reference/education.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from siklus.library.loading import knowledge_folder
from siklus.library.sources import CONFIDENCE
from siklus.library.yaml_text import read_yaml
from siklus.records.checks import did_you_mean
from siklus.rules.source import Faults, Mark, MarkedMap, mapping_of, words_of

FOLDER, METHOD = "education", "saji.yaml"
STEPS = ("salam", "ajak", "jelaskan", "ingatkan")
"""The steps of SAJI; a card has a sentence for each but the first, which is the same on every card."""
_NEEDED = {"for", "topic", "message", "card"}
_ALLOWED = _NEEDED | {"message_en", "cites", "confidence"}
_MOST_SENTENCES = 2
_SENTENCE = re.compile(r"[.?!](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message to the family and the card of it. `names` are needs, and dangers as `classification.class`."""

    names: tuple[str, ...]
    topic: str
    message: str
    message_en: str
    card: tuple[str, ...]
    cites: str
    confidence: str
    package: str
    mark: Mark


@dataclass(frozen=True)
class Education:
    """All lessons of a knowledge folder; `cites` says where the steps come from.

    `closed` has those for a kader who may not read what it is about.
    """

    steps: tuple[str, ...] = ()
    greeting: str = ""
    greeting_at_once: str = ""
    cites: str = ""
    lessons: tuple[Lesson, ...] = ()
    closed: Mapping[str, Lesson] = field(default_factory=dict)
    never_aloud: tuple[str, ...] = ()

    def of(self, name: str) -> Lesson | None:
        """What is said of a need or a danger; None when nothing is written."""
        return next((lesson for lesson in self.lessons if name in lesson.names), None)


def load_education() -> Education:
    """What is said in this installation, read once."""
    return _read_once(knowledge_folder())


def read_education(folder: Path) -> Education:
    """The lessons of a knowledge folder, none when it has none. ProblemError lists all faults of form at once."""
    if not (folder / FOLDER).is_dir():
        return Education()
    faults = Faults()
    head, documents = MarkedMap(Mark(f"{FOLDER}/{METHOD}", 1, 1)), []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        with faults.guard():
            document = read_yaml(path, f"{FOLDER}/{path.name}")
            if path.name == METHOD:
                head = document
            else:
                documents.append(document)
    nothing = MarkedMap(head.mark)
    aloud = _words(head, "never_aloud", faults)
    hidden = faults.tried(lambda: mapping_of(head, "closed"), nothing)
    steps = faults.tried(lambda: mapping_of(head, "steps"), nothing)
    read = [_lesson(each, of, aloud, faults) for of in documents for each in of.get("lessons") or ()]
    closed = {each: _lesson(of, head, aloud, faults) for each, of in hidden.items()}
    if tuple(steps) != STEPS or not head.get("salam") or not head.get("salam_segera"):
        faults.add(
            "E01",
            head.mark,
            f"'salam', 'salam_segera' dan 'steps' harus ada, dengan langkah {', '.join(STEPS)}",
        )
    faults.raise_if_any()
    return Education(
        steps=tuple(map(str, steps.values())), greeting=str(head["salam"]),
        greeting_at_once=str(head["salam_segera"]), cites=str(head.get("cites") or ""),
        lessons=tuple(read), closed=closed, never_aloud=aloud,
    )  # fmt: skip


@lru_cache(maxsize=2)
def _read_once(folder: Path) -> Education:
    return read_education(folder)


def _lesson(entry: Any, of: MarkedMap, aloud: Iterable[str], faults: Faults) -> Lesson:
    if not isinstance(entry, MarkedMap):
        faults.add(
            "E02", of.at("lessons"), "tiap pesan adalah sebuah daftar isian", f"misalnya {min(_NEEDED)}:"
        )
        entry = MarkedMap(of.at("lessons"))
    package = str(of.get("package") or "")
    for key in sorted((_NEEDED - {"for"} if not package else _NEEDED) - entry.keys()):
        faults.add("E03", entry.mark, f"pesan ini belum punya '{key}'")
    for key in sorted(entry.keys() - _ALLOWED):
        faults.add(
            "E04", entry.key_marks[key], f"'{key}' tidak dikenal.", did_you_mean(key, sorted(_ALLOWED))
        )
    message = str(entry.get("message") or "")
    names, card = (_words(entry, key, faults) for key in ("for", "card"))
    if message and not 1 <= len(_SENTENCE.findall(message)) <= _MOST_SENTENCES:
        faults.add("E05", entry.at("message"), "pesan terdiri dari satu atau dua kalimat")
    if card and [len(_SENTENCE.findall(said)) for said in card] != [1] * (len(STEPS) - 1):
        faults.add("E06", entry.at("card"), "kartu terdiri dari tiga kalimat:", ", ".join(STEPS[1:]))
    for key, said in [("message", message), *(("card", said) for said in card)]:
        if figure := re.search(r"\d+", said):
            faults.add(
                "E07",
                entry.at(key),
                f"angka {figure[0]} milik aturan, dan dapat diganti daerah;",
                "tulis tanpa angka",
            )
        for word in (word for word in aloud if re.search(rf"\b{word}\b", said, re.IGNORECASE)):
            faults.add("E08", entry.at(key), f"'{word}' tidak diucapkan di depan orang;", "pilih kata lain")
    cites, confidence = (str(entry.get(key) or of.get(key) or "") for key in ("cites", "confidence"))
    if not cites or confidence not in CONFIDENCE:
        faults.add(
            "E09", entry.mark, "sumber dan keyakinan belum tertulis;", f"keyakinan: {', '.join(CONFIDENCE)}"
        )
    return Lesson(
        names=names, topic=str(entry.get("topic")), message=message,
        message_en=str(entry.get("message_en") or ""), card=card, cites=cites, confidence=confidence,
        package=package, mark=entry.mark,
    )  # fmt: skip


def _words(entry: MarkedMap, key: str, faults: Faults) -> tuple[str, ...]:
    return tuple(faults.tried(lambda: words_of(entry, key), list[str]()))
