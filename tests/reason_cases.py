"""The cases of conformance/reasons: a small package, lives under it, and the paragraph that must be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from siklus.kernel.dates import parse_day
from siklus.library.examples import life_of
from siklus.library.loading import Book
from siklus.library.yaml_text import plain_yaml
from siklus.rules.life import Life
from tests.unit.rules.small_book import book

FOLDER = Path(__file__).resolve().parents[1] / "conformance" / "reasons"
_GIVEN = {"ya_a": True, "warna_a": "biru", "hari_pasti": "2026-01-01", "angka_pasti": 1}


@dataclass(frozen=True)
class ReasonCase:
    """`words` is why `need` stands as it does for this life on this day."""

    file: str
    need: str
    life: Life
    today: int
    words: str

    def __str__(self) -> str:
        return f"{self.file} {self.need} {self.words[:40]}"


@cache
def reason_book(file: str) -> Book:
    """The book of one file."""
    return book(_read(file)["package"])


@cache
def reason_cases() -> tuple[ReasonCase, ...]:
    """All cases, in the order of the files."""
    return tuple(
        ReasonCase(
            path.stem,
            row["need"],
            life_in(reason_book(path.stem), row["life"], row["today"]),
            parse_day(row["today"]),
            row["words"],
        )
        for path in sorted(FOLDER.glob("*.yaml"))
        for row in _read(path.stem)["cases"]
    )


def life_in(made: Book, written: Mapping[str, Any], today: str) -> Life:
    """A life as a case writes it; some facts of no concern are known."""
    records = [
        {
            key: date.fromisoformat(value) if place == 0 else value
            for place, (key, value) in enumerate(each.items())
        }
        for each in written.get("records", [])
    ]
    return life_of(made.vocabulary, {**_GIVEN, **written, "records": records}, "", parse_day(today))


@cache
def _read(file: str) -> dict[str, Any]:
    found: dict[str, Any] = plain_yaml(FOLDER / f"{file}.yaml")
    return found
