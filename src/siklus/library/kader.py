"""What a kader may read, from `knowledge/kader.yaml`: never the name of a disease. What it does not name is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from siklus.library.loading import knowledge_folder
from siklus.library.yaml_text import plain_yaml


@dataclass(frozen=True, slots=True)
class KaderView:
    """Names of units, needs and kinds of record, and words of code lists; see the comments of the file."""

    open_units: frozenset[str]
    closed_needs: frozenset[str]
    open_records: frozenset[str]
    named_records: frozenset[str]
    open_words: Mapping[str, frozenset[str]]

    def may_name(self, need: str, unit: str) -> bool:
        """True when the title of a need gives nothing away."""
        return unit in self.open_units and need not in self.closed_needs

    def may_read_word(self, codes: str, word: str) -> bool:
        """True when this word of a code list names no illness. Lists that the file does not mention name none."""
        return codes not in self.open_words or word in self.open_words[codes]


def load_kader_view() -> KaderView:
    """The view of this installation, read once."""
    return read_kader_view(knowledge_folder() / "kader.yaml")


@lru_cache(maxsize=2)
def read_kader_view(path: Path) -> KaderView:
    """The view of a file."""
    entries = plain_yaml(path)
    names = ("open_units", "closed_needs", "open_records", "named_records")
    return KaderView(
        **{name: frozenset(entries[name]) for name in names},
        open_words={codes: frozenset(words) for codes, words in entries["open_words"].items()},
    )
