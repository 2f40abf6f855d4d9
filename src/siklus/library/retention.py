"""What is kept how long, from `knowledge/retention.yaml`, and the page that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from siklus.library.loading import knowledge_folder
from siklus.library.yaml_text import plain_yaml


@dataclass(frozen=True, slots=True)
class Removed:
    """What goes, so many days after it lost its use."""

    what: str
    after_days: int
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays, how long, why, and how sure we are."""

    what: str
    long: str
    why: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Retention:
    """The whole file."""

    removed: Mapping[str, Removed]
    kept: tuple[Kept, ...]
    cites: str
    confidence: str


def load_retention() -> Retention:
    """What holds in this installation."""
    return read_retention(knowledge_folder() / "retention.yaml")


@lru_cache(maxsize=2)
def read_retention(path: Path) -> Retention:
    """What a file says."""
    told = plain_yaml(path)
    return Retention(
        removed={name: Removed(**spec) for name, spec in told["removed"].items()},
        kept=tuple(Kept(**spec) for spec in told["kept"]),
        cites=str(told["cites"]),
        confidence=str(told["confidence"]),
    )


def retention_page(retention: Retention) -> str:
    """`docs/reference/retention.md`."""
    lines = [
        "# What is kept how long",
        "Made from `knowledge/retention.yaml` by `siklus docs reference`. The words are those of the file.",
        "Siklus never deletes a record. `siklus tidy` (every night) takes away the first table only.",
        "",
        f"Source: {retention.cites}. Confidence: {retention.confidence}.",
        "",
        "## Taken away",
        "| what | days after it lost its use | why |",
        "|---|---|---|",
        *(f"| {each.what} | {each.after_days} | {each.why} |" for each in retention.removed.values()),
        "",
        "## Kept",
        "| what | how long | why | confidence |",
        "|---|---|---|---|",
        *(f"| {each.what} | {each.long} | {each.why} | {each.confidence} |" for each in retention.kept),
    ]
    return "\n".join(lines) + "\n"
