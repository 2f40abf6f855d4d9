"""`knowledge/registry.yaml`: whether anybody has approved a file of the book, and reviews that were brought into it.

What one district approves does not make the book approved: `status` says that, and only a maintainer changes it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from siklus.library.loading import knowledge_folder

FILE = "registry.yaml"
DRAFT, CHECKED, APPROVED = "draft", "diperiksa", "disetujui"
_SECTIONS = ("packages", "indicators", "forms")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file of the book stands; `approved_by` is empty while nobody has approved it.

    `title` is what people call a file that does not name itself.
    """

    status: str
    approved_by: str = ""
    approved_on: datetime.date | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class NotedReview:
    """A review of a district that a maintainer brought into the registry."""

    kind: str
    rule: str
    version: str
    act: str
    on: str
    name: str
    position: str
    office: str
    words: str


@dataclass(frozen=True)
class Registry:
    """The whole file. What it does not name is a draft."""

    by_file: Mapping[str, Standing] = field(default_factory=dict)
    reviews: tuple[NotedReview, ...] = ()

    def of(self, file: str) -> Standing:
        """The standing of a file of the knowledge folder."""
        return self.by_file.get(file, Standing(DRAFT))


def load_registry() -> Registry:
    """The registry of the rule book at work."""
    return read_registry(knowledge_folder() / FILE)


@lru_cache(maxsize=4)
def read_registry(path: Path) -> Registry:
    """The registry of a file; an empty one where there is none."""
    if not path.is_file():
        return Registry()
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    files = [entry for section in _SECTIONS for entry in (entries.get(section) or {}).values()]
    return Registry(
        {entry["file"]: _standing(entry) for entry in files},
        tuple(_noted(entry) for entry in entries.get("reviews") or ()),
    )


def _standing(entry: Mapping[str, Any]) -> Standing:
    title = str(entry.get("title") or "")
    if entry["status"] != APPROVED:
        return Standing(str(entry["status"]), title=title)
    on = entry["approved_on"]
    return Standing(APPROVED, str(entry["approved_by"]), on if isinstance(on, datetime.date) else None, title)


def _noted(entry: Mapping[str, Any]) -> NotedReview:
    names = ("kind", "rule", "version", "act", "on", "name", "position", "office", "words")
    return NotedReview(*(str(entry.get(name) or "") for name in names))
