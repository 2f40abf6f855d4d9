"""By what figures are split: age groups and facts of persons, from `knowledge/pilahan.yaml`. Display only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from siklus.library.loading import knowledge_folder
from siklus.library.yaml_text import plain_yaml

YES, NO, UNKNOWN = "ya", "tidak", ""
"""The groups of a fact: who has no answer is a group of its own."""


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a split."""

    key: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class FactSplit:
    """A split by a fact of the person that is true, false or not known."""

    fact: str
    title: str
    title_en: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """People below so many completed months, and not in the group before; the last has no limit."""

    key: str
    title: str
    title_en: str
    below_months: int | None


def age_groups() -> tuple[AgeGroup, ...]:
    """The age groups of this installation, the youngest first."""
    return _read(knowledge_folder() / "pilahan.yaml")


@lru_cache(maxsize=2)
def _read(path: Path) -> tuple[AgeGroup, ...]:
    entries = plain_yaml(path)["umur"]
    return tuple(
        AgeGroup(key, str(entry["title"]), str(entry["title_en"]), entry.get("below_months"))
        for key, entry in entries.items()
    )


def fact_splits() -> tuple[FactSplit, ...]:
    """The facts by which this installation splits its figures."""
    return _read_facts(knowledge_folder() / "pilahan.yaml")


@lru_cache(maxsize=2)
def _read_facts(path: Path) -> tuple[FactSplit, ...]:
    entries = plain_yaml(path).get("fakta") or {}
    written = {YES: "ya", NO: "tidak", UNKNOWN: "kosong"}
    return tuple(
        FactSplit(
            fact, entry["title"], entry["title_en"],
            tuple(Group(key, entry[slot]["title"], entry[slot]["title_en"]) for key, slot in written.items()),
        )
        for fact, entry in entries.items()
    )  # fmt: skip
