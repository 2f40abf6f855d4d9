"""While the first area of an edge comes nobody sees half of it: a note on the disk closes its pages, and how far."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

NOTE = "wilayah-datang.json"
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Coming:
    """How many records have been taken in, of how many."""

    done: int
    all: int

    @property
    def percent(self) -> int:
        """Of them, rounded down: 100 is said only of all."""
        return self.done * _WHOLE // self.all if self.all else 0


def coming() -> Coming | None:
    """None where the area is there: asked before each page, so it costs one look at the disk."""
    try:
        return Coming(**json.loads(_note().read_text()))
    except FileNotFoundError:
        return None


def close(done: int, of: int) -> None:
    """Closed until `lift`, and this is how far it is."""
    part = _note().with_suffix(".part")
    part.write_text(json.dumps({"done": done, "all": of}))
    part.replace(_note())


def lift() -> None:
    """All of it is there."""
    _note().unlink(missing_ok=True)


def _note() -> Path:
    return Path(settings.VAR) / NOTE
