"""Stages of life from `knowledge/stages.yaml`: how people and packages are named and grouped on a screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from siklus.kernel import dates
from siklus.library.loading import knowledge_folder


@dataclass(frozen=True, slots=True)
class Stage:
    """One group: its key (also the folder of its packages), title, klaster; how somebody belongs to it."""

    key: str
    title: str
    klaster: str
    episodes: tuple[str, ...] = ()
    below_years: int | None = None


@dataclass(frozen=True, slots=True)
class Stages:
    """`of_life` in the order of life; `all` has the groups that are no stage (diseases, cross-cutting) at the end."""

    of_life: tuple[Stage, ...]
    all: tuple[Stage, ...]

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

    def of_package(self, file: str) -> Stage | None:
        """The group of a package by the folder of its file (`packages/ibu/anc.yaml`); None for a folder not listed."""
        parts = file.split("/")
        return next((stage for stage in self.all if stage.key in parts), None)


@cache
def load_stages() -> Stages:
    """The stages of this installation, read once."""
    return read_stages(knowledge_folder() / "stages.yaml")


def read_stages(path: Path) -> Stages:
    """The stages of a file."""
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    of_life = tuple(_stage(key, entry) for key, entry in text["stages"].items())
    return Stages(of_life, (*of_life, *(_stage(key, entry) for key, entry in text["others"].items())))


def _stage(key: str, entry: Mapping[str, object]) -> Stage:
    episodes, below = entry.get("episodes", ()), entry.get("below_years")
    assert isinstance(episodes, list | tuple) and (below is None or isinstance(below, int))
    return Stage(key, str(entry["title"]), str(entry["klaster"]), tuple(map(str, episodes)), below)
