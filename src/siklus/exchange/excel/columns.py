"""Layouts of known files (data in `knowledge/exchange/`), and which column of a sheet is which.

A header is compared without capitals, blanks and punctuation: first exactly with every known spelling, then by
difflib's ratio, so that a slip of the pen is still understood; the score is shown. The header row is the one with
the most columns known to a layout; title rows above it are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from siklus.exchange.excel.guard import MAX_COLUMNS
from siklus.exchange.excel.sheets import Cell, Sheet
from siklus.exchange.excel.words import Refused
from siklus.library.loading import knowledge_folder
from siklus.library.yaml_text import plain_yaml

AUTO = "auto"
_LAYOUTS = ("eppgbm", "bnba")
_HEADER_WITHIN = 40
_NOT_A_WORD = re.compile(r"[^a-z0-9/]+")
_SHORT = 4


@dataclass(frozen=True)
class Column:
    """A column of a layout. `to` is `person.FACT`, `household.FACT`, `KIND.FIELD`, `place.LEVEL`, or empty."""

    key: str
    title: str
    reads: str
    to: str = ""
    why: str = ""
    required: bool = False
    soft: bool = False
    zero_is_empty: bool = False
    also: tuple[tuple[str, float], ...] = ()
    names: tuple[str, ...] = ()

    @cached_property
    def target(self) -> tuple[str, str]:
        """(`person`, `nik`) of `person.nik`."""
        head, _, tail = self.to.partition(".")
        return head, tail


@dataclass(frozen=True)
class Layout:
    """One kind of file: its columns and what its rows become."""

    name: str
    title: str
    confidence: str
    source: str
    registers: str
    household: str
    recognised_by: tuple[str, ...]
    columns: Mapping[str, Column]
    insurance: Mapping[str, Any] = field(default_factory=dict)
    yes_no: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def key_by_name(self) -> dict[str, str]:
        """Column key by folded spelling."""
        return {fold(name): column.key for column in self.columns.values() for name in column.names}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of service record a row may become."""
        heads = (column.target[0] for column in self.columns.values() if column.to)
        return tuple(dict.fromkeys(head for head in heads if head not in ("person", "household", "place")))


@dataclass(frozen=True, slots=True)
class ImportRules:
    """`knowledge/exchange/import.yaml`: the scores and words that are our choice."""

    points: Mapping[str, int]
    match: int
    doubtful: int
    name_floor: float
    family_floor: float
    nik_name_floor: float
    column_floor: float
    place_floor: float
    place_suggestions: int
    oldest_years: int
    phone_digits: tuple[int, int]
    longest: Mapping[str, int]
    place_prefixes: tuple[str, ...]
    place_noise: frozenset[str]
    roman: Mapping[str, int]
    empty_words: frozenset[str]
    months: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and what it means. `keys[i]` is the column key of position i; scores are 0 to 1."""

    row: int
    texts: tuple[str, ...]
    keys: tuple[str | None, ...]
    scores: tuple[float, ...]

    @property
    def known(self) -> int:
        """Columns that were understood."""
        return sum(key is not None for key in self.keys)


def load_layout(name: str) -> Layout:
    """A layout by name; Refused when there is none of that name."""
    if name not in _LAYOUTS:
        raise Refused("unknown_layout", layout=name, known=", ".join((AUTO, *_LAYOUTS)))
    return _read_layout(knowledge_folder() / "exchange" / f"{name}.yaml")


def load_rules() -> ImportRules:
    """The import rules of this installation."""
    return _read_rules(knowledge_folder() / "exchange" / "import.yaml")


@cache
def _read_layout(path: Path) -> Layout:
    data = plain_yaml(path)
    columns = {}
    for key, entry in data["columns"].items():
        entry = {**entry, "names": tuple(entry["names"]), "also": tuple(entry.get("also", {}).items())}
        columns[key] = Column(key=key, **entry)
    return Layout(
        data["layout"], data["title"], data["confidence"], data["source"], data["person"],
        data.get("household", ""), tuple(data["recognised_by"]), columns, data.get("insurance", {}),
        data.get("yes_no", {}),
    )  # fmt: skip


@cache
def _read_rules(path: Path) -> ImportRules:
    data = plain_yaml(path)
    data.pop("confidence")
    data.update(
        phone_digits=tuple(data["phone_digits"]), place_prefixes=tuple(data["place_prefixes"]),
        empty_words=frozenset(data["empty_words"]), place_noise=frozenset(data["place_noise"]),
    )  # fmt: skip
    return ImportRules(**data)


def all_layouts() -> tuple[Layout, ...]:
    """Every layout, in the order they are offered."""
    return tuple(load_layout(name) for name in _LAYOUTS)


def fold(text: str) -> str:
    """A header without capitals, blanks and punctuation; the slash of BB/U stays."""
    return _NOT_A_WORD.sub("", text.casefold())


def choose_sheet(sheets: Sequence[Sheet], layout: str = AUTO) -> tuple[Sheet, Layout, Header]:
    """The sheet, layout and header row that fit best; Refused (saying what was looked for) when none does."""
    layouts = all_layouts() if layout == AUTO else (load_layout(layout),)
    best: tuple[tuple[int, int], Sheet, Layout, Header] | None = None
    for sheet in sheets:
        for candidate in layouts:
            header = find_header(sheet.rows, candidate)
            if header is None or not set(candidate.recognised_by) <= set(header.keys):
                continue
            fit = (header.known, sum(score == 1 for score in header.scores))
            if best is None or fit > best[0]:
                best = (fit, sheet, candidate, header)
    if best is None:
        expected = dict.fromkeys(item.columns[key].title for item in layouts for key in item.recognised_by)
        raise Refused("no_header", expected=", ".join(expected))
    _, sheet, chosen, header = best
    sheet.check()
    return sheet, chosen, header


def find_header(rows: Iterable[Sequence[Cell]], layout: Layout) -> Header | None:
    """The row among the first ones with the most columns of this layout; None when no row has any."""
    best: tuple[int, int, Sequence[Cell]] | None = None
    for number, row in enumerate(rows, start=1):
        if number > _HEADER_WITHIN:
            break
        exact = len({layout.key_by_name.get(fold(cell)) for cell in row if isinstance(cell, str)} - {None})
        if exact and (best is None or exact > best[0]):
            best = (exact, number, row)
    return None if best is None else read_header(best[1], best[2], layout)


def read_header(number: int, row: Sequence[Cell], layout: Layout) -> Header:
    """What each cell of the header row means. The best score takes a column; a second claimant stays unknown."""
    texts = tuple("" if cell is None else " ".join(str(cell).split()) for cell in row[:MAX_COLUMNS])
    claims = sorted(
        (
            (score, -position, key)
            for position, text in enumerate(texts)
            for score, key in _claims(text, layout)
        ),
        reverse=True,
    )
    key_at: dict[int, tuple[str, float]] = {}
    taken: set[str] = set()
    for score, place, key in claims:
        if -place not in key_at and key not in taken:
            key_at[-place] = (key, score)
            taken.add(key)
    found = [key_at.get(position) for position in range(len(texts))]
    return Header(
        number, texts,
        tuple(claim[0] if claim else None for claim in found),
        tuple(claim[1] if claim else 0.0 for claim in found),
    )  # fmt: skip


def _claims(text: str, layout: Layout) -> list[tuple[float, str]]:
    """(score, column key) of a header text: 1 for a known spelling, else difflib's ratio where it is high enough."""
    folded = fold(text)
    if not folded:
        return []
    if folded in layout.key_by_name:
        return [(1.0, layout.key_by_name[folded])]
    if len(folded) <= _SHORT:
        return []  # BB, TB, RT, RW: one letter is the whole difference
    floor = load_rules().column_floor
    best_by_key: dict[str, float] = {}
    for name, key in layout.key_by_name.items():
        if len(name) > _SHORT:
            matcher = SequenceMatcher(None, folded, name)
            # The two cheap upper bounds spare most of the work on sheets with many unknown columns.
            if matcher.real_quick_ratio() >= floor and matcher.quick_ratio() >= floor:
                score = matcher.ratio()
                if score >= floor:
                    best_by_key[key] = max(score, best_by_key.get(key, 0.0))
    return [(round(score, 2), key) for key, score in best_by_key.items()]
