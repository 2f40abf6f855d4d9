"""Dashboards from `knowledge/dashboards.yaml`: which figures stand side by side, and out of what. Display only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from siklus.library.loading import knowledge_folder

KNOWN, TARGET = "known", "target "


class Part(NamedTuple):
    """A number: of an indicator `registered`, or how many have a component."""

    indicator: str
    what: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit in percent that a source names: `of` is the kind of place it is judged for, empty for any place.

    `places` is what such places are called when they are counted: "Desa UCI".
    """

    percent: float
    is_least: bool
    of: str
    title: str
    cites: str
    confidence: str
    places: str = ""
    places_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure. It is out of `whole` (numbers added up), of those `known`, of a yearly `target`, or of nothing.

    With `adds` the months of a year are added up; without, the last month stands for itself.
    """

    key: str
    title: str
    title_en: str
    part: Part
    whole: tuple[Part, ...] = ()
    is_of_known: bool = False
    target: str = ""
    adds: bool = False
    is_high_good: bool = True
    goal: Goal | None = None

    @property
    def indicators(self) -> set[str]:
        """What must be counted to show it."""
        return {self.part.indicator, *(part.indicator for part in self.whole)}


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading."""

    title: str
    title_en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One page of figures."""

    key: str
    title: str
    title_en: str
    note: str
    sections: tuple[Section, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """All lines in their order."""
        return (line for section in self.sections for line in section.lines)


def load_dashboards() -> tuple[Dashboard, ...]:
    """The dashboards of this installation, read once."""
    return read_dashboards(knowledge_folder() / "dashboards.yaml")


@lru_cache(maxsize=2)
def read_dashboards(path: Path) -> tuple[Dashboard, ...]:
    """The dashboards of a file."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["dashboards"]
    return tuple(_dashboard(key, entry) for key, entry in entries.items())


def _dashboard(key: str, entry: Mapping[str, Any]) -> Dashboard:
    sections = tuple(
        Section(
            str(section["title"]),
            str(section["title_en"]),
            tuple(_line(f"{place}-{n}", line) for n, line in enumerate(section["lines"], 1)),
        )
        for place, section in enumerate(entry["sections"], 1)
    )
    return Dashboard(key, str(entry["title"]), str(entry["title_en"]), str(entry.get("note", "")), sections)


def _line(key: str, entry: Mapping[str, Any]) -> Line:
    of = str(entry.get("of", ""))
    is_counted = of and of != KNOWN and not of.startswith(TARGET)
    return Line(
        key=key,
        title=str(entry["title"]),
        title_en=str(entry["title_en"]),
        part=_part(str(entry["part"])),
        whole=tuple(_part(each.strip()) for each in of.split("+")) if is_counted else (),
        is_of_known=of == KNOWN,
        target=of.removeprefix(TARGET) if of.startswith(TARGET) else "",
        adds=bool(entry.get("adds", False)),
        is_high_good=entry.get("good", "high") == "high",
        goal=_goal(entry["goal"]) if "goal" in entry else None,
    )


def _part(text: str) -> Part:
    indicator, _, what = text.partition(".")
    return Part(indicator, what)


def _goal(entry: Mapping[str, Any]) -> Goal:
    is_least = "at_least" in entry
    percent = float(entry["at_least"] if is_least else entry["at_most"])
    title, cites, confidence = (str(entry[name]) for name in ("title", "cites", "confidence"))
    places, places_en = (str(entry.get(name, "")) for name in ("places", "places_en"))
    return Goal(percent, is_least, str(entry.get("of", "")), title, cites, confidence, places, places_en)
