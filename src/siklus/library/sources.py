"""The sources that rules cite, from `knowledge/sources/`: what they are, what of them was read, how sure we are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from siklus.library.yaml_text import plain_yaml

CONFIDENCE = {
    "read": ("dibaca", "angkanya dibaca dari naskah yang disebut"),
    "general": ("umum", "pengetahuan umum program; naskahnya belum kami baca"),
    "ours": ("pilihan kami", "tidak tercetak di mana pun; boleh diganti oleh daerah"),
}
"""How sure we are of a rule: the word, and what it means."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source. `cite_as` are the names a citation may call it by; `read` says what of it was read."""

    name: str
    cite_as: tuple[str, ...]
    kind: str
    number: str
    title: str
    date: datetime.date | None
    read: str
    confidence: str
    note: str


def read_sources(folder: Path) -> tuple[Source, ...]:
    """Every source of a knowledge folder, by name; none when it keeps no sources."""
    paths = sorted((folder / "sources").glob("*.yaml"))
    return tuple(_source(plain_yaml(path)) for path in paths)


def cited(texts: Iterable[str], sources: Sequence[Source]) -> list[Source]:
    """The sources these citations name, in the order in which they are first named."""
    found: dict[str, Source] = {}
    for text in texts:
        places = ((text.find(name), source) for source in sources for name in source.cite_as if name in text)
        for _, source in sorted(places, key=lambda pair: pair[0]):
            found.setdefault(source.name, source)
    return list(found.values())


def citations(folder: Path) -> Iterator[tuple[str, str]]:
    """Every citation of a knowledge folder with the file it stands in; those of values too."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.parent.name != "sources":
            for text in _cites(plain_yaml(path)):
                yield path.relative_to(folder).as_posix(), text


def unknown_citations(folder: Path) -> list[tuple[str, str]]:
    """The citations that name no source of the folder."""
    sources = read_sources(folder)
    return [(file, text) for file, text in citations(folder) if not cited([text], sources)]


def _cites(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key == "cites":
                yield str(below)
            else:
                yield from _cites(below)
    elif isinstance(value, list):
        for below in value:
            yield from _cites(below)


def _source(entry: dict[str, object]) -> Source:
    names, date = entry["cite_as"], entry.get("date")
    assert isinstance(names, list)
    return Source(
        name=str(entry["source"]),
        cite_as=tuple(str(name) for name in names),
        kind=str(entry.get("kind") or ""),
        number=str(entry.get("number") or ""),
        title=str(entry["title"]),
        date=date if isinstance(date, datetime.date) else None,
        read=str(entry.get("read") or ""),
        confidence=str(entry["confidence"]),
        note=str(entry.get("note") or ""),
    )
