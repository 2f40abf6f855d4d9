"""Stages of life from `knowledge/stages.yaml`: how people and packages are named and grouped on a screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from siklus.kernel import dates
from siklus.library.loading import knowledge_folder
from siklus.library.yaml_text import plain_yaml


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its key, titles, klaster, the packages shown under it; how somebody belongs to it."""

    key: str
    title: str
    title_en: str
    klaster: str
    packages: tuple[str, ...]
    episodes: tuple[str, ...] = ()
    below_years: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What is mostly done on one visit and so written together: its titles, short for a line, and the packages."""

    title: str
    title_en: str
    short: str
    short_en: str
    packages: tuple[str, ...]


@dataclass(frozen=True)
class Stages:
    """The stages in the order of life, and the packages as they follow one another in a line of one person.

    `first` are the packages before those of the stages; `short` what those are called whose title is long;
    `visits` what is done together.
    """

    of_life: tuple[Stage, ...]
    first: tuple[str, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)
    visits: tuple[Visit, ...] = ()

    def at(self, birth: int | None, on: int, open_episodes: Collection[str] = ()) -> Stage | None:
        """The stage of a person on a day: an open episode first, else the age; None when the birth date is unknown."""
        for stage in self.of_life:
            if any(episode in open_episodes for episode in stage.episodes):
                return stage
        if birth is None:
            return None
        years = dates.age_years(birth, on)
        by_age = (stage for stage in self.of_life if not stage.episodes)
        return next(stage for stage in by_age if stage.below_years is None or years < stage.below_years)

    def of_package(self, package: str) -> Stage | None:
        """The stage a package is shown under; None when it stands under its own title."""
        return next((stage for stage in self.of_life if package in stage.packages), None)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The place of each package in a line; those that are not here come after all of them."""
        named = dict.fromkeys(
            (*self.first, *(package for stage in self.of_life for package in stage.packages))
        )
        return {package: place for place, package in enumerate(named)}

    def visit_of(self, package: str) -> Visit | None:
        """The visit on which a package is mostly done; None where it stands by itself."""
        return next((visit for visit in self.visits if package in visit.packages), None)

    def rank(self, package: str) -> int:
        """The place of a package in a line of one person."""
        return self.ranks.get(package, len(self.ranks))


def load_stages() -> Stages:
    """The stages of this installation, read once."""
    return read_stages(knowledge_folder() / "stages.yaml")


@lru_cache(maxsize=2)
def read_stages(path: Path) -> Stages:
    """The stages of a file."""
    found = plain_yaml(path)
    return Stages(
        tuple(_stage(key, entry) for key, entry in found["stages"].items()),
        _words(found.get("first")),
        dict(found.get("short") or {}),
        tuple(_visit(entry) for entry in (found.get("visits") or {}).values()),
    )


def _stage(key: str, entry: Mapping[str, object]) -> Stage:
    below = entry.get("below_years")
    assert below is None or isinstance(below, int)
    return Stage(
        key=key,
        title=str(entry["title"]),
        title_en=str(entry["title_en"]),
        klaster=str(entry["klaster"]),
        packages=_words(entry.get("packages")),
        episodes=_words(entry.get("episodes")),
        below_years=below,
    )


def _visit(entry: Mapping[str, object]) -> Visit:
    title, title_en, short, short_en = (str(entry[key]) for key in ("title", "title_en", "short", "short_en"))
    return Visit(title, title_en, short, short_en, _words(entry["packages"]))


def _words(entries: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in entries) if isinstance(entries, Iterable) else ()
