"""What the seed assumes, read from `data/assumptions.yaml`: shares, sizes, ages and chances of the fictional district.

The file gives the source of each figure. Code asks for them by name; no figure of the story stands in a Python module.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from siklus.library.yaml_text import plain_yaml

FILE = Path(__file__).parent / "data" / "assumptions.yaml"


class Section:
    """A block of the file: its keys are attributes, inner blocks are sections, `by_...` blocks stay mappings."""

    def __init__(self, **entries: Any) -> None:
        self.__dict__.update(entries)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{FILE.name} has no '{name}' here")


class Assumptions(Section):
    """The whole file."""


@cache
def read_assumptions(path: Path = FILE) -> Assumptions:
    """The assumptions of the seed; KeyError-like AttributeError where a story asks for one that is not there."""
    document = plain_yaml(path)
    return Assumptions(**{name: _section(name, block) for name, block in document.items()})


def _section(name: str, block: Any) -> Any:
    if isinstance(block, Mapping) and not name.startswith("by_"):
        return Section(**{key: _section(key, value) for key, value in block.items()})
    return block
