"""Lives nobody lived around one need, written as examples write them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from siklus.kernel.dates import iso, parse_day
from siklus.library.expected import raw_case
from siklus.library.loading import Book
from siklus.library.random_lives import LifeDrawer
from siklus.rules.book import Need
from siklus.rules.vocabulary import HOUSEHOLD

_AROUND = "2026-06-10"
_AT_ONCE, _ROUNDS = 40, 3


def strangers(book: Book, need: Need) -> Iterator[tuple[dict[str, Any], int]]:
    """Lives and the day they were drawn around; only of persons, for a household's example is written by hand."""
    if need.unit == HOUSEHOLD:
        return
    around = parse_day(_AROUND)
    drawer = LifeDrawer(book.rules, around)
    drawer.needs = {unit: [need.name] for unit in drawer.needs}
    for seed in range(_ROUNDS):
        for life in drawer.lives(_AT_ONCE, f"{need.name} {seed}"):
            if life.members is None and life.person["died"] is None:
                yield _entry(raw_case(book, life, around, need)), around


def _entry(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as an example: facts at the head, each record by its kind and day."""
    places = {record["id"]: place for place, record in enumerate(case["records"], 1) if "id" in record}
    records = [
        {
            record["kind"]: _day(record["on"]),
            **{
                name: places.get(value, value) if name == "episode" else _day(value)
                for name, value in record.items()
                if name not in ("kind", "on", "id")
            },
        }
        for record in case["records"]
    ]
    return {**{name: _day(value) for name, value in case["person"].items()}, "records": records}


def _day(value: Any) -> Any:
    """Days as YAML writes them."""
    try:
        is_day = isinstance(value, str) and iso(parse_day(value)) == value
    except ValueError:
        return value
    return datetime.date.fromisoformat(value) if is_day else value
