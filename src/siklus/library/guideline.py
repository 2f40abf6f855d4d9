"""Which need, field or figure carries each row of the guideline's package tables: `knowledge/coverage_of_kmk.csv`.

The counts of `knowledge/guideline_tables.yaml` were made apart from it, so that no row can be lost unseen. What the
columns mean: `docs/reference/coverage-of-kmk.md`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import Book
from siklus.library.yaml_text import plain_yaml
from siklus.records.checks import did_you_mean

COVERAGE, TABLES = "coverage_of_kmk.csv", "guideline_tables.yaml"
GROUPS = ("ibu", "bayi_balita", "anak_remaja", "dewasa", "lansia", "semua")
TIERS = ("posyandu", "kunjungan_rumah", "sekolah", "pustu", "puskesmas")
_TOPICS, _EDUCATION, _NOTHING = "topik", "edukasi", "none"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the guideline: `rows` are those printed, `items` the acts named in them, one line of the file each."""

    number: int
    rows: int
    items: int


@dataclass(frozen=True, slots=True)
class Item:
    """One act of a printed row. The fields are the columns; those of several words are split."""

    row: str
    table: str
    lines: str
    group: tuple[str, ...]
    tier: tuple[str, ...]
    service: str
    text: str
    carried_by: tuple[str, ...]
    ids: tuple[str, ...]
    planned: tuple[str, ...]
    why: str
    note: str

    @property
    def standing(self) -> str:
        """`carried` whole, `partly`, only `planned`, or `none` with a reason."""
        if self.ids:
            return "partly" if self.planned else "carried"
        return "planned" if self.planned else _NOTHING


COLUMNS = tuple(field.name for field in fields(Item))
_SPLIT = ("group", "tier", "carried_by", "ids", "planned")


def read_tables(folder: Path) -> tuple[Table, ...]:
    """The tables and what was counted in them, in the order of the guideline."""
    entries = plain_yaml(folder / TABLES)["tables"]
    return tuple(Table(entry["table"], entry["rows"], entry["items"]) for entry in entries)


def read_coverage(folder: Path, book: Book) -> tuple[Item, ...]:
    """Every item. ProblemError lists all faults at once, among them each table whose rows are not all there."""
    with (folder / COVERAGE).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ProblemError([Problem("L01", COVERAGE, "kolomnya lain", f"harus: {', '.join(COLUMNS)}")])
        items = [_item(row) for row in reader]
    problems = list(_miscounted(read_tables(folder), items))
    for place, item in enumerate(items, 2):  # the first line holds the names of the columns
        problems += _faults(item, f"{COVERAGE}:{place}", book)
    if problems:
        raise ProblemError(problems)
    return tuple(items)


def carriers(name: str, book: Book) -> set[str]:
    """As what the book knows an id: two when a need and a kind of record share it, none when it does not exist."""
    kinds, topics = book.vocabulary.kinds, book.vocabulary.codes[_TOPICS]
    kind, _, field = name.partition(".")
    known = {
        "need": name in {need.name for need in book.needs},
        "classification": name in {classification.name for classification in book.classifications},
        "indicator": name in {indicator.name for indicator in book.indicators},
        "education": name == _EDUCATION or (kind == _TOPICS and field in topics),
        "record": name in kinds and name != _EDUCATION,
        "field": name in book.vocabulary.person
        or (kind in kinds and field in book.vocabulary.fields_of(kind)),
    }
    return {carrier for carrier, is_one in known.items() if is_one}


def _faults(item: Item, where: str, book: Book) -> Iterator[Problem]:
    for words, allowed in ((item.group, GROUPS), (item.tier, TIERS)):
        for word in set(words).difference(allowed):
            yield Problem("L02", where, f"'{word}' tidak dikenal;", f"yang ada: {', '.join(allowed)}")
    found = {name: carriers(name, book) for name in item.ids}
    for name in (name for name, known in found.items() if not known):
        near = did_you_mean(name, [*(need.name for need in book.needs), *book.vocabulary.kinds])
        todo = near or "Yang belum ditulis masuk kolom planned."
        yield Problem("L03", where, f"'{name}' tidak ada dalam buku aturan.", todo=todo)
    for name in (name for name in item.planned if carriers(name, book)):
        yield Problem("L04", where, f"'{name}' sudah ada.", todo="Pindahkan dari kolom planned ke kolom ids.")
    told = set(item.carried_by)
    if (told == {_NOTHING}) is bool(found) or any(known.isdisjoint(told) for known in found.values()):
        yield Problem("L05", where, f"carried_by '{' '.join(item.carried_by)}' tidak cocok dengan kolom ids")
    if bool(item.why) is bool(item.ids or item.planned):
        yield Problem("L06", where, f"{item.row} memerlukan ids atau planned, atau alasannya dalam kolom why")


def _miscounted(tables: Sequence[Table], items: Sequence[Item]) -> Iterator[Problem]:
    for row, times in Counter(item.row for item in items).items():
        if times > 1:
            yield Problem("L07", COVERAGE, f"{row} tertulis {times} kali")
    for table in tables:
        mine = [item.row for item in items if item.table == str(table.number)]
        if (len({row[:-1] for row in mine}), len(mine)) != (table.rows, table.items):
            found = (
                f"tabel {table.number} punya {len({row[:-1] for row in mine})} baris dan {len(mine)} butir"
            )
            yield Problem("L08", COVERAGE, found, f"dalam pedoman {table.rows} baris dan {table.items} butir")
    for item in items:
        if item.table not in {str(table.number) for table in tables} or item.row[1:3] != item.table.zfill(2):
            yield Problem("L09", COVERAGE, f"'{item.row}' tidak cocok dengan tabel '{item.table}'")


def _item(row: Mapping[str, str]) -> Item:
    split: dict[str, Any] = {name: tuple(row[name].split()) for name in _SPLIT}
    return Item(**{**row, **split})
