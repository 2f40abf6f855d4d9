"""The file of a whole area, loaded so that a cut goes on where it broke, and read line by line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import zstandard

from siklus.sync.edge.calling import District
from siklus.sync.edge.locking import folder


def download(district: District, path: str) -> Path:
    """The file, packed. Unreached leaves what has come for the next time."""
    part, tag = folder() / "area.part", folder() / "area.tag"
    district.load(path, part, tag)
    tag.unlink()
    return part.rename(folder() / "area.zst")


def lines_of(path: Path, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The lines of a packed file: its head when only one is wanted, else the records after it."""
    with path.open("rb") as packed:
        plain = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
        lines = islice(plain, limit) if limit else islice(plain, 1, None)
        for line in lines:
            yield json.loads(line)
