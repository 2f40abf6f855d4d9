"""By what figures are split: the age groups of `knowledge/pilahan.yaml`. Display only; no rule reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from siklus.library.loading import knowledge_folder
from siklus.library.yaml_text import plain_yaml


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
